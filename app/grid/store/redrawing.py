"""Reads and writes cells that are split or merged, and what has come of which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, insert, text

from app.grid.store import Shapes, change_area
from app.grid.tables import CellLineage


@dataclass(frozen=True, slots=True)
class CellNow:
    """A cell of the edition in force, its shape in EPSG:4490."""

    id: int
    no: int
    code: str
    name: str
    name_en: str | None
    kind: str | None
    households: int | None
    parent_id: int
    parent_code: str
    simulated: bool
    area_m2: float
    shape: Any


CELLS = """
SELECT a.id, a.no, a.code, a.name, a.name_en, a.kind, a.households, a.parent_id, p.code AS parent_code, a.simulated,
    a.area_m2, ST_AsBinary(a.geom) AS shape
FROM areas a JOIN grid_editions e ON e.id = a.edition_id AND e.state = 'in_force' JOIN areas p ON p.id = a.parent_id
WHERE a.district_id = :district AND a.code = ANY (:codes) ORDER BY a.code COLLATE "C"
"""


def lock_grid(connection: Connection, district_id: int) -> None:
    """Let nobody else draw the grid anew until the transaction ends."""
    connection.execute(
        text("SELECT FROM districts WHERE id = :district FOR NO KEY UPDATE"), {"district": district_id}
    )


def hold_grid(connection: Connection, district_id: int) -> None:
    """Let nobody draw the grid anew until the transaction ends; others may rely on it at the same time."""
    connection.execute(
        text("SELECT FROM districts WHERE id = :district FOR SHARE"), {"district": district_id}
    )


def cells_in_force(connection: Connection, district_id: int, codes: Sequence[str]) -> list[CellNow]:
    """Those of some cells that are in force, in the order of their codes."""
    rows = connection.execute(text(CELLS), {"district": district_id, "codes": list(codes)}).all()
    return [CellNow(*row[:-1], shape=shapely.from_wkb(bytes(row.shape))) for row in rows]


def codes_ever(connection: Connection, district_id: int) -> frozenset[str]:
    """Every code that a cell has or had, of whichever edition."""
    rows = connection.execute(
        text("SELECT code FROM area_numbers WHERE district_id = :district AND level = 'cell'"),
        {"district": district_id},
    )
    return frozenset(rows.scalars())


def copy_cells(connection: Connection, from_edition: int, to_edition: int, without: Sequence[int]) -> None:
    """Take all cells of an edition but some into another one, as they are."""
    columns = "district_id, level, code, name, name_en, kind, parent_id, households, source, simulated, geom"
    connection.execute(
        text(
            f"INSERT INTO areas ({columns}, edition_id) SELECT {columns}, :to FROM areas"
            " WHERE edition_id = :from AND id <> ALL (CAST(:without AS int[])) ORDER BY id"
        ),
        {"from": from_edition, "to": to_edition, "without": list(without)},
    )


def beside(connection: Connection, edition_id: int, shape: Any) -> tuple[list[int], Shapes]:
    """Cells of an edition that touch a shape: their ids and shapes."""
    rows = connection.execute(
        text(
            "SELECT id, ST_AsBinary(geom) AS shape FROM areas WHERE edition_id = :edition"
            " AND ST_Intersects(geom, ST_SetSRID(ST_GeomFromWKB(:shape), 4490)) ORDER BY id"
        ),
        {"edition": edition_id, "shape": shapely.to_wkb(shape)},
    ).all()
    return [row.id for row in rows], shapely.from_wkb(
        np.array([bytes(row.shape) for row in rows], dtype=object)
    )


def reshape(connection: Connection, area_id: int, shape: Any) -> None:
    """Give a cell of a draft another shape."""
    change_area(connection, area_id, shape)


def add_lineage(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down what has come of which cell."""
    connection.execute(insert(CellLineage), list(rows))


def settle_households(connection: Connection, edition_id: int, of_cell: Mapping[int, int]) -> None:
    """Write down how many households cells of an edition have, by their numbers."""
    if of_cell:
        connection.execute(
            text("UPDATE areas SET households = :many WHERE edition_id = :edition AND no = :no"),
            [{"edition": edition_id, "no": no, "many": many} for no, many in of_cell.items()],
        )


def settle_lineage(connection: Connection, of_pair: Mapping[tuple[int, int], int | None]) -> None:
    """Write down how many households of a cell that is gone came to which new one."""
    connection.execute(
        text("UPDATE cell_lineage SET households = :many WHERE from_no = :old AND to_no = :new"),
        [{"old": old, "new": new, "many": many} for (old, new), many in of_pair.items()],
    )

"""The blocks of a proposal, the steps of its drawing, and the cells that come of the step that stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of drawing.

    Parameters
    ----------
    did
        What was done, in a word.
    cells
        The cell of each block, in the order of their numbers.
    names
        Name and code that were asked for, by cell.
    """

    no: int
    did: str
    cells: list[str]
    names: dict[str, dict[str, str]]


def put_blocks(connection: Connection, proposal_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put these blocks in the place of all that a proposal has; each has a `shape` in EPSG:4490."""
    connection.execute(text("DELETE FROM grid_proposal_blocks WHERE proposal_id = :id"), {"id": proposal_id})
    columns = ("name", "community", "cell", "households", "buildings", "cases")
    driver: Any = connection.connection.driver_connection
    into = f"COPY grid_proposal_blocks (proposal_id, no, geom, facts, {', '.join(columns)}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for no, row in enumerate(rows):
            shape = _multi(row["shape"])
            written = shapely.to_wkb(shapely.set_srid(shape, 4490), hex=True, include_srid=True)
            copy.write_row(
                (proposal_id, no, written, json.dumps(row["facts"]), *(row[name] for name in columns))
            )


def blocks(connection: Connection, proposal_id: int) -> list[Record]:
    """The blocks of a proposal, each with its `shape` in EPSG:4490."""
    rows = connection.execute(
        text(
            "SELECT no, name, community, cell, households, buildings, cases, facts, ST_AsBinary(geom) AS shape"
            " FROM grid_proposal_blocks WHERE proposal_id = :id ORDER BY no"
        ),
        {"id": proposal_id},
    ).all()
    return _shaped(rows)


def step(connection: Connection, proposal_id: int, no: int) -> Step:
    """A step of a proposal."""
    row = connection.execute(
        text("SELECT no, did, cells, names FROM grid_proposal_steps WHERE proposal_id = :id AND no = :no"),
        {"id": proposal_id, "no": no},
    ).one()
    return Step(*row)


def steps_beside(connection: Connection, proposal_id: int, no: int) -> tuple[bool, bool]:
    """Whether there are a step before and one after."""
    row = connection.execute(
        text(
            "SELECT coalesce(bool_or(no < :no), false), coalesce(bool_or(no > :no), false)"
            " FROM grid_proposal_steps WHERE proposal_id = :id AND no IN (:no - 1, :no + 1)"
        ),
        {"id": proposal_id, "no": no},
    ).one()
    return bool(row[0]), bool(row[1])


def put_step(connection: Connection, proposal_id: int, made: Step, most: int) -> None:
    """Add a step: those that were undone before it are over, and so are the oldest of very many."""
    connection.execute(
        text("DELETE FROM grid_proposal_steps WHERE proposal_id = :id AND (no >= :no OR no < :no - :most)"),
        {"id": proposal_id, "no": made.no, "most": most},
    )
    connection.execute(
        text(
            "INSERT INTO grid_proposal_steps (proposal_id, no, did, cells, names)"
            " VALUES (:id, :no, :did, :cells, CAST(:names AS jsonb))"
        ),
        {
            "id": proposal_id, "no": made.no, "did": made.did, "cells": made.cells,
            "names": json.dumps(made.names, ensure_ascii=False),
        },
    )  # fmt: skip


def put_cells(connection: Connection, proposal_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put these cells in the place of all that a proposal has; each has a `shape` in EPSG:4490."""
    connection.execute(text("DELETE FROM grid_proposal_cells WHERE proposal_id = :id"), {"id": proposal_id})
    if rows:
        connection.execute(
            text(
                "INSERT INTO grid_proposal_cells (proposal_id, key, community, same, was, name, code, figures, geom)"
                " VALUES (:id, :key, :community, :same, :was, :name, :code, CAST(:figures AS jsonb),"
                " ST_SetSRID(ST_GeomFromWKB(:geom), 4490))"
            ),
            [
                {
                    **{k: row[k] for k in ("key", "community", "same", "was", "name", "code")},
                    "id": proposal_id,
                    "figures": json.dumps(row["figures"], ensure_ascii=False),
                    "geom": shapely.to_wkb(_multi(row["shape"])),
                }
                for row in rows
            ],
        )


def cells(connection: Connection, proposal_id: int) -> list[Record]:
    """The cells of a proposal by their keys, each with its `shape` in EPSG:4490."""
    rows = connection.execute(
        text(
            "SELECT key, community, same, was, name, code, figures, ST_AsBinary(geom) AS shape"
            ' FROM grid_proposal_cells WHERE proposal_id = :id ORDER BY community COLLATE "C", key COLLATE "C"'
        ),
        {"id": proposal_id},
    ).all()
    return _shaped(rows)


def _shaped(rows: Sequence[Any]) -> list[Record]:
    shapes = shapely.from_wkb(np.array([bytes(row.shape) for row in rows], dtype=object))
    return [{**row._mapping, "shape": shape} for row, shape in zip(rows, shapes, strict=True)]


def _multi(shape: Any) -> Any:
    return shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape

"""The toy town: 2 subdistricts, 4 communities, 16 square cells, and cases whose every answer is known by head.

    columns 0 1 | 2 3        subdistricts: west 甲, east 乙
    row 3   a a | b b        communities: a and c in 甲, b and d in 乙
    row 2   a a | b b
    row 1   c c | d d
    row 0   c c | d d

Names, references, addresses and descriptions carry the code of the place, so that a byte that does not belong to
somebody is found by looking for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from app.db import transaction
from app.grid.rules import Level
from app.grid.service import AreaRows, create_district, put_areas, the_district
from app.staffing.service import add_reference_units

DISTRICT = "530199"
STEP = 0.01
WEST, SOUTH = 102.70, 25.00
COMMUNITIES = {"a": ("001", "001"), "c": ("001", "002"), "b": ("002", "001"), "d": ("002", "002")}
"""Subdistrict and community part of each community's code."""


def community(letter: str) -> str:
    """Code of a community."""
    return DISTRICT + "".join(COMMUNITIES[letter])


def subdistrict(letter: str) -> str:
    """Code of the subdistrict of a community."""
    return community(letter)[:9]


def letter_of(column: int, row: int) -> str:
    """The community of a square."""
    return ("c", "a", "d", "b")[(column // 2) * 2 + row // 2]


def cell(column: int, row: int) -> str:
    """Code of the cell in a square: within its community from north to south, west to east."""
    number = (1 - row % 2) * 2 + column % 2 + 1
    return f"{community(letter_of(column, row))}{number:03d}"


CELLS = {cell(column, row): (column, row) for column in range(4) for row in range(4)}


@dataclass(frozen=True, slots=True)
class TownCase:
    """A case of the town: where it is, and the unit that it was given to."""

    ref: str
    cell: str | None
    lon: float | None
    lat: float | None
    unit: str | None = None
    state: str = "handling"


def centre(code: str) -> tuple[float, float]:
    """The middle of a cell, lon and lat."""
    column, row = CELLS[code]
    return WEST + (column + 0.5) * STEP, SOUTH + (row + 0.5) * STEP


def town_cases() -> list[TownCase]:
    """One case in each cell, then one on an edge, one on a corner, one outside, one without a position.

    The cases of column 3 are given to the Urban Management Bureau, that of the cell in square (0, 0) to the Sanitation
    Centre; one more of the first cell is closed.
    """
    found = []
    for code, (column, row) in CELLS.items():
        unit = "urban_management" if column == 3 else "sanitation" if (column, row) == (0, 0) else None
        lon, lat = centre(code)
        found.append(TownCase(f"ref-{code}", code, lon, lat, unit))
    edge, corner = cell(0, 3), cell(1, 2)
    lon, lat = centre(edge)
    found.append(TownCase(f"ref-edge-{edge}", edge, WEST + STEP, lat))
    found.append(TownCase(f"ref-corner-{letter_of(1, 3)}", cell(0, 3), WEST + STEP, SOUTH + 3 * STEP))
    found.append(TownCase("ref-outside", None, WEST - STEP, SOUTH))
    found.append(TownCase("ref-unlocated", None, None, None))
    found.append(TownCase(f"ref-closed-{corner}", corner, *centre(corner), state="closed"))
    return found


def build(url: str) -> None:
    """Make the town in an empty database."""
    with transaction(url) as connection:
        create_district(connection, code=DISTRICT, name="玩具城", timezone="Asia/Shanghai", metric_srid=4543)
        _put(connection, Level.DISTRICT, [(DISTRICT, None, (0, 0, 4, 4))])
        _put(
            connection,
            Level.SUBDISTRICT,
            [(subdistrict(letter), DISTRICT, (x, 0, 2, 4)) for letter, x in (("a", 0), ("b", 2))],
        )
        places = {"a": (0, 2), "b": (2, 2), "c": (0, 0), "d": (2, 0)}
        _put(
            connection,
            Level.COMMUNITY,
            [(community(letter), subdistrict(letter), (x, y, 2, 2)) for letter, (x, y) in places.items()],
        )
        _put(connection, Level.CELL, [(code, code[:12], (x, y, 1, 1)) for code, (x, y) in CELLS.items()])
        units = add_reference_units(connection, the_district(connection).id)
        connection.execute(
            text(
                "INSERT INTO case_categories (district_id, code, name) SELECT id, 'x', '道路破损' FROM districts"
            )
        )
        for case in town_cases():
            _add(connection, case, units)


def _put(
    connection: Connection,
    level: Level,
    areas: list[tuple[str, str | None, tuple[float, float, float, float]]],
) -> None:
    shapes = [
        shapely.box(WEST + x * STEP, SOUTH + y * STEP, WEST + (x + w) * STEP, SOUTH + (y + h) * STEP)
        for _, _, (x, y, w, h) in areas
    ]

    def column(values: list[Any]) -> Any:
        return np.array(values, dtype=object)

    rows = AreaRows(
        codes=column([code for code, _, _ in areas]),
        names=column([f"名{code}" for code, _, _ in areas]),
        parents=column([parent for _, parent, _ in areas]),
        kinds=column([None] * len(areas)),
        households=column([500] * len(areas)),
        shapes=column(shapes),
        names_en=column([f"name-{code}" for code, _, _ in areas]),
    )
    put_areas(connection, the_district(connection), level, rows, source="town")


def _add(connection: Connection, case: TownCase, units: dict[str, int]) -> None:
    point = "NULL" if case.lon is None else "ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)"
    connection.execute(
        text(
            "INSERT INTO cases (district_id, category_id, external_ref, state, reported_at, due_at, address,"
            " description, unit_id, geom) SELECT d.id, k.id, CAST(:ref AS text), :state,"
            " now() - interval '1 hour', now() + interval '1 hour', 'addr-' || CAST(:ref AS text),"
            f" 'desc-' || CAST(:ref AS text), :unit, {point}"
            " FROM districts d, case_categories k"
        ),
        {
            "ref": case.ref,
            "state": case.state,
            "unit": units.get(case.unit or ""),
            **({} if case.lon is None else {"lon": case.lon, "lat": case.lat}),
        },
    )

"""Cases as rows of numbers, read past every wall: who sees which is decided where they are counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, text

from app.cases.rules.routing import station_of
from app.copying import Layout, Rows, read_rows
from app.cube.rules import LOOPS, STATES, Flag
from app.db import prepared

_STATES = ", ".join(f"'{state.value}'" for state in STATES)
_LOOPS = ", ".join(f"'{loop.value}'" for loop in LOOPS)
_PENDING = "(c.stand -> 'pending')"
_FLAGS = {
    Flag.VERIFIED: "c.stand ->> 'verified' = 'true'",
    Flag.RETURN_ASKED: f"{_PENDING} ? 'return'",
    Flag.HEAD_ASKED: f"{_PENDING} ?| ARRAY['extension', 'suspension', 'appeal', 'up']",
    Flag.SUPERVISED: f"{_PENDING} ? 'supervision'",
    Flag.URGENT: "f.limit_unit = 'urgent_hours'",
    Flag.MOST_URGENT: "f.risk = 'severe' OR f.control_amount IS NOT NULL"
    " AND coalesce(c.stand ->> 'controlled', 'false') <> 'true'",
    Flag.RETURNED: "coalesce(c.stand ->> 'returns', '0') <> '0'",
    Flag.EXTENDED: "coalesce(c.stand ->> 'extensions', '0') <> '0'",
    Flag.REPEATED: "c.stand ->> 'root' IS NOT NULL",
}
_FLAG = " | ".join(
    f"CASE WHEN {condition} THEN {flag.value} ELSE 0 END" for flag, condition in _FLAGS.items()
)

COLUMNS: dict[str, tuple[str, str, str]] = {
    "id": ("c.id", "int8", "i8"),
    "category": ("c.category_id", "int4", "i4"),
    "state": (f"array_position(ARRAY[{_STATES}], c.state) - 1", "int2", "i2"),
    "loop": (f"array_position(ARRAY[{_LOOPS}], c.loop) - 1", "int2", "i2"),
    "flags": (_FLAG, "int2", "i2"),
    "area": ("c.area_no", "int8", "i8"),
    "cell": ("coalesce(c.cell_id, 0)", "int4", "i4"),
    "unit": ("coalesce(c.unit_id, 0)", "int4", "i4"),
    "handler": ("coalesce(c.handler_id, 0)", "int4", "i4"),
    "reporter": ("coalesce(c.reporter_id, 0)", "int4", "i4"),
    "checker": ("coalesce((c.stand ->> 'checker')::int, 0)", "int4", "i4"),
    "confirmer": ("coalesce((c.stand ->> 'confirmer')::int, 0)", "int4", "i4"),
    "reported": ("c.reported_at", "timestamptz", "i8"),
    "due": ("coalesce(c.due_at, 'infinity')", "timestamptz", "i8"),
    "near": ("coalesce(near_from(c.near_at, c.due_at), 'infinity')", "timestamptz", "i8"),
    "moved": (
        "coalesce((c.stand ->> 'last_at')::timestamptz, c.reported_at)",
        "timestamptz",
        "i8",
    ),
    "x": ("coalesce(ST_X(c.geom_3857), 'NaN')", "float8", "f8"),
    "y": ("coalesce(ST_Y(c.geom_3857), 'NaN')", "float8", "f8"),
}
"""Name of a column: what it is in SQL, its type there, its type here. None is ever null; instants are microseconds
since 2000 in UTC, as PostgreSQL sends them."""


NOW = Layout(COLUMNS)
ROW = NOW.row
PAST = Layout(
    {
        **{name: COLUMNS[name] for name in ("id",)},
        "state": (COLUMNS["state"][0].replace("c.state", "s.target"), "int2", "i2"),
        "loop": (COLUMNS["loop"][0].replace("c.loop", "s.loop"), "int2", "i2"),
        "area": (
            "coalesce((SELECT r.area_no FROM case_areas r WHERE r.case_id = c.id AND r.since_at > s.at"
            " AND r.since_at <= '{at}' ORDER BY r.since_at DESC LIMIT 1), s.area_no)",
            "int8",
            "i8",
        ),
        "unit": ("coalesce(s.unit_id, 0)", "int4", "i4"),
        "due": ("coalesce((s.facts ->> 'due_at')::timestamptz, 'infinity')", "timestamptz", "i8"),
        "near": (
            "coalesce(near_from((s.facts ->> 'near_at')::timestamptz, (s.facts ->> 'due_at')::timestamptz),"
            " 'infinity')",
            "timestamptz",
            "i8",
        ),
    }
)

_SEEN_NOW = " FROM cases c LEFT JOIN filing_conditions f ON f.id = c.condition_id WHERE c.district_id = "
_MOVED_SINCE = """ FROM cases c CROSS JOIN LATERAL (
    SELECT t.target, t.loop, t.area_no, t.unit_id, t.facts, t.at FROM case_transitions t
    WHERE t.case_id = c.id AND t.at <= '{at}' ORDER BY t.version DESC LIMIT 1) s
WHERE c.reported_at <= '{at}' AND (coalesce((c.stand ->> 'last_at')::timestamptz, c.reported_at) > '{at}'
        OR c.id IN (SELECT case_id FROM case_areas WHERE since_at > '{at}'))
    AND c.district_id = """
HELPING = "SELECT id, unnest(co_unit_ids) AS unit FROM cases WHERE co_unit_ids IS NOT NULL AND district_id = :district"


def read(connection: Connection, district_id: int, ids: Sequence[int] | None = None) -> Rows:
    """Cases of a district, all of them or those with some ids, in no order.

    Returns
    -------
    numpy.ndarray
        A row of `ROW` each.
    """
    some = (
        ""
        if ids is None
        else " AND c.id = ANY (ARRAY[" + ",".join(str(int(one)) for one in ids) + "]::bigint[])"
    )
    return read_rows(connection, NOW, f"{NOW.select}{_SEEN_NOW}{int(district_id)}{some}")


def read_past(connection: Connection, district_id: int, at: datetime) -> Rows:
    """How cases stood at an instant that have moved since, as the log has it, or that lie elsewhere since the grid was
    drawn anew; without those that were not yet there.

    Returns
    -------
    numpy.ndarray
        A row of `PAST.row` each.
    """
    return read_rows(
        connection,
        PAST,
        (PAST.select + _MOVED_SINCE).replace("{at}", at.astimezone(UTC).isoformat()) + str(int(district_id)),
    )


CELL = np.dtype([("id", "i4"), ("no", "i8"), ("households", "i4")])
CELLS = """
SELECT id, no, greatest(households, 0) AS households FROM areas_on(:district, district_today(:district))
WHERE level = 'cell' ORDER BY id
"""


def cells(connection: Connection, district_id: int) -> Rows:
    """单元网格 of today, by id: their numbers in the area tree and their households, 0 where nobody knows how many.

    Returns
    -------
    numpy.ndarray
        A row of `CELL` each.
    """
    rows = connection.execute(text(CELLS), {"district": district_id})
    return np.array([(row.id, row.no, row.households or 0) for row in rows], CELL)


def cells_numbered(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Ids of cells by their numbers, of each its last drawing: also of those that are gone."""
    rows = connection.execute(
        text(
            "SELECT no, max(id) AS id FROM areas WHERE level = 'cell' AND no = ANY (CAST(:numbers AS bigint[]))"
            " GROUP BY no"
        ),
        {"numbers": list(numbers)},
    )
    return {row.no: row.id for row in rows}


def ranges_of(connection: Connection, area_id: int) -> tuple[tuple[int, int], ...]:
    """Numbers of the areas in an area, as ranges with both ends; none where the one who asks does not see it."""
    rows = connection.execute(prepared("SELECT no, last_no FROM areas WHERE id = :area"), {"area": area_id})
    return tuple((row.no, row.last_no) for row in rows)


def categories_of(connection: Connection, district_id: int, station: str) -> frozenset[int]:
    """Ids of the categories that one of a community's two desks has."""
    rows = connection.execute(
        text("SELECT id, line FROM case_categories WHERE district_id = :district LIMIT 2000"),
        {"district": district_id},
    )
    return frozenset(row.id for row in rows if station_of(row.line) == station)


def helping(
    connection: Connection, district_id: int, ids: Sequence[int] | None = None
) -> list[tuple[int, int]]:
    """协办: ids of cases with the units that help with them."""
    some = "" if ids is None else " AND id = ANY (CAST(:ids AS bigint[]))"
    values = {"district": district_id, "ids": None if ids is None else list(ids)}
    return [(row.id, row.unit) for row in connection.execute(text(HELPING + some), values)]

"""What of the registry hangs on a cell when cells were split or merged, and what it knows of how many live where."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

HOMES = """
SELECT area_no AS no, count(*) FILTER (WHERE type = 'dwelling') AS dwellings,
    count(*) FILTER (WHERE type = 'building') AS buildings
FROM elements WHERE kind = 'place' AND type IN ('dwelling', 'building') AND area_no = ANY (CAST(:cells AS bigint[]))
    AND merged_into IS NULL AND daterange(valid_from_on, valid_to_on) @> district_today(district_id)
GROUP BY area_no
"""

COUNTS = """
SELECT area_no AS no, kind, count(*) AS many FROM elements
WHERE area_no = ANY (CAST(:cells AS bigint[])) AND merged_into IS NULL
    AND daterange(valid_from_on, valid_to_on) @> district_today(district_id)
GROUP BY area_no, kind ORDER BY area_no, kind
"""

PLACES = """
SELECT said, min(area_no) AS no FROM (
    SELECT unnest(ARRAY[name, address]) AS said, area_no FROM elements
    WHERE kind = 'place' AND area_no = ANY (CAST(:cells AS bigint[])) AND merged_into IS NULL) p
WHERE said IS NOT NULL GROUP BY said HAVING count(DISTINCT area_no) = 1
"""


def keep_in_one(connection: Connection, gone: Sequence[int], cell_no: int) -> int:
    """Put what is only known to lie in cells that were merged into the new one; how many elements."""
    moved = connection.execute(
        text(
            "UPDATE elements SET area_no = :cell WHERE geom IS NULL AND site_id IS NULL"
            " AND area_no = ANY (CAST(:gone AS bigint[]))"
        ),
        {"cell": cell_no, "gone": list(gone)},
    )
    return int(moved.rowcount)


def homes(connection: Connection, cells: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many dwellings and buildings the registry knows in some cells, by their numbers."""
    rows = connection.execute(text(HOMES), {"cells": list(cells)})
    found = {row.no: (row.dwellings, row.buildings) for row in rows}
    return {no: found.get(no, (0, 0)) for no in cells}


def counts(connection: Connection, cells: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many elements of each kind some areas have today, by their numbers."""
    found: dict[int, dict[str, int]] = {no: {} for no in cells}
    for row in connection.execute(text(COUNTS), {"cells": list(cells)}):
        found[row.no][row.kind] = row.many
    return found


def places_named(connection: Connection, cells: Sequence[int]) -> dict[str, int]:
    """Names and addresses of places that are of one cell alone, each with its number."""
    rows = connection.execute(text(PLACES), {"cells": list(cells)})
    return {row.said: row.no for row in rows}

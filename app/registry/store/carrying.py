"""What of the registry hangs on a cell when cells were split or merged, and what it knows of how many live where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

HOMES = """
SELECT id, area_no FROM elements WHERE kind = 'place' AND type IN ('dwelling', 'building')
    AND area_no = ANY (CAST(:cells AS bigint[])) AND merged_into IS NULL
    AND daterange(valid_from_on, valid_to_on) @> district_today(district_id)
"""

CAME = """
SELECT w.no AS old, e.area_no AS new, count(*) FILTER (WHERE e.type = 'dwelling') AS dwellings,
    count(*) FILTER (WHERE e.type = 'building') AS buildings
FROM unnest(CAST(:ids AS bigint[]), CAST(:nos AS bigint[])) w (id, no) JOIN elements e ON e.id = w.id
GROUP BY w.no, e.area_no
"""

COUNTS = """
SELECT area_no AS no, kind, count(*) AS many FROM elements
WHERE area_no = ANY (CAST(:cells AS bigint[])) AND merged_into IS NULL
    AND daterange(valid_from_on, valid_to_on) @> district_today(district_id)
GROUP BY area_no, kind ORDER BY area_no, kind
"""

PLACES = """
SELECT DISTINCT said, area_no AS no FROM (
    SELECT unnest(ARRAY[name, address]) AS said, area_no FROM elements
    WHERE kind = 'place' AND area_no = ANY (CAST(:cells AS bigint[])) AND merged_into IS NULL) p
WHERE said IS NOT NULL
"""


def keep_in_one(connection: Connection, into: Mapping[int, int]) -> int:
    """Put what is only known to lie in cells of which one has come into that one; how many elements."""
    moved = connection.execute(
        text(
            "UPDATE elements e SET area_no = n.new"
            " FROM unnest(CAST(:old AS bigint[]), CAST(:new AS bigint[])) n (old, new)"
            " WHERE e.area_no = n.old AND e.geom IS NULL AND e.site_id IS NULL"
        ),
        {"old": list(into), "new": list(into.values())},
    )
    return int(moved.rowcount)


def dwelled(connection: Connection, cells: Sequence[int]) -> dict[int, int]:
    """The dwellings and buildings that the registry knows in some cells: the cell's number by their ids."""
    return {row.id: row.area_no for row in connection.execute(text(HOMES), {"cells": list(cells)})}


def dwelling_now(connection: Connection, lived: Mapping[int, int]) -> dict[tuple[int, int], tuple[int, int]]:
    """How many dwellings and buildings came from which cell to which, by the numbers of the two.

    Parameters
    ----------
    lived
        Where each of them lay.
    """
    rows = connection.execute(text(CAME), {"ids": list(lived), "nos": list(lived.values())})
    return {(row.old, row.new): (row.dwellings, row.buildings) for row in rows}


def counts(connection: Connection, cells: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many elements of each kind some areas have today, by their numbers."""
    found: dict[int, dict[str, int]] = {no: {} for no in cells}
    for row in connection.execute(text(COUNTS), {"cells": list(cells)}):
        found[row.no][row.kind] = row.many
    return found


def places_named(connection: Connection, cells: Sequence[int]) -> dict[str, set[int]]:
    """Names and addresses of places in some cells, each with the numbers of those where there is one."""
    found: dict[str, set[int]] = {}
    for row in connection.execute(text(PLACES), {"cells": list(cells)}):
        found.setdefault(row.said, set()).add(row.no)
    return found

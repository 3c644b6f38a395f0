"""Reads and writes who looks after cells that were split or merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, insert, text

from app.staffing.rules import AssignmentKind
from app.staffing.rules.carrying import Held
from app.staffing.tables import Assignment

HELD = """
SELECT x.id, x.staff_id, s.code, s.name, x.cell_no, x.kind, x.duty, x.from_on, x.until_on, x.leave_id,
    l.staff_id AS absent_id, x.place, x.group_no
FROM assignments x JOIN staff_members s ON s.id = x.staff_id LEFT JOIN leaves l ON l.id = x.leave_id
WHERE x.cell_no = ANY (CAST(:cells AS bigint[])) AND (x.until_on IS NULL OR x.until_on > :today)
ORDER BY x.from_on, x.id
"""

# The part that holds most of the ground of a resident group.
GROUPS = """
SELECT DISTINCT ON (g.no) g.no AS group_no, c.no FROM areas g
JOIN areas c ON c.no = ANY (CAST(:cells AS bigint[])) AND ST_Intersects(c.geom, g.geom)
JOIN grid_editions e ON e.id = c.edition_id AND e.state = 'in_force'
WHERE g.level = 'resident_group' AND g.no = ANY (CAST(:groups AS bigint[]))
    AND daterange(g.valid_from_on, g.valid_to_on) @> CAST(:today AS date)
ORDER BY g.no, ST_Area(ST_Intersection(c.geom, g.geom)) DESC, c.code COLLATE "C"
"""


def held(connection: Connection, cells: Sequence[int], today: date) -> list[Held]:
    """Assignments to some cells that hold today or later."""
    rows = connection.execute(text(HELD), {"cells": list(cells), "today": today})
    return [Held(**{**row._mapping, "kind": AssignmentKind(row.kind)}) for row in rows]


def cells_of_groups(
    connection: Connection, groups: Sequence[int], cells: Sequence[int], today: date
) -> dict[int, int]:
    """Of some cells, the one in which the most of a resident group lies, by the number of the group."""
    rows = connection.execute(text(GROUPS), {"groups": list(groups), "cells": list(cells), "today": today})
    return {row.group_no: row.no for row in rows}


def replace_assignments(
    connection: Connection, ended: Sequence[Held], given: Sequence[Held], today: date
) -> None:
    """End assignments today, and begin others; one that had not begun never was.

    Who stands in goes first and comes last, since they are bound to what the absent one has.
    """
    for stands_in in (True, False):
        values = {
            "ids": [one.id for one in ended if (one.kind is AssignmentKind.STAND_IN) is stands_in],
            "today": today,
        }
        connection.execute(
            text("DELETE FROM assignments WHERE id = ANY (:ids) AND from_on >= :today"), values
        )
        connection.execute(
            text(
                "UPDATE assignments SET until_on = :today WHERE id = ANY (:ids)"
                " AND (until_on IS NULL OR until_on > :today)"
            ),
            values,
        )
    for stands_in in (False, True):
        rows = [_row(one) for one in given if (one.kind is AssignmentKind.STAND_IN) is stands_in]
        if rows:
            connection.execute(insert(Assignment), rows)


def _row(one: Held) -> dict[str, object]:
    return {
        "staff_id": one.staff_id, "cell_no": one.cell_no, "kind": one.kind.value, "duty": one.duty,
        "from_on": one.from_on, "until_on": one.until_on, "leave_id": one.leave_id, "place": one.place,
        "group_no": one.group_no,
    }  # fmt: skip


def widen_posts(connection: Connection, into: Mapping[int, Sequence[int]]) -> int:
    """Let posts over cells that are gone answer for what has come of them; how many posts.

    They keep the old number too: it is that of no cell today, and of the right one in the past.
    """
    given = connection.execute(
        text(
            "INSERT INTO post_areas (post_id, area_no) SELECT DISTINCT p.post_id, n.new"
            " FROM post_areas p JOIN unnest(CAST(:old AS bigint[]), CAST(:new AS bigint[])) n (old, new)"
            " ON n.old = p.area_no ON CONFLICT DO NOTHING RETURNING post_id"
        ),
        _pairs(into),
    )
    return len(set(given.scalars()))


def move_units(connection: Connection, lead: Mapping[int, int]) -> int:
    """Let units that stand for cells that are gone stand for what has come of them; how many."""
    moved = connection.execute(
        text(
            "UPDATE units u SET area_no = n.new"
            " FROM unnest(CAST(:old AS bigint[]), CAST(:new AS bigint[])) n (old, new) WHERE u.area_no = n.old"
        ),
        _pairs({old: (new,) for old, new in lead.items()}),
    )
    return int(moved.rowcount)


def _pairs(into: Mapping[int, Sequence[int]]) -> dict[str, list[int]]:
    pairs = [(old, new) for old, parts in into.items() for new in parts]
    return {"old": [old for old, _ in pairs], "new": [new for _, new in pairs]}

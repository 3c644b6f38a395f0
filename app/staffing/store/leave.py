"""Reads and writes leaves, and who stands in for those who are away."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from app.staffing.rules import AssignmentKind, Duty
from app.staffing.tables import Assignment, Leave, PostHolder

Record = dict[str, Any]


def add_leave(connection: Connection, staff_id: int, from_on: date, until_on: date) -> int:
    """Write a leave down, the last day exclusive; its id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `leaves_once`: it overlaps another leave of the person; `leaves_order`.
    """
    values = {"staff_id": staff_id, "from_on": from_on, "until_on": until_on}
    return int(connection.execute(insert(Leave).values(**values).returning(Leave.id)).scalar_one())


def cut_leave(connection: Connection, leave_id: int, back_on: date) -> bool:
    """Let a leave end earlier, or never have been where it had not begun; whether there was such a one."""
    facts = {"id": leave_id, "back": back_on}
    gone = connection.execute(text("DELETE FROM leaves WHERE id = :id AND from_on >= :back"), facts)
    if gone.rowcount:
        return True
    cut = "UPDATE leaves SET until_on = :back WHERE id = :id AND from_on < :back AND until_on > :back"
    return bool(connection.execute(text(cut), facts).rowcount)


def stand_in_cell(
    connection: Connection, leave_id: int | None, staff_id: int, cell_no: int, from_on: date, until_on: date
) -> int:
    """Let somebody look after a cell of an officer on leave, or of none, beside their own; the id of the assignment.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `stand_in_days`, `stand_in_away`, `stand_in_place`, `assignments_once`.
    """
    values = {
        "staff_id": staff_id,
        "cell_no": cell_no,
        "kind": AssignmentKind.STAND_IN.value,
        "duty": Duty.GRID_OFFICER.value,
        "from_on": from_on,
        "until_on": until_on,
        "leave_id": leave_id,
    }
    return int(connection.execute(insert(Assignment).values(**values).returning(Assignment.id)).scalar_one())


def stand_in_post(
    connection: Connection, leave_id: int, staff_id: int, post_id: int, from_on: date, until_on: date
) -> int:
    """Let somebody hold the post of a person on leave; the id of the holding.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `stand_in_days`, `stand_in_away`, `stand_in_place`, `post_holders_once`, `post_holders_powers`.
    """
    values = {
        "staff_id": staff_id,
        "post_id": post_id,
        "from_on": from_on,
        "until_on": until_on,
        "leave_id": leave_id,
    }
    return int(connection.execute(insert(PostHolder).values(**values).returning(PostHolder.id)).scalar_one())


def days_to_cover(
    connection: Connection, leave_id: int, cell_no: int | None, post_id: int | None, today: date
) -> tuple[date, date] | None:
    """From when until when a cell or a post of somebody on leave wants a stand-in; None where it is not theirs.

    These are the days of the leave from today on on which it is theirs.
    """
    row = connection.execute(
        text(
            "SELECT greatest(l.from_on, x.from_on, :today) AS from_on, least(l.until_on, x.until_on) AS until_on"
            " FROM leaves l JOIN (SELECT staff_id, from_on, until_on FROM assignments"
            "   WHERE cell_no = :cell AND kind = 'full_time'"
            "   UNION ALL SELECT staff_id, from_on, until_on FROM post_holders"
            "   WHERE post_id = :post AND leave_id IS NULL) x ON x.staff_id = l.staff_id"
            " WHERE l.id = :leave AND greatest(l.from_on, x.from_on, :today) < least(l.until_on, x.until_on)"
            " ORDER BY 1 LIMIT 1"
        ),
        {"leave": leave_id, "cell": cell_no, "post": post_id, "today": today},
    ).one_or_none()
    return None if row is None else (row.from_on, row.until_on)


LEAVES = (
    "SELECT l.id, l.from_on, l.until_on, s.id AS staff_id, s.code, s.name, s.simulated,"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('no', n.no, 'code', n.code) ORDER BY n.no), '[]')"
    "   FROM assignments a JOIN area_numbers n ON n.no = a.cell_no WHERE a.staff_id = s.id AND a.kind = 'full_time'"
    "   AND daterange(a.from_on, a.until_on) && daterange(l.from_on, l.until_on)) AS cells,"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'title', p.title, 'role', p.role) ORDER BY p.id), '[]')"
    "   FROM post_holders h JOIN posts p ON p.id = h.post_id WHERE h.staff_id = s.id AND h.leave_id IS NULL"
    "   AND daterange(h.from_on, h.until_on) && daterange(l.from_on, l.until_on)) AS posts,"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('code', o.code, 'name', o.name, 'cell', n.code,"
    "     'from_on', a.from_on, 'until_on', a.until_on, 'away', EXISTS (SELECT FROM leaves y"
    "       WHERE y.staff_id = o.id AND daterange(y.from_on, y.until_on) && daterange(a.from_on, a.until_on)))"
    "     ORDER BY a.id), '[]')"
    "   FROM assignments a JOIN staff_members o ON o.id = a.staff_id JOIN area_numbers n ON n.no = a.cell_no"
    "   WHERE a.leave_id = l.id) AS for_cells,"
    " (SELECT coalesce(jsonb_agg(jsonb_build_object('code', o.code, 'name', o.name, 'title', p.title,"
    "     'from_on', h.from_on, 'until_on', h.until_on) ORDER BY h.id), '[]')"
    "   FROM post_holders h JOIN staff_members o ON o.id = h.staff_id JOIN posts p ON p.id = h.post_id"
    "   WHERE h.leave_id = l.id) AS for_posts"
    " FROM leaves l JOIN staff_members s ON s.id = l.staff_id"
)


def leaves(connection: Connection, from_on: date, after: int, limit: int) -> list[Record]:
    """Leaves that are not over on a day, as far as the reader may see them, the next ones first.

    Parameters
    ----------
    after
        How many of them are known already.
    """
    statement = LEAVES + " WHERE l.until_on > :day ORDER BY l.from_on, l.id OFFSET :after LIMIT :limit"
    rows = connection.execute(text(statement), {"day": from_on, "after": after, "limit": limit})
    return [dict(row._mapping) for row in rows]


def leave(connection: Connection, leave_id: int) -> Record | None:
    """One leave, where the reader may see it."""
    found = connection.execute(text(LEAVES + " WHERE l.id = :id"), {"id": leave_id}).one_or_none()
    return None if found is None else dict(found._mapping)

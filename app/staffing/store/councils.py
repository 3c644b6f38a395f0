"""Reads and writes councils 理事会 and security teams 群防队: bodies of a community, with terms 届 and members.

As described in 2017, 37 council chairs 理事长 and 223 council members 理事会成员 serve in the communities that have the
five levels. Whoever reads is shown the bodies that lie in their territory, and row security the people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, text

from app.staffing.rules import Standing
from app.staffing.tables import UnitMember, UnitTerm

Record = dict[str, Any]


def add_term(
    connection: Connection, unit_id: int, no: int, from_on: date, until_on: date | None = None
) -> int:
    """Begin a term of a council or a security team, the last day exclusive; its id.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `unit_terms_once`: it overlaps another; `unit_terms_no`: that number was; `unit_terms_order`.
    """
    values = {"unit_id": unit_id, "no": no, "from_on": from_on, "until_on": until_on}
    return int(connection.execute(insert(UnitTerm).values(**values).returning(UnitTerm.id)).scalar_one())


def add_members(connection: Connection, rows: Sequence[tuple[int, int, Standing, date, date | None]]) -> None:
    """Let people sit on councils and belong to teams.

    Parameters
    ----------
    rows
        Term, staff member, standing, first day, first day on which it is over.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        `unit_members_one_head`: a second chair or leader; `unit_members_once`; `unit_members_term`: a day outside
        the term.
    """
    names = ("term_id", "staff_id", "standing", "from_on", "until_on")
    if rows:
        connection.execute(insert(UnitMember), [dict(zip(names, row, strict=True)) for row in rows])


def end_member(connection: Connection, member_id: int, on_day: date) -> bool:
    """End a membership from a day on; one that has not begun then never was. Whether there was such a one."""
    facts = {"id": member_id, "day": on_day}
    if connection.execute(
        text("DELETE FROM unit_members WHERE id = :id AND from_on >= :day"), facts
    ).rowcount:
        return True
    statement = (
        "UPDATE unit_members SET until_on = :day WHERE id = :id AND from_on < :day"
        " AND (until_on IS NULL OR until_on > :day)"
    )
    return bool(connection.execute(text(statement), facts).rowcount)


BODIES = (
    "SELECT u.id, u.code, u.name, u.name_en, u.kind, u.credit_code, u.simulated, p.id AS area_id, p.name AS area,"
    " p.name_en AS area_en, t.id AS term_id, t.no AS term, t.from_on, t.until_on,"
    " coalesce(t.until_on <= :day, false) AS over, s.code AS head_code, s.name AS head, s.simulated AS head_simulated,"
    " (SELECT count(*) FROM unit_members m WHERE m.term_id = t.id AND m.standing = 'member'"
    "   AND daterange(m.from_on, m.until_on) @> t.at) AS members"
    " FROM units u"
    " LEFT JOIN LATERAL (SELECT a.id, a.name, a.name_en FROM areas_on(u.district_id, :day) a WHERE a.no = u.area_no"
    "   LIMIT 1) p ON true"
    # Those in office when the last term ran out carry on until the next one begins.
    " LEFT JOIN LATERAL (SELECT x.*, least(CAST(:day AS date), x.until_on - 1) AS at FROM unit_terms x"
    "   WHERE x.unit_id = u.id AND x.from_on <= :day ORDER BY x.from_on DESC LIMIT 1) t ON true"
    " LEFT JOIN unit_members h ON h.term_id = t.id AND h.standing IN ('chair', 'leader')"
    "   AND daterange(h.from_on, h.until_on) @> t.at"
    " LEFT JOIN staff_members s ON s.id = h.staff_id"
    " WHERE u.kind IN ('council', 'security_team') AND u.area_no <@ (SELECT territory())"
    " AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date)"
)
"""Councils and teams with the term that is in force on a day, or else the last one, and who heads them."""


def bodies(
    connection: Connection, area_id: int | None, kind: str | None, on_day: date, after: str, limit: int
) -> list[Record]:
    """Councils and security teams of an area with their term and head, in the order of codes, after a code.

    A body whose term has run out is among them, marked `over`; one that never had a term has none.

    Parameters
    ----------
    kind
        `council` or `security_team`; None for both.
    """
    rows = connection.execute(
        text(
            BODIES + " AND (CAST(:kind AS text) IS NULL OR u.kind = :kind)"
            " AND (CAST(:area AS int) IS NULL OR u.area_no BETWEEN (SELECT no FROM areas WHERE id = :area)"
            "   AND (SELECT last_no FROM areas WHERE id = :area))"
            ' AND u.code COLLATE "C" > :after ORDER BY u.code COLLATE "C" LIMIT :limit'
        ),
        {"day": on_day, "area": area_id, "kind": kind, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def body(connection: Connection, unit_id: int, on_day: date) -> Record | None:
    """One council or team with its `people`, the head first; None outside the reader's territory."""
    found = connection.execute(
        text(
            "SELECT b.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'standing', w.standing,"
            "   'from_on', w.from_on, 'code', w.code, 'name', w.name, 'simulated', w.simulated)"
            "   ORDER BY w.standing = 'member', w.code), '[]') FROM (SELECT m.id, m.standing, m.from_on, s.code,"
            "   s.name, s.simulated FROM unit_members m JOIN staff_members s ON s.id = m.staff_id"
            "   WHERE m.term_id = b.term_id"
            "   AND daterange(m.from_on, m.until_on) @> least(CAST(:day AS date), b.until_on - 1)"
            "   ORDER BY m.standing = 'member', s.code LIMIT 200) w) AS people"
            " FROM (" + BODIES + " AND u.id = :unit) b"
        ),
        {"day": on_day, "unit": unit_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)

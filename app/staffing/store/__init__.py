"""Reads and writes units, posts and the people who hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, text, update

from app.staffing.tables import Post, PostArea, PostHolder, StaffMember, Unit

Record = dict[str, Any]


def add_unit(connection: Connection, **values: Any) -> int:
    """Insert a unit; its id. One that is there already by its code stays as it is."""
    present = select(Unit.id).where(Unit.district_id == values["district_id"], Unit.code == values["code"])
    found = connection.execute(present).scalar()
    if found is not None:
        return int(found)
    return int(connection.execute(insert(Unit).values(**values).returning(Unit.id)).scalar_one())


def unit_ids(connection: Connection, district_id: int) -> dict[str, int]:
    """Ids of a district's units by code."""
    rows = connection.execute(select(Unit.code, Unit.id).where(Unit.district_id == district_id))
    return {row.code: row.id for row in rows}


def add_post(
    connection: Connection,
    unit_id: int,
    role: str,
    title: str,
    area_nos: Sequence[int],
    *,
    simulated: bool = False,
) -> int:
    """Insert a post with the areas that it answers for; its id."""
    values = {"unit_id": unit_id, "role": role, "title": title, "simulated": simulated}
    post_id = int(connection.execute(insert(Post).values(**values).returning(Post.id)).scalar_one())
    if area_nos:
        connection.execute(insert(PostArea), [{"post_id": post_id, "area_no": no} for no in area_nos])
    return post_id


def add_staff(connection: Connection, **values: Any) -> int:
    """Insert a person at work; the id."""
    return int(
        connection.execute(insert(StaffMember).values(**values).returning(StaffMember.id)).scalar_one()
    )


def hold(
    connection: Connection, post_id: int, staff_id: int, from_on: date, until_on: date | None = None
) -> int:
    """Let somebody hold a post from a day on; the id of the holding."""
    values = {"post_id": post_id, "staff_id": staff_id, "from_on": from_on, "until_on": until_on}
    return int(connection.execute(insert(PostHolder).values(**values).returning(PostHolder.id)).scalar_one())


def end_holding(connection: Connection, holding_id: int, on_day: date) -> bool:
    """End a holding from a day on; one that has not begun then never was. Whether there was such a one."""
    gone = connection.execute(
        text("DELETE FROM post_holders WHERE id = :id AND from_on >= :day"), {"id": holding_id, "day": on_day}
    )
    if gone.rowcount:
        return True
    done = connection.execute(
        text(
            "UPDATE post_holders SET until_on = CAST(:day AS date) WHERE id = :id AND from_on < :day"
            " AND (until_on IS NULL OR until_on > :day)"
        ),
        {"id": holding_id, "day": on_day},
    )
    return bool(done.rowcount)


def number_of(connection: Connection, district_id: int, code: str) -> int | None:
    """Number of the area that has a code today, whatever its level."""
    return connection.execute(
        text("SELECT no FROM areas_on(:district, district_today(:district)) WHERE code = :code LIMIT 1"),
        {"district": district_id, "code": code},
    ).scalar()


@dataclass(frozen=True, slots=True)
class NamedArea:
    """A place of the area tree: its code and names, its number and the last one below it."""

    code: str
    name: str
    name_en: str | None
    no: int
    last_no: int


def named_areas(connection: Connection, district_id: int, level: str) -> list[NamedArea]:
    """Today's areas of a level, in the order of their codes."""
    rows = connection.execute(
        text(
            "SELECT a.code, a.name, a.name_en, a.no, a.last_no FROM areas_on(:district, district_today(:district)) a"
            ' WHERE a.level = :level ORDER BY a.code COLLATE "C"'
        ),
        {"district": district_id, "level": level},
    )
    return [NamedArea(*row) for row in rows]


def people(connection: Connection, words: str, after: str, limit: int) -> list[Record]:
    """People at work whose name, code or username holds these words, after a code, with the posts that they hold."""
    rows = connection.execute(
        text(
            "SELECT s.code, s.name, s.phone, s.simulated, a.username, a.state, a.kind,"
            " a.totp_confirmed_at IS NOT NULL AS second,"
            " (SELECT coalesce(jsonb_agg(jsonb_build_object('role', p.role, 'title', p.title,"
            "   'unit', u.name, 'areas', (SELECT coalesce(jsonb_agg(n.code ORDER BY n.no), '[]') FROM post_areas pa"
            "     JOIN area_numbers n ON n.no = pa.area_no WHERE pa.post_id = p.id)) ORDER BY h.id), '[]')"
            "   FROM post_holders h JOIN posts p ON p.id = h.post_id LEFT JOIN units u ON u.id = p.unit_id"
            "   WHERE h.staff_id = s.id"
            "   AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)) AS posts"
            " FROM staff_members s LEFT JOIN accounts a ON a.id = s.account_id"
            " WHERE s.code > :after"
            " AND (:words = '' OR s.name LIKE :like OR s.code LIKE :like OR a.username LIKE :like)"
            " ORDER BY s.code LIMIT :limit"
        ),
        {"words": words, "like": f"%{words.replace('%', '')}%", "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def account_seen(connection: Connection, username: str) -> bool:
    """Whether there is such an account for the one who asks."""
    statement = text("SELECT EXISTS (SELECT FROM accounts WHERE username = :name)")
    return bool(connection.execute(statement, {"name": username}).scalar_one())


def units(connection: Connection, limit: int) -> list[Record]:
    """Units in force, those of the district first, with the number of posts and of those that are held."""
    rows = connection.execute(
        text(
            "SELECT u.id, u.code, u.name, u.full_name, u.name_en, u.kind, u.credit_code, u.duties, u.simulated,"
            " count(DISTINCT p.id) AS posts, count(DISTINCT p.id) FILTER (WHERE h.id IS NOT NULL) AS held"
            " FROM units u LEFT JOIN posts p ON p.unit_id = u.id LEFT JOIN post_holders h ON h.post_id = p.id"
            " AND daterange(h.from_on, h.until_on) @> district_today(u.district_id)"
            " WHERE daterange(u.valid_from_on, u.valid_to_on) @> district_today(u.district_id)"
            " AND u.kind NOT IN ('council', 'security_team') GROUP BY u.id"
            " ORDER BY u.kind <> 'command', u.kind <> 'sub_centre', u.kind, u.code LIMIT :limit"
        ),
        {"limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def today(connection: Connection) -> date:
    """Today in the workspace's district."""
    day: date = connection.execute(text("SELECT district_today(min(id)) FROM districts")).scalar_one()
    return day


def staff_id(connection: Connection, code: str, *, now: bool = False) -> int | None:
    """The id of a person at work by their code, where the reader may see them.

    Parameters
    ----------
    now
        Only somebody who works in the reader's territory now or will, or is the administrators' to see.
    """
    statement = text(
        "SELECT id FROM staff_members WHERE code = :code AND (NOT :now OR administers() OR staff_within(id))"
        " ORDER BY id LIMIT 1"
    )
    return connection.execute(statement, {"code": code, "now": now}).scalar()


def cell_number(connection: Connection, code: str) -> int | None:
    """The number of a cell of today by its code, where the reader may see it."""
    statement = text(
        "SELECT a.no FROM areas a JOIN grid_editions e ON e.id = a.edition_id AND e.state = 'in_force'"
        " WHERE a.level = 'cell' AND a.code = :code LIMIT 1"
    )
    return connection.execute(statement, {"code": code}).scalar()


def unit(connection: Connection, unit_id: int) -> Record | None:
    """One unit with its hours, where the reader may see it."""
    found = connection.execute(
        text(
            "SELECT u.id, u.code, u.name, u.full_name, u.name_en, u.kind, u.credit_code, u.duties, u.opens_at,"
            " u.closes_at, u.simulated, u.valid_from_on, u.valid_to_on, n.code AS night_unit FROM units u"
            " LEFT JOIN units n ON n.id = u.night_unit_id WHERE u.id = :id"
        ),
        {"id": unit_id},
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def change_unit(connection: Connection, unit_id: int, **values: Any) -> bool:
    """Change what is written of a unit; whether there is such a one for the one who acts."""
    return bool(connection.execute(update(Unit).where(Unit.id == unit_id).values(**values)).rowcount)


def posts(connection: Connection, unit_id: int) -> list[Record]:
    """The posts of a unit with their areas and who holds or will hold them; at most 500."""
    rows = connection.execute(
        text(
            "SELECT p.id, p.role, p.title, p.simulated,"
            " (SELECT coalesce(jsonb_agg(n.code ORDER BY n.no), '[]') FROM post_areas a"
            "   JOIN area_numbers n ON n.no = a.area_no WHERE a.post_id = p.id) AS areas,"
            " (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'code', s.code, 'name', s.name,"
            "     'username', a.username, 'from_on', h.from_on, 'until_on', h.until_on,"
            "     'stands_in', h.leave_id IS NOT NULL) ORDER BY h.from_on, h.id), '[]')"
            "   FROM post_holders h JOIN staff_members s ON s.id = h.staff_id"
            "   LEFT JOIN accounts a ON a.id = s.account_id WHERE h.post_id = p.id"
            "   AND coalesce(h.until_on > district_today(s.district_id), true)) AS holders"
            " FROM posts p WHERE p.unit_id = :unit ORDER BY p.role, p.id LIMIT 500"
        ),
        {"unit": unit_id},
    )
    return [dict(row._mapping) for row in rows]


def phone(connection: Connection, code: str) -> str | None:
    """The telephone number of somebody at work; None where there is none."""
    statement = text("SELECT phone FROM staff_members WHERE code = :code ORDER BY id LIMIT 1")
    return connection.execute(statement, {"code": code}).scalar()


def post_there(connection: Connection, post_id: int) -> bool:
    """Whether there is such a post for the one who asks."""
    return connection.execute(select(Post.id).where(Post.id == post_id)).scalar() is not None


def account_of(connection: Connection, staff_id: int) -> int | None:
    """The account of somebody at work; None where they have none."""
    return connection.execute(select(StaffMember.account_id).where(StaffMember.id == staff_id)).scalar()


def area_to_grant(connection: Connection, code: str) -> int | None:
    """The number of today's area with a code, also for one who grants posts and sees no areas otherwise."""
    return connection.execute(text("SELECT area_to_grant(:code)"), {"code": code.strip()}).scalar()


def name_of(connection: Connection, staff_id: int) -> str:
    """The name of somebody at work."""
    return str(connection.execute(select(StaffMember.name).where(StaffMember.id == staff_id)).scalar_one())


def link_account(connection: Connection, staff_id: int, account_id: int) -> None:
    """Let an account be somebody's."""
    connection.execute(update(StaffMember).where(StaffMember.id == staff_id).values(account_id=account_id))


def make_body(connection: Connection, *, area_code: str, **values: Any) -> int:
    """Insert a council or a security team, whose code is that of its community and the next number; its id."""
    prefix = f"{values['kind']}_{area_code}_"
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": prefix})
    known = text("SELECT count(*) FROM units WHERE district_id = :district AND starts_with(code, :prefix)")
    count = connection.execute(known, {"district": values["district_id"], "prefix": prefix}).scalar_one()
    made = insert(Unit).values(code=f"{prefix}{count + 1:02d}", **values).returning(Unit.id)
    return int(connection.execute(made).scalar_one())

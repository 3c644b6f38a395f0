"""Reads and writes units, posts and the people who hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, text

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


def hold(connection: Connection, post_id: int, staff_id: int, from_on: date) -> int:
    """Let somebody hold a post from a day on; the id of the holding."""
    values = {"post_id": post_id, "staff_id": staff_id, "from_on": from_on}
    return int(connection.execute(insert(PostHolder).values(**values).returning(PostHolder.id)).scalar_one())


def end_holding(connection: Connection, holding_id: int, on_day: date) -> bool:
    """End a holding: from this day on the post is no longer held; whether there was such a one."""
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
    """A place of the area tree: its code and name, its number and the last one below it."""

    code: str
    name: str
    no: int
    last_no: int


def named_areas(connection: Connection, district_id: int, level: str) -> list[NamedArea]:
    """Today's areas of a level, in the order of their codes."""
    rows = connection.execute(
        text(
            "SELECT a.code, a.name, a.no, a.last_no FROM areas_on(:district, district_today(:district)) a"
            ' WHERE a.level = :level ORDER BY a.code COLLATE "C"'
        ),
        {"district": district_id, "level": level},
    )
    return [NamedArea(*row) for row in rows]

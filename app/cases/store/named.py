"""Whether what somebody names with a move is there, for the one who names it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text


def units_there(connection: Connection, district_id: int, ids: Sequence[int]) -> dict[int, str | None]:
    """Those of some units that exist today, each with the calendar that it works by, if it has one of its own."""
    rows = connection.execute(
        text(
            "SELECT id, calendar FROM units WHERE id = ANY (:ids) AND district_id = :district"
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district)"
        ),
        {"ids": list(ids), "district": district_id},
    )
    return {row.id: row.calendar for row in rows}


def works_in(connection: Connection, account_id: int, unit_id: int | None) -> bool:
    """Whether somebody holds a post in a unit today."""
    statement = text("SELECT works_in(:account, :unit)")
    return bool(connection.execute(statement, {"account": account_id, "unit": unit_id}).scalar_one())


def works_at(connection: Connection, account_id: int, area_no: int, roles: Sequence[str]) -> bool:
    """Whether somebody holds a post of some roles today, over the place of a number."""
    statement = text("SELECT works_at(:account, :area, :roles)")
    values = {"account": account_id, "area": area_no, "roles": list(roles)}
    return bool(connection.execute(statement, values).scalar_one())


def own_files(connection: Connection, ids: Sequence[int], account_id: int | None) -> set[int]:
    """Those of some files that somebody has taken in."""
    rows = connection.execute(
        text("SELECT id FROM files WHERE id = ANY (:ids) AND created_by = :account"),
        {"ids": list(ids), "account": account_id},
    )
    return {row.id for row in rows}


def pictures(connection: Connection, ids: Sequence[int]) -> bool:
    """Whether any of some files is a picture."""
    statement = text("SELECT EXISTS (SELECT FROM files WHERE id = ANY (:ids) AND kind <> 'mp4')")
    return bool(connection.execute(statement, {"ids": list(ids)}).scalar_one())


def other_case(connection: Connection, district_id: int, case_id: int) -> Row[Any] | None:
    """Another case of the district; None where the one who asks sees none."""
    return connection.execute(
        text(
            "SELECT id, number, external_ref, state FROM cases WHERE id = :case AND district_id = :district"
        ),
        {"case": case_id, "district": district_id},
    ).one_or_none()

"""Reads and writes many people at a time, their cells and their shifts: one statement for all rows of a file.

What the one who acts may not see is no conflict that a read could find, so every write leaves out what a constraint
speaks against (`ON CONFLICT DO NOTHING`) and says what it wrote: the caller knows which rows are missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, text

Rows = Sequence[Row[Any]]


def acting(connection: Connection) -> bool:
    """Whether the transaction acts for somebody, behind the walls; the command line acts past them."""
    return bool(connection.execute(text("SELECT current_user = 'panlong_app'")).scalar_one())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at work; `within` says whether the one who acts may give them cells and shifts."""

    id: int
    code: str
    name: str
    phone: str | None
    within: bool


def people(connection: Connection, district_id: int, codes: Collection[str]) -> dict[str, Person]:
    """Those of these people who are known and in sight, by their codes."""
    rows = connection.execute(
        text(
            "SELECT id, code, name, phone, current_user <> 'panlong_app' OR staff_in_sight(id) AS within"
            " FROM staff_members WHERE district_id = :district AND code = ANY(CAST(:codes AS text[]))"
        ),
        {"district": district_id, "codes": list(codes)},
    )
    return {row.code: Person(*row) for row in rows}


def ids(connection: Connection, district_id: int, codes: Collection[str]) -> dict[str, int]:
    """Ids of those of these people who are in sight, by their codes: `people` without what is asked of every row."""
    rows = connection.execute(
        text(
            "SELECT code, id FROM staff_members WHERE district_id = :district"
            " AND code = ANY(CAST(:codes AS text[]))"
        ),
        {"district": district_id, "codes": list(codes)},
    )
    return {row.code: row.id for row in rows}


def cell_numbers(connection: Connection, district_id: int) -> dict[str, int]:
    """Numbers of the cells in force by code; for one who acts, those of their territory alone."""
    rows = connection.execute(
        text(
            "SELECT a.code, a.no FROM areas_on(:district, district_today(:district)) a WHERE a.level = 'cell'"
            " AND (current_user <> 'panlong_app' OR a.no <@ (SELECT territory()))"
        ),
        {"district": district_id},
    )
    return {row.code: row.no for row in rows}


def assignments(connection: Connection, staff: Collection[int], cells: Collection[int]) -> Rows:
    """All assignments of these people, and those of full-time officers to these cells, as far as they are in sight."""
    return connection.execute(
        text(
            "SELECT x.id, s.code, s.name, coalesce(n.code, '') AS cell, x.cell_no, x.kind, x.duty, x.place,"
            " x.from_on, x.until_on FROM assignments x JOIN staff_members s ON s.id = x.staff_id"
            " LEFT JOIN area_numbers n ON n.no = x.cell_no WHERE x.staff_id = ANY(CAST(:staff AS integer[]))"
            " OR x.kind = 'full_time' AND x.cell_no = ANY(CAST(:cells AS bigint[])) ORDER BY x.id"
        ),
        {"staff": list(staff), "cells": list(cells)},
    ).all()


def add_people(
    connection: Connection,
    district_id: int,
    rows: Sequence[tuple[str, str, str | None]],
    *,
    entered_by: int | None,
    simulated: bool,
) -> int:
    """Enter people by code, name and telephone number; a code that is taken, in sight or not, is left out. How many.

    The rows themselves are not returned: one that is not there yet is in nobody's sight.
    """
    done = connection.execute(
        text(
            "INSERT INTO staff_members (district_id, code, name, phone, entered_by, simulated)"
            " SELECT :district, r.code, r.name, r.phone, CAST(:account AS integer), :simulated"
            " FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:phones AS text[]))"
            " AS r (code, name, phone) ON CONFLICT DO NOTHING"
        ),
        {
            "district": district_id,
            "account": entered_by,
            "simulated": simulated,
            "codes": [row[0] for row in rows],
            "names": [row[1] for row in rows],
            "phones": [row[2] for row in rows],
        },
    )
    return int(done.rowcount)


def change_people(connection: Connection, rows: Mapping[int, tuple[str, str | None]]) -> int:
    """Write other names and telephone numbers of people by their ids; of how many."""
    done = connection.execute(
        text(
            "UPDATE staff_members s SET name = r.name, phone = r.phone"
            " FROM unnest(CAST(:ids AS integer[]), CAST(:names AS text[]), CAST(:phones AS text[]))"
            " AS r (id, name, phone) WHERE s.id = r.id"
        ),
        {
            "ids": list(rows),
            "names": [name for name, _ in rows.values()],
            "phones": [phone for _, phone in rows.values()],
        },
    )
    return int(done.rowcount)


AssignmentRow = tuple[int, int, str, str, date, date | None, str | None]


def add_assignments(connection: Connection, rows: Sequence[AssignmentRow]) -> set[tuple[int, int, str, date]]:
    """Write assignments: staff member, cell, kind, duty, first day, day after the last, place; which were written.

    They are written in the order of the cells, so that two sessions at once wait for each other and do not deadlock.
    """
    names = ("staff", "cells", "kinds", "duties", "begins", "ends", "places")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    found = connection.execute(
        text(
            "INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on, until_on, place)"
            " SELECT * FROM unnest(CAST(:staff AS integer[]), CAST(:cells AS bigint[]), CAST(:kinds AS text[]),"
            " CAST(:duties AS text[]), CAST(:begins AS date[]), CAST(:ends AS date[]), CAST(:places AS text[]))"
            " AS r (staff_id, cell_no, kind, duty, from_on, until_on, place) ORDER BY cell_no, staff_id, from_on"
            " ON CONFLICT DO NOTHING RETURNING staff_id, cell_no, duty, from_on"
        ),
        {name: list(column) for name, column in zip(names, columns, strict=True)},
    )
    return {tuple(row) for row in found}


def change_places(connection: Connection, rows: Mapping[int, str]) -> int:
    """Write other places of assignments by their ids; of how many."""
    done = connection.execute(
        text(
            "UPDATE assignments a SET place = r.place FROM unnest(CAST(:ids AS integer[]), CAST(:places AS text[]))"
            " AS r (id, place) WHERE a.id = r.id"
        ),
        {"ids": list(rows), "places": list(rows.values())},
    )
    return int(done.rowcount)


def units(connection: Connection, district_id: int) -> Rows:
    """Units in force with code and names; for one who acts, those whose roster they may write."""
    return connection.execute(
        text(
            "SELECT id, code, name, full_name, name_en FROM units WHERE district_id = :district"
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district)"
            " AND (current_user <> 'panlong_app' OR unit_in_sight(id)) ORDER BY code"
        ),
        {"district": district_id},
    ).all()


def shifts(connection: Connection, staff: Collection[int], since: datetime, until: datetime) -> Rows:
    """The shifts of these people between two instants, as far as they are in sight."""
    return connection.execute(
        text(
            "SELECT h.id, h.staff_id, h.unit_id, coalesce(u.name, '') AS unit, h.starts_at, h.ends_at, h.leads"
            " FROM shifts h LEFT JOIN units u ON u.id = h.unit_id"
            " WHERE h.staff_id = ANY(CAST(:staff AS integer[])) AND h.starts_at < :until AND h.ends_at > :since"
        ),
        {"staff": list(staff), "since": since, "until": until},
    ).all()


def leaves(connection: Connection, staff: Collection[int]) -> Rows:
    """The leaves of these people."""
    return connection.execute(
        text(
            "SELECT staff_id, from_on, until_on FROM leaves WHERE staff_id = ANY(CAST(:staff AS integer[]))"
        ),
        {"staff": list(staff)},
    ).all()


ShiftRow = tuple[int, int, datetime, datetime, bool]


def add_shifts(
    connection: Connection, rows: Sequence[ShiftRow], *, simulated: bool
) -> set[tuple[int, datetime]]:
    """Write shifts: unit, staff member, beginning, end, whether they lead; which were written."""
    names = ("units", "staff", "begins", "ends", "leads")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    found = connection.execute(
        text(
            "INSERT INTO shifts (unit_id, staff_id, starts_at, ends_at, leads, simulated)"
            " SELECT r.*, :simulated FROM unnest(CAST(:units AS integer[]), CAST(:staff AS integer[]),"
            " CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]), CAST(:leads AS boolean[]))"
            " AS r (unit_id, staff_id, starts_at, ends_at, leads) ORDER BY staff_id, starts_at"
            " ON CONFLICT DO NOTHING RETURNING staff_id, starts_at"
        ),
        {
            "simulated": simulated,
            **{name: list(column) for name, column in zip(names, columns, strict=True)},
        },
    )
    return {tuple(row) for row in found}


def change_leads(connection: Connection, rows: Mapping[int, bool]) -> int:
    """Write who leads, of shifts by their ids; of how many."""
    done = connection.execute(
        text(
            "UPDATE shifts h SET leads = r.leads FROM unnest(CAST(:ids AS integer[]), CAST(:leads AS boolean[]))"
            " AS r (id, leads) WHERE h.id = r.id"
        ),
        {"ids": list(rows), "leads": list(rows.values())},
    )
    return int(done.rowcount)

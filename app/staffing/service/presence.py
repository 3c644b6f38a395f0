"""Who is there now, by unit, as a console shows it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from app.staffing.store import duty, present

MOST = 80
"""People who are named; a console that sees more says how many."""

Record = dict[str, Any]
OF_A_UNIT = ("unit_id", "unit", "unit_en", "kind", "unit_phone", "of")


def shift(connection: Connection, district_id: int, account_id: int) -> Record:
    """Whether the one who asks is on duty, where they could be, and who is on duty at the units that they see."""
    me = duty.me_at_work(connection, account_id)
    desks = [] if me is None else duty.desks_of(connection, me["id"])
    spell = None if me is None else duty.spell_of(connection, me["id"])
    rows = present.present(connection, district_id, [desk["id"] for desk in desks], MOST)
    return {
        "spell": spell,
        "desks": desks,
        "units": [_unit(list(some)) for _, some in groupby(rows, key=lambda row: row["unit_id"])],
        "more": rows[0]["of"] - len(rows) if rows else 0,
    }


def _unit(rows: list[Record]) -> Record:
    """A unit with those who are there."""
    first = rows[0]
    people = [{name: value for name, value in row.items() if name not in OF_A_UNIT} for row in rows]
    called = {"id": first["unit_id"], "name": first["unit"], "name_en": first["unit_en"]}
    return {**called, "kind": first["kind"], "phone": first["unit_phone"], "people": people}

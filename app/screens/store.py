"""Reads what the first screens show, under row security: everybody counts and lists what they see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, TextClause, text

from app.cases.rules.timers import RULED_AFTER

Record = dict[str, Any]

FOLDER = Path(__file__).parent / "sql"
MOST_UNDECIDED, MOST_TO_VERIFY = 500, 20_000


@cache
def _statement(name: str) -> TextClause:
    return text((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))


def _rows(connection: Connection, name: str, **values: Any) -> list[Record]:
    return [dict(row._mapping) for row in connection.execute(_statement(name), values)]


def undecided(
    connection: Connection, district_id: int, loops: Sequence[str], asked: Sequence[str]
) -> list[Row[Any]]:
    """Open cases of some loops of which something may have to be decided, what is due first; `MOST_UNDECIDED` at most.

    Parameters
    ----------
    asked
        Questions that wait for an answer.
    """
    values = {
        "district": district_id, "loops": list(loops), "asked": list(asked), "returns": RULED_AFTER,
        "limit": MOST_UNDECIDED,
    }  # fmt: skip
    return list(connection.execute(_statement("undecided"), values))


def undecided_counts(connection: Connection, district_id: int) -> dict[str, int]:
    """How many cases in sight wait for a decision of each kind, whoever gives it."""
    return _rows(connection, "undecided_counts", district=district_id, returns=RULED_AFTER)[0]


def posts(connection: Connection) -> list[tuple[str, int]]:
    """Role and unit of every post that the one who asks holds today."""
    rows = connection.execute(text("SELECT role, unit_id FROM acting_posts() LIMIT 200"))
    return [(row.role, row.unit_id) for row in rows]


def to_verify(connection: Connection, district_id: int, loops: Sequence[str]) -> list[int]:
    """Ids of the cases that the one who asks could verify in some loops; `MOST_TO_VERIFY` at most."""
    found = _rows(connection, "to_verify", district=district_id, loops=list(loops), limit=MOST_TO_VERIFY)
    return [row["id"] for row in found]


def dangers(connection: Connection, district_id: int, limit: int) -> list[Record]:
    """特急 and 重大; each row says of how many."""
    return _rows(connection, "dangers", district=district_id, limit=limit)


def units(connection: Connection, district_id: int, now: datetime) -> list[Record]:
    """Open and late cases at each unit."""
    return _rows(connection, "units", district=district_id, now=now)


def answerable(connection: Connection, areas: Sequence[int]) -> dict[int, Record]:
    """Desk and leading post of areas, by the id of the area."""
    return {row["id"]: row for row in _rows(connection, "answerable", areas=list(areas))}


def days(
    connection: Connection, district_id: int, zone: str, today: date, count: int
) -> list[tuple[date, int, int]]:
    """Of each of the last days, how many cases were reported and how many were closed."""
    values = {"district": district_id, "zone": zone, "today": today, "days": count}
    return [(row["day"], row["reported"], row["closed"]) for row in _rows(connection, "days", **values)]

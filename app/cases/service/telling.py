"""The log of a case as a story: who in which post did what, with which words, when; ids become names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.fields import FIELDS, Kind
from app.cases.rules.moves import Move
from app.cases.service.offering import ORDER
from app.cases.store import heading, story

Record = dict[str, Any]

PAGE = 200
"""Rows of a story on one page."""

SAID = ("description", "named_condition", *ORDER)
"""What is told of a row, in this order."""


def told(
    connection: Connection, district_id: int, case_id: int, after: int = 0
) -> tuple[list[Record], int | None]:
    """A page of the story, oldest first, and the version after which the next one begins."""
    rows = story.log(connection, case_id, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    units = heading.units_by_id(
        connection, _ids(shown, {Kind.UNIT, Kind.UNITS}) | {row["unit_id"] or 0 for row in shown}
    )
    people = heading.people_by_account(connection, _ids(shown, {Kind.ACCOUNT}))
    conditions = heading.conditions_by_number(
        connection, district_id, [row["given"]["condition"] for row in shown if row["given"].get("condition")]
    )
    known: Mapping[Kind, Mapping[Any, Any]] = {
        Kind.UNIT: units, Kind.UNITS: units, Kind.ACCOUNT: people, Kind.CONDITION: conditions,
    }  # fmt: skip
    taken_back = {
        row["version"] - 1 for row in rows if row["move"] == Move.UNDO
    }  # the row right before: nobody can have acted in between
    limit_unit = None
    for row in shown:
        limit_unit = (row["facts"].get("limit") or (None, limit_unit))[1]
        row["limit_unit"] = limit_unit
        row["said"] = [
            _line(row, name, known) for name in SAID if row["given"].get(name) not in (None, "", [])
        ]
        row["taken_back"] = row["version"] in taken_back
        row["late_entry"] = row["given"].get("ordered_at") or row["given"].get("called_at")
    return shown, shown[-1]["version"] if len(rows) > PAGE else None


def _line(row: Record, name: str, known: Mapping[Kind, Mapping[Any, Any]]) -> Record:
    """One thing that was given, with the names of the ids in it."""
    kind, value = FIELDS.get(name, Kind.TEXT), row["given"][name]
    line: Record = {"field": name, "kind": kind.value, "value": value, "names": [], "unit": row["limit_unit"]}
    if kind in known:
        line["names"] = [known[kind].get(one) for one in (value if isinstance(value, list) else [value])]
    elif kind is Kind.INSTANT:
        line["at"] = datetime.fromisoformat(value)
    elif kind is Kind.CASE:
        line["names"] = [row["facts"].get(f"{name}_number")]
    return line


def _ids(rows: Iterable[Record], kinds: set[Kind]) -> set[int]:
    found: set[int] = set()
    for row in rows:
        for name, value in row["given"].items():
            if FIELDS.get(name) in kinds and value is not None:
                found |= set(value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
    return {one for one in found if isinstance(one, int)}

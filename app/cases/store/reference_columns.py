"""The columns of reference data in the database: what they hold as texts, and what is written for a text.

A column may hold the id of the row that it names, or be spread over several of which a row fills one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select, text
from sqlalchemy import Table as StoredTable

import app.cases.tables
import app.grid.tables
import app.staffing.tables  # noqa: F401  (the tables register themselves in the metadata)
from app.cases.rules.reference import FROM, TO, Column, Part, ReferenceTable, Texts
from app.cases.rules.reference_kinds import Kind
from app.cases.rules.reference_plan import Held
from app.cases.rules.reference_tables import BY_NAME
from app.db import Table

Ids = Mapping[str, Mapping[str, Any]]
"""Of each table that is named, what the database keeps for a key."""

ELSEWHERE = {"areas": ("area_numbers", "code", "no")}
"""What is named here and edited elsewhere: table, key and id of the database."""

AREA_NUMBERS = text(
    "SELECT code, no FROM area_numbers WHERE district_id = :district AND level <> 'resident_group' UNION ALL"
    " SELECT code, no FROM areas_on(:district, district_today(:district)) WHERE level <> 'resident_group'"
)
"""Every place that there ever was; of two with one code the one of today comes last, and counts."""


def stored_table(table: ReferenceTable) -> StoredTable:
    """The table of the database."""
    return Table.metadata.tables[table.table]


def expression(table: ReferenceTable, column: Column) -> Any:
    """What a column says: itself, the key of the row that it names, or that of its parts which is filled."""
    stored = stored_table(table)
    if column.parts:
        return func.coalesce(*(_named(stored, part.stored, part.refers, part.by_id) for part in column.parts))
    return _named(stored, column.column, column.refers, column.by_id)


def _named(stored: StoredTable, name: str, refers: str, by_id: bool) -> Any:
    if not by_id:
        return stored.c[name]
    table, key, number = _place(refers)
    named = Table.metadata.tables[table].alias(f"named_{name}")
    return select(named.c[key]).where(named.c[number] == stored.c[name]).scalar_subquery()


def _place(refers: str) -> tuple[str, str, str]:
    """Table, key and id of the database of what is named."""
    if refers in ELSEWHERE:
        return ELSEWHERE[refers]
    other = BY_NAME[refers]
    return other.table, other.by_name[other.key[0]].column, "id"


def as_text(table: ReferenceTable, column: Column) -> Any:
    """What a column says, as files write it."""
    found = cast(expression(table, column), Text)
    if column.kind is Kind.YES_NO:
        return func.replace(func.replace(found, "true", "yes"), "false", "no")
    return found


def same_key(table: ReferenceTable, row: Texts, ids: Ids) -> list[ColumnElement[bool]]:
    """The conditions under which a stored row is of the key of another."""
    stored = stored_table(table)
    found = [item for name in table.key for item in _written(table, table.by_name[name], row, ids).items()]
    return [stored.c[name].is_not_distinct_from(value) for name, value in found]


def written(value: Any) -> str:
    """A value of the database as files write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.YES_NO: lambda value: value == "yes",
    Kind.DAY: date.fromisoformat,
    Kind.CLOCK: time.fromisoformat,
    Kind.AMOUNT: Decimal,
    Kind.METRES: float,
}


def values(table: ReferenceTable, row: Held, ids: Ids) -> dict[str, Any]:
    """All that is written of a row, by the columns of the database."""
    found = {
        name: value for c in table.written for name, value in _written(table, c, row.values, ids).items()
    }
    return {**found, FROM: date.fromisoformat(row.since), TO: day(row.until)}


def changed_values(table: ReferenceTable, old: Held, new: Held, ids: Ids) -> dict[str, Any]:
    """Only what differs: who may change a column may not therefore write all of them."""
    differ = [c for c in table.written if old.values.get(c.name, "") != new.values.get(c.name, "")]
    found = {name: value for c in differ for name, value in _written(table, c, new.values, ids).items()}
    return {**found, TO: day(new.until)}


def end_values(table: ReferenceTable, row: Held) -> dict[str, Any]:
    """What is written of a row that ends."""
    return {TO: day(row.until), **{c.column: row.values.get(c.name) or None for c in table.on_end}}


def day(written_day: str) -> date | None:
    """A day as the database keeps it."""
    return date.fromisoformat(written_day) if written_day else None


def _written(table: ReferenceTable, column: Column, row: Texts, ids: Ids) -> dict[str, Any]:
    value = row.get(column.name) or column.blank
    if column.parts:
        filled = next((part for part in column.parts if value and value in ids[part.refers]), None)
        return {p.stored: ids[p.refers][value] if p is filled else None for p in column.parts}
    if not value:
        empty = column.by_id or column.kind in READ or stored_table(table).c[column.column].nullable
        return {column.column: None if empty else ""}
    if column.by_id:
        return {column.column: ids[column.refers].get(value)}
    return {column.column: READ.get(column.kind, str)(value)}


def ids_of(connection: Connection, district_id: int, table: ReferenceTable) -> dict[str, dict[str, Any]]:
    """Of the tables that are named by id or by parts, what is kept for each key."""
    named = [Part(c.column, c.refers, True) for c in table.columns if c.by_id]
    named += [part for column in table.columns for part in column.parts]
    return {part.refers: _keys(connection, district_id, part) for part in named}


def _keys(connection: Connection, district_id: int, part: Part) -> dict[str, Any]:
    if part.refers == "areas":
        rows = connection.execute(AREA_NUMBERS, {"district": district_id})
        return {row.code: row.no for row in rows}
    table, key, number = _place(part.refers)
    stored = Table.metadata.tables[table]
    kept = stored.c[number if part.by_id else key].label("kept")
    found = connection.execute(select(stored.c[key], kept).where(stored.c.district_id == district_id))
    return {row[0]: row[1] for row in found}

"""The tables of reference data in the database, read and written by their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    cast,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy import Table as StoredTable

import app.cases.tables
import app.staffing.tables  # noqa: F401  (the tables register themselves in the metadata)
from app.cases.rules.reference import FROM, TO, Column, ReferenceTable, Texts
from app.cases.rules.reference_kinds import Kind
from app.cases.rules.reference_plan import Fate, Held, Step
from app.cases.rules.reference_tables import BY_NAME
from app.db import Table

MOST = 20_000
"""Rows of a table that are read at once; a district has some hundred of a kind."""


def version(connection: Connection) -> int:
    """The number of the last change of any reference data."""
    statement = text("SELECT version FROM data_versions WHERE topic = 'reference'")
    return int(connection.execute(statement).scalar_one())


def of_clocks(connection: Connection, district_id: int) -> dict[str, Any]:
    """All rows that clocks are read by, with the version that they are of and the district's time zone."""
    statement = text("SELECT reference_rows(:district)")
    found: dict[str, Any] = connection.execute(statement, {"district": district_id}).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a table are shown.

    Parameters
    ----------
    day
        On which they hold; None for all that there ever were.
    words
        What one of their columns contains.
    after
        Sort key and id of the last row of the page before.
    """

    day: date | None
    words: str = ""
    after: tuple[str, int] | None = None
    limit: int = 100


def held(connection: Connection, district_id: int, table: ReferenceTable) -> list[Held]:
    """Every row of a table, by its key and in time."""
    stored = _stored(table)
    order = [*(stored.c[table.by_name[name].column] for name in table.key), stored.c[FROM], stored.c.id]
    rows = connection.execute(_select(table, district_id).order_by(*order).limit(MOST))
    return [_held(table, row._mapping) for row in rows]


def page(connection: Connection, district_id: int, table: ReferenceTable, wanted: Page) -> list[Held]:
    """Rows of a table, at most so many."""
    stored, statement = _stored(table), _select(table, district_id)
    if wanted.day is not None:
        statement = statement.where(func.daterange(stored.c[FROM], stored.c[TO]).op("@>")(wanted.day))
    if wanted.words:
        columns = [cast(_expression(table, column), Text) for column in table.columns]
        columns += [_expression(table, column, "name") for column in table.columns if column.by_id]
        statement = statement.where(or_(*(c.icontains(wanted.words, autoescape=True) for c in columns)))
    sort = _sort(table)
    if wanted.after is not None:
        statement = statement.where(tuple_(sort, stored.c.id) > tuple_(*wanted.after))
    rows = connection.execute(statement.order_by(sort, stored.c.id).limit(wanted.limit))
    return [_held(table, row._mapping) for row in rows]


def one(connection: Connection, district_id: int, table: ReferenceTable, row_id: int) -> Held | None:
    """A row by its id."""
    statement = _select(table, district_id).where(_stored(table).c.id == row_id)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _held(table, row._mapping)


def of_key(connection: Connection, district_id: int, table: ReferenceTable, like: Held) -> list[Held]:
    """Every row of a row's key, in time."""
    stored = _stored(table)
    key = [table.by_name[name] for name in table.key]
    same = [stored.c[column.column] == _value(table, column, like.values, {}) for column in key]
    statement = _select(table, district_id).where(*same).order_by(stored.c[FROM], stored.c.id).limit(MOST)
    return [_held(table, row._mapping) for row in connection.execute(statement)]


def cursor(table: ReferenceTable, row: Held) -> tuple[str, int]:
    """Where a page goes on after a row."""
    return "|".join(table.key_of(row.values)), row.id


def keys(
    connection: Connection, district_id: int, table: ReferenceTable, today: date, *, english: bool = False
) -> list[tuple[str, str]]:
    """Keys that may be named, with what they are called: those of rows that are not over."""
    stored = _stored(table)
    key = stored.c[table.by_name[table.key[0]].column]
    name = stored.c.get("name", key)
    if english and "name_en" in stored.c:
        name = func.coalesce(func.nullif(stored.c["name_en"], ""), name)
    statement = (
        select(key, func.max(name))
        .where(stored.c.district_id == district_id, or_(stored.c[TO].is_(None), stored.c[TO] > today))
        .where(or_(stored.c[TO].is_(None), stored.c[TO] > stored.c[FROM]), *_not_left_out(table))
        .group_by(key)
        .order_by(key)
        .limit(MOST)
    )
    return [(str(row[0]), str(row[1])) for row in connection.execute(statement)]


def write(connection: Connection, district_id: int, table: ReferenceTable, steps: Iterable[Step]) -> None:
    """Do what was planned. Ends come before what follows them."""
    stored = _stored(table)
    ids = _ids(connection, district_id, table)
    for step in steps:
        new = step.new
        if new is None or step.fate is Fate.UNCHANGED:
            continue
        if step.old is not None and table.dated:
            until = new.since if step.fate is Fate.CHANGED else new.until
            values: dict[str, Any] = {TO: date.fromisoformat(until) if until else None}
            # A row that was planned a moment ago is known by its key and its first day.
            connection.execute(
                update(stored).where(_is(table, stored, step.old, ids, district_id)).values(values)
            )
        elif step.old is not None:
            changed = _changed(table, step.old, new, ids)
            connection.execute(update(stored).where(stored.c.id == step.old.id).values(changed))
        if step.old is None or (step.fate is Fate.CHANGED and table.dated):
            connection.execute(insert(stored).values(district_id=district_id, **_values(table, new, ids)))


def _is(
    table: ReferenceTable,
    stored: StoredTable,
    row: Held,
    ids: Mapping[str, Mapping[str, int]],
    district_id: int,
) -> ColumnElement[bool]:
    if row.id:
        return stored.c.id == row.id
    values = _values(table, row, ids)
    names = [table.by_name[name].column for name in table.key]
    same = [stored.c[name] == values[name] for name in names]
    return and_(stored.c.district_id == district_id, stored.c[FROM] == values[FROM], *same)


def _stored(table: ReferenceTable) -> StoredTable:
    return Table.metadata.tables[table.table]


def _select(table: ReferenceTable, district_id: int) -> Select[Any]:
    stored = _stored(table)
    columns = [_expression(table, column).label(f"c_{column.name}") for column in table.columns]
    statement = select(stored.c.id, stored.c[FROM], stored.c[TO], *columns)
    return statement.where(stored.c.district_id == district_id, *_not_left_out(table))


def _not_left_out(table: ReferenceTable) -> list[ColumnElement[bool]]:
    name, values = table.leaves_out
    return [_stored(table).c[name].not_in(values)] if name else []


def _expression(table: ReferenceTable, column: Column, wanted: str | None = None) -> Any:
    """The column, or of the row whose id it holds the key, or what else is wanted."""
    stored = _stored(table).c[column.column]
    if not column.by_id:
        return stored
    other = BY_NAME[column.refers]
    named = _stored(other).alias(f"named_{column.name}")
    shown = named.c[wanted or other.by_name[other.key[0]].column]
    return select(shown).where(named.c.id == stored).scalar_subquery()


def _sort(table: ReferenceTable) -> Any:
    stored = _stored(table)
    parts = [_as_text(stored.c[table.by_name[name].column], table.by_name[name].kind) for name in table.key]
    return func.concat_ws("|", *parts).collate("C")


def _as_text(column: Any, kind: Kind) -> Any:
    if kind is Kind.YES_NO:
        return func.replace(func.replace(cast(column, Text), "true", "yes"), "false", "no")
    return cast(column, Text)


def _held(table: ReferenceTable, row: Mapping[Any, Any]) -> Held:
    values = {column.name: written(row[f"c_{column.name}"]) for column in table.columns}
    return Held(row["id"], values, written(row[FROM]), written(row[TO]))


def written(value: Any) -> str:
    """A value of the database as files write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.YES_NO: lambda value: value == "yes",
    Kind.DAY: date.fromisoformat,
    Kind.CLOCK: time.fromisoformat,
    Kind.AMOUNT: Decimal,
}


def _values(table: ReferenceTable, row: Held, ids: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    found = {column.column: _value(table, column, row.values, ids) for column in table.columns}
    ends = date.fromisoformat(row.until) if row.until else None
    return {**found, FROM: date.fromisoformat(row.since), TO: ends}


def _value(table: ReferenceTable, column: Column, row: Texts, ids: Mapping[str, Mapping[str, int]]) -> Any:
    value = row.get(column.name) or column.blank
    if not value:
        return None if _stored(table).c[column.column].nullable else ""
    return ids[column.refers][value] if column.by_id else READ.get(column.kind, str)(value)


def _changed(
    table: ReferenceTable, old: Held, new: Held, ids: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """Only what differs: who may change a column may not therefore write all of them."""
    wanted = _values(table, new, ids)
    columns = {c.column for c in table.columns if old.values.get(c.name, "") != new.values.get(c.name, "")}
    return {name: value for name, value in wanted.items() if name in columns | {TO}}


def _ids(connection: Connection, district_id: int, table: ReferenceTable) -> dict[str, dict[str, int]]:
    """Of the tables that are named by id, the id of each key."""
    found = {}
    for name in {column.refers for column in table.columns if column.by_id}:
        other = BY_NAME[name]
        stored = _stored(other)
        key = stored.c[other.by_name[other.key[0]].column]
        rows = connection.execute(select(key, stored.c.id).where(stored.c.district_id == district_id))
        found[name] = {row[0]: row[1] for row in rows}
    return found

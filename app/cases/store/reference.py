"""The tables of reference data in the database, read and written by their descriptions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
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
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)

from app.cases.rules.reference import FROM, TO, ReferenceTable
from app.cases.rules.reference_plan import Fate, Held, Step
from app.cases.store.reference_columns import (
    Ids,
    as_text,
    changed_values,
    day,
    end_values,
    expression,
    ids_of,
    same_key,
    stored_table,
    values,
    written,
)

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
    named
        Keys that a column may have instead, since what they are called contains the words.
    after
        Sort key and id of the last row of the page before.
    """

    day: date | None
    words: str = ""
    after: tuple[str, int] | None = None
    limit: int = 100
    named: Mapping[str, Collection[str]] = field(default_factory=dict)


def held(connection: Connection, district_id: int, table: ReferenceTable) -> list[Held]:
    """Every row of a table, by its key and in time."""
    stored = stored_table(table)
    order = [*(expression(table, table.by_name[name]) for name in table.key), stored.c[FROM], stored.c.id]
    rows = connection.execute(_select(table, district_id).order_by(*order).limit(MOST))
    return [_held(table, row._mapping) for row in rows]


def page(connection: Connection, district_id: int, table: ReferenceTable, wanted: Page) -> list[Held]:
    """Rows of a table, at most so many."""
    stored, statement = stored_table(table), _select(table, district_id)
    if wanted.day is not None:
        statement = statement.where(func.daterange(stored.c[FROM], stored.c[TO]).op("@>")(wanted.day))
    if wanted.words:
        columns = [cast(expression(table, column), Text) for column in table.columns]
        found = [column.icontains(wanted.words, autoescape=True) for column in columns]
        found += [
            expression(table, table.by_name[name]).in_(keys) for name, keys in wanted.named.items() if keys
        ]
        statement = statement.where(or_(*found))
    sort = _sort(table)
    if wanted.after is not None:
        statement = statement.where(tuple_(sort, stored.c.id) > tuple_(*wanted.after))
    rows = connection.execute(statement.order_by(sort, stored.c.id).limit(wanted.limit))
    return [_held(table, row._mapping) for row in rows]


def one(connection: Connection, district_id: int, table: ReferenceTable, row_id: int) -> Held | None:
    """A row by its id."""
    statement = _select(table, district_id).where(stored_table(table).c.id == row_id)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _held(table, row._mapping)


def of_key(connection: Connection, district_id: int, table: ReferenceTable, like: Held) -> list[Held]:
    """Every row of a row's key, in time."""
    stored = stored_table(table)
    same = same_key(table, like.values, ids_of(connection, district_id, table))
    statement = _select(table, district_id).where(*same).order_by(stored.c[FROM], stored.c.id).limit(MOST)
    return [_held(table, row._mapping) for row in connection.execute(statement)]


def cursor(table: ReferenceTable, row: Held) -> tuple[str, int]:
    """Where a page goes on after a row."""
    return "|".join(table.key_of(row.values)), row.id


def write(connection: Connection, district_id: int, table: ReferenceTable, steps: Iterable[Step]) -> None:
    """Do what was planned. Ends come before what follows them."""
    stored = stored_table(table)
    ids = ids_of(connection, district_id, table)
    for step in steps:
        new, old = step.new, step.old
        if new is None or step.fate is Fate.UNCHANGED:
            continue
        if old is not None and not table.dated:
            changed = changed_values(table, old, new, ids)
            connection.execute(update(stored).where(stored.c.id == old.id).values(changed))
            continue
        if old is not None:
            ends = end_values(table, new) if step.fate is Fate.ENDED else {TO: day(new.since)}
            connection.execute(update(stored).where(_is(table, old, ids, district_id)).values(ends))
        if step.fate is not Fate.ENDED:
            _add(connection, district_id, table, old, values(table, new, ids), ids)


def _add(
    connection: Connection,
    district_id: int,
    table: ReferenceTable,
    old: Held | None,
    wanted: Mapping[str, Any],
    ids: Ids,
) -> None:
    stored = stored_table(table)
    made = {"district_id": district_id, **table.constant, **wanted}
    if old is None or not table.carried:
        connection.execute(insert(stored).values(made))
        return
    # What no form writes comes over from the row before inside the database.
    names = [*made, *table.carried]
    said = [literal(value, stored.c[name].type) for name, value in made.items()]
    before = select(*said, *(stored.c[name] for name in table.carried)).where(
        _is(table, old, ids, district_id)
    )
    connection.execute(insert(stored).from_select(names, before, include_defaults=False))


def _is(table: ReferenceTable, row: Held, ids: Ids, district_id: int) -> ColumnElement[bool]:
    """That row; one that was planned a moment ago is known by its key and its first day."""
    stored = stored_table(table)
    if row.id:
        return stored.c.id == row.id
    same = same_key(table, row.values, ids)
    return and_(stored.c.district_id == district_id, stored.c[FROM] == day(row.since), *same)


def _select(table: ReferenceTable, district_id: int) -> Select[Any]:
    stored = stored_table(table)
    columns = [expression(table, column).label(f"c_{column.name}") for column in table.columns]
    statement = select(stored.c.id, stored.c[FROM], stored.c[TO], *columns)
    return statement.where(stored.c.district_id == district_id, *not_left_out(table))


def not_left_out(table: ReferenceTable) -> list[ColumnElement[bool]]:
    """Without the rows that are looked after elsewhere."""
    name, values = table.leaves_out
    return [stored_table(table).c[name].not_in(values)] if name else []


def _sort(table: ReferenceTable) -> Any:
    parts = [as_text(table, table.by_name[name]) for name in table.key]
    return func.concat_ws("|", *parts).collate("C")


def _held(table: ReferenceTable, row: Mapping[Any, Any]) -> Held:
    found = {column.name: written(row[f"c_{column.name}"]) for column in table.columns}
    return Held(row["id"], found, written(row[FROM]), written(row[TO]))

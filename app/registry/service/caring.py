"""The care of a person's record: what it holds, how long it is kept, whether it is used, that it is deleted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, NotFoundError
from app.registry.rules.kinds import ElementKind
from app.registry.service import editing, looking
from app.registry.service.entries import Wrong
from app.registry.service.noting import note
from app.registry.service.persons import purpose_of
from app.registry.service.refusing import refusals, refuse
from app.registry.store import caring as store
from app.registry.store import persons, reading, types, writing
from app.seals.service import Column, sealer

Record = dict[str, Any]

MOST = 1_000
"""Relations, changes and looks that an export holds of each at most; `cut` names those of which there are more."""

THERE = Wrong("need", "need_there")


def _hold(connection: Connection, person_id: int) -> None:
    if editing.hold(connection, person_id)["kind"] != ElementKind.PERSON:
        raise NotFoundError("element_missing", id=person_id)


def export(connection: Connection, person_id: int, purpose: str, *, by: Hand) -> Record:
    """Everything that is kept of a person, numbers in clear: for that person. It is logged.

    Of what there is very much the export says that there is more, which the pages of the record tell.

    Raises
    ------
    InvalidError
        `purpose_needed`.
    NotFoundError
        `element_missing`.
    """
    said = purpose_of(purpose)
    found = persons.numbers(connection, person_id)
    if found is None or writing.hold(connection, person_id) is None:
        raise NotFoundError("element_missing", id=person_id)
    note(connection, "person.export", person_id, by, purpose=said)
    told = looking.one(connection, person_id)
    seal = sealer(connection)
    lists = {
        "relations": reading.relations(connection, person_id, after=0, limit=MOST + 1),
        "history": reading.history(connection, person_id, before=None, limit=MOST + 1),
        "looks": persons.looks(connection, person_id, before=None, limit=MOST + 1),
    }
    return {
        "element": {**told["element"], "name": found.name},
        "person": told["person"],
        "identity": None if found.identity is None else seal.open(Column.IDENTITY, *found.identity),
        "phone": None if found.phone is None else seal.open(Column.PERSON_PHONE, *found.phone),
        **{name: rows[:MOST] for name, rows in lists.items()},
        "cut": [name for name, rows in lists.items() if len(rows) > MOST],
    }


def restrict(connection: Connection, person_id: int, reason: str | None, *, by: Hand) -> None:
    """Let a record be used no longer, for a reason; or, without one, again.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_merged`.
    """
    _hold(connection, person_id)
    writing.remember(connection, person_id, "restricted")
    store.restrict(connection, person_id, reason)
    writing.change(connection, ElementKind.PERSON, person_id, {})
    note(connection, "person.restrict", person_id, by, restricted=reason is not None)
    writing.count_up(connection)


def retain(
    connection: Connection, person_id: int, until_on: date, reason: str, today: date, *, by: Hand
) -> None:
    """Keep a record until another day, for a reason, which is remembered with it.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_merged`.
    InvalidError
        `fields_invalid`: that day is over.
    """
    _hold(connection, person_id)
    refuse([Wrong("until_on", "retention_over")] if until_on < today else [])
    writing.remember(connection, person_id, "edited")
    writing.explain(connection, person_id, reason)
    writing.change(connection, ElementKind.PERSON, person_id, {"retain_until_on": until_on})
    note(connection, "person.retain", person_id, by, until_on=until_on.isoformat())
    writing.count_up(connection)


def add_need(
    connection: Connection,
    person_id: int,
    need: str,
    until_on: date | None,
    today: date,
    *,
    source: str,
    by: Hand,
) -> None:
    """Record what somebody needs, by the law that the reference data name, until a day or as long as they say.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_merged`, `person_restricted`.
    InvalidError
        `fields_invalid`: an unknown need, one that is there, a day that is over.
    """
    _hold(connection, person_id)
    found = persons.numbers(connection, person_id)
    if found is not None and found.restricted:
        raise ConflictError("person_restricted", id=person_id)
    known = next((row for row in types.needs(connection) if row["code"] == need), None)
    faults = [] if known is not None else [Wrong("need", "unknown_choice")]
    if until_on is not None and until_on < today:
        faults.append(Wrong("until_on", "retention_over"))
    if any(row["need"] == need for row in persons.needs(connection, person_id)):
        faults.append(THERE)
    refuse(faults)
    assert known is not None
    writing.remember(connection, person_id, "edited")
    with refusals(connection, THERE):
        writing.add_need(
            connection, person_id, need=need, basis=known["legal_basis"], from_on=today,
            until_on=until_on or editing.later(today, known["keep_months"]), source=source,
        )  # fmt: skip
    writing.change(connection, ElementKind.PERSON, person_id, {})
    note(connection, "person.change", person_id, by, fields="needs")
    writing.count_up(connection)


def forget_need(connection: Connection, person_id: int, need: str, *, by: Hand) -> None:
    """Take a need back; nothing remembers it any more.

    Raises
    ------
    NotFoundError
        `element_missing`, `need_missing`.
    ConflictError
        `element_merged`.
    """
    _hold(connection, person_id)
    if not writing.forget_need(connection, person_id, need):
        raise NotFoundError("need_missing", id=person_id)
    writing.change(connection, ElementKind.PERSON, person_id, {})
    note(connection, "person.delete", person_id, by, why="asked", field="need")
    writing.count_up(connection)


class Why(StrEnum):
    """Why a person's record is deleted before its time is over. A choice and no text: the log keeps it for ever."""

    ASKED = "asked"
    MISTAKEN = "mistaken"
    NOT_NEEDED = "not_needed"


def delete(connection: Connection, person_id: int, *, why: Why = Why.ASKED, by: Hand) -> None:
    """Delete a person's record, with all that was remembered; the log keeps that it was, and why.

    Raises
    ------
    NotFoundError
        `element_missing`.
    """
    gone = store.delete(connection, person_id)
    if not gone:
        raise NotFoundError("element_missing", id=person_id)
    for one in gone:
        note(connection, "person.delete", one, by, why=why.value)
    writing.count_up(connection)

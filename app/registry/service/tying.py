"""Elements tied to each other and to cases, parted again, and two records made one."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.errors import ConflictError, NotFoundError
from app.registry.rules.kinds import SITES, ElementKind, RelationKind, fits
from app.registry.service import editing
from app.registry.service.editing import Entry, hold
from app.registry.service.entries import Wrong
from app.registry.service.refusing import refusals, refuse
from app.registry.store import reading, tying, writing

Record = dict[str, Any]

UNKNOWN = Wrong("target", "target_unknown")


def tie(
    connection: Connection,
    element_id: int,
    kind: RelationKind,
    target_id: int,
    from_on: date,
    today: date,
    *,
    source: str,
) -> None:
    """Tie an element to another; by what it lies in, it leaves what it lay in before.

    Raises
    ------
    NotFoundError
        `element_missing`.
    InvalidError
        `fields_invalid`: they do not fit, the other is not in sight, or the day has not come.
    ConflictError
        `element_merged`.
    """
    held = hold(connection, element_id)
    faults = [Wrong("from_on", "day_later")] if from_on > today else []
    target = next(iter(reading.told(connection, [target_id])), None)
    if target is None or target["merged"] or target_id == element_id:
        faults.append(UNKNOWN)
    elif not fits(kind, ElementKind(held["kind"]), ElementKind(target["kind"])):
        faults.append(Wrong("kind", "does_not_tie"))
    elif kind in SITES and writing.place_of(connection, str(target_id)) is None:
        faults.append(UNKNOWN)
    refuse(faults)
    with refusals(connection, UNKNOWN):
        if kind in SITES:
            writing.remember(connection, element_id, "edited")
            entry = Entry(ElementKind(held["kind"]), {}, target_id)
            editing.move(connection, element_id, entry, from_on, source)
            writing.change(connection, entry.kind, element_id, {})
        else:
            tying.add(connection, kind.value, element_id, target_id, from_on=from_on, source=source)
    writing.count_up(connection)


def concern(connection: Connection, element_id: int, case_id: int, today: date, *, source: str) -> None:
    """Say that a case concerns an element; both are in sight.

    Raises
    ------
    NotFoundError
        `element_missing`, `case_missing`.
    InvalidError
        `fields_invalid`: it is said already.
    """
    if not reading.told(connection, [element_id]):
        raise NotFoundError("element_missing", id=element_id)
    if not tying.case_seen(connection, case_id):
        raise NotFoundError("case_missing", id=case_id)
    with refusals(connection, UNKNOWN):
        kind = RelationKind.CONCERNS.value
        tying.add(connection, kind, None, element_id, case_id=case_id, from_on=today, source=source)
    writing.count_up(connection)


def end(connection: Connection, relation_id: int, on_day: date, today: date) -> None:
    """End a relation on a day.

    Raises
    ------
    NotFoundError
        `relation_missing`: there is none, or not for the one who acts.
    InvalidError
        `fields_invalid`: the day has not come.
    ConflictError
        `relation_ended`.
    """
    found = tying.relation(connection, relation_id)
    if found is None:
        raise NotFoundError("relation_missing", id=relation_id)
    if found["to_on"] is not None:
        raise ConflictError("relation_ended", id=relation_id)
    refuse([Wrong("on", "day_later")] if on_day > today else [])
    if RelationKind(found["kind"]) in SITES:
        held = hold(connection, found["source_id"])
        writing.remember(connection, held["id"], "edited")
        writing.change(connection, ElementKind(held["kind"]), held["id"], {})
    if not tying.end(connection, relation_id, on_day):
        raise NotFoundError("relation_missing", id=relation_id)
    writing.count_up(connection)


def merge(connection: Connection, gone: int, kept: int, why: str) -> int:
    """Make two records of one thing one; the number of the merger.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_merged`.
    InvalidError
        `fields_invalid`: they are not of one kind, or the same.
    """
    for one in sorted({gone, kept}):
        hold(connection, one)
    with refusals(connection, Wrong("into", "not_one")):
        made = writing.merge(connection, kept, gone, why)
    writing.count_up(connection)
    return made


def part(connection: Connection, merge_id: int) -> tuple[int, int]:
    """Undo a merger; ids of the record that was kept and the one that is back.

    Raises
    ------
    NotFoundError
        `merge_missing`.
    ConflictError
        `merge_undone`: it does not stand any more.
    """
    found = writing.merged(connection, merge_id)
    if found is None or any(writing.hold(connection, one) is None for one in sorted(found)):
        raise NotFoundError("merge_missing", id=merge_id)
    with refusals(connection, Wrong("into", "not_one")):
        writing.part(connection, merge_id)
    writing.count_up(connection)
    return found

"""An element as its entry says it, in texts: what a form is filled with, and what a change is laid over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.accounts.service.managing import Hand
from app.errors import ForbiddenError
from app.registry.rules.kinds import ElementKind
from app.registry.service import editing
from app.registry.service.editing import Change
from app.registry.service.entries import FIELDS, SEALED, Wrong
from app.registry.service.refusing import refuse
from app.registry.service.types import words_of
from app.registry.store import persons, reading, tying, writing
from app.seals.service import Column, sealer

Record = dict[str, Any]

BY_HAND = "人工登记"
"""The source of what somebody writes who names none."""

LOOKED_UP = frozenset({"site", "area", "unit", "household", "needs"})
"""Fields whose words name something else: they are read only where they are said anew."""


def may_write(kind: ElementKind, permissions: Collection[Permission]) -> None:
    """Persons are registered by those who keep their records.

    Raises
    ------
    ForbiddenError
        `not_permitted`.
    """
    if kind is ElementKind.PERSON and Permission.KEEP_PERSONS not in permissions:
        raise ForbiddenError("not_permitted")


def texts_of(
    kind: ElementKind, raw: Mapping[str, Any], *, without: frozenset[str] = frozenset()
) -> dict[str, str]:
    """The texts of an entry, of texts and numbers.

    Raises
    ------
    InvalidError
        `fields_invalid`: a field that elements of this kind do not have, or a value that is neither.
    """
    known = {one.name for one in FIELDS[kind]} - without
    faults = [
        Wrong(str(name)[:60].encode("ascii", "replace").decode(), "unknown_field")
        for name in raw
        if name not in known
    ]
    found: dict[str, str] = {}
    for name, value in raw.items():
        if name not in known:
            continue
        if value is None:
            found[name] = ""
        elif isinstance(value, bool) or not isinstance(value, str | int | float):
            faults.append(Wrong(name, "not_text"))
        elif isinstance(value, str):
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                faults.append(Wrong(name, "text_unreadable"))
            found[name] = value
        else:
            found[name] = _digits(value)
    refuse(faults)
    return found


def _digits(value: float) -> str:
    """A number without an exponent, as a person writes it; what is none stays unreadable."""
    return format(Decimal(repr(value)), "f")[:60]


def make(
    connection: Connection,
    district_id: int,
    kind: ElementKind,
    said: Mapping[str, str],
    today: date,
    *,
    source: str,
    by: Hand,
) -> int:
    """Write one new element; its id.

    Raises
    ------
    InvalidError
        `fields_invalid`, with every fault.
    """
    entry, faults = editing.read(connection, district_id, kind, said, words_of(connection), today)
    refuse([*faults, *editing.placed(entry)])
    return editing.add(connection, district_id, [entry], today, source=source, by=by)[0]


def current(connection: Connection, held: Mapping[str, Any]) -> dict[str, str]:
    """What an element says of itself, but for what names something else and for numbers."""
    kind = ElementKind(held["kind"])
    details = reading.details(connection, kind, held["id"])
    details["name"] = details.pop("person_name", held["name"])
    names = [one.name for one in FIELDS[kind] if one.name not in LOOKED_UP | SEALED.get(kind, frozenset())]
    values = {name: details.get(name, held.get(name)) for name in names}
    return {name: _text(value) for name, value in values.items()}


def places_of(one: Mapping[str, Any]) -> dict[str, str]:
    """Where an element lies and who answers for it, in words that its entry can be said in again."""
    return {
        "site": _text(one["site_id"]),
        "area": _text((one["area"] or {}).get("code")),
        "unit": _text((one["unit"] or {}).get("name")),
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return _digits(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def edit(
    connection: Connection,
    element_id: int,
    version: int,
    said: Mapping[str, str],
    today: date,
    *,
    from_on: date | None = None,
    source: str,
    by: Hand,
) -> None:
    """Change what is said anew and nothing else.

    Raises
    ------
    NotFoundError
        `element_missing`.
    ConflictError
        `element_changed`, `element_merged`.
    InvalidError
        `fields_invalid`, with every fault.
    """
    held = editing.hold(connection, element_id, version)
    kind = ElementKind(held["kind"])
    laid_over = {**current(connection, held), **said}
    if kind is ElementKind.PERSON and "identity" not in said and "born_on" in said:
        laid_over["identity"] = _identity(connection, element_id)
    entry, faults = editing.read(
        connection, held["district_id"], kind, laid_over, words_of(connection), today
    )
    if from_on is not None and from_on > today:
        faults.append(Wrong("from_on", "day_later"))
    refuse(faults)
    fields = frozenset(said) | ({"lon", "lat"} if {"lon", "lat"} & set(said) else set())
    editing.change(
        connection, held["district_id"], [Change(element_id, version, entry, fields, from_on)], today,
        source=source, by=by,
    )  # fmt: skip


def _identity(connection: Connection, person_id: int) -> str:
    """The number that a day of birth has to agree with; it is told to nobody."""
    found = persons.numbers(connection, person_id)
    if found is None or found.identity is None:
        return ""
    return sealer(connection).open(Column.IDENTITY, *found.identity)


def end(
    connection: Connection, element_id: int, version: int, on_day: date, reason: str, today: date
) -> None:
    """Let something be valid no longer from a day on; what it was tied to until then is ended too.

    Raises
    ------
    NotFoundError, ConflictError
        As `edit`.
    InvalidError
        `fields_invalid`: a day to come, or one before it began.
    """
    held = editing.hold(connection, element_id, version)
    faults = [Wrong("on", "day_later")] if on_day > today else []
    if on_day <= held["valid_from_on"]:
        faults.append(Wrong("on", "days_reversed"))
    refuse(faults)
    writing.remember(connection, element_id, "ended")
    writing.explain(connection, element_id, reason)
    writing.change(connection, ElementKind(held["kind"]), element_id, {"valid_to_on": on_day})
    tying.end_all(connection, element_id, on_day)
    writing.count_up(connection)

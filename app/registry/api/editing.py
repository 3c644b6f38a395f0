"""`/api/v1/elements` and `/api/v1/relations`, written: made, changed, ended, tied, merged."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.api import shapes
from app.registry.api.blueprint import blueprint
from app.registry.api.elements import LIMIT, id_of
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.service import forms, looking, tying
from app.registry.service.entries import Wrong
from app.registry.service.refusing import refuse
from app.registry.store import writing
from app.web import acting, answers
from app.web.body import json_object
from app.web.doors import needs
from app.web.shapes import (
    CASE_ID,
    DAY,
    INSTANT,
    MOST_CASE_ID,
    TEXT,
    UUID,
    WHOLE,
    items,
    maybe,
    optional,
    record,
    words,
)
from app.web.stating import states
from app.writing import read_day

BY_HAND = "人工登记"
"""The source of what somebody writes who names none."""

SOURCE = optional({**TEXT, "maxLength": 120})
ON = optional(DAY)
REASON = {**TEXT, "minLength": 1, "maxLength": 500}
ENTRY = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number", "null"]},
    "description": "Fields of an entry of this kind, texts or numbers; `site` by code or id, `area`, `unit` by code.",
}
MISSING = ["element_missing"]
STALE = ["element_changed", "element_merged"]
MERGE = record(
    id=shapes.ELEMENT_ID, kept_id=shapes.ELEMENT_ID, gone_id=shapes.ELEMENT_ID, at=INSTANT, reason=TEXT,
    undone_at=maybe(INSTANT),
)  # fmt: skip


class Asked:
    """The fields of a body, read one by one; `done` says all that is wrong with them at once."""

    def __init__(self, *known: str) -> None:
        self.raw = json_object()
        self.faults = [
            Wrong(str(name)[:60].encode("ascii", "replace").decode(), "unknown_field")
            for name in self.raw
            if name not in known
        ]

    def value(self, name: str, read: Callable[[Any], Any], wrong: str, default: Any = None) -> Any:
        """A value; one that is left out and has no default is a fault too."""
        raw = self.raw.get(name)
        if raw is None or raw == "":
            if default is None:
                self.faults.append(Wrong(name, "value_missing"))
            return default
        try:
            return read(raw)
        except (ValueError, TypeError, OverflowError):
            self.faults.append(Wrong(name, wrong))
            return default

    def done(self) -> None:
        """Raises `fields_invalid` if anything was wrong."""
        refuse(self.faults)


def number(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= MOST_CASE_ID:
        raise ValueError(raw)
    return raw


def version(raw: Any) -> int:
    return min(number(raw), 2**31 - 1)


def said_in(most: int) -> Callable[[Any], str]:
    """Reads a text of at most so many characters."""

    def reader(raw: Any) -> str:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > most:
            raise ValueError(raw)
        raw.encode()
        if any(not letter.isprintable() for letter in raw):
            raise ValueError(raw)
        return raw.strip()

    return reader


def day(raw: Any) -> date:
    return read_day(raw, 1000) if isinstance(raw, str) else _no(raw)


def _no(raw: Any) -> date:
    raise ValueError(raw)


def entry(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or len(raw) > 60:
        raise ValueError(raw)
    return raw


def _one(connection: Connection, element_id: int, status: int = 200) -> Response:
    return answers.private(looking.one(connection, element_id), status)


@blueprint.post("/elements")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("source",), only_these_=True, kind=words(ElementKind), client_id=UUID, source=SOURCE, entry=ENTRY
    ),
    status=201,
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["district_missing"],
        ConflictError: ["client_id_used"],
    },
)
def make() -> Response:
    """Register a place, an object, an organisation or a person, once, however often it is sent."""
    asked = Asked("kind", "client_id", "source", "entry")
    kind = asked.value("kind", ElementKind, "unknown_choice")
    client = asked.value("client_id", _uuid, "not_uuid")
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    given = asked.value("entry", entry, "not_text")
    asked.done()
    may_write(kind)
    district_id = here().district_id
    with acting.writing() as connection:
        earlier = writing.claimed(connection, client)
        if earlier is not None:
            return _one(connection, earlier, 201)
        today = grid.today(connection, district_id)
        said = forms.texts_of(kind, given)
        made = forms.make(connection, district_id, kind, said, today, source=source, by=hand())
        try:
            writing.claim(connection, client, acting.actor().account_id, made)
        except IntegrityError:
            # Sent twice at once, or somebody else's id: whoever comes second asks again and is told of the first.
            raise ConflictError("client_id_used") from None
        return _one(connection, made, 201)


def _uuid(raw: Any) -> uuid.UUID:
    return uuid.UUID(raw) if isinstance(raw, str) else _no(raw)  # type: ignore[return-value]


def may_write(kind: ElementKind) -> None:
    """Persons are registered by those who keep their records.

    Raises
    ------
    ForbiddenError
        `not_permitted`.
    """
    if kind is ElementKind.PERSON and Permission.KEEP_PERSONS not in me().permissions:
        raise ForbiddenError("not_permitted")


@blueprint.patch("/elements/<int:element_id>")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("source", "from_on"), only_these_=True, version=WHOLE, entry=ENTRY, from_on=ON, source=SOURCE
    ),
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: STALE},
)
def change(element_id: int) -> Response:
    """Change what is said in `entry` and nothing else, if it is still as it was seen; what it said is remembered.

    Where it moves, `from_on` is the day on which it left what it lay in before.
    """
    asked = Asked("version", "entry", "from_on", "source")
    seen = asked.value("version", version, "not_number")
    given = asked.value("entry", entry, "not_text")
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    from_on = asked.value("from_on", day, "day_unreadable", date.max)
    asked.done()
    with acting.writing() as connection:
        held = writing.hold(connection, id_of(element_id))
        if held is None:
            raise NotFoundError("element_missing", id=element_id)
        said = forms.texts_of(ElementKind(held["kind"]), given, without=frozenset({"needs"}))
        today = grid.today(connection, held["district_id"])
        start = today if from_on == date.max else from_on
        forms.edit(connection, element_id, seen, said, today, from_on=start, source=source, by=hand())
        return _one(connection, element_id)


@blueprint.post("/elements/<int:element_id>/end")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(("on",), only_these_=True, version=WHOLE, on=ON, reason=REASON),
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: STALE},
)
def end(element_id: int) -> Response:
    """Let it be valid no longer from a day on, and say why."""
    asked = Asked("version", "on", "reason")
    seen = asked.value("version", version, "not_number")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    on_day = asked.value("on", day, "day_unreadable", date.max)
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        last = today if on_day == date.max else on_day
        forms.end(connection, id_of(element_id), seen, last, reason, today)
        return _one(connection, element_id)


@blueprint.post("/elements/<int:element_id>/relations")
@needs(Permission.EDIT_REGISTRY)
@states(
    shapes.ONE,
    body=record(
        ("from_on", "source"), only_these_=True, kind=words(set(RelationKind) - {RelationKind.CONCERNS}),
        target=shapes.ELEMENT_ID, from_on=ON, source=SOURCE,
    ),
    status=201,
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: ["element_merged"]},
)  # fmt: skip
def tie(element_id: int) -> Response:
    """Tie it to another; by what it lies or lives in, it leaves what it lay in before."""
    asked = Asked("kind", "target", "from_on", "source")
    kind = asked.value("kind", _relation, "unknown_choice")
    target = asked.value("target", number, "not_number")
    from_on = asked.value("from_on", day, "day_unreadable", date.max)
    source = asked.value("source", said_in(120), "text_unreadable", BY_HAND)
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        start = today if from_on == date.max else from_on
        tying.tie(connection, id_of(element_id), kind, target, start, today, source=source)
        return _one(connection, element_id, 201)


def _relation(raw: Any) -> RelationKind:
    found = RelationKind(raw)
    return found if found is not RelationKind.CONCERNS else _no(raw)  # type: ignore[return-value]


@blueprint.post("/elements/<int:element_id>/concerns")
@needs(Permission.MOVE_CASES)
@states(
    shapes.ONE,
    body=record(only_these_=True, case_id=CASE_ID),
    status=201,
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: ["element_missing", "case_missing"]},
)
def concern(element_id: int) -> Response:
    """Say that a case concerns it: whoever acts on the case may, where both are in sight."""
    asked = Asked("case_id")
    case_id = asked.value("case_id", number, "not_number")
    asked.done()
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        tying.concern(connection, id_of(element_id), case_id, today, source=BY_HAND)
        return _one(connection, element_id, 201)


@blueprint.post("/relations/<int:relation_id>/end")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(id=shapes.ELEMENT_ID, to_on=DAY),
    body=record(("on",), only_these_=True, on=ON),
    kept=False,
    fails={
        InvalidError: ["fields_invalid"],
        NotFoundError: ["relation_missing", "element_missing"],
        ConflictError: ["relation_ended", "element_merged"],
    },
)
def untie(relation_id: int) -> Response:
    """End a relation on a day, today if none is said."""
    asked = Asked("on")
    on_day = asked.value("on", day, "day_unreadable", date.max)
    asked.done()
    if not 0 < relation_id <= MOST_CASE_ID:
        raise NotFoundError("relation_missing", id=relation_id)
    with acting.writing() as connection:
        today = grid.today(connection, here().district_id)
        last = today if on_day == date.max else on_day
        tying.end(connection, relation_id, last, today)
    return answers.private({"id": relation_id, "to_on": last.isoformat()})


@blueprint.post("/elements/<int:element_id>/merge")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(merge_id=shapes.ELEMENT_ID, kept_id=shapes.ELEMENT_ID),
    body=record(only_these_=True, into=shapes.ELEMENT_ID, reason=REASON),
    kept=False,
    fails={InvalidError: ["fields_invalid"], NotFoundError: MISSING, ConflictError: ["element_merged"]},
)
def merge(element_id: int) -> Response:
    """Make it one with another record of the same thing, which is kept; what it was tied to hangs on that one."""
    asked = Asked("into", "reason")
    into = asked.value("into", number, "not_number")
    reason = asked.value("reason", said_in(500), "text_unreadable")
    asked.done()
    with acting.writing() as connection:
        made = tying.merge(connection, id_of(element_id), into, reason)
    return answers.private({"merge_id": made, "kept_id": into})


@blueprint.get("/elements/<int:element_id>/merges")
@needs(Permission.READ_REGISTRY)
@states(record(items=items(MERGE)), query=(LIMIT,), kept=False, fails={NotFoundError: MISSING})
def merges(element_id: int) -> Response:
    """Mergers that it was in, the newest first."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        looking.one(connection, id_of(element_id))
        found = writing.mergers(connection, element_id, limit)
    return answers.private({"items": found})


@blueprint.post("/merges/<int:merge_id>/undo")
@needs(Permission.EDIT_REGISTRY)
@states(
    record(kept_id=shapes.ELEMENT_ID, gone_id=shapes.ELEMENT_ID),
    kept=False,
    fails={NotFoundError: ["merge_missing"], ConflictError: ["merge_undone"]},
)
def undo(merge_id: int) -> Response:
    """Undo a merger: what hung on the record that went hangs on it again."""
    if not 0 < merge_id <= MOST_CASE_ID:
        raise NotFoundError("merge_missing", id=merge_id)
    with acting.writing() as connection:
        kept, gone = tying.part(connection, merge_id)
    return answers.private({"kept_id": kept, "gone_id": gone})

"""A period's way: opened, published 公示, objected to, answered, frozen, and verified ever after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.cases.rules.fields import FieldProblem, refuse
from app.db import Actor
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.evaluation.rules.periods import (
    LEAST_OPEN,
    MOST_OPEN,
    SETTLED,
    Phase,
    may_freeze,
    may_object,
    may_publish,
    phase,
    seal,
)
from app.evaluation.rules.scoring import Scheme, scheme_of
from app.evaluation.service import publishing
from app.evaluation.store import periods as store

MOST_DAYS = 400
MOST_TEXT = 2_000
MOST_LINES = 5_000
ONCE, SENT_ONCE = "evaluation_periods_once", "evaluation_objections_client_id_key"

Record = dict[str, Any]


def one(connection: Connection, district_id: int, period_id: int, *, lock: bool = False) -> Record:
    """A period with its phase.

    Raises
    ------
    NotFoundError
        `period_missing`.
    """
    found = store.period(connection, district_id, period_id, lock=lock)
    if found is None:
        raise NotFoundError("period_missing", id=period_id)
    return told(found)


def told(row: Record) -> Record:
    """A period's row with its phase."""
    return {**row, "phase": phase(row["published_at"], row["frozen_at"])}


def open_period(
    connection: Connection, district_id: int, actor: Actor, first_on: date | None, last_on: date | None
) -> int:
    """Open a period; its id.

    Raises
    ------
    InvalidError
        `fields_invalid`: days are missing or in the wrong order, or are another period's.
    """
    faults = [
        FieldProblem(name, "missing")
        for name, day in (("first_on", first_on), ("last_on", last_on))
        if day is None
    ]
    refuse(faults)
    assert first_on is not None and last_on is not None
    if not first_on <= last_on < first_on + timedelta(days=MOST_DAYS):
        refuse([FieldProblem("last_on", "not_a_period", str(last_on))])
    try:
        with connection.begin_nested():
            return store.add(connection, district_id, actor.account_id, first_on, last_on)
    except IntegrityError as error:
        if _constraint(error) == ONCE:
            refuse([FieldProblem("first_on", "in_use", str(first_on))])
        raise


def publish(
    connection: Connection,
    district_id: int,
    zone: str,
    actor: Actor,
    period_id: int,
    schemes: list[Scheme],
    object_until: date | None,
    now: datetime | None = None,
) -> Record:
    """公示: work a period out as it is known now, by schemes, and let objections be filed until a day.

    One that is published already is worked out anew, for instance after an objection was upheld.

    Raises
    ------
    NotFoundError
        `period_missing`.
    ConflictError
        `period_frozen`, `period_not_over`, `period_out_of_order`.
    InvalidError
        `fields_invalid`: the day is missing, or too soon or too far.
    ForbiddenError
        `not_permitted`: only who sees the whole district publishes its figures.
    """
    found = one(connection, district_id, period_id, lock=True)
    now = now or datetime.now(UTC)
    since, until = _instants(found["first_on"], found["last_on"], zone)
    may_publish(found["phase"], until, now)
    beside = store.neighbours(connection, district_id, found["first_on"])
    if beside["unfrozen"] or beside["later"]:
        raise ConflictError("period_out_of_order")
    refuse(_day_faults(object_until, found["today"]))
    made = {**found, "since_at": since, "until_at": until, "known_at": now - SETTLED}
    store.publish(
        connection,
        {
            "id": period_id, "since": since, "until": until, "known_at": made["known_at"],
            "schemes": [one.told() for one in schemes], "object_until": object_until, "account": actor.account_id,
        },
    )  # fmt: skip
    if one(connection, district_id, period_id)["known_at"] != made["known_at"]:
        raise ForbiddenError("not_permitted")
    store.replace(
        connection,
        period_id,
        publishing.figures(connection, district_id, made, schemes),
        publishing.corrections(connection, district_id, made),
    )
    return one(connection, district_id, period_id)


def _instants(first_on: date, last_on: date, zone: str) -> tuple[datetime, datetime]:
    begin, end = (
        datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
        for day in (first_on, last_on + timedelta(days=1))
    )
    return begin, end


def _day_faults(day: date | None, today: date) -> list[FieldProblem]:
    if day is None:
        return [FieldProblem("object_until_on", "missing")]
    if not LEAST_OPEN <= (day - today).days <= MOST_OPEN:
        return [FieldProblem("object_until_on", "not_1_to_60_days", str(day))]
    return []


def object_to(
    connection: Connection,
    district_id: int,
    actor: Actor,
    period_id: int,
    raw: Mapping[str, str],
    client: UUID,
) -> None:
    """异议: file an objection against a published figure of one's own object; sent twice it is one.

    Raises
    ------
    NotFoundError
        `period_missing`, `figure_missing`.
    ConflictError
        `period_not_published`, `period_frozen`, `objection_late`.
    InvalidError
        `fields_invalid`: a reason is needed.
    """
    found = one(connection, district_id, period_id)
    may_object(found["phase"], found["object_until_on"], found["today"])
    of, _, key = raw.get("object", "").partition(":")
    if not any((row["of"], row["key"]) == (of, key) for row in store.figures(connection, period_id)):
        raise NotFoundError("figure_missing", key=key[:40])
    reason = _said(raw.get("reason", ""), "reason")
    try:
        with connection.begin_nested():
            store.object_to(connection, period_id, of, key, actor.account_id, reason, client)
    except IntegrityError as error:
        if _constraint(error) != SENT_ONCE:
            raise


def answer(
    connection: Connection,
    district_id: int,
    actor: Actor,
    period_id: int,
    objection_id: int,
    upheld: bool,
    said: str,
) -> None:
    """Answer an objection, once; who filed it does not.

    Raises
    ------
    NotFoundError
        `period_missing`, `objection_missing`: not there, answered already, or one's own.
    InvalidError
        `fields_invalid`: an answer is needed.
    """
    one(connection, district_id, period_id, lock=True)
    text = _said(said, "answer")
    if not store.answer(connection, period_id, objection_id, actor.account_id, upheld, text):
        raise NotFoundError("objection_missing", id=objection_id)


def _said(raw: str, field: str) -> str:
    said = raw.strip()
    if not said:
        refuse([FieldProblem(field, "missing")])
    if len(said) > MOST_TEXT:
        refuse([FieldProblem(field, "text_too_long", said[:60])])
    return said


def freeze(connection: Connection, district_id: int, actor: Actor, period_id: int) -> Record:
    """Freeze what was published: from here on nobody changes it, and later knowledge is a correction.

    Raises
    ------
    NotFoundError
        `period_missing`.
    ConflictError
        `period_not_published`, `period_frozen`, `objections_run`, `objections_unanswered`.
    ForbiddenError
        `not_permitted`.
    """
    found = one(connection, district_id, period_id, lock=True)
    may_freeze(found["phase"], found["object_until_on"], found["today"], found["unanswered"])
    store.freeze(connection, period_id, actor.account_id, seal(edition(connection, found)))
    found = one(connection, district_id, period_id)
    if found["phase"] is not Phase.FROZEN:
        raise ForbiddenError("not_permitted")
    return found


def edition(connection: Connection, found: Mapping[str, Any]) -> Record:
    """All that is hashed of a period, as it is stored."""
    period_id = found["id"]
    kept = ("first_on", "last_on", "since_at", "until_at", "known_at", "object_until_on")
    figures = sorted(store.figures(connection, period_id), key=lambda row: (row["of"], row["key"]))
    lines = store.corrections(connection, period_id, limit=MOST_LINES)
    answers = store.objections(connection, period_id, limit=MOST_LINES)
    return {
        "period": {name: _plain(found[name]) for name in kept},
        "schemes": found["schemes"],
        "figures": [{name: _plain(value) for name, value in row.items()} for row in figures],
        "corrections": [
            {name: _plain(value) for name, value in row.items()}
            for row in sorted(
                lines, key=lambda row: (row["of_period_id"], row["of"], row["key"], row["name"])
            )
        ],
        "objections": [{name: row[name] for name in ("id", "of", "key", "upheld")} for row in answers],
    }


def _plain(value: Any) -> Any:
    """A value as the canonical form has it: instants in UTC, whatever the connection's zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, int | str | list | dict | None) else str(value)


def verify(connection: Connection, district_id: int, period_id: int) -> Record:
    """Whether a frozen period is as it was sealed, and whether the log as known then still gives its figures.

    Returns
    -------
    `sealed`: whether the hash is that of what is stored. `differs`: a line for each count that comes out otherwise:
    of, key, name, what is stored and what was found.

    Raises
    ------
    NotFoundError
        `period_missing`.
    ConflictError
        `period_not_frozen`.
    """
    found = one(connection, district_id, period_id)
    if found["phase"] is not Phase.FROZEN:
        raise ConflictError("period_not_frozen")
    stored = {(row["of"], row["key"]): row for row in store.figures(connection, period_id)}
    schemes = [scheme_of(raw) for raw in found["schemes"]]
    again = {
        (row["of"], row["key"]): row for row in publishing.figures(connection, district_id, found, schemes)
    }
    return {
        "sealed": seal(edition(connection, found)) == bytes(found["sha256"]),
        "differs": [
            line
            for place in sorted({*stored, *again})
            for line in _differences(place, stored.get(place), again.get(place))
        ],
    }


def _differences(place: tuple[str, str], stored: Record | None, again: Record | None) -> list[Record]:
    def values(row: Record | None) -> Record:
        return {} if row is None else {**row["counts"], "score": row["score"], "place": row["place"]}

    was, found = values(stored), values(again)
    return [
        {"of": place[0], "key": place[1], "name": name, "stored": was.get(name), "found": found.get(name)}
        for name in sorted({*was, *found})
        if was.get(name) != found.get(name)
    ]


def _constraint(error: IntegrityError) -> str | None:
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None)

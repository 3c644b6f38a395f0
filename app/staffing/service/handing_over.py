"""交接班: what is handed over, counted by the platform and told by people, signed by both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.staffing import store
from app.staffing.rules import TAKEN, UnitKind, handover_digest
from app.staffing.service.absence import log
from app.staffing.service.refusals import refusals
from app.staffing.store import duty

LONGEST = 4000

DESKS = frozenset({UnitKind.COMMAND.value, UnitKind.SUB_CENTRE.value})
"""Kinds of units to which another desk hands over."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the one who goes tells: what happened, what is dangerous, what was promised."""

    happened: str = ""
    dangerous: str = ""
    promised: str = ""


def facts(connection: Connection, unit_id: int, to_unit_id: int, at: datetime) -> dict[str, Any]:
    """What the platform counts for a hand-over: who is there, the queue, and the desks that are served for others.

    The queue is that of the desk that goes on: a sub-centre's when it closes for the night, and when it is given back.

    Returns
    -------
    dict
        `since`: the last hand-over; `on_duty`: names; `queue`: open, overdue, nearly due and suspended cases;
        `overdue`: the numbers of the oldest ones, at most 20; `serves`: the desks taken over, by name.
    """
    since = duty.last_given_at(connection, unit_id)
    of_unit = duty.narrower(connection, unit_id, to_unit_id)
    return {
        "since": None if since is None else since.isoformat(),
        "on_duty": [person["name"] for person in duty.on_duty(connection, unit_id)],
        "queue": duty.queue(connection, of_unit, at),
        "overdue": duty.overdue(connection, of_unit, at, 20),
        "serves": [unit["name"] for unit in duty.served_from(connection, unit_id, at)],
    }


def give(connection: Connection, unit_id: int, to_unit_id: int, told: Told, name: str, *, by: Hand) -> int:
    """Sign a hand-over as the one who goes; its id. What the platform counts is counted now.

    Raises
    ------
    NotFoundError
        `unit_missing_id`.
    InvalidError
        `text_too_long`.
    ForbiddenError
        `not_at_desk`: whoever signs for a desk holds a post at it.
    """
    units = [store.unit(connection, number) for number in (unit_id, to_unit_id)]
    to = units[1]
    if units[0] is None or to is None or (to_unit_id != unit_id and to["kind"] not in DESKS):
        raise NotFoundError("unit_missing_id", id=to_unit_id)
    if not duty.at_desk(connection, unit_id):
        raise ForbiddenError("not_at_desk")
    if any(len(text) > LONGEST for text in asdict(told).values()):
        raise InvalidError("text_too_long")
    at = datetime.now(UTC)
    content = {
        "unit_id": unit_id,
        "to_unit_id": to_unit_id,
        **asdict(told),
        "facts": facts(connection, unit_id, to_unit_id, at),
        "given_by": by.account_id,
        "given_name": name,
        "given_at": at,
    }
    digest = handover_digest(content)
    with refusals(connection):
        made = duty.add_handover(connection, **content, content_hash=digest)
    log(connection, by, "handover.give", "handover", made, digest=digest.hex())
    return made


def take(connection: Connection, handover_id: int, name: str, remark: str, *, by: Hand) -> None:
    """Countersign a hand-over as the one who comes.

    Raises
    ------
    NotFoundError
        `handover_missing`.
    ConflictError
        `handover_signed`: somebody has; `two_persons_sign`: it is one's own.
    InvalidError
        `text_too_long`.
    ForbiddenError
        `not_at_desk`: whoever signs for a desk holds a post at it.
    """
    found = duty.handover(connection, handover_id)
    if found is None:
        raise NotFoundError("handover_missing", id=handover_id)
    if len(remark) > LONGEST // 2:
        raise InvalidError("text_too_long")
    if not duty.at_desk(connection, found["to_unit_id"]):
        raise ForbiddenError("not_at_desk")
    values = {
        "taken_by": by.account_id,
        "taken_name": name,
        "taken_at": datetime.now(UTC),
        "remark": remark.strip() or None,
    }
    with refusals(connection):
        if not duty.take_handover(connection, handover_id, **values):
            raise ConflictError("handover_signed")
    digest = handover_digest({**found, **values}, TAKEN)
    log(connection, by, "handover.take", "handover", handover_id, digest=digest.hex())


def as_signed(record: dict[str, Any]) -> bool:
    """Whether a hand-over still says what was signed."""
    return handover_digest(record) == bytes(record["content_hash"])


def altered(connection: Connection) -> list[int]:
    """Numbers of the hand-overs that do not say what was signed, by either, or that are gone.

    What was signed is what the access log wrote down first; later entries of the same number change nothing.
    """
    logged = duty.logged_digests(connection)
    seen: set[int] = set()
    found: set[int] = set()
    before = None
    while rows := duty.handovers(connection, None, before, 500):
        for row in rows:
            seen.add(row["id"])
            given, taken = logged.get((row["id"], "handover.give")), logged.get((row["id"], "handover.take"))
            if not as_signed(row) or bytes(row["content_hash"]).hex() != given:
                found.add(row["id"])
            if (None if row["taken_by"] is None else handover_digest(row, TAKEN).hex()) != taken:
                found.add(row["id"])
        before = rows[-1]["id"]
    found |= {number for number, _ in logged} - seen
    return sorted(found)

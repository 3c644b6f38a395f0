"""回执: a report is looked up, its receipt read for a while, its end rated. Refusals tell nothing about the number."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.cases.service import reference
from app.cases.service.notices import notices_of_time
from app.db import Actor, transaction
from app.errors import ConflictError, NotFoundError, RefusedError, TooManyError
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.residents import rules, store
from app.seals.service import Column, sealer


@dataclass(frozen=True, slots=True)
class LogKey:
    """The row of a log that something is told of."""

    case_id: int
    version: int


NOBODY = Actor()
"""Whoever comes without an account: the database shows them nothing but what its functions do."""

SLOWEST_S = 10.0
WAIT_MINUTES = 30


def look_up(url: str, number: str, digits: str, address: str) -> str:
    """Open a receipt by its number and the last four digits of the telephone that was left; the token of the visit.

    Raises
    ------
    TooManyError
        `receipt_locked`: too many tries of this number, or from this address, whether or not there is such a number.
    RefusedError
        `receipt_refused`: the number, the digits, or both are wrong.
    UnavailableError
        `seal_key_missing`, `seal_key_wrong`.
    """
    wanted = rules.number(number)
    token = secrets.token_bytes(32)
    with transaction(url, actor=NOBODY, timeout_s=SLOWEST_S) as connection:
        # What cannot be a number or digits takes the same way, so that how long it takes tells nothing.
        tail = sealer(connection).tail(Column.CONTACT_PHONE, rules.digits(digits))
        came = store.open_receipt(connection, wanted, tail, address, token)
        if came != "locked":
            known = wanted if rules.NUMBER.fullmatch(wanted) else None
            outcome = "done" if came == "open" else "refused"
            ledger.add(
                connection,
                Entry("receipt.open", outcome, subject_kind="case", subject_id=known, address=address),
            )
    if came == "locked":
        raise TooManyError("receipt_locked", minutes=WAIT_MINUTES, retry_after=WAIT_MINUTES * 60)
    if came != "open":
        raise RefusedError("receipt_refused")
    return token.hex()


def receipt(url: str, token: str) -> dict[str, Any]:
    """What a visit may read.

    Raises
    ------
    NotFoundError
        `receipt_over`: the visit is over, or never was.
    """
    known = [row["text"] for row in reference("phrases") if row["kind"] == "decline_reason"]
    with transaction(url, actor=NOBODY, read_only=True, timeout_s=SLOWEST_S) as connection:
        found = store.read_receipt(connection, _bytes(token), known)
    if found is None:
        raise NotFoundError("receipt_over")
    return {**found, "reached": rules.reached(found["state"])}


def rate(url: str, token: str, *, solved: bool, satisfied: int, remark: str | None) -> None:
    """Rate the end of a visit's case; within the same days it can be changed. The desk hears of what is not solved.

    Raises
    ------
    NotFoundError
        `receipt_over`.
    ConflictError
        `rating_not_closed`, `rating_too_late`.
    """
    with transaction(url, actor=NOBODY, timeout_s=SLOWEST_S) as connection:
        rated = store.rate(connection, _bytes(token), solved=solved, satisfied=satisfied, remark=remark)
    came = rated.came
    if came == "gone":
        raise NotFoundError("receipt_over")
    if came == "not_closed":
        raise ConflictError("rating_not_closed")
    if came == "too_late":
        raise ConflictError("rating_too_late")
    if not solved:
        # An inbox is written past the wall; of each end the desk hears it once, however often it is said.
        with transaction(url, timeout_s=SLOWEST_S) as connection:
            key = LogKey(rated.closed_case, rated.closing_row)
            notices_of_time(connection, "not_solved", [key], datetime.now(UTC))


def _bytes(token: str) -> bytes:
    try:
        return bytes.fromhex(token)
    except ValueError as error:
        raise NotFoundError("receipt_over") from error

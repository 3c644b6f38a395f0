"""Whom to tell what became of a case. Their telephone is sealed before it reaches the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.cases.store import contacts as store
from app.errors import UnavailableError
from app.seals.service import Column, sealer
from app.staffing.rules import masked_phone

PAGE = 2_000
UNREADABLE = "•••"


def add(connection: Connection, case_id: int, name: str | None, phone: str) -> None:
    """Keep whom to tell.

    Raises
    ------
    UnavailableError
        `seal_key_missing`, `seal_key_wrong`.
    """
    seal = sealer(connection)
    sealed = seal.seal(Column.CONTACT_PHONE, phone)
    tail = seal.tail(Column.CONTACT_PHONE, phone)
    store.add(connection, case_id, name, sealed.value, sealed.index, tail)


def phone(connection: Connection, head: Mapping[str, Any]) -> str | None:
    """The telephone of a head, as `cases.store.heading` gives it; None for nobody, or nobody in sight.

    Raises
    ------
    UnavailableError
        `seal_key_missing`, `seal_key_wrong`, `seal_broken`.
    """
    if head["contact_phone"] is None:
        return None
    value, index = bytes(head["contact_phone"]), bytes(head["contact_phone_index"])
    return sealer(connection).open(Column.CONTACT_PHONE, value, index)


def masked(connection: Connection, head: Mapping[str, Any]) -> dict[str, str | None] | None:
    """Name and masked telephone, as sheets show them; a case is worked on even where the keys are not there."""
    if head["contact_phone"] is None:
        return None
    try:
        shown = masked_phone(phone(connection, head))
    except UnavailableError:
        shown = UNREADABLE
    return {"name": head["contact_name"], "phone": shown}


def seal_all(connection: Connection) -> int:
    """Seal what an earlier version has kept in clear; how many there were."""
    done = 0
    while rows := store.in_clear(connection, PAGE):
        seal = sealer(connection)
        anew = [(case, seal.seal(Column.CONTACT_PHONE, plain), plain) for case, plain in rows]
        tails = [seal.tail(Column.CONTACT_PHONE, plain) for _, _, plain in anew]
        store.seal(
            connection,
            [(case, one.value, one.index, tail) for (case, one, _), tail in zip(anew, tails, strict=True)],
        )
        done += len(rows)
    return done

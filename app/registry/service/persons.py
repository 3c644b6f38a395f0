"""What those who serve people may do with a person's record: find it, see a number for a minute, say who has looked.

Each of it takes a purpose and is written in the access log, in the transaction that does it. A record that is
restricted is kept and not used: those alone who keep records still find it, and its numbers are shown to nobody.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from app.accounts.service.managing import Hand
from app.errors import ConflictError, InvalidError, NotFoundError
from app.registry.service import looking
from app.registry.service.noting import note
from app.registry.store import persons as store
from app.seals.service import Column, sealer

Record = dict[str, Any]

SHOWN_S = 60
"""Seconds for which a screen shows a number."""

LEAST_PURPOSE, MOST_PURPOSE = 4, 200
"""Characters of a purpose."""


class Field(StrEnum):
    """What of a person is masked by default."""

    NAME = "name"
    IDENTITY = "identity"
    PHONE = "phone"


def identity_of(raw: str) -> str:
    """An identity number as it is sealed: half-width, capital X, without blanks."""
    return "".join(unicodedata.normalize("NFKC", raw).upper().split())


def phone_of(raw: str) -> str:
    """A telephone number as it is sealed: digits, with the + of a country before them."""
    plain = unicodedata.normalize("NFKC", raw).strip()
    digits = "".join(letter for letter in plain if letter.isdigit() and letter.isascii())
    return f"+{digits}" if plain.startswith("+") else digits


def purpose_of(raw: str) -> str:
    """What somebody wants to know it for.

    Raises
    ------
    InvalidError
        `purpose_needed`: it says nothing, or too much.
    """
    said = raw.strip()
    if not LEAST_PURPOSE <= len(said) <= MOST_PURPOSE:
        raise InvalidError("purpose_needed")
    return said


def find(
    connection: Connection,
    district_id: int,
    *,
    name: str | None,
    identity: str | None,
    phone: str | None,
    purpose: str,
    after: int | None,
    limit: int,
    by: Hand,
) -> list[Record]:
    """Persons in sight by the beginning of their name, or by a whole number that one has.

    Raises
    ------
    InvalidError
        `purpose_needed`; `fields_invalid`: not just one of the three, or a name of no letter.
    """
    said = purpose_of(purpose)
    given = {"name": name, "identity": identity, "phone": phone}
    asked = [part for part, value in given.items() if value and value.strip()]
    if len(asked) != 1:
        faults = [{"field": part, "reason": "just_one", "value": ""} for part in given]
        raise InvalidError("fields_invalid", faults=faults, fields=", ".join(given), count=len(faults))
    seal = sealer(connection) if asked != ["name"] else None
    ids = store.found(
        connection,
        district_id,
        called=name.strip() if name and asked == ["name"] else None,
        identity=seal.index(Column.IDENTITY, identity_of(identity or "")) if seal and identity else None,
        phone=seal.index(Column.PERSON_PHONE, phone_of(phone or "")) if seal and phone else None,
        after=after,
        limit=limit,
    )
    # What was looked for is not written down: it is what the record holds.
    note(connection, "person.find", None, by, purpose=said, field=asked[0], found=len(ids))
    return looking.told(connection, ids)


def reveal(connection: Connection, person_id: int, field: Field, purpose: str, *, by: Hand) -> str:
    """What is masked of a person, to be shown for a minute.

    Raises
    ------
    InvalidError
        `purpose_needed`.
    NotFoundError
        `element_missing`; `number_missing`: there is no such number.
    ConflictError
        `person_restricted`.
    """
    said = purpose_of(purpose)
    found = store.numbers(connection, person_id)
    if found is None:
        raise NotFoundError("element_missing", id=person_id)
    if found.restricted:
        raise ConflictError("person_restricted", id=person_id)
    shown = _shown(connection, found, field)
    if shown is None:
        raise NotFoundError("number_missing", id=person_id, field=field.value)
    note(connection, "person.read", person_id, by, purpose=said, field=field.value)
    return shown


def _shown(connection: Connection, found: store.Numbers, field: Field) -> str | None:
    if field is Field.NAME:
        return found.name
    column, sealed = {
        Field.IDENTITY: (Column.IDENTITY, found.identity),
        Field.PHONE: (Column.PERSON_PHONE, found.phone),
    }[field]
    return None if sealed is None else sealer(connection).open(column, *sealed)


def looks(connection: Connection, person_id: int, *, before: int | None, limit: int) -> list[Record]:
    """Who has looked at a person's record, when and what for: for those who would have to tell that person.

    Raises
    ------
    NotFoundError
        `element_missing`.
    """
    if store.numbers(connection, person_id) is None:
        raise NotFoundError("element_missing", id=person_id)
    return store.looks(connection, person_id, before=before, limit=limit)

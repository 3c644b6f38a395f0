"""Personal numbers are sealed before they reach the database, and found again by keyed indexes.

A value is sealed under a key that lies outside the database, together with the name of its column and its index: one
that is moved to another row does not open there. Indexes are HMAC-SHA256, so that whoever has a number finds its row
and whoever has the rows cannot try out numbers without the key.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from app.errors import AppError, UnavailableError
from app.seals import store
from app.seals.service.ciphers import CIPHERS, USUAL, BrokenSealError, Cipher
from app.settings import add_seal_key, seal_keys, settings

PROOF = b"panlong seal key"
TAIL = 4


FAILS: Mapping[type[AppError], list[str]] = {
    UnavailableError: ["seal_key_missing", "seal_key_wrong", "seal_broken"]
}
"""What goes wrong with seals, as a route states it."""


class Column(StrEnum):
    """Columns that are sealed; a number has another index in each."""

    IDENTITY = "persons.identity"
    PERSON_PHONE = "persons.phone"
    ORGANISATION_PHONE = "organisations.phone"
    CONTACT_PHONE = "case_contacts.phone"


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, "sha256")


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its number and its cipher."""

    no: int
    cipher: Cipher
    sealing: bytes
    indexing: bytes

    @classmethod
    def of(cls, no: int, cipher: str, secret: bytes) -> Key:
        """What is used of a secret: never the same bytes for two things."""
        return cls(no, CIPHERS[cipher], _derived(secret, b"seal"), _derived(secret, b"index"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value as it is stored: sealed, and the index by which it is found."""

    value: bytes
    index: bytes


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals under the newest key, and opens what any of them has sealed."""

    newest: Key
    keys: Mapping[int, Key]

    def index(self, column: Column, plain: str) -> bytes:
        """By what a value is found in a column."""
        return hmac.digest(self.newest.indexing, f"{column.value}\0{plain}".encode(), "sha256")

    def tail(self, column: Column, plain: str) -> bytes:
        """By what the last four digits of a number are compared; without the key nobody can try them all."""
        digits = "".join(one for one in plain if one.isdecimal())[-TAIL:]
        return self.index(column, f"\0{digits}")

    def seal(self, column: Column, plain: str) -> Sealed:
        """A value as it is stored."""
        index = self.index(column, plain)
        place = column.value.encode() + index
        sealed = self.newest.cipher.seal(self.newest.sealing, plain.encode(), place)
        return Sealed(bytes([self.newest.no]) + sealed, index)

    def open(self, column: Column, value: bytes, index: bytes) -> str:
        """What a stored value says.

        Raises
        ------
        UnavailableError
            `seal_key_missing`: it was sealed under a key that is not here; `seal_broken`.
        """
        key = self.keys.get(value[0])
        if key is None:
            raise UnavailableError("seal_key_missing", no=value[0])
        try:
            return key.cipher.open(key.sealing, value[1:], column.value.encode() + index).decode()
        except BrokenSealError as error:
            raise UnavailableError("seal_broken", column=column.value) from error

    def wrap(self, place: str, content: bytes) -> bytes:
        """A piece of a file as it is stored: it opens in its own place and in no other."""
        sealed = self.newest.cipher.seal(self.newest.sealing, content, f"file\0{place}".encode())
        return bytes([self.newest.no]) + sealed

    def unwrap(self, place: str, stored: bytes) -> bytes:
        """The piece again.

        Raises
        ------
        UnavailableError
            As `open`.
        """
        key = self.keys.get(stored[0])
        if key is None:
            raise UnavailableError("seal_key_missing", no=stored[0])
        try:
            return key.cipher.open(key.sealing, stored[1:], f"file\0{place}".encode())
        except BrokenSealError as error:
            raise UnavailableError("seal_broken", column="file") from error


def sealer(connection: Connection) -> Sealer:
    """What seals and opens in this workspace. The first one makes the first key.

    Raises
    ------
    UnavailableError
        `seal_key_missing`: a key that the database names is not here; `seal_key_wrong`: another one has its number.
    """
    known = store.keys(connection)
    if not known:
        add_key(connection, 1, USUAL)
        known = store.keys(connection)
    return _sealer(known)


def _sealer(known: Iterable[store.KnownKey]) -> Sealer:
    secrets = seal_keys(settings())
    keys: dict[int, Key] = {}
    for one in known:
        secret = secrets.get(one.no)
        if secret is None:
            continue
        if not hmac.compare_digest(_derived(secret, PROOF), one.proof):
            raise UnavailableError("seal_key_wrong", no=one.no)
        keys[one.no] = Key.of(one.no, one.cipher, secret)
    newest = max(one.no for one in known)
    if newest not in keys:
        raise UnavailableError("seal_key_missing", no=newest)
    return Sealer(keys[newest], keys)


def add_key(connection: Connection, no: int, cipher: str) -> Key:
    """Make a key of a number, unless the environment has it already, and let the database know it.

    Raises
    ------
    UnavailableError
        `seal_key_missing`: the environment names keys, and this one is not among them.
    """
    secrets = seal_keys(settings())
    if no not in secrets:
        add_seal_key(settings(), no)
        secrets = seal_keys(settings())
    store.add_key(connection, no, cipher, _derived(secrets[no], PROOF))
    return Key.of(no, cipher, secrets[no])

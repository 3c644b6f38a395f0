"""Which keys have sealed something, and every sealed value, to be sealed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key by its number: its cipher, and what it makes of one text."""

    no: int
    cipher: str
    proof: bytes


def keys(connection: Connection) -> list[KnownKey]:
    """All keys that the workspace knows, the oldest first."""
    rows = connection.execute(text("SELECT no, cipher, proof FROM seal_keys ORDER BY no"))
    return [KnownKey(row.no, row.cipher, bytes(row.proof)) for row in rows]


def add_key(connection: Connection, no: int, cipher: str, proof: bytes) -> None:
    """Let the workspace know a key; two who make the first one at once make one."""
    connection.execute(
        text("SELECT know_seal_key(:no, :cipher, :proof)"), {"no": no, "cipher": cipher, "proof": proof}
    )


def hold_still(connection: Connection) -> None:
    """Keep everybody from writing sealed values until the transaction ends; reading goes on."""
    connection.execute(text("LOCK TABLE persons, organisations, case_contacts IN SHARE ROW EXCLUSIVE MODE"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of sealed value stands: its table and column, the key of the rows, the index of its last digits."""

    table: str
    name: str
    key: str = "id"
    tail: str | None = None


SEALED = {
    "persons.identity": Place("persons", "identity"),
    "persons.phone": Place("persons", "phone"),
    "organisations.phone": Place("organisations", "phone"),
    "case_contacts.phone": Place("case_contacts", "phone", "case_id", "tail_index"),
}
"""Where each kind of sealed value stands."""


def sealed_values(
    connection: Connection, column: str, *, after: int, limit: int
) -> list[tuple[int, bytes, bytes]]:
    """Id, sealed value and index of rows after an id, by their ids."""
    place = SEALED[column]
    rows = connection.execute(
        text(
            f"SELECT {place.key} AS id, {place.name} AS value, {place.name}_index AS index FROM {place.table}"
            f" WHERE {place.name} IS NOT NULL AND {place.key} > :after ORDER BY {place.key} LIMIT :limit"
        ),
        {"after": after, "limit": limit},
    )
    return [(row.id, bytes(row.value), bytes(row.index)) for row in rows]


def put_sealed(connection: Connection, column: str, rows: Sequence[tuple[int, bytes, bytes, bytes]]) -> None:
    """Put sealed values with their indexes, and those of their last digits, in the place of those that rows have."""
    place = SEALED[column]
    tail = "" if place.tail is None else f", {place.tail} = :tail"
    connection.execute(
        text(
            f"UPDATE {place.table} SET {place.name} = :value, {place.name}_index = :index{tail}"
            f" WHERE {place.key} = :id"
        ),
        [{"id": n, "value": value, "index": index, "tail": end} for n, value, index, end in rows],
    )


def pages(connection: Connection, column: str, size: int) -> Iterator[list[tuple[int, bytes, bytes]]]:
    """Every sealed value of a column, page by page."""
    after = 0
    while page := sealed_values(connection, column, after=after, limit=size):
        yield page
        after = page[-1][0]

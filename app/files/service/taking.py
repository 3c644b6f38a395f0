"""Takes files in: reads them within their limit, makes them safe, keeps their bytes and then writes their row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from sqlalchemy import Connection

from app.errors import InvalidError
from app.files import store
from app.files.rules import (
    CHUNK_BYTES,
    HEAD_BYTES,
    MOST_BYTES,
    Facts,
    Kind,
    Small,
    clean_film,
    kind_of,
    name_of,
)
from app.files.service.pictures import remake
from app.files.store import Shelf

MB = 1024 * 1024


class Stream(Protocol):
    """What is read from: a request's body, a part of a form, a file."""

    def read(self, size: int, /) -> bytes:
        """At most that many bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file made safe and not kept yet.

    Parameters
    ----------
    kind, content
        What is kept: of HEIC a JPEG.
    original_sha256
        Hash of what was sent.
    small
        Small copies of a picture; a film has none.
    """

    kind: Kind
    content: bytes
    original_sha256: bytes
    width: int
    height: int
    duration_s: float | None
    facts: Facts
    small: dict[Small, bytes]

    @property
    def sha256(self) -> bytes:
        """Hash of what is kept."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken in: its row, kind as it is kept, size in bytes, width and height in pixels, and facts."""

    file_id: int
    kind: Kind
    sha256: str
    size: int
    width: int
    height: int
    duration_s: float | None
    facts: Facts


def take_in(
    connection: Connection,
    stream: Stream,
    *,
    account_id: int,
    zone: tzinfo,
    limit: int | None = None,
    shelf: Shelf | None = None,
) -> Taken:
    """Take a picture or film in: `clean` and `keep` in one.

    A door that serves slow networks calls the two itself, so that no transaction waits for somebody's upload.

    Raises
    ------
    InvalidError, UnavailableError
        As those do.
    """
    return keep(connection, clean(stream, zone=zone, limit=limit), account_id=account_id, shelf=shelf)


def clean(stream: Stream, *, zone: tzinfo, limit: int | None = None) -> Cleaned:
    """Read a file and make it safe, with no database and no disk.

    Parameters
    ----------
    zone
        The district's, for times that name none.
    limit
        Most bytes, where fewer than the kind's own limit; reading ends within a chunk of it.

    Raises
    ------
    InvalidError
        `file_empty`, `file_too_large`, `file_kind`, `file_broken`, `file_hostile`, `image_too_big`, `film_too_long`.
    """
    kind, data = _read(stream, limit)
    original = hashlib.sha256(data).digest()
    if kind is Kind.MP4:
        film = clean_film(data)
        return Cleaned(
            kind, film.content, original, film.width, film.height, film.duration_s, film.facts, small={}
        )
    made = remake(kind, data, zone)
    return Cleaned(made.kind, made.content, original, made.width, made.height, None, made.facts, made.small)


def keep(connection: Connection, found: Cleaned, *, account_id: int, shelf: Shelf | None = None) -> Taken:
    """Put a cleaned file on the shelf, then write its row.

    What is on the shelf before the row is there outlives every failure after it: content without a row is rubbish, a
    row without content would be a loss. The same original of the same account within a day is the same row.

    Raises
    ------
    UnavailableError
        `files_unwritable`, `s3_missing`.
    """
    shelf = shelf or store.the_shelf()
    sha256, size = found.sha256, len(found.content)
    for small, content in found.small.items():
        shelf.put(name_of(sha256, found.kind, small), content)
    shelf.put(name_of(sha256, found.kind), found.content)
    file_id = store.newest_own(connection, account_id, sha256, found.original_sha256)
    if file_id is None:
        file_id = store.add(
            connection,
            account_id=account_id,
            sha256=sha256,
            original_sha256=found.original_sha256,
            kind=found.kind,
            size=size,
            width=found.width,
            height=found.height,
            duration_s=found.duration_s,
            facts=found.facts,
        )
    return Taken(
        file_id, found.kind, sha256.hex(), size, found.width, found.height, found.duration_s, found.facts
    )


def _read(stream: Stream, limit: int | None) -> tuple[Kind, bytes]:
    """All of a stream, and its kind; given up as soon as it is too long or none of ours."""
    data, kind = bytearray(), None
    most = max(MOST_BYTES.values()) if limit is None else limit
    while chunk := stream.read(CHUNK_BYTES):
        data += chunk
        if kind is None and len(data) >= HEAD_BYTES:
            kind = kind_of(bytes(data[:HEAD_BYTES]))
            most = min(most, MOST_BYTES[kind])
        if len(data) > most:
            raise InvalidError("file_too_large", limit_mb=round(most / MB, 1))
    if not data:
        raise InvalidError("file_empty")
    return kind or kind_of(bytes(data)), bytes(data)

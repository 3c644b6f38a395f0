"""Hands out what was taken in, to those who see its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.files import store
from app.files.rules import KEPT_AS, THUMBNAIL, Kind, Small, name_of
from app.files.service.pictures import small_copies
from app.files.store import Shelf


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to be read and closed.

    Parameters
    ----------
    stream
        Its bytes, from the one on that was asked for.
    media_type
        What it is sent as, together with `X-Content-Type-Options: nosniff`.
    size
        All of its bytes, wherever the stream begins; None for a small copy.
    tag
        Changes when the content does, which it never does: good for an ETag and for being kept for ever.
    """

    stream: BinaryIO
    media_type: str
    size: int | None
    tag: str


def open_file(connection: Connection, file_id: int, *, start: int = 0, shelf: Shelf | None = None) -> Opened:
    """A file from one of its bytes on (players ask for parts of films).

    Raises
    ------
    NotFoundError
        `file_unknown`: there is none, or not for the one who acts.
    UnavailableError
        `file_gone`, `files_unreadable`, `s3_missing`.
    """
    sha256, kind, size = _found(connection, file_id)
    stream = (shelf or store.the_shelf()).open(name_of(sha256, kind), start)
    return Opened(stream, KEPT_AS[kind][1], size, sha256.hex())


def thumbnail(
    connection: Connection, file_id: int, small: Small = THUMBNAIL, *, shelf: Shelf | None = None
) -> Opened:
    """A small copy of a picture: the thumbnail, or the preview.

    Raises
    ------
    NotFoundError
        `file_unknown`; `file_without_picture`: of a film there is none.
    UnavailableError
        `file_gone`, `files_unreadable`, `files_unwritable`, `s3_missing`.
    """
    sha256, kind, _ = _found(connection, file_id)
    if kind is Kind.MP4:
        raise NotFoundError("file_without_picture", file_id=file_id)
    shelf = shelf or store.the_shelf()
    name = name_of(sha256, kind, small)
    if not shelf.exists(name):
        with shelf.open(name_of(sha256, kind)) as whole:
            made = small_copies(whole.read())
        for each, content in made.items():
            shelf.put(name_of(sha256, kind, each), content)
    return Opened(shelf.open(name), KEPT_AS[Kind.JPEG][1], None, f"{sha256.hex()}.{small.side_px}")


def _found(connection: Connection, file_id: int) -> tuple[bytes, Kind, int]:
    found = store.find(connection, file_id)
    if found is None:
        raise NotFoundError("file_unknown", file_id=file_id)
    return found

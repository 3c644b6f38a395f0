"""Files of reports on the shelf, under their hash: what is kept is what was made, to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from app.files.store import Shelf, the_shelf
from app.reports.rules.formats import Format

Record = dict[str, Any]


def shelve(paths: Iterable[Path], form: Format, shelf: Shelf | None = None) -> list[Record]:
    """Put files of a format on the shelf; their rows.

    Raises
    ------
    UnavailableError
        `files_unwritable`, `s3_missing`.
    """
    shelf = shelf or the_shelf()
    rows = []
    for path in paths:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).digest()
        shelf.put(name_of(sha256), content)
        rows.append({"name": path.name, "format": form.value, "size_bytes": len(content), "sha256": sha256})
    return rows


def opened(sha256: bytes, shelf: Shelf | None = None) -> BinaryIO:
    """A file of a report, to be closed by who reads it.

    Raises
    ------
    UnavailableError
        `files_unreadable`, `file_gone`.
    """
    return (shelf or the_shelf()).open(name_of(sha256))


def hash_of(stream: BinaryIO) -> bytes:
    """SHA-256 of a file, read part by part."""
    return hashlib.file_digest(stream, "sha256").digest()


def name_of(sha256: bytes) -> str:
    """Where it lies on the shelf."""
    named = sha256.hex()
    return f"reports/{named[:2]}/{named}"

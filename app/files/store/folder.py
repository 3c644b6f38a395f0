"""A shelf that is a folder. What was put there is on the disk before anybody is told so."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from app.errors import UnavailableError

PARTS = ".parts"
STALE_S = 24 * 3600
"""A part that is older was left behind by a process that died."""


class FolderShelf:
    """A folder; see `Shelf`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Write beside, force to the disk, then give it its name in one step; and force that to the disk as well."""
        path = self.folder / name
        with _as_ours("files_unwritable", path):
            if path.is_file() and path.stat().st_size == len(content):
                _force(path.parent)  # whoever has just put it there may not have come to that yet
                return
            parts = self.folder / PARTS
            _make(parts)
            _make(path.parent)
            _throw_away_stale(parts)
            part = parts / token_hex(16)
            try:
                with part.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            except BaseException:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
                raise
            _force(path.parent)

    def open(self, name: str, start: int = 0) -> BinaryIO:
        """The file, from a byte on."""
        path = self.folder / name
        with _as_ours("files_unreadable", path):
            try:
                file = path.open("rb")
            except FileNotFoundError as error:
                raise UnavailableError("file_gone", path=str(path)) from error
            file.seek(start)
            return file

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _as_ours("files_unreadable", self.folder / name):
            return (self.folder / name).is_file()

    def remove(self, name: str) -> None:
        """Take the file away; the folders stay."""
        with _as_ours("files_unwritable", self.folder / name):
            (self.folder / name).unlink(missing_ok=True)


@contextmanager
def _as_ours(code: str, path: Path) -> Iterator[None]:
    """What the system refuses, with the path at which it did."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or error.__class__.__name__
        raise UnavailableError(code, path=str(error.filename or path), reason=reason) from error


def _make(folder: Path) -> None:
    """Make a folder and those above it, each of them on the disk before anything is put into it."""
    missing = [folder, *folder.parents]
    missing = missing[: next(n for n, found in enumerate(missing) if found.is_dir())]
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        _force(new.parent)


def _force(folder: Path) -> None:
    """Force the names in a folder to the disk; Windows has no such thing and does not need it."""
    if os.name == "nt":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _throw_away_stale(parts: Path) -> None:
    for part in parts.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - part.stat().st_mtime > STALE_S:
                part.unlink()

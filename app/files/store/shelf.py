"""A shelf keeps bytes under a name, whole or not at all. A name says what is in it, so nothing is ever written over."""

from __future__ import annotations

from functools import cache
from typing import BinaryIO, Protocol

from app.files.store.folder import FolderShelf
from app.settings import FilesSettings, files_settings, settings


class Shelf(Protocol):
    """Where the bytes of files lie.

    Every method raises UnavailableError `files_unwritable` or `files_unreadable`, with path and reason, when the disk
    or the store cannot be used.
    """

    def put(self, name: str, content: bytes) -> None:
        """Keep a content under its name, so that it outlives a failure of power; once where it is there already."""

    def open(self, name: str, start: int = 0) -> BinaryIO:
        """A stream of a content from a byte on, to be closed by who reads it.

        Raises
        ------
        UnavailableError
            `file_gone`: it is not there, though it was kept.
        """

    def exists(self, name: str) -> bool:
        """Whether there is a content under a name."""

    def remove(self, name: str) -> None:
        """Throw a content away; no harm where there is none."""


def the_shelf() -> Shelf:
    """The shelf that the settings name.

    Raises
    ------
    UnavailableError
        `s3_missing`: they name a store for which a package is not installed.
    """
    return _shelf(files_settings(settings()))


@cache
def _shelf(given: FilesSettings) -> Shelf:
    if given.bucket is None:
        return FolderShelf(given.folder)
    from app.files.store.s3 import s3_shelf  # only who uses it needs its package

    return s3_shelf(given)

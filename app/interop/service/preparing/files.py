"""The files of an import: sealed in parts where they lie, in clear only while they are read, in a folder of our own."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from app.interop.store import preparing as store
from app.seals.service import sealer
from app.settings import settings

SENT, FAULTS = "sent", "faults"
PIECE = 1 << 20
STALE_S = 2 * 3600
"""Whatever lies in the folder longer than any import takes was left there by a process that was killed."""


def scratch() -> Path:
    """The folder in which files are read; only the account of the platform enters it."""
    folder = settings().var / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def sweep() -> None:
    """Delete what processes left behind that were killed while they read."""
    for left in scratch().iterdir():
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > STALE_S:
                shutil.rmtree(left)


def keep(connection: Connection, import_id: int, what: str, content: IO[bytes]) -> None:
    """Seal a file in the place of the one that is there."""
    seal = sealer(connection)
    store.remove_parts(connection, import_id, what)
    no = 0
    while piece := content.read(PIECE):
        store.add_part(connection, import_id, what, no, seal.wrap(_place(import_id, what, no), piece))
        no += 1


def pieces(connection: Connection, import_id: int, what: str) -> Iterator[bytes]:
    """A file again, piece by piece; none where it is gone.

    Raises
    ------
    UnavailableError
        `seal_key_missing`, `seal_broken`.
    """
    seal = sealer(connection)
    for no, sealed in store.parts(connection, import_id, what):
        yield seal.unwrap(_place(import_id, what, no), sealed)


def _place(import_id: int, what: str, no: int) -> str:
    return f"element_imports/{import_id}/{what}/{no}"


@contextmanager
def laid_out(connection: Connection, import_id: int, ending: str) -> Iterator[Path]:
    """What was sent, in a folder that is gone afterwards whatever happens.

    Raises
    ------
    UnavailableError
        As `pieces`.
    """
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        path = Path(folder) / f"sent{ending}"
        with path.open("wb") as file:
            for piece in pieces(connection, import_id, SENT):
                file.write(piece)
        yield path

"""A file that somebody sends: kept while it is read, named after what it holds and not after what it is called."""

from __future__ import annotations

import tempfile
import zipfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.errors import InvalidError
from spatial.readers.encodings import BOMS

HEAD_BYTES = 4096
LARGEST_UNPACKED = 64 << 20
"""A workbook of as many rows as an import takes unpacks to a third of this."""

LARGEST_ARCHIVE = 256 << 20
"""A Shapefile of as many rows, with outlines of all of them."""

WORKBOOK_PART = "xl/workbook.xml"
SQLITE = b"SQLite format 3\0"
NO_TEXT = frozenset(range(9)) | frozenset(range(14, 32)) - {27}
"""Bytes that no text of an office has."""


@contextmanager
def kept(
    upload: IO[bytes], name: str, kind: Callable[[Path, str], str] | None = None, within: Path | None = None
) -> Iterator[Path]:
    """A table that was sent, as a file that is gone afterwards whatever happens.

    Parameters
    ----------
    name
        What the sender calls it; only told, never used.
    kind
        What it may be, and how its name then ends; without one a workbook or a text table.
    within
        The folder in which it is kept; None for the system's own for such things.

    Raises
    ------
    InvalidError
        `upload_empty`; `upload_kind`: neither a workbook nor a text; `upload_swells`: it would unpack beyond reason;
        and what `kind` raises.
    """
    with tempfile.TemporaryDirectory(prefix="panlong-upload-", dir=within) as folder:
        path = Path(folder) / "upload"
        with path.open("wb") as file:
            while block := upload.read(1 << 16):
                file.write(block)
        yield path.rename(path.with_suffix((kind or _ending)(path, name[-80:])))


def geojson(path: Path, name: str) -> str:
    """The ending of a GeoJSON file.

    Raises
    ------
    InvalidError
        `upload_empty`; `upload_not_geojson`: it is something else.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).removeprefix(BOM_UTF8).strip()
    if not head:
        raise InvalidError("upload_empty", file=name)
    if not head.startswith(b"{"):
        raise InvalidError("upload_not_geojson", file=name)
    return ".geojson"


def layer(path: Path, name: str) -> str:
    """The ending of a table, of a GeoPackage, or of an archive of a Shapefile or any of these.

    Raises
    ------
    InvalidError
        `upload_empty`; `upload_layer`: it is something else; `upload_swells`: it would unpack beyond reason.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(SQLITE):
        return ".gpkg"
    if head.startswith(b"PK") and WORKBOOK_PART not in _members(path, name, LARGEST_ARCHIVE, "upload_layer"):
        return ".zip"
    return _ending(path, name, "upload_layer")


def _ending(path: Path, name: str, code: str = "upload_kind") -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise InvalidError("upload_empty", file=name)
    if head.startswith(b"PK"):
        if WORKBOOK_PART not in _members(path, name, LARGEST_UNPACKED, code):
            raise InvalidError(code, file=name)
        return ".xlsx"
    marked = any(head.startswith(mark) for mark, _ in BOMS)
    if head.startswith(b"%PDF") or (NO_TEXT & set(head) and not marked):
        raise InvalidError(code, file=name)
    return ".csv"


def _members(path: Path, name: str, most: int, code: str) -> set[str]:
    """Names of what is in an archive that does not swell beyond so many bytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise InvalidError(code, file=name) from error
    if sum(member.file_size for member in members) > most:
        raise InvalidError("upload_swells", file=name)
    return {member.filename for member in members}

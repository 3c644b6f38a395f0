"""Opens a user's file, whatever it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spatial.crs import UserCrs, parse_crs
from spatial.errors import CrsError, SourceError
from spatial.readers.archives import extract
from spatial.readers.source import AUTO, Note, Opened, SourceOptions
from spatial.readers.tables import Csv, Parquet, Workbook
from spatial.readers.vectors import KINDS, Vector

TABLES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}
READABLE = (*KINDS, *TABLES, ".zip")


@contextmanager
def opened(path: Path, options: SourceOptions) -> Iterator[Opened]:
    """An open file; an archive is unpacked into a temporary folder for as long.

    Raises
    ------
    SourceError
        `file_missing`, `file_empty`, `kind_unknown`, and those of the format.
    """
    if not path.is_file():
        raise SourceError("file_missing", file=str(path))
    if path.stat().st_size == 0:
        raise SourceError("file_empty", file=path.name)
    if path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="panlong-", dir=options.scratch) as folder:
            yield from _while_open(_open(_main(extract(path, Path(folder)), path), options))
    else:
        yield from _while_open(_open(path, options))


def _while_open(source: Opened) -> Iterator[Opened]:
    try:
        yield source
    finally:
        if isinstance(source, Workbook):
            source.close()


def _main(files: list[Path], archive: Path) -> Path:
    """The one file of an archive that is to be read; the others are its parts."""
    readable = [
        file for file in files if file.suffix.lower() in READABLE and not file.name.startswith((".", "__"))
    ]
    shapes = [file for file in readable if file.suffix.lower() == ".shp"]
    readable = shapes or [file for file in readable if file.suffix.lower() != ".txt"] or readable
    if not readable:
        raise SourceError("archive_without_layer", file=archive.name)
    if len(readable) > 1:
        raise SourceError("archive_ambiguous", files=", ".join(sorted(file.name for file in readable)))
    if readable[0].stat().st_size == 0:
        raise SourceError("file_empty", file=readable[0].name)
    return readable[0]


def _open(path: Path, options: SourceOptions) -> Opened:
    ending = path.suffix.lower()
    encoding = None if options.encoding == AUTO else options.encoding
    if ending in KINDS:
        return Vector(path, options.layer, encoding)
    match TABLES.get(ending):
        case "csv":
            return Csv(path, encoding)
        case "xlsx":
            return Workbook(path, options.layer)
        case "parquet":
            return Parquet(path)
    raise SourceError("kind_unknown", file=path.name, kinds=" ".join(READABLE))


def crs_of(source: Opened, options: SourceOptions) -> tuple[UserCrs, list[Note]]:
    """The reference system of a file's coordinates: the user's word, else the file's, else degrees for plain tables.

    Raises
    ------
    CrsError
        `crs_missing`: a layer with shapes says nothing, and nobody else does; `crs_unknown`.
    """
    if options.crs != AUTO:
        return parse_crs(options.crs), []
    if source.declared is not None:
        return parse_crs(source.declared), []
    if source.geometry is not None:
        raise CrsError("crs_missing")
    return parse_crs("EPSG:4326"), [Note("crs_assumed", {"crs": "EPSG:4326"})]

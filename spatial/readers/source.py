"""What a user says about a file, and what was found out about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import pyarrow as pa

from spatial.crs import UserCrs

AUTO = "auto"

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How a file is to be read.

    Parameters
    ----------
    layer
        Layer of a GeoPackage, sheet of a workbook; None where there is only one.
    crs
        Reference system of the coordinates, "auto" for what the file declares.
    encoding
        Encoding of its text, "auto" to find out.
    fields
        Field and the column that holds it, for columns that are not known by their name.
    scratch
        Folder in which an archive is unpacked; None for the system's own for such things.
    """

    layer: str | None = None
    crs: str = AUTO
    encoding: str = AUTO
    fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)
    scratch: Path | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a file that a person should know and that is no fault; sentences under `note.<code>`."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What was found out about a file.

    Parameters
    ----------
    kind
        "csv", "xlsx", "parquet", "shapefile", "geopackage", "geojson".
    encoding
        Encoding of its text; None where the format has only one.
    crs
        Reference system of the coordinates.
    rows
        Number of records; None where that shows only at the end.
    """

    kind: str
    encoding: str | None
    crs: UserCrs | None
    rows: int | None
    columns: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of records.

    Parameters
    ----------
    rows
        Record numbers, shape (n,), the first record being 1.
    batch
        n records; columns as the file names them.
    """

    rows: Any
    batch: pa.RecordBatch


class Opened(Protocol):
    """An open file of any format.

    `geometry` names the column of WKB shapes, None where there is none; `declared` is the reference system as the file
    has it; `bad_rows` are records that could not be read as such, filled while the blocks are taken.
    """

    kind: str
    columns: tuple[str, ...]
    geometry: str | None
    declared: str | None
    encoding: str | None
    rows: int | None
    notes: list[Note]
    bad_rows: dict[int, str]

    def blocks(self, wanted: list[str], rows: int) -> Iterator[Block]:
        """Blocks of at most `rows` records with the wanted columns and the geometry."""
        ...

    def position(self) -> tuple[int, int]:
        """How far the reading is, and of how much; 0 of 0 where nobody knows."""
        ...

"""Parts into which a cell is to be split, cut along lines or drawn in a file; all that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Row

from app.grid.store.redrawing import CellNow
from spatial import coverage
from spatial.crs import STORAGE, transform
from spatial.errors import Fault, LayerError
from spatial.readers import SourceOptions, read_areas, read_lines
from spatial.tessellate import divide

MOST_PARTS = 50
NARROWEST_M = 10.0
"""A part that is narrower than this, in metres, is a sliver: no building stands in it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell, its shape in EPSG:4490; what is not given the platform finds."""

    shape: Any
    name: str | None = None
    code: str | None = None
    name_en: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Pieces:
    """All parts of what they replace."""

    parts: Sequence[Piece]


def pieces_along(
    path: Path, options: SourceOptions, names: Sequence[str], district: Row[Any], cell: CellNow
) -> Pieces:
    """The parts into which the lines of a file cut a cell, named from north to south.

    Raises
    ------
    LayerError
        `lines_cut_nothing`, `parts_too_many`, `names_many`, `part_narrow`; or a row is no line.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file cannot be read.
    """
    shapes = divide(cell.shape, read_lines(path, options))
    faults = _count_faults(len(shapes), cell)
    if names and len(names) != len(shapes):
        faults.append(Fault("names_many", facts={"names": len(names), "parts": len(shapes)}))
    parts = [
        Piece(shape, names[at] if at < len(names) else None, row=at + 1) for at, shape in enumerate(shapes)
    ]
    return _whole(parts, [*faults, *_narrow(parts, cell, district)])


def pieces_drawn(path: Path, options: SourceOptions, district: Row[Any], cell: CellNow) -> Pieces:
    """The parts that a file draws, with its names, and its codes where it has any.

    Raises
    ------
    LayerError
        What does not hold: `overlap`, `gap`, `outside_parent`, `part_narrow`, `lines_cut_nothing`, or a row is no area.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file cannot be read.
    """
    layer = read_areas(path, options)
    frame, coded = layer.frame, all(note.code != "code_from_name" for note in layer.facts.notes)
    parts = [
        Piece(shape, row.name, row.code if coded else None, row.name_en, int(row.row))
        for row, shape in zip(
            frame[["row", "name", "code", "name_en"]].itertuples(index=False), frame.geometry, strict=True
        )
    ]
    faults = [*layer.faults, *_count_faults(len(parts), cell), *_narrow(parts, cell, district)]
    faults += coverage.check(
        [piece.shape for piece in parts],
        codes=[piece.code or piece.name for piece in parts],
        rows=[piece.row for piece in parts],
        parents={cell.code: cell.shape},
        to_metric=lambda shapes: _metric(shapes, district),
    )
    return _whole(parts, faults)


def _whole(parts: Sequence[Piece], faults: Sequence[Fault]) -> Pieces:
    if faults:
        raise LayerError(sorted(faults, key=lambda fault: (fault.row is None, fault.row or 0)))
    return Pieces(parts)


def _count_faults(many: int, cell: CellNow) -> list[Fault]:
    if many < 2:
        return [Fault("lines_cut_nothing", facts={"cell": cell.code})]
    if many > MOST_PARTS:
        return [Fault("parts_too_many", facts={"parts": many, "most": MOST_PARTS})]
    return []


def _narrow(parts: Sequence[Piece], cell: CellNow, district: Row[Any]) -> list[Fault]:
    """Parts that are narrower than a part may be, unless the cell is itself."""
    shapes = np.array([cell.shape, *(piece.shape for piece in parts)], dtype=object)
    metric = _metric(shapes, district)
    wide = 2 * shapely.area(metric) / shapely.length(metric)
    limit = min(NARROWEST_M, wide[0] / 4)
    return [
        Fault(
            "part_narrow",
            piece.row,
            "geometry",
            piece.code or piece.name,
            {"width_m": round(float(width), 2), "least_m": round(float(limit), 1)},
        )
        for piece, width in zip(parts, wide[1:], strict=True)
        if width < limit
    ]


def _metric(shapes: NDArray[Any], district: Row[Any]) -> NDArray[Any]:
    return shapely.transform(shapes, lambda xy: transform(xy, STORAGE, district.metric_srid))  # type: ignore[no-any-return]

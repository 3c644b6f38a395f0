"""Reads a layer of lines: where something is to be cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.crs import to_storage
from spatial.errors import Fault, LayerError, SourceError
from spatial.readers import columns
from spatial.readers.opening import crs_of, opened
from spatial.readers.plausible import examine
from spatial.readers.source import SourceOptions

BLOCK_ROWS = 20_000
LINES = (1, 2, 5)
"""shapely's numbers of LineString, LinearRing and MultiLineString."""


def read_lines(path: Path, options: SourceOptions | None = None) -> NDArray[Any]:
    """The lines of a file, in EPSG:4490.

    Raises
    ------
    SourceError, CrsError
        The file cannot be read.
    LayerError
        It holds something else than lines; every such row is named.
    """
    options = options or SourceOptions()
    found, faults = [], []
    with opened(path, options) as source:
        if not source.geometry:
            raise SourceError("geometry_missing_file", file=path.name)
        crs, _ = crs_of(source, options)
        for block in source.blocks([], BLOCK_ROWS):
            shapes, broken = columns.shapes(block.batch.column(source.geometry), block.rows, wkt=False)
            faults += broken
            unreadable = {fault.row for fault in broken}
            for row, shape in zip(block.rows.tolist(), shapes, strict=True):
                if row not in unreadable:
                    found.append(shape)
                    faults += _fault(row, shape)
    if faults:
        raise LayerError(sorted(faults, key=lambda fault: fault.row or 0))
    if not found:
        raise SourceError("layer_without_rows")
    lines = np.array(found, dtype=object)
    examine(shapely.bounds(lines).reshape(-1, 2), crs)
    return np.asarray(shapely.transform(lines, lambda xy: to_storage(xy, crs)))


def _fault(row: int, shape: Any) -> list[Fault]:
    if shape is None:
        return [Fault("geometry_missing", row, "geometry")]
    if shapely.get_type_id(shape) not in LINES:
        return [Fault("geometry_not_line", row, "geometry", shape.geom_type)]
    if not np.isfinite(shapely.get_coordinates(shape)).all() or shapely.is_empty(shape):
        return [Fault("coordinate_not_finite", row, "geometry")]
    return []

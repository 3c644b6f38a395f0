"""What is thin and what is not: the measures by which rounding, slivers and real faults are told apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

OVERLAP_TOLERANCE_M = 0.01
"""An overlap that is nowhere wider, in metres, is rounding: 1e-7 degree, as files have it, is 11 mm on the ground,
and cadastral corners are surveyed to 5 cm.
"""

SLIVER_WIDTH_M = 1.0
"""An overlap or a gap up to this width, in metres, comes from drawing one border twice; `repair` may settle it."""

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]


def shapes_of(areas: ArrayLike) -> Shapes:
    """Areas (array, list or GeoSeries) as an array of geometries, nothing where there is none."""
    return np.array(areas, dtype=object, copy=True).reshape(-1)


def polygons(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """The polygons in some geometries, lines and points left out, each with the index of its geometry."""
    parts, which = shapely.get_parts(shapes, return_index=True)
    surface = (shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)
    return parts[surface], which[surface]


def width(parts: Shapes) -> Floats:
    """Mean width of polygons, in their unit: twice the area by the length of the boundary; of a strip, its width."""
    length = shapely.length(parts)
    mean: Floats = np.divide(2 * shapely.area(parts), length, out=np.zeros(len(parts)), where=length > 0)
    return mean


def thin(parts: Shapes, limit: float) -> NDArray[np.bool_]:
    """Which polygons are slivers: mean width within the limit, and no disc of that radius inside.

    The second half keeps a long tail from hiding a real overlap at its end.
    """
    slim = width(parts) <= limit
    slim[slim] = shapely.is_empty(shapely.buffer(parts[slim], -limit, quad_segs=2))
    return slim


def place(part: Any) -> tuple[float, float]:
    """A point inside a polygon, in its CRS."""
    point = shapely.point_on_surface(part)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def rounded(value: float) -> float:
    """A measure with the digits that a reader can use: millimetres below a hundred, whole numbers far above."""
    return round(float(value), 3 if value < 100 else 1)

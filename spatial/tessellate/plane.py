"""Between degrees, in which areas are given and kept, and metres, in which they are built."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from spatial.crs import STORAGE, transform

DECIMALS = 7
"""Of a degree: about a centimetre."""


def to_metres(shapes: Any, metric_crs: int) -> Any:
    """Shapes in degrees (EPSG:4490), in a metric CRS; one shape or an array of them."""
    return shapely.transform(shapes, lambda xy: transform(xy, STORAGE, metric_crs))


def to_degrees(shapes: Any, metric_crs: int) -> Any:
    """Shapes in a metric CRS, in degrees (EPSG:4490) of seven decimals; equal corners stay equal."""
    return shapely.transform(shapes, lambda xy: np.round(transform(xy, metric_crs, STORAGE), DECIMALS))

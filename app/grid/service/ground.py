"""How much ground a cell that goes gives to each that comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row

from app.grid.store.redrawing import CellNow
from spatial.crs import STORAGE, transform
from spatial.tessellate import common_ground

Ground = dict[tuple[int, int], float]
"""Square metres, by the number of the cell that goes and that of the one that comes."""

ROUNDING_M = 0.01
"""Ground thinner than this, in metres, is what two computations of one border have left; see `check_edition`."""


def ground_given(district: Row[Any], gone: Sequence[CellNow], made: Sequence[CellNow]) -> Ground:
    """The ground that cells have in common, found in degrees and measured in the district's projection."""
    both = common_ground([cell.shape for cell in gone], [cell.shape for cell in made])
    metric = shapely.transform(both.ravel(), lambda xy: transform(xy, STORAGE, district.metric_srid))
    area = shapely.area(metric).reshape(both.shape)
    around = shapely.length(metric).reshape(both.shape)
    wide = np.divide(2 * area, around, out=np.zeros_like(area), where=around > 0)
    return {(gone[i].no, made[j].no): float(area[i, j]) for i, j in np.argwhere(wide > ROUNDING_M).tolist()}

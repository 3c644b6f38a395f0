"""Cells of a plan back in the system that shapes are stored in, with the corners that were stored to the bit."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from spatial.given import Numbers, distinct
from spatial.redrawing.layers import Layer, Shapes, codes_of, shapes_of

SAME_DEG = 1e-9
"""A corner that comes back so near to a stored one is that one: a tenth of a millimetre."""
ON_SIDE_DEG = 2e-6
"""A corner so near to a stored side lies on it: 20 cm. A side that is straight in degrees is bent in a projection, by
15 cm over 4 km at the latitude of Kunming."""


def stored(cells: gpd.GeoDataFrame, outlines: Layer) -> gpd.GeoDataFrame:
    """Cells as they can be put beside those that are stored.

    Parameters
    ----------
    cells
        Of a plan, in metres.
    outlines
        What is stored, in degrees: communities, present cells, whatever the plan was made from or borders on.

    Returns
    -------
    GeoDataFrame
        The cells in the system of `outlines`. A corner that was stored comes back to the bit, a new one on a stored
        side lies on that side. `spatial.tessellate.weave` gives neighbours the new ones.

    Raises
    ------
    DataError
        `not_distinct`: two cells have one code.

    Notes
    -----
    A corner that several cells share is one corner afterwards, since each is treated by its coordinates alone.
    """
    distinct("cells", codes_of(cells).tolist())
    kept = shapes_of(outlines)
    corners = np.unique(shapely.get_coordinates(kept), axis=0)
    sides = _sides(kept)
    back = cells.to_crs(outlines.crs)
    shapes = shapely.transform(shapes_of(back), lambda xy: _placed(xy, corners, sides))
    return back.set_geometry(gpd.GeoSeries(list(shapes), index=back.index, crs=outlines.crs))


def _sides(shapes: Shapes) -> Shapes:
    rings = shapely.get_rings(shapely.get_parts(shapes))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    return np.asarray(shapely.linestrings(np.stack((xy[:-1], xy[1:]), axis=1)[joined]))


def _placed(xy: Numbers, corners: Numbers, sides: Shapes) -> Any:
    if not len(corners):
        return xy
    found = xy.copy()
    away, at = cKDTree(corners).query(xy)
    known = away <= SAME_DEG
    found[known] = corners[at[known]]
    points = shapely.points(xy)
    free = np.flatnonzero(~known)
    (one, side), _ = shapely.STRtree(sides).query_nearest(
        points[free], max_distance=ON_SIDE_DEG, return_distance=True, all_matches=False
    )
    line = sides[side]
    on = shapely.line_interpolate_point(line, shapely.line_locate_point(line, points[free[one]]))
    found[free[one]] = shapely.get_coordinates(on)
    return found

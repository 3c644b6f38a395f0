"""Cells come back to the degrees that are stored: old corners to the bit, new ones on the old sides."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from spatial.redrawing import balance, blocks, stored
from spatial.tessellate import corners_beside, weave

BOXES = [shapely.box(102.70, 25.00, 102.71, 25.01), shapely.box(102.71, 25.00, 102.72, 25.01)]
"""Two communities side by side, with no corner in the middle of what they share."""


def test_a_plan_is_put_back_beside_its_neighbour() -> None:
    degrees = gpd.GeoDataFrame({"code": ["A", "B"]}, geometry=BOXES, crs=4490)
    rng = np.random.default_rng(2)
    xy = rng.uniform((102.7005, 25.0005), (102.7095, 25.0095), (40, 2))
    built = gpd.GeoDataFrame({"households": [40] * 40}, geometry=shapely.points(xy), crs=4490).to_crs(4543)
    one = degrees.iloc[:1]
    plan = balance(blocks(one.to_crs(4543), built), rounds=1, count=4)
    back = stored(plan.cells(), degrees)
    assert back.crs == degrees.crs
    shapes, beside = back.geometry.to_numpy(), degrees.geometry.iloc[1]
    corners = {tuple(corner) for corner in shapely.get_coordinates(shapes)}
    assert {tuple(corner) for corner in shapely.get_coordinates(one.geometry.iloc[0])} <= corners
    assert shapely.coverage_is_valid(shapes)
    new = corners_beside(one.geometry.iloc[0], shapes)
    assert len(new) >= 3
    (woven,) = weave([beside], new)
    assert shapely.coverage_is_valid(np.append(shapes, woven))
    whole = shapely.coverage_union_all(shapes)
    assert whole.symmetric_difference(one.geometry.iloc[0]).area < 1e-15


def test_nothing_that_is_stored() -> None:
    cells = gpd.GeoDataFrame({"code": ["A"]}, geometry=BOXES[:1], crs=4490).to_crs(4543)
    none = gpd.GeoDataFrame({"code": []}, geometry=[], crs=4490)
    assert stored(cells, none).geometry.iloc[0].equals_exact(BOXES[0], 1e-9)

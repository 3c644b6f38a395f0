"""Blocks cover their community exactly and leave every building whole, wherever buildings, streets and borders lie."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import CrsError, DataError
from spatial.redrawing import blocks
from spatial.redrawing import present as plan_of
from tests.spatial.redrawing.towns import (
    CRS,
    SIDE,
    SOUTH,
    WEST,
    cells,
    communities,
    houses,
    layer,
    points,
    square,
)

NOBODY = layer([], code=[], households=[])


def line(*places: tuple[float, float]) -> Any:
    return shapely.LineString([(WEST + x * SIDE, SOUTH + y * SIDE) for x, y in places])


def holds(made: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame, built: gpd.GeoDataFrame) -> None:
    """They cover the outlines once, share their corners, are one piece each, and no building is in two."""
    shapes = made.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes) and (made.geom_type == "Polygon").all()
    whole = shapely.coverage_union_all(shapes)
    assert shapely.symmetric_difference(whole, outlines.union_all()).area < 1e-6 * whole.area**0.5
    corners = {tuple(xy) for xy in shapely.get_coordinates(shapes)}
    assert {tuple(xy) for xy in shapely.get_coordinates(outlines.geometry.to_numpy())} <= corners
    footprints = built.geometry.to_numpy()
    building, block = shapely.STRtree(shapes).query(footprints, predicate="intersects")
    inside = shapely.area(shapely.intersection(footprints[building], shapes[block]))
    community = made["community"].to_numpy()[block]
    for at in np.unique(building[inside > 1e-6]):
        mine = (building == at) & (inside > 1e-6)
        assert len(set(community[mine])) == mine.sum()  # in each community that it reaches, in one block
    assert made["households"].sum() == built["households"].sum()
    assert made["buildings"].sum() == len(built)


def test_a_house_in_each_cell() -> None:
    made = blocks(communities(), houses(), cells=cells(), cases=points([[0.5, 0.5], [0.6, 0.5], [3.5, 1.5]]))
    holds(made, communities(), houses())
    assert len(made) == 8 and made["cell"].tolist() == [
        "A01",
        "A11",
        "A00",
        "A10",
        "B01",
        "B11",
        "B00",
        "B10",
    ]
    assert made.index.tolist() == [f"{name}-000{at}" for name in "AB" for at in range(1, 5)]
    assert made["households"].tolist() == [400] * 8
    assert made["cases"].tolist() == [0, 0, 2, 0, 0, 1, 0, 0]
    assert shapely.equals(made.geometry.iloc[0], square(0, 1))
    assert made["ground"].nunique() == 4 and (made["x"].iloc[0], made["y"].iloc[0]) == (
        WEST + 50,
        SOUTH + 150,
    )


def test_without_cells_and_streets_borders_run_in_the_middle() -> None:
    made = blocks(communities(), houses())
    holds(made, communities(), houses())
    assert made["cell"].isna().all() and made["ground"].nunique() == 1
    assert np.allclose(made.area, SIDE * SIDE, rtol=1e-3)


def test_a_street_is_an_edge_and_a_building_over_it_is_whole() -> None:
    """The street leaves the middle between the houses by 6 m; a third house stands on it."""
    built = layer([square(0.2, 0.4, 0.2, 0.2), square(1.6, 0.4, 0.2, 0.2), square(0.96, 1.4, 0.2, 0.2)],
                  code=list("abc"), households=[1, 2, 3])  # fmt: skip
    outline = communities().iloc[:1]
    made = blocks(outline, built, streets=layer([line((1.06, -1), (1.06, 3))]))
    holds(made, outline, built)
    west, east = (made[made["households"] == count].geometry.iloc[0] for count in (1, 2))
    assert west.bounds[2] == east.bounds[0] == WEST + 1.06 * SIDE


def test_cases_of_the_edge() -> None:
    """A house over the border of communities, one wall to wall with another, parts of one with a house between them,
    a point on the border, two points at one place."""
    parts = shapely.MultiPolygon([square(2.1, 0.1, 0.2, 0.2), square(2.7, 0.1, 0.2, 0.2)])
    shapes = [
        square(1.9, 0.5, 0.4, 0.2), square(0.1, 0.1, 0.2, 0.2), square(0.3, 0.1, 0.2, 0.2), parts,
        square(2.45, 0.12, 0.1, 0.1), *points([[2, 1.5], [0.5, 1.8], [0.5, 1.8]]).geometry,
    ]  # fmt: skip
    built = layer(shapes, code=list("abcdefgh"), households=[1, 2, 4, 8, 16, 32, 64, 128])
    made = blocks(communities(), built)
    holds(made, communities(), built)
    counted = {(row.community, row.households) for row in made.itertuples() if row.households}
    assert counted == {("B", 1.0), ("A", 6.0), ("B", 24.0), ("A", 32.0), ("A", 192.0)}


def test_the_community_that_is_named_counts() -> None:
    built = layer([square(1.9, 0.5, 0.2, 0.2)], code=["a"], households=[5], community=["B"])
    made = blocks(communities(), built)
    assert made.loc[made["households"] == 5, "community"].tolist() == ["B"]
    with pytest.raises(DataError) as raised:
        blocks(communities(), built.assign(geometry=[square(0.1, 0.1, 0.2, 0.2)]))
    assert raised.value.code == "building_elsewhere"


def test_ground_where_nobody_lives() -> None:
    """Four square kilometres of hills with one house."""
    hills = layer([square(0, 0, 20, 20)], code=["H"])
    built = layer([square(3, 3, 0.2, 0.2)], code=["a"], households=[4])
    made = blocks(hills, built)
    holds(made, hills, built)
    assert 80 < len(made) < 200 and made.area.max() < 0.2 * hills.area.sum()
    finer = blocks(hills, built, open_m=100)
    assert len(finer) > 2 * len(made)
    assert len(blocks(layer([square(0, 0)], code=["S"]), NOBODY)) == 1


def test_an_island_and_a_hole() -> None:
    shape = shapely.MultiPolygon([square(0, 0, 4, 4).difference(square(1, 1)), square(6, 0, 1, 1)])
    outline = layer([shape], code=["I"])
    built = layer(
        [square(0.2, 0.2, 0.2, 0.2), square(6.4, 0.4, 0.2, 0.2)], code=["a", "b"], households=[1, 2]
    )
    holds(blocks(outline, built), outline, built)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000), count=st.integers(0, 40), streets=st.integers(0, 4), bent=st.booleans(),
    flat=st.floats(0, 1),
)  # fmt: skip
def test_blocks_of_any_town_hold(seed: int, count: int, streets: int, bent: bool, flat: float) -> None:
    """Buildings anywhere, some over each other and over borders; streets anywhere, cells with or without a bend."""
    rng = np.random.default_rng(seed)
    outlines = communities()
    at = rng.uniform(0, 3.9, count), rng.uniform(0, 1.9, count)
    shapes = [
        shapely.Point(WEST + x * SIDE, SOUTH + y * SIDE) if rng.random() < flat
        else shapely.affinity.rotate(square(x, y, *rng.uniform(0.03, 0.3, 2)), rng.uniform(0, 90))
        for x, y in zip(*at, strict=True)
    ]  # fmt: skip
    inside = [one.representative_point().within(outlines.union_all()) for one in shapes]
    shapes = [one for one, kept in zip(shapes, inside, strict=True) if kept]
    built = layer(
        shapes, code=[str(n) for n in range(len(shapes))], households=rng.integers(0, 90, len(shapes))
    )
    ways = [line(*rng.uniform((-1, -1), (5, 3), (3, 2))) for _ in range(streets)]
    present = cells() if bent else None
    made = blocks(outlines, built, cells=present, streets=layer(ways) if ways else None)
    holds(made, outlines, built)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"buildings": houses().drop(columns="households")}, "no_column"),
        ({"buildings": houses([np.nan] * 8)}, "not_finite"),
        ({"buildings": houses(-1)}, "too_small"),
        ({"buildings": layer([line((0, 0), (1, 1))], households=[1])}, "not_buildings"),
        ({"community": layer([line((0, 0), (1, 1))], code=["A"])}, "not_areas"),
        ({"community": layer([square(0, 0), square(1, 0)], code=["A", "A"])}, "not_distinct"),
        ({"streets": cells()}, "no_lines"),
        ({"cases": cells()}, "not_points"),
        ({"open_m": 0.0}, "not_positive"),
    ],
)
def test_what_cannot_be_cut(change: dict[str, Any], code: str) -> None:
    with pytest.raises(DataError) as raised:
        blocks(**({"community": communities(), "buildings": houses()} | change))
    assert raised.value.code == code


def test_systems() -> None:
    for srid, code in ((4544, "crs_mixed"), (4490, "crs_not_metric")):
        with pytest.raises(CrsError) as raised:
            blocks(communities(), houses(), cells=cells().to_crs(srid))
        assert raised.value.code == code
    assert blocks(communities(), houses()).crs == CRS


def test_sides_that_are_straight_in_degrees() -> None:
    """Communities whose corners lie on each other's long sides, in degrees; in metres those sides are bent by 20 cm.

    Every corner that there was is still there, and the present cells come back whole.
    """
    outlines = [shapely.box(102.70, 25.00, 102.74, 25.02), shapely.box(102.70, 25.02, 102.72, 25.04),
                shapely.box(102.72, 25.02, 102.74, 25.04)]  # fmt: skip
    present = [
        shapely.box(west, south, round(west + 0.01, 2), round(south + 0.02, 2))
        for south in (25.00, 25.02) for west in (102.70, 102.71, 102.72, 102.73)
    ]  # fmt: skip
    degrees = [gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=4490) for codes, shapes in (
        (["A", "B", "C"], outlines), ([f"{name}00{at}" for at, name in enumerate("AAAABBCC")], present),
    )]  # fmt: skip
    towns, now = (one.to_crs(CRS) for one in degrees)
    rng = np.random.default_rng(0)
    xy = rng.uniform((102.7005, 25.0005), (102.7395, 25.0395), (60, 2))
    built = gpd.GeoDataFrame({"households": [20] * 60}, geometry=shapely.points(xy), crs=4490).to_crs(CRS)
    made = blocks(towns, built, cells=now)
    shapes = made.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes) and (made.geom_type == "Polygon").all()
    rim = shapely.points(np.unique(shapely.get_coordinates(shapes), axis=0))
    away = shapely.distance(rim, shapely.union_all(shapely.boundary(now.geometry.to_numpy())))
    # On a border to the last digit, or not at it: nothing between.
    assert (away[away < 1e-3] < 1e-6).all() and (away < 1e-6).sum() > len(now)
    found = plan_of(made).cells().set_index("code")
    assert found["same"].all()
    for code, shape in zip(now["code"], now.geometry, strict=True):
        old = {tuple(corner) for corner in shapely.get_coordinates(shape)}
        assert old <= {tuple(corner) for corner in shapely.get_coordinates(found.geometry[code])}

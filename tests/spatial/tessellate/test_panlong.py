"""The shipped district keeps to its bars; a rebuild gives the same bytes."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from spatial.tessellate import build, read_recipe, write
from spatial.tessellate.cut import compactness

from .nesting import check_level, check_parents, in_metres

DATA = Path(__file__).parents[3] / "data/panlong"
LEVELS = ("district", "subdistrict", "community", "cell", "resident_group")


@pytest.fixture(scope="module")
def features():
    return json.loads((DATA / "areas.geojson").read_text("utf-8"))["features"]


@pytest.fixture(scope="module")
def rows(features):
    return {
        level: [f["properties"] for f in features if f["properties"]["level"] == level] for level in LEVELS
    }


@pytest.fixture(scope="module")
def shapes(features):
    return {
        level: np.array([shape(f["geometry"]) for f in features if f["properties"]["level"] == level])
        for level in LEVELS
    }


@pytest.fixture(scope="module")
def ground():
    return json.loads((DATA / "ground.geojson").read_text("utf-8"))["features"]


def test_as_many_areas_as_the_district_has(rows):
    assert [len(rows[level]) for level in LEVELS[:4]] == [1, 12, 103, 610]
    assert 900 < len(rows["resident_group"]) < 1300


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_covers_the_outline(shapes, level):
    check_level(shapes[level], read_recipe(DATA / "recipe.json").outline)


def test_areas_nest_and_households_sum_up(rows, shapes):
    check_parents(rows, shapes)
    assert rows["district"][0]["households"] == round(987_955 / 2.5)


def test_cells_are_compact_and_even(rows, shapes):
    quotient = compactness(in_metres(shapes["cell"]))
    assert quotient.min() >= 0.3
    assert np.median(quotient) >= 0.6
    households = np.array([row["households"] for row in rows["cell"]])
    assert ((households >= 300) & (households <= 800)).mean() >= 0.99


def test_no_edge_is_a_sliver(shapes):
    for polygon in in_metres(shapes["cell"]):
        assert np.hypot(*np.diff(shapely.get_coordinates(polygon), axis=0).T).min() > 1


def test_subdistricts_have_about_their_areas(rows, shapes):
    wanted = read_recipe(DATA / "recipe.json").quotas
    for row, area in zip(rows["subdistrict"], shapely.area(in_metres(shapes["subdistrict"])), strict=True):
        assert 0.85 < area / 1e6 / wanted[row["code"]].target_km2 < 1.15


def test_codes_are_those_of_the_official_list_and_of_the_rule(rows):
    recipe = read_recipe(DATA / "recipe.json")
    for level in LEVELS[:3]:
        assert {row["code"] for row in rows[level]} == {one.code for one in recipe.of_level(level)}
    patterns = {"cell": r"\d{15}", "resident_group": r"\d{12}Z\d{2}"}
    for level, pattern in patterns.items():
        codes = [row["code"] for row in rows[level]]
        assert len(set(codes)) == len(codes)
        assert all(re.fullmatch(pattern, code) for code in codes)


def test_names_are_whole_in_both_languages(features, ground):
    for feature in features:
        assert feature["properties"]["name"]
        assert re.fullmatch(r"[A-Za-z’' ]+( \d+)?", feature["properties"]["name_en"])
    for feature in ground:
        assert re.search(r"[一-鿿]", feature["properties"]["name"])
        assert re.search(r"[A-Za-z]", feature["properties"]["name_en"])


def test_everything_says_that_it_is_simulated(features, ground):
    assert all(feature["properties"]["simulated"] is True for feature in [*features, *ground])


def test_the_ground_lies_in_the_district_and_is_rich_enough(shapes, ground):
    room = shapes["district"][0].buffer(1e-6)
    assert shapely.covers(room, [shape(feature["geometry"]) for feature in ground]).all()
    kinds = Counter(feature["properties"]["kind"] for feature in ground)
    assert 400 <= kinds["compound"] <= 900
    assert 25 <= kinds["landmark"] + kinds["park"] <= 45
    classes = Counter(f["properties"]["class"] for f in ground if f["properties"]["kind"] == "street")
    assert classes["arterial"] >= 8
    assert classes["secondary"] >= 50


@pytest.mark.long
def test_a_rebuild_gives_the_same_bytes(tmp_path):
    write(build(read_recipe(DATA / "recipe.json")), tmp_path)
    for name in ("areas.geojson", "ground.geojson"):
        assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()

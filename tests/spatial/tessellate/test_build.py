import json
from collections import Counter

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from spatial.errors import SourceError
from spatial.tessellate import build, write
from spatial.tessellate.__main__ import main

from .nesting import check_level, check_parents, in_metres
from .small import small_recipe, write_recipe


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    return small_recipe(tmp_path_factory.mktemp("recipe"))


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def ground(recipe, told):
    return build(recipe, lambda *step: told.append(step))


@pytest.fixture(scope="module")
def levels(ground):
    levels = {}
    for area in ground.areas:
        levels.setdefault(area.level, []).append(area)
    return levels


def test_every_level_covers_the_outline(recipe, levels):
    assert {level: len(areas) for level, areas in levels.items() if level != "resident_group"} == {
        "district": 1,
        "subdistrict": 2,
        "community": 6,
        "cell": 24,
    }
    for areas in levels.values():
        check_level(np.array([area.polygon for area in areas]), recipe.outline)


def test_areas_nest_and_households_sum_up(levels):
    rows = {
        level: [{k: getattr(area, k) for k in ("code", "parent_code", "households")} for area in areas]
        for level, areas in levels.items()
    }
    check_parents(rows, {level: [area.polygon for area in areas] for level, areas in levels.items()})
    assert levels["district"][0].households == 14400


def test_cells_are_even_and_dense_where_people_are(levels):
    cells = levels["cell"]
    assert all(300 < cell.households < 900 for cell in cells)
    area = shapely.area(in_metres([cell.polygon for cell in cells]))
    urban = np.array([cell.kind == "urban" for cell in cells])
    assert area[~urban].mean() > 2 * area[urban].mean()


def test_codes_are_numbered_within_communities(levels):
    for community in levels["community"]:
        own = [cell.code for cell in levels["cell"] if cell.parent_code == community.code]
        assert own == [f"{community.code}{i:03d}" for i in range(1, len(own) + 1)]
        groups = [group.code for group in levels["resident_group"] if group.parent_code == community.code]
        assert groups == [f"{community.code}Z{i:02d}" for i in range(1, len(groups) + 1)]


def test_a_community_of_known_place_lies_there(levels):
    community = next(area for area in levels["community"] if area.code == "990101001003")
    assert community.polygon.distance(shapely.Point(102.703, 25.003)) < 0.004


def test_groups_are_parts_of_cells(levels):
    cells = shapely.STRtree([cell.polygon for cell in levels["cell"]])
    for group in levels["resident_group"]:
        assert len(cells.query(group.polygon, predicate="covered_by")) == 1


def test_the_ground_lies_inside_and_has_what_the_recipe_names(ground, levels):
    room = levels["district"][0].polygon.buffer(1e-6)
    assert all(room.covers(feature.geometry) for feature in ground.features)
    kinds = Counter(feature.kind for feature in ground.features)
    assert {"street", "river", "reservoir", "park", "landmark", "compound"} <= set(kinds)
    names = {feature.name for feature in ground.features}
    assert {"河", "湖", "大公园", "商场", "长路"} <= names
    assert "外面" not in names


def test_streets_are_lines_and_nobody_lives_in_the_park(ground):
    closed = shapely.union_all([f.geometry for f in ground.features if f.kind in {"park", "reservoir"}])
    for feature in ground.features:
        if feature.kind == "street":
            assert feature.geometry.geom_type == "LineString"
            assert feature.klass in {"arterial", "secondary", "local"}
            assert feature.name
        if feature.kind == "compound":
            assert not closed.intersects(feature.geometry)


def test_progress_reaches_the_end_of_every_stage(ground, told):
    last = {stage: (done, total) for stage, done, total in told}
    assert set(last) >= {"subdistricts", "communities", "cells", "resident_groups", "ground"}
    assert all(done == total for done, total in last.values())


def test_the_command_writes_the_same_bytes_again(ground, tmp_path, capsys):
    path = write_recipe(tmp_path)
    assert main([str(path), "--out", str(tmp_path / "one")]) == 0
    assert "areas.geojson" in capsys.readouterr().err
    write(ground, tmp_path / "two")
    for name in ("areas.geojson", "ground.geojson"):
        one, two = ((tmp_path / folder / name).read_bytes() for folder in ("one", "two"))
        assert one == two
        rows = json.loads(one)["features"]
        assert one.decode().count("\n") == len(rows) + 2
        assert all(row["properties"]["simulated"] is True for row in rows)
        assert all(shape(row["geometry"]).is_valid for row in rows)


@pytest.mark.parametrize(
    "changes", [{"files": {}}, {"partings": 5}, {"files": {"outline": "nowhere.json"}}], ids=str
)
def test_a_recipe_that_lacks_something_is_refused(tmp_path, changes):
    path = write_recipe(tmp_path, **changes)
    with pytest.raises(SourceError, match="recipe_unreadable"):
        main([str(path), "--out", str(tmp_path)])
    assert not (tmp_path / "areas.geojson").exists()

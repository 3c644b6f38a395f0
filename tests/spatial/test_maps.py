"""Maps say what they show and by what classes, whoever named the places, and hold nothing that would be fetched."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from spatial import maps
from spatial.errors import CrsError, DataError, PlatformError
from spatial.maps import inside

TOLD = {
    "layer": "areas",
    "version": 1,
    "as_of": "2026-11-23T06:32:00+00:00",
    "district": {
        "code": "1",
        "name": "镇",
        "timezone": "Asia/Shanghai",
        "metric_srid": 4543,
        "simulated": True,
    },
    "narrowed": {},
}


@pytest.fixture
def cells() -> gpd.GeoDataFrame:
    """Four cells in a row, one with a name that is none."""
    shapes = [shapely.box(102.7 + i / 100, 25, 102.71 + i / 100, 25.01) for i in range(4)]
    names = ["甲", "乙", "</script><img src=x onerror=alert(1)>", "丁"]
    frame = gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=4490)
    frame.attrs["panlong"] = TOLD
    return frame


def test_a_choropleth_says_what_it_shows(cells: gpd.GeoDataFrame, tmp_path: Path) -> None:
    made = maps.choropleth(cells, [1, 2, 3, np.nan], title="每千户案件", unit="件/千户", count=3)
    text = made.save(tmp_path / "a.html").read_text("utf-8")
    for said in (
        "每千户案件",
        "件/千户　分位数分级",
        "1 – 1（1）",
        "2 – 3（1）",
        "没有数据（1）",
        "模拟数据",
        "2026-11-23 14:32",
    ):
        assert said in text
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert "<img src=x" not in text
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


def test_the_same_map_is_the_same_bytes(cells: gpd.GeoDataFrame) -> None:
    def made() -> str:
        return maps.pair(cells, [1, 2, 3, 4], [4, 3, 2, 1], title="前后", unit="件").html

    assert made() == made()


def test_both_of_a_pair_have_one_legend(cells: gpd.GeoDataFrame) -> None:
    html = maps.pair(cells, [1, 1, 1, 1], [4, 4, 4, 4], title="前后", unit="件", count=2).html
    assert html.count("told legend") == 1
    assert {maps.RAMP[0], maps.RAMP[4]} <= set(re.findall(r'"colour": "(#\w+)"', html))


def test_sure_is_what_is_sure() -> None:
    assert maps.sureness([3, 3, -3, 3, np.nan], [0.01, 0.0101, 0.1, 0.11, np.nan]) == [
        "hot_99", "hot_95", "cold_90", "none", "none",
    ]  # fmt: skip


def test_points_without_a_place_are_counted(cells: gpd.GeoDataFrame) -> None:
    places = gpd.GeoDataFrame(
        {"name": ["食堂", "x"]}, geometry=[shapely.Point(102.705, 25.005), None], crs=4490
    )
    html = maps.points(cells, places, title="食堂", called="食堂", label="name").html
    assert "食堂（1）" in html and "没有位置（1）" in html


def test_drawn_from_metres_it_stands_where_it_stood(cells: gpd.GeoDataFrame) -> None:
    there = maps.choropleth(cells, [1, 2, 3, 4], title="t", unit="u").html
    moved = maps.choropleth(cells.to_crs(4543), [1, 2, 3, 4], title="t", unit="u").html
    first = re.compile(r'"coordinates": \[\[\[([\d.]+), ([\d.]+)\]')
    assert [float(v) for v in first.search(moved).groups()] == pytest.approx(  # type: ignore[union-attr]
        [float(v) for v in first.search(there).groups()],
        abs=2e-6,  # type: ignore[union-attr]
    )


def test_what_cannot_be_drawn_is_said(cells: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cells.copy()
    plain.attrs = {}
    with pytest.raises(DataError, match="source_missing"):
        maps.choropleth(plain, [1, 2, 3, 4], title="t", unit="u")
    with pytest.raises(CrsError, match="crs_missing"):
        maps.choropleth(
            cells.set_crs(None, allow_override=True), [1, 2, 3, 4], title="t", unit="u", source="s"
        )
    with pytest.raises(DataError, match="other_count"):
        maps.choropleth(cells, [1, 2], title="t", unit="u")
    monkeypatch.setattr(inside, "files", lambda _: Path("/nowhere"))
    with pytest.raises(PlatformError, match="assets_missing"):
        maps.choropleth(cells, [1, 2, 3, 4], title="t", unit="u")

"""What people find their way by lies below all else, in each format: streets with a name each, quiet buildings."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import shapely

from app.reports.rules.maps import FeatureKind, Features, Map
from app.reports.service.formats.layers import write_gpkg
from app.reports.service.formats.page import write as write_page
from app.reports.service.keeping import read, written
from app.reports.service.mapping import draw
from tests.app.reports.sample import MAP, report

EAST = shapely.LineString([(102.701, 25.005), (102.712, 25.005)])
REST = shapely.LineString([(102.712, 25.005), (102.716, 25.006)])
BEYOND = shapely.LineString([(103.7, 25.5), (103.8, 25.5)])
STREETS = Features("道路", FeatureKind.STREET, ("穿金路", "穿金路", "", "远处路"), (EAST, REST, EAST, BEYOND))
HOUSE = shapely.box(102.703, 25.002, 102.704, 25.003)
HOUSES = Features("建筑", FeatureKind.BUILDING, ("一栋",), (HOUSE,))
TOWN = Map("town", "位置图", MAP.shown, MAP.srid, (HOUSES, STREETS, MAP.layers[2]))


def test_on_paper_each_street_in_sight_is_named_once() -> None:
    picture = draw(TOWN, 174, 120, "Noto Sans", "Asia/Shanghai")
    assert picture.svg.count(">穿金路<") == 1 and "远处路" not in picture.svg
    assert [key.signs[0].shown for key in picture.legend] == ["建筑", "道路", "社区"]


def test_in_a_page_they_are_layers_that_can_be_put_away(tmp_path: Path) -> None:
    (path,) = write_page(report(TOWN), tmp_path, "a")
    html = path.read_text("utf-8")
    assert "一栋" in html and html.count('data-layer="') >= len(TOWN.layers)


def test_as_layers_they_keep_their_shapes_and_names(tmp_path: Path) -> None:
    (path,) = write_gpkg(report(TOWN), tmp_path, "a")
    layers = dict(pyogrio.list_layers(path).tolist())
    (streets,) = (name for name, kind in layers.items() if kind and "LineString" in kind)
    assert list(pyogrio.read_dataframe(path, layer=streets)["name"].fillna("")) == list(STREETS.names)


def test_they_are_kept_whole() -> None:
    one = report(TOWN)
    assert read(written(one)) == one

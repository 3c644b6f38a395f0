"""What a report's maps show, as layers: read back by the libraries that map programs are made of."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
import shapely.geometry

from app.reports.rules.document import Report, Section
from app.reports.rules.maps import Fill, Marks
from app.reports.rules.values import Kind
from app.reports.service.formats.layers import write_geojson, write_gpkg
from app.reports.service.keeping import digest
from spatial.errors import SourceError
from tests.app.reports.sample import CELLS, CODES, MAP, NAMES, TABLE, report


def write(one: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Both formats, as whoever asks for both gets them."""
    return (*write_gpkg(one, folder, stem), *write_geojson(one, folder, stem))


def asked(path: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, ...]:
    return write(report(), tmp_path, "a")


def test_every_layer_of_a_map_is_a_layer_in_degrees_of_the_store(written: tuple[Path, ...]) -> None:
    path = written[0]
    names = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert names == {
        "open_1_fill": "MultiPolygon",
        "open_2_marks": "Point",
        "open_3_borders": "MultiPolygon",
        "report": None,
    }
    fill = gpd.read_file(path, layer="open_1_fill")
    assert (
        fill.crs.to_epsg() == 4490 and list(fill["code"]) == list(CODES) and list(fill["name"]) == list(NAMES)
    )
    assert fill["value"].isna().tolist() == [False, False, True, False]
    assert fill["value"].dropna().tolist() == [1, 5, 9]
    assert fill["class"].fillna("").tolist() == ["1", "> 1 – 5", "", "> 5 – 9"]
    assert all(found.equals(shape) for found, shape in zip(fill.geometry, CELLS, strict=True))
    marks = gpd.read_file(path, layer="open_2_marks")
    assert [(point.x, point.y) for point in marks.geometry] == list(MAP.layers[1].places)  # type: ignore[union-attr]
    assert marks["late"].tolist() == [True, True]


def test_columns_have_names_for_people(written: tuple[Path, ...]) -> None:
    """What QGIS shows as alias is in the language of the report; the number is called what it is."""
    columns = "SELECT column_name, name, description FROM gpkg_data_columns"
    question = f"{columns} WHERE table_name = 'open_1_fill' ORDER BY rowid"
    assert asked(written[0], question) == [
        ("section", "章节", "所在章节"),
        ("code", "编码", "网格或区划编码"),
        ("name", "名称", "名称"),
        ("value", "在办案件", "数量"),
        ("class", "分级", "图例中的分级"),
    ]


def test_where_it_comes_from_stands_in_a_table_of_its_own(written: tuple[Path, ...]) -> None:
    about = {row[0]: row[1:] for row in asked(written[0], "SELECT key, title, value FROM report")}
    assert about["digest"] == ("内容摘要（SHA-256）", digest(report())) and about["rows_cases"] == (
        "案件",
        "1234",
    )
    assert about["known_at"] == ("数据截至", "2026-09-30T16:00:00+00:00") and about["simulated"][1] == "True"
    contents = asked(written[0], "SELECT data_type, last_change FROM gpkg_contents")
    assert {kind for kind, _ in contents} == {"features", "attributes"}
    assert {changed for _, changed in contents} == {"2026-09-30T16:00:00.000Z"}


def test_geojson_keeps_to_the_standard(written: tuple[Path, ...]) -> None:
    said = json.loads(written[1].read_text(encoding="utf-8"))
    assert said["type"] == "FeatureCollection" and "crs" not in said
    assert said["report"]["digest"] == digest(report()) and said["report"]["rows_cases"] == 1_234
    assert "CGCS2000" in said["report"]["datum"] and said["report"]["simulated"] is True
    layers = [one["properties"]["layer"] for one in said["features"]]
    assert layers == ["open_1_fill"] * 4 + ["open_2_marks"] * 2 + ["open_3_borders"] * 2
    assert said["report"]["layers"]["open_1_fill"]["columns"]["value"] == "在办案件"
    assert [one["properties"]["value"] for one in said["features"][:4]] == [1, 5, None, 9]
    for one in said["features"]:
        shape = shapely.geometry.shape(one["geometry"])
        if shape.geom_type == "Polygon":
            assert shapely.is_ccw(shape.exterior)
    assert len(gpd.read_file(written[1])) == 8


def test_the_same_report_is_the_same_content(written: tuple[Path, ...], tmp_path: Path) -> None:
    again = write(report(), tmp_path, "b")
    assert [one.read_bytes() for one in again] == [one.read_bytes() for one in written]


def test_without_maps_there_are_no_files(tmp_path: Path) -> None:
    assert write(report(TABLE), tmp_path, "a") == () and not list(tmp_path.iterdir())


def test_the_sheets_of_an_atlas_are_one_layer(tmp_path: Path) -> None:
    """Of a hundred cells there are not three hundred layers; each row says in which section it is shown."""
    sections = tuple(Section(f"s{at}", f"第 {at} 格", (MAP,)) for at in range(3))
    (path, _) = write(report(sections=sections), tmp_path, "a")
    assert len(pyogrio.list_layers(path)) == 4
    fill = gpd.read_file(path, layer="open_1_fill")
    assert fill["section"].tolist() == [section.title for section in sections for _ in CODES]


def test_other_numbers_under_the_same_code_are_another_layer(tmp_path: Path) -> None:
    share = Fill(
        "按期处置率",
        Kind.SHARE,
        CODES,
        NAMES,
        (Fraction(1, 3), None, Fraction(1), Fraction(0)),
        CELLS,
        classes=2,
    )
    other = replace(MAP, layers=(share, *MAP.layers[1:]))
    path, _ = write(report(MAP, other), tmp_path, "a")
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    assert names == ["open_1_fill", "open_2_marks", "open_3_borders", "open_1_fill_2", "report"]
    fill = gpd.read_file(path, layer="open_1_fill_2")
    assert fill["value"].tolist()[0] == 1 / 3 and fill["class"].tolist()[0] == "0.00\u2009% – 33.33\u2009%"
    titles = [title for (title,) in asked(path, "SELECT identifier FROM gpkg_contents")]
    assert len(set(titles)) == len(titles)


def test_names_that_would_meet_are_kept_apart_and_nothing_is_a_layer_too(tmp_path: Path) -> None:
    """A number that is called as the column of names is; a map without marks; a place that nobody knows."""
    called = replace(MAP.layers[0], title="名称")
    nowhere = Marks("未定位", ((float("nan"), 25.0),), ("长" * 60,))
    path, text = write(
        report(replace(MAP, code="x-y 2", layers=(called, Marks("无", (), ()), nowhere))), tmp_path, "a"
    )
    names = asked(path, "SELECT name FROM gpkg_data_columns WHERE table_name = 'x_y_2_1_fill' ORDER BY rowid")
    assert [name for (name,) in names] == ["章节", "编码", "名称", "名称 (2)", "分级"]
    assert len(gpd.read_file(path, layer="x_y_2_2_marks")) == 0
    assert gpd.read_file(path, layer="x_y_2_3_marks").geometry.isna().all()
    assert json.loads(text.read_text(encoding="utf-8"))["features"][-1]["geometry"] is None


def test_a_folder_that_is_missing_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        write(report(), tmp_path / "missing", "a")
    assert caught.value.code == "write_failed"

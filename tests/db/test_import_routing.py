"""Ownership and routing rules from files: every fault at once, nothing by halves, and out again the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.db import transaction
from tests import casework, town
from tests.cli import Command

pytestmark = pytest.mark.db

HEAD = "种类,区域,单位,备注,起,至\n"


@pytest.fixture
def district(database: str) -> str:
    """The town, with categories and conditions."""
    from app.cases.service import add_reference_cases

    town.build(database)
    with transaction(database) as connection:
        add_reference_cases(connection, 1)
    return database


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    with transaction(url, read_only=True) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


RULES = (
    "SELECT coalesce(k.code, r.major, r.line), n.code, r.unit_code, r.valid_from_on::text, r.valid_to_on::text"
    " FROM routing_rules r JOIN area_numbers n ON n.no = r.area_no LEFT JOIN case_categories k ON k.id = r.category_id"
    " ORDER BY r.id"
)


def table(path: Path, *lines: str) -> Path:
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_rules_by_code_and_by_name_come_in_and_go_out(
    panlong: Command, district: str, tmp_path: Path
) -> None:
    file = table(
        tmp_path / "rules.csv",
        f"C01,{casework.AREA},sanitation,,2026-01-01,",
        f"水源河道,名{casework.SUBDISTRICT},水务局,试行,2026-01-01,2026-12-31",
        f"safety,{town.DISTRICT},街道办,,2026-01-01,",
    )
    said = panlong("import", "routes", file)
    assert said.status == 0, said.text
    assert rows(district, RULES) == [
        ("C01", casework.AREA, "sanitation", "2026-01-01", None),
        ("waters", casework.SUBDISTRICT, "water", "2026-01-01", "2027-01-01"),
        ("safety", town.DISTRICT, "subdistrict_office", "2026-01-01", None),
    ]
    out = tmp_path / "out.csv"
    assert panlong("export", "routes", out).status == 0
    with out.open(encoding="utf-8-sig") as given:
        assert [row["unit"] for row in csv.DictReader(given)] == ["sanitation", "subdistrict_office", "water"]
    again = panlong("import", "routes", out, lang="en")
    assert again.status == 0 and "3 unchanged" in again.text, again.text
    assert len(rows(district, RULES)) == 3
    logged = rows(
        district, "SELECT facts ->> 'added' FROM access_log WHERE action = 'routing.import' ORDER BY at"
    )
    assert logged == [("3",), ("0",)]


def test_a_rule_follows_another(panlong: Command, district: str, tmp_path: Path) -> None:
    for unit, begin, end in (
        ("sanitation", "2020-01-01", ""),
        ("transport", "2026-03-01", ""),
        ("water", "2026-05-01", "2026-05-31"),
    ):
        said = panlong(
            "import", "routes", table(tmp_path / "r.csv", f"C01,{casework.AREA},{unit},,{begin},{end}")
        )
        assert said.status == 0, said.text
    found = sorted((since, until, unit) for _, _, unit, since, until in rows(district, RULES))
    assert found == [
        ("2020-01-01", "2026-03-01", "sanitation"), ("2026-03-01", "2026-05-01", "transport"),
        ("2026-05-01", "2026-06-01", "water"), ("2026-06-01", None, "transport"),
    ]  # fmt: skip


def test_every_fault_of_a_rule_at_once(panlong: Command, district: str, tmp_path: Path) -> None:
    file = table(
        tmp_path / "rules.csv",
        f"月球,{casework.AREA},sanitation,,,",
        "C01,530199999,sanitation,,,",
        f"C01,{casework.AREA},没有的局,,昨天,",
        f"C01,{casework.AREA},sanitation,,2026-02-01,2026-01-01",
        f"C02,{casework.AREA},,,,",
        f"C03,{casework.AREA},sanitation,,2026-01-01,2026-06-30",
        f"建筑垃圾偷倒,{casework.AREA},transport,,2026-06-30,",
    )
    errors = tmp_path / "errors.csv"
    said = panlong("import", "routes", file, "--errors", errors, lang="en")
    assert said.status == 2
    with errors.open(encoding="utf-8-sig") as given:
        found = [(int(row["row"]), row["field"], row["code"]) for row in csv.DictReader(given)]
    assert found == [
        (1, "种类", "kind_unknown"), (2, "区域", "area_unknown"), (3, "单位", "routing_unit_unknown"),
        (3, "起", "day_invalid"), (4, "至", "until_before_from"), (5, "单位", "value_missing"),
        (7, "种类", "row_twice"),
    ]  # fmt: skip
    assert rows(district, RULES) == []
    assert panlong("import", "routes", file, "--skip-bad").status == 0
    assert len(rows(district, RULES)) == 1


def feature(code: str, shape: dict[str, Any] | None, **said: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"段{code}", "unit": "transport", **said},
        "geometry": shape,
    }


def layer(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


LON, LAT = town.centre(casework.AREA)
LINE = {"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT + 0.002]]}
POINT = {"type": "Point", "coordinates": [LON, LAT]}
BOW = {
    "type": "Polygon",
    "coordinates": [[[LON, LAT], [LON + 0.01, LAT + 0.01], [LON + 0.01, LAT], [LON, LAT + 0.01], [LON, LAT]]],
}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.01], [LON, LAT]]],
}
STRETCHES = (
    "SELECT code, unit_id, tolerance_m, major, GeometryType(geom), valid_to_on IS NULL FROM maintenance_areas"
    " ORDER BY id"
)


def test_ownership_of_every_shape(panlong: Command, district: str, tmp_path: Path) -> None:
    file = layer(
        tmp_path / "own.geojson",
        feature("R1", LINE, kind="市政设施", tolerance_m=15),
        feature("P1", SQUARE, kind="", unit="园林局"),
        feature("S1", POINT, kind="C34", unit="drainage", **{"from": "2026-01-01"}),
    )
    said = panlong("import", "ownership", file)
    assert said.status == 0, said.text
    found = [
        (code, tolerance, major, kind) for code, _, tolerance, major, kind, _ in rows(district, STRETCHES)
    ]
    assert found == [
        ("R1", 15.0, "public_works", "LINESTRING"),
        ("P1", 10.0, None, "POLYGON"),
        ("S1", 10.0, None, "POINT"),
    ]
    assert panlong("import", "ownership", file, lang="en").text.count("3 unchanged") == 1
    moved = layer(
        tmp_path / "moved.geojson", feature("R1", LINE, kind="市政设施", tolerance_m=15, unit="drainage")
    )
    assert "1 changed" in panlong("import", "ownership", moved, lang="en").text
    assert [row[5] for row in rows(district, STRETCHES)] == [False, True, True, True]
    out = tmp_path / "out.geojson"
    assert panlong("export", "ownership", out).status == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["features"]) == 3
    assert "3 unchanged" in panlong("import", "ownership", out, lang="en").text


def test_every_fault_of_ownership_at_once(panlong: Command, district: str, tmp_path: Path) -> None:
    file = layer(
        tmp_path / "own.geojson",
        feature("A", None),
        feature("B", BOW, unit="街道办"),
        feature("C", {"type": "Point", "coordinates": [10, 50]}, tolerance_m="far", kind="月球"),
        feature("D", POINT, tolerance_m=500),
        feature("D", LINE),
        feature("ruling-1", POINT),
        feature("", POINT, name=None),
    )
    errors = tmp_path / "errors.csv"
    assert panlong("import", "ownership", file, "--errors", errors).status == 2
    with errors.open(encoding="utf-8-sig") as given:
        found = {(int(row["row"]), row["code"]) for row in csv.DictReader(given)}
    assert found == {
        (1, "geometry_missing"), (2, "geometry_invalid"), (2, "routing_unit_unknown"), (3, "geometry_outside"),
        (3, "tolerance_invalid"), (3, "kind_unknown"), (4, "tolerance_invalid"), (5, "code_duplicate"),
        (6, "code_of_ruling"), (7, "value_missing"),
    }  # fmt: skip
    assert rows(district, STRETCHES) == []


def test_a_layer_without_a_column_is_refused(panlong: Command, district: str, tmp_path: Path) -> None:
    file = layer(tmp_path / "own.geojson", {"type": "Feature", "properties": {"x": 1}, "geometry": POINT})
    said = panlong("import", "ownership", file, lang="en")
    assert said.status == 2 and "code" in said.text and "unit" in said.text

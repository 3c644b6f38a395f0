"""Files of elements: added once, brought up to date later, each in the cell of its point; people sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app.cli.registry import registry
from app.db import transaction
from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.report import ImportReport
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from app.seals.service import Column, sealer
from spatial.errors import LayerError
from tests import registered, town
from tests.cluster import clone
from tests.registered import CELLS, credit, identity, phone

pytestmark = pytest.mark.db


@pytest.fixture
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        yield url


def take(url: str, path: Path, kind: ElementKind, **options: Any) -> ImportReport:
    return import_elements(url, path, ElementImport(kind, **options))


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows_read, report.added, report.changed, report.unchanged, report.skipped


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def ask(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


PLACES = "SELECT e.code, e.name, n.code, s.code, p.floors, e.version FROM elements e JOIN places p USING (id)" \
    " JOIN area_numbers n ON n.no = e.area_no LEFT JOIN elements s ON s.id = e.site_id" \
    " WHERE e.code LIKE 'NEW-%' ORDER BY e.code"  # fmt: skip


def houses(path: Path, floors: int = 6) -> Path:
    lon, lat = town.centre(CELLS[3])
    return csv(
        path, "类型,标识码,名称,经度,纬度,层数,所在,网格编码,颜色",
        "户室,NEW-D,502,,,,new-b,,", f"楼栋,NEW-B,新楼,{lon},{lat},{floors},,,红", f"小区,NEW-C,新苑,,,,,{CELLS[5]},",
    )  # fmt: skip


def test_places_are_added_and_brought_up_to_date(built: str, tmp_path: Path) -> None:
    path = houses(tmp_path / "a.csv")
    report = take(built, path, ElementKind.PLACE)
    assert counts(report) == (3, 3, 0, 0, 0)
    assert ("columns_unused", {"columns": "颜色"}) in report.notes
    assert ask(built, PLACES) == [
        ("NEW-B", "新楼", CELLS[3], None, 6, 1),
        ("NEW-C", "新苑", CELLS[5], None, None, 1),
        ("NEW-D", "502", CELLS[3], "NEW-B", None, 1),
    ]
    assert counts(take(built, path, ElementKind.PLACE)) == (3, 0, 0, 3, 0)
    assert counts(take(built, houses(path, floors=7), ElementKind.PLACE)) == (3, 0, 1, 2, 0)
    assert ask(built, PLACES)[0][4:] == (7, 2)
    before = "SELECT c.reason, c.before ->> 'floors' FROM element_changes c JOIN elements e ON e.id = c.element_id" \
        " WHERE e.code = 'NEW-B'"  # fmt: skip
    assert ask(built, before) == [("imported", "6")]


def test_what_moves_lies_elsewhere(built: str, tmp_path: Path) -> None:
    take(built, houses(tmp_path / "a.csv"), ElementKind.PLACE)
    path = csv(tmp_path / "b.csv", "类型,标识码,名称,所在", "户室,NEW-D,502,NEW-C")
    assert counts(take(built, path, ElementKind.PLACE)) == (1, 0, 1, 0, 0)
    assert ask(built, PLACES)[2][2:4] == (CELLS[5], "NEW-C")


def test_a_dry_run_and_a_refusal_leave_nothing(built: str, tmp_path: Path) -> None:
    path = houses(tmp_path / "a.csv")
    assert counts(take(built, path, ElementKind.PLACE, dry_run=True)) == (3, 3, 0, 0, 0)
    assert ask(built, PLACES) == []
    bad = csv(tmp_path / "b.csv", "类型,标识码,名称", "楼栋,NEW-1,一", "城堡,NEW-2,二")
    with pytest.raises(LayerError):
        take(built, bad, ElementKind.PLACE)
    assert ask(built, PLACES) == []
    assert counts(take(built, bad, ElementKind.PLACE, skip_bad=True)) == (2, 1, 0, 0, 1)
    assert [row[0] for row in ask(built, PLACES)] == ["NEW-1"]


def test_people_come_sealed_and_without_what_is_not_kept(built: str, tmp_path: Path) -> None:
    header = "姓名,公民身份号码,联系方式,民族,性别,政治面貌,现住地址,户编号,与户主关系"
    home = "楼栋,NEW-B,新楼"
    take(built, csv(tmp_path / "a.csv", "类型,标识码,名称", home), ElementKind.PLACE)
    lines = [
        f"模拟甲,{identity(700)},{phone(700)},汉,男,群众,NEW-B,H-1,户主",
        f"模拟乙,{identity(701)},,汉,女,群众,新楼,H-1,配偶",
    ]
    path = csv(tmp_path / "p.csv", header, *lines)
    given = {"legal_basis": "模拟依据", "retain_until_on": "2099-01-01"}
    report = take(built, path, ElementKind.PERSON, given=given)
    assert counts(report) == (2, 2, 0, 0, 0)
    assert ("columns_refused", {"columns": "民族、性别、政治面貌"}) in report.notes
    rows = ask(
        built,
        "SELECT p.name, s.code, h.code, p.household_relation, p.identity, p.identity_index, p.phone IS NULL"
        " FROM persons p JOIN elements e USING (id) JOIN elements s ON s.id = e.site_id"
        " JOIN households h ON h.id = p.household_id WHERE p.name LIKE '模拟%'",
    )
    told = {row[0]: row for row in rows}
    assert {name: row[1:4] for name, row in told.items()} == {
        "模拟甲": ("NEW-B", "H-1", "head"), "模拟乙": ("NEW-B", "H-1", "spouse"),
    }  # fmt: skip
    with transaction(built) as connection:
        seal = sealer(connection)
        sealed = told["模拟甲"]
        assert seal.open(Column.IDENTITY, bytes(sealed[4]), bytes(sealed[5])) == identity(700)
    assert counts(take(built, path, ElementKind.PERSON, given=given)) == (2, 0, 0, 2, 0)
    lines[1] = lines[1].replace(",,汉", f",{phone(702)},汉")
    assert counts(take(built, csv(path, header, *lines), ElementKind.PERSON, given=given)) == (2, 0, 1, 1, 0)


def test_objects_and_organisations(built: str, tmp_path: Path) -> None:
    lon, lat = town.centre(CELLS[0])
    path = tmp_path / "o.csv"
    csv(path, "小类代码,标识码,名称,经度,纬度,状态", f"0305,5301990305900007,路灯,{lon},{lat},破损")
    assert counts(take(built, path, ElementKind.OBJECT)) == (1, 1, 0, 0, 0)
    assert ask(built, "SELECT state FROM city_objects o JOIN elements e USING (id) WHERE e.code = '5301990305900007'") \
        == [("damaged",)]  # fmt: skip
    path = csv(
        tmp_path / "g.csv", "类型,统一社会信用代码,单位名称,联系电话", f"property_company,{credit(3)},改名,"
    )
    assert counts(take(built, path, ElementKind.ORGANISATION)) == (1, 0, 1, 0, 0)
    assert ask(built, "SELECT name FROM elements WHERE code = :code", code=credit(3)) == [("改名",)]


def test_outlines_of_a_layer(built: str, tmp_path: Path) -> None:
    lon, lat = town.centre(CELLS[6])
    ring = [
        [lon - 0.001, lat - 0.001],
        [lon + 0.001, lat - 0.001],
        [lon + 0.001, lat + 0.001],
        [lon - 0.001, lat - 0.001],
    ]
    feature = {"type": "Feature", "properties": {"类型": "楼栋", "标识码": "NEW-S", "名称": "新楼"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert counts(take(built, path, ElementKind.PLACE)) == (1, 1, 0, 0, 0)
    assert ask(
        built,
        "SELECT n.code, ST_GeometryType(p.shape), ST_Within(e.geom, p.shape) FROM elements e JOIN places p USING (id)"
        " JOIN area_numbers n ON n.no = e.area_no WHERE e.code = 'NEW-S'",
    ) == [(CELLS[6], "ST_Polygon", True)]
    assert counts(take(built, path, ElementKind.PLACE)) == (1, 0, 0, 1, 0)


def test_the_command(built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.registry.workspace_url", lambda: built)
    path, marked = csv(tmp_path / "a.csv", "标识码,名称", "NEW-1,一", "NEW 2,二"), tmp_path / "marked.xlsx"
    told = CliRunner().invoke(
        registry,
        ["import", str(path), "--kind", "place", "--type", "楼栋", "--skip-bad", "--errors", str(marked)],
    )
    assert told.exit_code == 0, told.output
    assert "第 2 行“标识码”" in told.output
    assert marked.exists()
    assert [row[0] for row in ask(built, PLACES)] == ["NEW-1"]
    noted = "SELECT facts ->> 'added' FROM access_log WHERE action = 'registry.import'"
    assert ask(built, noted) == [("1",)]

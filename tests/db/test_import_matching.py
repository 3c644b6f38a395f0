"""Rows without a code: known again by what they say, and left to a person where they are only alike."""

from __future__ import annotations

import csv as tables
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.report import ImportReport
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from spatial.errors import LayerError, SourceError
from tests import registered, town
from tests.cluster import clone
from tests.db.test_import_elements import ask, counts, csv
from tests.registered import CELLS, identity

pytestmark = pytest.mark.db

HEADER = "类型,名称,地址,网格编码,层数"
GIVEN = {"legal_basis": "模拟依据", "retain_until_on": "2099-01-01"}


@pytest.fixture
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        yield url


def take(url: str, path: Path, kind: ElementKind = ElementKind.PLACE, **options: Any) -> ImportReport:
    decisions = options.pop("decisions", None)
    return import_elements(url, path, ElementImport(kind, **options), decisions=decisions)


def named(url: str, name: str) -> list[Any]:
    statement = "SELECT e.id, p.floors, n.code FROM elements e JOIN places p USING (id) JOIN area_numbers n" \
        " ON n.no = e.area_no WHERE e.name LIKE :name ORDER BY e.id"  # fmt: skip
    return ask(url, statement, name=name)


def test_the_same_rows_again_add_nothing(built: str, tmp_path: Path) -> None:
    lon, lat = town.centre(CELLS[3])
    lines = [f"楼栋,新苑十二幢,文艺路7号,{CELLS[3]},6", f"楼栋,新苑13栋,文艺路9号,{CELLS[3]},6"]
    path = csv(tmp_path / "a.csv", HEADER, *lines)
    assert counts(take(built, path)) == (2, 2, 0, 0, 0)
    assert counts(take(built, path)) == (2, 0, 0, 2, 0)
    # Written otherwise and placed by its point it is the same; in another cell it is not.
    path = csv(
        tmp_path / "b.csv", "类型,名称,地址,经度,纬度,层数", f"楼栋,新苑 12号楼,文艺路七号,{lon},{lat},7"
    )
    assert counts(take(built, path)) == (1, 0, 1, 0, 0)
    assert [row[1:] for row in named(built, "新苑%")] == [(7, CELLS[3]), (6, CELLS[3])]
    path = csv(tmp_path / "c.csv", HEADER, f"楼栋,新苑12栋,文艺路7号,{CELLS[5]},6")
    assert counts(take(built, path)) == (1, 1, 0, 0, 0)


def test_flats_are_known_by_entrance_and_room(built: str, tmp_path: Path) -> None:
    site = f"ref-{CELLS[0]}"
    lines = [f"户室,甲户,{site},2,3,301", f"户室,乙户,{site},1,3,301", f"户室,无名,{site},1,1,101"]
    path = csv(tmp_path / "a.csv", "类型,名称,所在,单元,所在楼层,室号", *lines)
    assert counts(take(built, path)) == (3, 2, 1, 0, 0)
    assert counts(take(built, path)) == (3, 0, 0, 3, 0)


def test_what_is_only_alike_is_decided_by_a_person(built: str, tmp_path: Path) -> None:
    first = csv(tmp_path / "a.csv", HEADER, f"楼栋,江东花园12栋,,{CELLS[3]},6")
    take(built, first)
    ((known, _, _),) = named(built, "江东%")
    second = csv(
        tmp_path / "b.csv", HEADER, f"楼栋,江东花园小区12栋,,{CELLS[3]},9", f"楼栋,别处,,{CELLS[3]},1"
    )
    table = tmp_path / "decisions.csv"
    report = take(built, second, decisions=table)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert ("rows_undecided", {"count": 1}) in report.notes
    (asked,) = read(table)
    assert asked["row"] == "1"
    assert asked["candidates"].startswith(f"{known} 江东花园12栋 (0.")
    for decision, told in (
        ("skip", (2, 0, 0, 1, 1)),
        (str(known), (2, 0, 1, 1, 0)),
        (str(known), (2, 0, 0, 2, 0)),
    ):
        fill(table, decision)
        assert counts(take(built, second, decisions=table)) == told
    assert [row[:2] for row in named(built, "江东%")] == [(known, 9)]


def test_new_is_added_once(built: str, tmp_path: Path) -> None:
    lines = [f"楼栋,江东花园12栋,,{CELLS[3]},6"]
    take(built, csv(tmp_path / "a.csv", HEADER, *lines))
    path, table = csv(tmp_path / "b.csv", HEADER, f"楼栋,江东花园小区12栋,,{CELLS[3]},9"), tmp_path / "d.csv"
    take(built, path, decisions=table)
    fill(table, "new")
    assert counts(take(built, path, decisions=table, dry_run=True)) == (1, 1, 0, 0, 0)
    assert read(table)[0]["decision"] == "new"
    assert counts(take(built, path, decisions=table)) == (1, 1, 0, 0, 0)
    assert read(table)[0]["decision"] == str(named(built, "江东花园小区%")[0][0])
    assert counts(take(built, path, decisions=table)) == (1, 0, 0, 1, 0)
    assert counts(take(built, path)) == (1, 0, 0, 1, 0)


def test_a_table_of_another_file_decides_nothing(built: str, tmp_path: Path) -> None:
    path, table = csv(tmp_path / "a.csv", HEADER, f"楼栋,甲楼,,{CELLS[3]},6"), tmp_path / "d.csv"
    csv(table, "row,name,address,candidates,decision", "1,乙楼,,,skip")
    assert counts(take(built, path, decisions=table)) == (1, 1, 0, 0, 0)
    csv(table, "row,name,address,candidates,decision", "1,甲楼,,,999999999")
    with pytest.raises(LayerError) as refused:
        take(built, path, decisions=table)
    assert [fault.code for fault in refused.value.faults] == ["entry.decision_unknown"]
    for bad in ("1,甲楼,,,perhaps", "x,甲楼,,,new", "1,甲楼"):
        csv(table, "row,name,address,candidates,decision", bad)
        with pytest.raises(SourceError):
            take(built, path, decisions=table)


def test_the_same_row_twice_in_a_file(built: str, tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", HEADER, *[f"楼栋,甲楼,,{CELLS[3]},6"] * 2)
    with pytest.raises(LayerError) as refused:
        take(built, path)
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2, "entry.code_twice")]


def test_people_without_a_number(built: str, tmp_path: Path) -> None:
    header, site = "姓名,出生日期,现住地址,公民身份号码", f"ref-{CELLS[0]}"
    path = csv(
        tmp_path / "p.csv", header, f"模拟甲,1950-01-01,{site},", f"模拟甲,1951-01-01,{site},",
        f"模拟甲,1950-01-01,ref-{CELLS[1]},", f"模拟乙,,{site},{identity(700)}",
    )  # fmt: skip
    assert counts(take(built, path, ElementKind.PERSON, given=GIVEN)) == (4, 4, 0, 0, 0)
    assert counts(take(built, path, ElementKind.PERSON, given=GIVEN)) == (4, 0, 0, 4, 0)


def read(path: Path) -> list[dict[str, str]]:
    return list(tables.DictReader(path.read_text("utf-8-sig").splitlines()))


def fill(path: Path, decision: str) -> None:
    rows = [row | {"decision": decision} for row in read(path)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = tables.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

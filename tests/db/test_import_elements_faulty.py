"""Faulty files of elements: every fault by row and column, nothing written, and the marked workbook read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from sqlalchemy import text

from app.db import transaction
from app.interop.service.elements import ElementImport, import_elements
from app.interop.service.elements.marking import RED
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from spatial.errors import LayerError, SourceError
from spatial.readers import SourceOptions
from tests import registered, town
from tests.cluster import clone
from tests.registered import credit, identity

pytestmark = pytest.mark.db

LON, LAT = town.centre(registered.CELLS[0])
KEEP = ("test", "2099-01-01")
PLACE = (
    "类型",
    "标识码",
    "名称",
    "经度",
    "纬度",
    "网格编码",
    "责任单位",
    "层数",
    "所在",
    "起始日期",
    "终止日期",
)
OBJECT = ("小类代码", "标识码", "名称", "经度", "纬度", "状态", "主管部门代码")
ORGANISATION = ("类型", "统一社会信用代码", "单位名称", "所在", "联系电话", "备案日期", "登记日期")
PERSON = (
    "姓名",
    "公民身份号码",
    "联系方式",
    "出生日期",
    "现住地址",
    "与户主关系",
    "服务需求",
    "法定依据",
    "保存期限",
)
HEADERS = {"place": PLACE, "object": OBJECT, "organisation": ORGANISATION, "person": PERSON}
TOMORROW = date.today() + timedelta(days=2)


def off(number: str) -> str:
    """A number with another check character than its own."""
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def place(*values: Any) -> list[Any]:
    return [*values, *[None] * (len(PLACE) - len(values))]


def person(name: Any = "模拟甲", **said: Any) -> list[Any]:
    row = {"姓名": name, "法定依据": KEEP[0], "保存期限": KEEP[1], **said}
    return [row.get(column) for column in PERSON]


GOOD = place("楼栋", "B-NEW", "新楼", LON, LAT)
Fault = tuple[int | None, str | None, str]

FAULTY: dict[str, tuple[str, list[list[Any]], list[Fault]]] = {
    "no name": ("place", [place("楼栋", "B1", None, LON, LAT)], [(1, "名称", "value_missing")]),
    "no type": ("place", [place(None, "B1", "楼", LON, LAT)], [(1, "类型", "value_missing")]),
    "unknown type": ("place", [place("城堡", "B1", "楼", LON, LAT)], [(1, "类型", "type_unknown")]),
    "blank in a code": ("place", [place("楼栋", "B 1", "楼", LON, LAT)], [(1, "标识码", "code_unreadable")]),
    "power of ten as a code": ("place", [place("楼栋", "5.3E+17", "楼", LON, LAT)], [(1, "标识码", "scientific")]),
    "too long a name": ("place", [place("楼栋", "B1", "楼" * 121, LON, LAT)], [(1, "名称", "text_too_long")]),
    "half a point": ("place", [place("楼栋", "B1", "楼", LON, None)], [(1, "纬度", "point_half")]),
    "no number": ("place", [place("楼栋", "B1", "楼", "东边", LAT)],
                  [(1, "经度", "lon_unreadable"), (1, "经度", "point_half")]),
    "latitude first": ("place", [place("楼栋", "B1", "楼", LAT, LON)], [(1, "经度", "point_swapped")]),
    "latitude beyond the pole": ("place", [place("楼栋", "B1", "楼", LON, 91)],
                                 [(1, "纬度", "lat_unreadable"), (1, "纬度", "point_half")]),
    "outside the district": ("place", [place("楼栋", "B1", "楼", LON + 5, LAT)], [(1, "经度", "point_outside")]),
    "unknown cell": ("place", [place("楼栋", "B1", "楼", None, None, "530199999999999")],
        [(1, "网格编码", "area_unknown")]),
    "unknown unit": ("place", [place("楼栋", "B1", "楼", LON, LAT, None, "无此局")], [(1, "责任单位", "unit_unknown")]),
    "half a floor": ("place", [place("楼栋", "B1", "楼", LON, LAT, None, None, 6.5)],
        [(1, "层数", "floors_unreadable")]),
    "too many floors": ("place", [place("楼栋", "B1", "楼", LON, LAT, None, None, 999)],
        [(1, "层数", "floors_unreadable")]),
    "unknown site": ("place", [place("户室", "D1", "502", None, None, None, None, None, "无此楼")],
                     [(1, "所在", "site_unknown")]),
    "days reversed": ("place", [place("楼栋", "B1", "楼", LON, LAT, *[None] * 4, "2026-02-01", "2026-01-01")],
                      [(1, "终止日期", "days_reversed")]),
    "a day as a number": ("place", [place("楼栋", "B1", "楼", LON, LAT, *[None] * 4, 45986)],
                          [(1, "起始日期", "day_unreadable")]),
    "no such day": ("place", [place("楼栋", "B1", "楼", LON, LAT, *[None] * 4, "2026-02-30")],
                    [(1, "起始日期", "day_unreadable")]),
    "one code twice": ("place", [GOOD, place("楼栋", "b-new", "又一楼", LON, LAT)], [(2, "标识码", "code_twice")]),
    "a formula without a value": ("place", [place("楼栋", "B1", "=A1&B1", LON, LAT)], [(1, "名称", "value_missing")]),
    "one good and many bad": (
        "place", [GOOD, *[place("城堡", f"X{n}", None, LON, LAT) for n in range(5)]],
        [(n, field, code) for n in range(2, 7)
         for field, code in (("名称", "value_missing"), ("类型", "type_unknown"))],
    ),
    "blank rows between": ("place", [GOOD, place(), place("城堡", "B2", "楼", LON, LAT)],
        [(3, "类型", "type_unknown")]),
    "code of another class": ("object", [["0305", "530199010200000001", "路灯", LON, LAT, None, None]],
                              [(1, "标识码", "component_code_wrong")]),
    "short component code": ("object", [["0305", "5301990305", "路灯", LON, LAT, None, None]],
                             [(1, "标识码", "component_code_wrong")]),
    "unknown state": ("object", [["0305", None, "路灯", LON, LAT, "崭新", None]], [(1, "状态", "state_unreadable")]),
    "department's check digit": ("object", [["0305", None, "路灯", LON, LAT, None, "91530199000000001A"]],
                                 [(1, "主管部门代码", "credit_code_wrong")]),
    "credit code's check digit": (
        "organisation", [["property_company", off(credit(900)), "公司", *[None] * 4]],
        [(1, "统一社会信用代码", "credit_code_wrong")]),
    "credit code as a power of ten": ("organisation", [["property_company", "9.15302E+17", "公司", *[None] * 4]],
                                      [(1, "统一社会信用代码", "scientific")]),
    "registered before filed": (
        "organisation", [["property_company", credit(901), "公司", None, None, "2026-02-01", "2026-01-01"]],
        [(1, "登记日期", "registered_before_filed")]),
    "office without numbers": ("organisation", [["property_company", credit(902), "公司", None, "找老王", None, None]],
                               [(1, "联系电话", "phone_unreadable")]),
    "identity's check digit": (
        "person", [person(公民身份号码=off(identity(900)))],
        [(1, "公民身份号码", "identity_wrong")]),
    "identity as a power of ten": ("person", [person(公民身份号码="5.30199E+17")], [(1, "公民身份号码", "scientific")]),
    "identity as a number": ("person", [person(公民身份号码=5.3019919500101e17)],
        [(1, "公民身份号码", "scientific")]),
    "identity twice": ("person", [person(公民身份号码=identity(903)), person("模拟乙", 公民身份号码=identity(903))],
                       [(2, "公民身份号码", "code_twice")]),
    "born otherwise": ("person", [person(公民身份号码=identity(904), 出生日期="1999-09-09")],
                       [(1, "出生日期", "born_otherwise")]),
    "born tomorrow": ("person", [person(出生日期=TOMORROW.isoformat())], [(1, "出生日期", "born_later")]),
    "no legal basis": ("person", [person(法定依据=None)], [(1, "法定依据", "value_missing")]),
    "kept until yesterday": ("person", [person(保存期限="2020-01-01")], [(1, "保存期限", "retention_over")]),
    "unknown need": ("person", [person(服务需求="飞行")], [(1, "服务需求", "need_unknown")]),
    "unknown relation": ("person", [person(与户主关系="邻居")], [(1, "与户主关系", "household_relation_unreadable")]),
    "telephone too short": ("person", [person(联系方式="12")], [(1, "联系方式", "phone_unreadable")]),
    "address nobody has": ("person", [person(现住地址="无此路1号")], [(1, "现住地址", "site_unknown")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        yield url


def write(path: Path, kind: str, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in (HEADERS[kind], *rows):
        book.active.append(list(row))
    book.save(path)
    return path


def registered_rows(url: str) -> list[Any]:
    with transaction(url) as connection:
        counts = "SELECT kind, count(*), sum(version) FROM elements GROUP BY kind ORDER BY kind"
        return [tuple(row) for row in connection.execute(text(counts))]


def refused(url: str, path: Path, kind: str, errors: Path | None = None, **options: Any) -> list[Fault]:
    before = registered_rows(url)
    with pytest.raises(LayerError) as error:
        import_elements(url, path, ElementImport(ElementKind(kind), **options), errors=errors)
    assert registered_rows(url) == before
    return [(one.row, one.field, one.code.removeprefix("entry.")) for one in error.value.faults]


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_a_faulty_workbook(built: str, tmp_path: Path, name: str) -> None:
    kind, rows, expected = FAULTY[name]
    path, marked = write(tmp_path / "a.xlsx", kind, rows), tmp_path / "marked.xlsx"
    found = refused(built, path, kind, marked)
    assert found == expected
    book = openpyxl.load_workbook(marked)
    sheet, listed = book.worksheets
    at = {(row + 1, HEADERS[kind].index(field) + 1) for row, field, _ in expected}
    red = {
        (c.row, c.column) for line in sheet.iter_rows() for c in line if c.fill.start_color == RED.start_color
    }
    commented = {(c.row, c.column) for line in sheet.iter_rows() for c in line if c.comment}
    assert red == commented == at
    for row, line in enumerate(rows, 2):
        assert [sheet.cell(row, i).value for i in range(1, len(line) + 1)] == line, "the rest is as it was"
    told = [tuple(c.value for c in line) for line in listed.iter_rows(min_row=2)]
    assert [(row, field) for row, field, _ in told] == [(row, field) for row, field, _ in expected]
    assert all(said and "{" not in said and "entry." not in said for _, _, said in told)


def test_a_sealed_number_is_in_no_fault(built: str, tmp_path: Path) -> None:
    wrong = off(identity(905))
    path = write(tmp_path / "a.xlsx", "person", [person(公民身份号码=wrong, 联系方式="12")])
    with pytest.raises(LayerError) as error:
        import_elements(built, path, ElementImport(ElementKind.PERSON), errors=tmp_path / "m.xlsx")
    assert [one.value for one in error.value.faults] == [None, None]
    listed = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[1]
    assert not any(wrong in str(cell.value) for line in listed.iter_rows() for cell in line)


def test_rows_of_a_csv_stay_texts(built: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("类型,名称,经度,纬度\n楼栋,好楼,,\n城堡,=1+1,,\n", encoding="gb18030")
    assert refused(built, path, "place", tmp_path / "m.xlsx") == [(2, "类型", "type_unknown")]
    sheet = openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == [2, "城堡", "=1+1", None, None]
    assert sheet["C2"].data_type == "s"
    assert sheet["B2"].comment is not None


def test_a_merged_cell_is_marked_where_it_begins(built: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", "place", [place("楼栋", "B1", None, LON, LAT)])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:C2")
    book.save(path)
    assert refused(built, path, "place", tmp_path / "m.xlsx") == [(1, "名称", "value_missing")]
    assert openpyxl.load_workbook(tmp_path / "m.xlsx").worksheets[0]["B2"].comment is not None


def test_a_point_just_outside_the_district(built: str, tmp_path: Path) -> None:
    east = max(town.centre(code)[0] for code in registered.CELLS) + 0.0049
    path = write(tmp_path / "a.xlsx", "place", [place("楼栋", "B1", "楼", east + 0.001, LAT)])
    assert refused(built, path, "place", source=SourceOptions(crs="EPSG:4490")) == [
        (1, "经度", "point_outside")
    ]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _no_header(path: Path) -> None:
    Workbook().save(path)


def _no_workbook(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 nothing")


def _header_twice(path: Path) -> None:
    book = Workbook()
    book.active.append(["名称", "名称"])
    book.active.append(["楼", "楼"])
    book.save(path)


def _two_sheets(path: Path) -> None:
    write(path, "place", [GOOD])
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("hidden")
    hidden.append(["名称"])
    hidden.sheet_state = "hidden"
    book.save(path)


def _wrong_table(path: Path) -> None:
    book = Workbook()
    book.active.append(["日期", "天气"])
    book.active.append(["2026-01-01", "晴"])
    book.save(path)


UNREADABLE: list[tuple[Callable[[Path], None], str]] = [
    (_empty, "file_empty"), (_no_header, "file_empty"), (_no_workbook, "not_of_kind"),
    (_header_twice, "column_twice"), (_two_sheets, "layer_ambiguous"), (_wrong_table, "column_missing"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), UNREADABLE)
def test_a_file_that_is_no_table(built: str, tmp_path: Path, make: Callable[[Path], None], code: str) -> None:
    path, before = tmp_path / "a.xlsx", registered_rows(built)
    make(path)
    with pytest.raises(SourceError) as error:
        import_elements(built, path, ElementImport(ElementKind.PLACE))
    assert error.value.code == code
    assert registered_rows(built) == before


def test_a_workbook_of_headers_alone(built: str, tmp_path: Path) -> None:
    assert refused(built, write(tmp_path / "a.xlsx", "place", []), "place") == [(None, None, "rows_none")]


def test_many_faulty_files() -> None:
    assert len(FAULTY) + len(UNREADABLE) >= 30

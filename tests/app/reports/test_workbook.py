"""Reports as workbooks: what is in the cells, and what LibreOffice makes of the formulas."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from app.reports.rules.blocks import Facts, Trend, Words
from app.reports.rules.document import Report
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.formats.sheets.leaf import HEAD
from app.reports.service.formats.sheets.names import LONGEST, Names
from app.reports.service.formats.workbook import workbook, write
from app.reports.service.keeping import digest
from app.reports.service.wording import NONE
from spatial.errors import SourceError
from tests.app.reports.sample import CODE, COLUMNS, FACTS, MAP, PHOTOS, SIGNATURES, TABLE, report, row

ZONE = "Asia/Shanghai"


def made(one: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(one)))


def whole() -> Report:
    return report(*report().sections[0].blocks, FACTS, SIGNATURES, CODE, PHOTOS)


def test_numbers_days_and_codes_are_what_they_are() -> None:
    """A code keeps its noughts, a day is a day, an instant is one in the district, a hidden column is hidden."""
    columns = (
        Column("code", "编码", Kind.CODE),
        Column("day", "日期", Kind.DAY),
        Column("at", "时刻", Kind.INSTANT),
        Column("count", "数", Kind.COUNT),
        Column("seconds", "秒", Kind.COUNT, hidden=True),
    )
    instant = datetime(2026, 9, 30, 16, 5, tzinfo=UTC)
    sheet = made(
        report(Table("t", "表", columns, (("007", date(2026, 9, 30), instant, 1_234, 5), (None,) * 5)))
    )["表"]
    cells = sheet[HEAD + 1]
    assert [cell.value for cell in cells[:5]] == [
        "007",
        datetime(2026, 9, 30),
        datetime(2026, 10, 1, 0, 5),
        1_234,
        5,
    ]
    formats = ["@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0", "#,##0"]
    assert [cell.number_format for cell in cells[:5]] == formats and cells[0].data_type == "s"
    assert [cell.value for cell in sheet[HEAD + 2][:5]] == [NONE] * 5
    assert [sheet.column_dimensions[letter].hidden for letter in "ABCDE"] == [False] * 4 + [True]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+86", "-5", "@SUM(A1)", "\t=1", "#N/A", "a\x07b"]
)
def test_text_never_becomes_a_formula(text: str) -> None:
    facts = replace(FACTS, facts=(replace(FACTS.facts[0], value=text, kind=Kind.TEXT),))
    table = Table("t", text, (Column("a", text),), ((text,),))
    book = made(report(table, facts, Words("w", text), title=text))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    here = book[book.sheetnames[1]].cell(HEAD + 1, 1)
    assert here.value == text.replace("\x07", "\ufffd") and here.quotePrefix == text.startswith(
        tuple("=+-@\t")
    )


def test_what_is_late_is_marked_by_a_rule_that_is_sorted_with_its_row() -> None:
    sheet = made(report(TABLE))["按期处置"]
    rules = {
        str(where.sqref): rule for where in sheet.conditional_formatting for rule in where.rules if rule.dxf
    }
    assert list(rules) == [f"D{HEAD + 1}:D{HEAD + 3}"]
    (rule,) = rules.values()
    assert (
        rule.formula == [f'$G{HEAD + 1}="▲"']
        and rule.dxf.font.b
        and rule.dxf.numFmt.formatCode.startswith('"▲ "')
    )
    assert [sheet.cell(HEAD + at, 7).value for at in (1, 2, 3)] == ["▲", None, None]
    assert sheet.column_dimensions["G"].hidden and sheet.auto_filter.ref == f"A{HEAD}:G{HEAD + 3}"


def test_bars_stand_behind_shares() -> None:
    """And behind counts of one thing; not behind counts of many, as of reports, cases and days in one column."""
    many = Table(
        "many", "多样", (Column("a", "指标"), Column("n", "数", Kind.COUNT)), (("上报", 9), ("天数", 2))
    )
    book = made(report(TABLE, MAP, many))

    def bars(name: str) -> list[str]:
        found = book[name].conditional_formatting
        return [str(one.sqref) for one in found for rule in one.rules if rule.type == "dataBar"]

    assert bars("按期处置") == [f"D{HEAD + 1}:D{HEAD + 3}"] and bars("在办案件") == [
        f"C{HEAD + 1}:C{HEAD + 4}"
    ]
    assert not bars("多样")


def test_formulas_are_the_columns_quotients_and_sums() -> None:
    sheet = made(report(TABLE))["按期处置"]
    first, last = HEAD + 1, HEAD + 4
    assert sheet[f"F{first}"].value == f'=IF(B{first}=0,"—",E{first}/B{first}/3600)'
    assert sheet[f"B{last}"].value == f"=SUM(B{first}:B{last - 1})"
    assert (
        sheet[f"D{last}"].value == f'=IF(B{last}=0,"—",C{last}/B{last})' and sheet[f"A{last}"].value == "合计"
    )


def test_a_share_that_is_no_quotient_of_its_columns_is_written_as_it_is() -> None:
    """What is withheld or corrected is not worked out again from what stands beside it."""
    rows = (("甲", 10, 9, Fraction(1, 2), 0, None), ("乙", None, 3, None, 0, None))
    sheet = made(report(Table("t", "表", COLUMNS, rows)))["表"]
    assert sheet[f"D{HEAD + 1}"].value == 0.5 and sheet[f"D{HEAD + 2}"].value == NONE


def test_it_is_printed_as_it_should_be() -> None:
    sheet = made(report(TABLE, title="甲&乙"))["按期处置"]
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize)) == ("landscape", int(sheet.PAPERSIZE_A4))
    assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == f"${HEAD}:${HEAD}"
    assert sheet.oddHeader.left.text == "甲&&乙" and sheet.oddHeader.right.text == "模拟数据"
    assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页" and sheet.freeze_panes == f"B{HEAD + 1}"


def test_the_first_sheet_says_what_it_is_and_leads_to_all_others() -> None:
    book = made(whole())
    first = book.worksheets[0]
    said = {cell.value for line in first.iter_rows() for cell in line}
    assert {report().title, "模拟数据", 1_234, "本季度上报 1,234 件。#let x = 1 *不是* $标记$ 。"} <= said
    links = [cell.hyperlink.location for line in first.iter_rows() for cell in line if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    assert all(any(cell.hyperlink for cell in sheet[1]) for sheet in book.worksheets[1:])


def test_trends_have_a_chart_and_gaps_stay_gaps() -> None:
    sheet = made(whole())["按月"]
    assert [line[:3] for line in sheet.iter_rows(HEAD, HEAD + 3, values_only=True)] == [
        ("时段", "上报", "结案"),
        ("7 月", 120, 100),
        ("8 月", None, 110),
        ("9 月", 90, 95),
    ]
    xml = zipfile.ZipFile(io.BytesIO(workbook(whole()))).read("xl/charts/chart1.xml").decode()
    assert "lineChart" in xml and 'dispBlanksAs val="gap"' in xml and xml.count('<delete val="0"') == 2


def test_what_a_map_shows_stands_in_sheets() -> None:
    book = made(report(MAP))
    fill, marks = book["在办案件"], book["在办案件 超期"]
    assert [tuple(line[:4]) for line in fill.iter_rows(HEAD + 1, HEAD + 4, values_only=True)] == [
        ("530103001001001", "东一网格", 1, "1"),
        ("530103001001002", "东二网格", 5, "> 1 – 5"),
        ("530103001002001", "西一网格", NONE, NONE),
        ("530103001002002", "西二网格", 9, "> 5 – 9"),
    ]
    assert [line[:3] for line in marks.iter_rows(HEAD + 1, HEAD + 2, values_only=True)] == [
        (102.705, 25.005, "PL-1"),
        (102.712, 25.013, "PL-2"),
    ]


def test_forms_and_where_it_comes_from_stand_in_sheets() -> None:
    book = made(whole())
    facts = {line[0].value: line[1] for line in book["一、总体情况"].iter_rows(HEAD + 1)}
    assert facts["处置期限"].value == datetime(2026, 9, 30, 17) and facts["处置期限"].font.b
    origin = {line[0]: line[1] for line in book["出处"].iter_rows(HEAD + 1, values_only=True)}
    assert origin["案件"] == 1_234 and origin["定义版本"] == 3 and origin["口径"] == "超期未办计入分母。"
    assert origin["内容摘要（SHA-256）"] == digest(whole()) and origin["数据截至"] == datetime(2026, 10, 1)


def test_the_same_report_is_the_same_bytes(tmp_path: Path) -> None:
    (path,) = write(whole(), tmp_path, "a")
    assert path.read_bytes() == workbook(whole()) != workbook(report())
    book = openpyxl.load_workbook(path)
    assert book.properties.created == book.properties.modified == datetime(2026, 9, 30, 16)
    assert {part.date_time for part in zipfile.ZipFile(path).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_long_names_empty_tables_and_tables_without_totals() -> None:
    long, columns = "长" * 60, (COLUMNS[0], replace(COLUMNS[1], total=False))
    book = made(
        report(
            Table("a", long, COLUMNS, (row(long, 1, 1, 1),)),
            Table("b", long, COLUMNS, ()),
            Table("c", "没有合计", columns, (("甲", 1), ("乙", 2))),
            Trend("d", "空", Kind.COUNT, (), ()),
            Facts("e", ()),
        )
    )
    names = book.sheetnames
    assert names[1] == "长" * 31 and names[2] == "长" * 27 + " (2)"
    first, empty, plain = (book[name] for name in names[1:4])
    assert first["A1"].value == long and first.column_dimensions["A"].width <= 60
    assert [cell.value for cell in empty[HEAD + 1]][:4] == [
        "合计",
        0,
        0,
        f'=IF(B{HEAD + 1}=0,"—",C{HEAD + 1}/B{HEAD + 1})',
    ]
    assert plain.max_row == HEAD + 2 and all(sheet.print_area for sheet in book)


def test_a_text_that_no_cell_holds_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        write(report(Words("w", "长" * 32_768)), tmp_path, "a")
    assert caught.value.code == "text_too_long" and not list(tmp_path.iterdir())
    with pytest.raises(SourceError) as caught:
        write(report(TABLE), tmp_path / "missing", "a")
    assert caught.value.code == "write_failed"


def test_names_of_sheets_are_allowed_and_apart() -> None:
    names = Names()
    taken = [
        names.take(*one)
        for one in (
            ("a/b:c*[d]?", "x"),
            ("A B C D", "x"),
            ("", "x"),
            ("'q'", "x"),
            ("History", "x"),
            ("𠮷" * 20, "x"),
        )
    ]
    assert taken == ["a b c d", "A B C D (2)", "x", "q", "History (2)", "𠮷" * 15]
    assert all(len(one.encode("utf-16-le")) // 2 <= LONGEST for one in taken)


def test_columns_are_as_wide_as_chinese_is() -> None:
    """Twenty letters are forty digits wide; a wider name is broken into lines."""

    def width(name: str) -> float:
        sheet: Worksheet = made(
            report(
                Table(
                    "t",
                    "表",
                    (*COLUMNS[:2], *[replace(COLUMNS[1], code=str(at)) for at in range(8)]),
                    ((name, *[1] * 9),),
                )
            )
        )["表"]
        return float(sheet.column_dimensions["A"].width)

    widths = [width("网" * count) for count in (10, 20, 60)]
    assert widths[1] >= 40 and widths[2] <= 48 and all(low <= high for low, high in pairwise(widths))

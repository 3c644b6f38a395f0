"""Workbooks of reports, worked out again by LibreOffice: every number is the document's."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.reports.rules.tabular import Table
from app.reports.rules.values import Kind, Value
from app.reports.service.formats.packing import packed
from app.reports.service.formats.sheets.leaf import HEAD
from app.reports.service.formats.workbook import write
from app.reports.service.wording import NONE, shown
from tests.app.reports.recalculated import Sheet, converted, numbers_of_workbook, values_of
from tests.app.reports.sample import COLUMNS, TABLE, report, row

ZONE = "Asia/Shanghai"
AWKWARD = (
    (8, 1, 12_345),
    (7, 7, 1),
    (1_203, 1_102, 4_356_000),
    (100_000, 12_345, 17_999_999),
    (3, 0, 0),
    (0, 0, 0),
    (99_999, 99_998, 1_799_982_000_001),
)
"""Due, in time, seconds: shares and hours that end on a half, go on for ever, or are of nothing."""

MANY = 10_000


def long_table() -> Table:
    rows = tuple(row(f"{number:05d}号网格", number % 97, number % 89, number * 37) for number in range(MANY))
    return Table("long", "一万行", COLUMNS, rows, printed=50)


def awkward_table() -> Table:
    rows = tuple(row(f"第{number}格", *one) for number, one in enumerate(AWKWARD))
    return Table("awkward", "难算的", COLUMNS, rows)


def number(value: Value) -> Any:
    return NONE if value is None else float(value) if isinstance(value, Fraction) else value


def check(sheet: Sheet, table: Table) -> None:
    """Every number of a table and its totals is the document's: counts exactly, quotients as doubles are."""
    lines = [*table.rows, *([table.totals] if table.totals else [])]
    for line, wanted in zip(sheet[HEAD : HEAD + len(lines)], lines, strict=True):
        for column, found, value in zip(table.columns, line, wanted, strict=False):
            if column.kind is Kind.COUNT and value is not None:
                assert found == value and float(found).is_integer()
            elif column.kind.numeric:
                assert found == (
                    pytest.approx(number(value), rel=1e-14, abs=0) if value is not None else NONE
                )


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, Path]]:
    """Some workbooks as they are written, and as LibreOffice writes them after it has worked out every formula."""
    folder = tmp_path_factory.mktemp("books")
    reports = {"whole": report(), "awkward": report(awkward_table()), "long": report(long_table())}
    paths = [write(one, folder, stem)[0] for stem, one in reports.items()]
    wrong = folder / "wrong.xlsx"
    wrong.write_bytes(falsified(paths[0].read_bytes()))
    again = converted([*paths, wrong], "xlsx", folder)
    return {path.stem: (path, new) for path, new in zip([*paths, wrong], again, strict=True)}


def falsified(content: bytes) -> bytes:
    """A workbook beside whose formulas other results stand."""
    sheets = {name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "sheets/sheet" in name}
    return packed(
        content, dict.fromkeys(sheets, lambda xml: re.sub(rb"</f><v>[\d.]+</v>", b"</f><v>77</v>", xml))
    )


def test_worked_out_again_every_number_is_the_documents(books: Mapping[str, tuple[Path, Path]]) -> None:
    check(values_of(books["whole"][1])["按期处置"], TABLE)
    check(values_of(books["awkward"][1])["难算的"], awkward_table())
    check(values_of(books["long"][1])["一万行"], long_table())


def test_who_does_not_work_it_out_sees_the_same(books: Mapping[str, tuple[Path, Path]]) -> None:
    """Programs that only show a workbook show what is written beside its formulas."""
    check(values_of(books["whole"][0])["按期处置"], TABLE)
    check(values_of(books["awkward"][0])["难算的"], awkward_table())


def test_a_wrong_result_beside_a_formula_is_found_out(books: Mapping[str, tuple[Path, Path]]) -> None:
    """What LibreOffice gives is its own, and not what was written there."""
    written, again = (values_of(path)["按期处置"] for path in books["wrong"])
    assert written[HEAD][3] == 77
    check(again, TABLE)


def test_shown_to_the_digit_as_on_paper(tmp_path: Path) -> None:
    """The number formats round as `shown` does, halves too: 12.345 % is 12.35 %."""
    table = awkward_table()
    path = write(report(table), tmp_path, "shown")[0]
    options = "44,34,76,1,,0,false,true,true,false,false,2"
    (found,) = converted([path], f"csv:Text - txt - csv (StarCalc):{options}", tmp_path)
    lines = list(csv.reader(found.read_text(encoding="utf-8").splitlines()))[HEAD:]
    assert table.totals is not None
    for line, wanted in zip(lines, [*table.rows, table.totals], strict=True):
        told = [
            shown(value, column.kind, ZONE).replace("\u2009", "")
            for value, column in zip(wanted, table.columns, strict=True)
        ]
        assert line[1:6] == told[1:6]


def test_numbers_of_a_workbook_refuse_an_error(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1/0"
    book.save(tmp_path / "e.xlsx")
    with pytest.raises(AssertionError, match="DIV/0"):
        numbers_of_workbook(tmp_path / "e.xlsx")

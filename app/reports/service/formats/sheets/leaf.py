"""One sheet in the making: cells that hold what they are given, formulas with their results, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from app.reports.rules.document import Report
from app.reports.rules.values import Kind, Value
from app.reports.service.formats.sheets.looks import kind_of, lines, style, width
from app.reports.service.wording import NONE
from app.web.i18n import translate
from spatial.writers.sheets import clean, put_text

HEAD = 4
"""The row of the headings; above it stand the title, the report and the note."""

NARROW, WIDE, SHEET = 9, 48, 72
"""Least and greatest width of a column, and the least of a sheet, in digits."""

LINE_PT = {"name": 26.0, "title": 21.0}
LONGEST_HEADER = 90
"""Letters of a title in a header: with its codes it may have 255 in all."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Result = int | float | str


class Leaf:
    """A sheet of a report.

    Parameters
    ----------
    contents
        Name of the sheet with the list of all.
    """

    def __init__(self, sheet: Worksheet, report: Report, contents: str) -> None:
        self.sheet, self.report, self.contents = sheet, report, contents
        self.results: dict[str, Result] = {}
        self._zone = ZoneInfo(report.provenance.timezone)

    def t(self, key: str, /, **facts: object) -> str:
        """A word of office files in the report's language: `office.<key>`."""
        return translate(self.report.locale, f"office.{key}", **facts)

    def put(self, row: int, column: int, value: Value, kind: Kind = Kind.TEXT, part: str = "") -> Cell:
        """Write a value as what it is: a number, a day, an instant of the district, or text and never a formula."""
        kind = kind_of(value, kind)
        cell = self.sheet.cell(row, column)
        cell.style = style(kind, part)
        if value is None:
            value = NONE
        if isinstance(value, str):
            self._text(cell, value)
        elif isinstance(value, datetime):
            cell.value = value.astimezone(self._zone).replace(tzinfo=None)
        elif isinstance(value, Fraction):
            cell.value = float(value)
        else:
            cell.value = value
        return cell

    def write(self, row: int, column: int, text: str, look: str) -> Cell:
        """Write words in a look of their own."""
        cell = self.sheet.cell(row, column)
        cell.style = look
        self._text(cell, text)
        return cell

    def formula(self, row: int, column: int, formula: str, result: Value, kind: Kind, part: str = "") -> None:
        """Write a formula, with what comes out of it for those who only look."""
        cell = self.sheet.cell(row, column, formula)
        cell.style = style(kind, part)
        self.results[cell.coordinate] = (
            NONE if result is None else float(result) if isinstance(result, Fraction) else result  # type: ignore[assignment]
        )

    def link(self, row: int, column: int, text: str, sheet: str) -> None:
        """Write words that lead to another sheet."""
        cell = self.write(row, column, text, "link")
        place = f"'{sheet.replace(chr(39), chr(39) * 2)}'!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, display=text)
        cell.style = "link"

    def across(self, row: int, text: str, look: str, columns: int, room: float) -> None:
        """Write words over several columns, in a row that is high enough for them."""
        self.write(row, 1, text, look)
        if columns > 1:
            self.sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        size = LINE_PT.get(look, 16.0)
        self.sheet.row_dimensions[row].height = size * lines(text, room * 16.0 / size) + 2

    def top(self, title: str, note: str, columns: int, room: float) -> None:
        """Write what stands above the headings, and the way back to the list of sheets."""
        self.across(1, title, "title", columns, room)
        self.across(2, self._report_line(), "quiet", columns, room)
        self.across(3, note, "quiet", columns, room)

    def back(self, column: int) -> None:
        """Write the way back to the list of sheets where it is not printed."""
        self.link(1, column, self.t("back"), self.contents)
        self.sheet.column_dimensions[get_column_letter(column)].width = 12

    def heads(self, titles: Sequence[str], kinds: Sequence[Kind], row: int = HEAD) -> None:
        """Write the headings of columns."""
        for at, (title, kind) in enumerate(zip(titles, kinds, strict=True), 1):
            self.write(row, at, title, "head number" if kind.numeric else "head")

    def widen(self, widths: Sequence[int], stretched: int | None = 0) -> float:
        """Make columns as wide as what stands in them, within bounds; returns their width together.

        Parameters
        ----------
        stretched
            The column that takes what is left of a page; None for none.
        """
        kept = [max(NARROW, min(WIDE, one + 4)) for one in widths]
        if stretched is not None:
            kept[stretched] += max(0, SHEET - sum(kept))
        for at, one in enumerate(kept, 1):
            self.sheet.column_dimensions[get_column_letter(at)].width = one
        return sum(kept)

    def print_as(self, columns: int, repeated: int | None = None, *, rows: int = 0) -> None:
        """Set how it is printed: A4 across, as wide as the page, with the title, the mark and the page's number.

        Parameters
        ----------
        columns
            Up to which column it is printed.
        repeated
            The row that stands on every page.
        rows
            Up to which row it is printed at least.
        """
        sheet = self.sheet
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.print_options.horizontalCentered = True
        if repeated is not None:
            sheet.print_title_rows = f"{repeated}:{repeated}"
        sheet.print_area = f"A1:{get_column_letter(columns)}{max(sheet.max_row, rows)}"
        title = self.report.title
        cut = title if len(title) <= LONGEST_HEADER else f"{title[: LONGEST_HEADER - 1]}…"
        sheet.oddHeader.left.text = _escaped(cut)
        sheet.oddHeader.right.text = _escaped(self.simulated)
        sheet.oddFooter.left.text = _escaped(self.t("as_of", at=self.known_at))
        sheet.oddFooter.right.text = translate(self.report.locale, "report.page", n="&P", m="&N")

    @property
    def simulated(self) -> str:
        """The mark of what is no real town; empty for a real one."""
        return translate(self.report.locale, "report.simulated") if self.report.provenance.simulated else ""

    @property
    def known_at(self) -> str:
        """As of when, in the district."""
        return f"{self.report.provenance.known_at.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def _report_line(self) -> str:
        report = self.report
        period = f"{report.since_on} – {report.until_on}"
        return " · ".join(one for one in (report.title, period, self.simulated) if one)

    def _text(self, cell: Cell, text: str) -> None:
        put_text(cell, text)
        if text.startswith(FORMULA_SIGNS):
            cell.quotePrefix = True  # or it became a formula where somebody edits it


def widest(values: Sequence[Value], kind: Kind, title: str) -> int:
    """How wide a column of values is, with its title on up to two lines."""
    head = -(-width(title) // 2) if width(title) > 2 * NARROW else width(title)
    if kind in {Kind.DAY, Kind.INSTANT}:
        return max(head, 10 if kind is Kind.DAY else 16)
    if kind.numeric:
        numbers = [abs(one) for one in values if isinstance(one, int | Fraction)]
        return max(head, len(f"{float(max(numbers, default=0)):,.2f}"))
    return max(head, max((width(one) for one in values if isinstance(one, str)), default=0))


def _escaped(text: str) -> str:
    return clean(text).replace("&", "&&").replace("\n", " ")

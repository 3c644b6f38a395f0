"""Blank forms of the rosters: a sheet with the headings that the import knows, and one that explains them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.interop.rules import DUTY_WORDS, SHIFT_FIELDS, SHIFT_REQUIRED, STAFF_FIELDS, STAFF_REQUIRED
from app.web.i18n import translate

FIELDS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "staff": (tuple(STAFF_FIELDS), STAFF_REQUIRED),
    "shifts": (tuple(SHIFT_FIELDS), SHIFT_REQUIRED),
}
"""Of each kind of roster, its fields in the order of the columns, and those that every row needs."""

TEXT_FORMAT = "@"
"""What is typed stays as it was typed: no code of 15 digits becomes 5.3E+14, no day another custom's."""

CHOSEN_ROWS = 2000


def blank(kind: str, locale: str) -> bytes:
    """A workbook to be filled in, "staff" or "shifts"."""
    book = Workbook()
    sheet = book.active
    sheet.title = translate(locale, f"import.kind_{kind}")
    names, required = FIELDS[kind]
    for i, name in enumerate(names, 1):
        cell = sheet.cell(1, i, heading(locale, kind, name))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FDE9D9" if name in required else "EEEEEE")
        column = sheet.column_dimensions[get_column_letter(i)]
        column.width, column.number_format = 20, TEXT_FORMAT
    sheet.freeze_panes = "A2"
    _choices(sheet, kind, names)
    _explain(book.create_sheet(translate(locale, "import.explanations")), kind, locale)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def heading(locale: str, kind: str, name: str) -> str:
    """The heading of a field's column."""
    return translate(locale, f"import.{kind}_{name}")


def _choices(sheet: Worksheet, kind: str, names: Sequence[str]) -> None:
    """Offer the words of which there are few."""
    words = {
        "staff": ("duty", [words[0] for words in DUTY_WORDS.values()]),
        "shifts": ("leads", ["是", "否"]),
    }
    name, choices = words[kind]
    letter = get_column_letter(names.index(name) + 1)
    offered = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
    offered.errorStyle = "warning"
    offered.add(f"{letter}2:{letter}{CHOSEN_ROWS}")
    sheet.add_data_validation(offered)


def _explain(sheet: Worksheet, kind: str, locale: str) -> None:
    names, required = FIELDS[kind]
    head = ("column", "needed", "meaning", "example")
    sheet.append([translate(locale, f"import.about_{name}") for name in head])
    for name in names:
        needed = translate(locale, "import.yes" if name in required else "import.no")
        told = [translate(locale, f"import.{part}_{kind}_{name}") for part in ("help", "example")]
        sheet.append([heading(locale, kind, name), needed, *told])
    for i, width in enumerate((20, 10, 80, 24), 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.number_format = TEXT_FORMAT
    for cell in sheet[1]:
        cell.font = Font(bold=True)

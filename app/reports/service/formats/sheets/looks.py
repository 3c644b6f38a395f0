"""How cells look: number formats by kind, the report's colours, and how wide a text is."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from app.reports.rules.values import Kind, Value
from app.reports.service.palette import colours

FACE = "Microsoft YaHei"
"""On every office machine in China; others take the nearest that they have."""

FORMATS = {
    Kind.TEXT: "General",
    Kind.CODE: "@",
    Kind.COUNT: "#,##0",
    Kind.SHARE: "#,##0.00%",
    Kind.HOURS: "#,##0.0",
    Kind.POINTS: "#,##0.00",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
}
"""The same digits as in `wording.shown`."""

DEGREES = "0.000000"
MARK = "▲"
"""Stands before what is late: a copy in grey says it, too."""

PARTS = ("", "total", "late")


def late_format(kind: Kind) -> str:
    """A kind's number format with the mark before it."""
    plain = "@" if kind in {Kind.TEXT, Kind.CODE} else FORMATS[kind]
    return f'"{MARK} "{plain}'


def style(kind: Kind, part: str = "") -> str:
    """The name of the style of a kind's cells: in a row, in the last line, or late."""
    return f"{kind} {part}".strip()


def kind_of(value: Value, kind: Kind) -> Kind:
    """How a value is written: as what it is, where that is not what its column is."""
    if isinstance(value, datetime):
        return Kind.INSTANT
    return Kind.DAY if isinstance(value, date) else kind


def add_styles(book: Workbook) -> None:
    """Make the styles of a workbook known to it."""
    ink = {name: value.lstrip("#") for name, value in colours().items()}
    under = Border(bottom=Side("thin", ink["line-2"]))
    for kind in Kind:
        side = "right" if kind.numeric else "left"
        for part in PARTS:
            strong = part != ""
            book.add_named_style(
                NamedStyle(
                    style(kind, part),
                    font=Font(FACE, 10, bold=strong, color=ink["alarm" if part == "late" else "text"]),
                    border=Border(top=Side("thin", ink["text"])) if part == "total" else under,
                    alignment=aligned(side, wrap=kind is Kind.TEXT),
                    number_format=late_format(kind) if part == "late" else FORMATS[kind],
                )
            )
    for name, size, strong, colour in (
        ("name", 18, True, "text"),
        ("title", 14, True, "text"),
        ("section", 12, True, "accent-strong"),
        ("part", 10, True, "text"),
        ("words", 10, False, "text"),
        ("quiet", 9, False, "text-3"),
        ("mark", 10, True, "alarm"),
        ("link", 10, False, "accent"),
        ("failed", 10, False, "alarm"),
    ):
        book.add_named_style(
            NamedStyle(
                name,
                font=Font(
                    FACE, size, bold=strong, color=ink[colour], underline="single" if name == "link" else None
                ),
                border=under if name == "link" else Border(),
                alignment=Alignment("left", "center", wrap_text=name != "link", indent=int(name == "link")),
            )
        )
    for name, side in (("head", "left"), ("head number", "right")):
        book.add_named_style(
            NamedStyle(
                name,
                font=Font(FACE, 10, bold=True, color="FFFFFF"),
                fill=PatternFill("solid", ink["accent-strong"]),
                alignment=aligned(side, wrap=True),
            )
        )


def aligned(side: str, *, wrap: bool) -> Alignment:
    """Where in its cell a text stands, and whether it is broken into lines."""
    # What stands to the left keeps off the number before it; LibreOffice loses the indent of formulas to the right.
    return Alignment(side, "center", wrap_text=wrap, indent=int(side == "left"))


def width(text: str) -> int:
    """How many digits wide a line of text is; a Chinese letter is as wide as two. Of several lines the widest."""
    return max((sum(map(_letter, line)) for line in text.splitlines()), default=0)


def lines(text: str, room: float) -> int:
    """Into how many lines a text is broken in a room of so many digits."""
    return sum(max(1, -(-width(line) // max(1, int(room)))) for line in text.split("\n"))


def _letter(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WFA" else 1

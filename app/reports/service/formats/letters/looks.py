"""Faces, sizes and the page of a letter.

Faces are those of GB/T 9704-2012, which offices set official papers in: 黑体, 楷体, 仿宋. They are named and not
packed into the file; who lacks one is shown what the office program takes for it. Sizes are smaller than the
standard's, which knows no tables of ten columns.
"""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from app.reports.rules.document import Report, Style
from app.reports.service.palette import colours

A4_MM = (210, 297)
SIDE_MM, ABOVE_MM, BELOW_MM = 20, 24, 20
LATIN = "Times New Roman"
SONG, HEI, KAI, FANG = "宋体", "黑体", "楷体", "仿宋"
LARGER = {Style.REPORT: 1.0, Style.FORM: 1.0, Style.SIGN: 1.5}
"""A sign is read from afar."""

STYLES = (
    ("Normal", FANG, 12.0, False, "text"),
    ("Title", HEI, 20.0, True, "text"),
    ("Subtitle", KAI, 12.0, False, "text-3"),
    ("Heading 1", HEI, 15.0, True, "text"),
    ("Heading 2", KAI, 12.5, True, "text"),
    ("Caption", FANG, 9.0, False, "text-3"),
    ("Header", SONG, 9.0, False, "text-3"),
    ("Footer", SONG, 9.0, False, "text-3"),
    ("List Bullet", FANG, 10.0, False, "text-2"),
)
"""Style, its Chinese face, its size in points, whether it is bold, and its colour."""


def ink(name: str) -> str:
    """A colour of the report as office files write it."""
    return colours()[name].lstrip("#").upper()


def set_up(document: Document, report: Report) -> float:
    """Set page and styles; returns the width of what is written, in millimetres."""
    section = document.sections[0]
    wide, high = A4_MM[::-1] if report.wide else A4_MM
    section.orientation = WD_ORIENT.LANDSCAPE if report.wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm(SIDE_MM)
    section.top_margin, section.bottom_margin = Mm(ABOVE_MM), Mm(BELOW_MM)
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    for name, face, size, bold, colour in STYLES:
        _style(document.styles[name], face, size * LARGER[report.style], bold, colour, report.locale)
    document.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Subtitle"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Normal"].paragraph_format.line_spacing = 1.3
    for name, above in (("Heading 1", 16), ("Heading 2", 10)):
        given = document.styles[name].paragraph_format
        given.space_before, given.space_after, given.keep_with_next = Pt(above), Pt(6), True
    return float(wide - 2 * SIDE_MM)


def _style(style: Any, face: str, size: float, bold: bool, colour: str, locale: str) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = LATIN, Pt(round(size * 2) / 2), bold, False
    font.color.rgb = RGBColor.from_string(ink(colour))
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]  # a face of the theme goes before one that is named
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face if script == "eastAsia" else LATIN)
    for spacing in properties.findall(qn("w:spacing")) + properties.findall(qn("w:caps")):
        properties.remove(spacing)
    for given in ("pBdr", "tabs"):
        found = style.element.find(f"{qn('w:pPr')}/{qn(f'w:{given}')}")
        if found is not None:
            found.getparent().remove(found)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = properties.makeelement(qn("w:lang"), {})
        properties.append(language)
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN" if locale.startswith("zh") else locale.replace("_", "-"))

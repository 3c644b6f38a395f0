"""What stands above and below each page: title, mark, imprint and the page's number."""

from __future__ import annotations

from typing import Any

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, RGBColor

from app.reports.rules.document import Report
from app.reports.service.formats.letters.looks import ink
from app.web.i18n import translate
from spatial.writers.sheets import clean

FIELDS = {"\ue000": "PAGE", "\ue001": "NUMPAGES"}


def add_running(document: Document, report: Report, width_mm: float, imprint: str) -> None:
    """Write header and footer of every page."""
    section = document.sections[0]
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph, edge in ((head, "bottom"), (foot, "top")):
        stops = paragraph.paragraph_format.tab_stops
        stops.add_tab_stop(Mm(width_mm), WD_TAB_ALIGNMENT.RIGHT)
        _rule(paragraph, edge)
    head.add_run(clean(report.title))
    if report.provenance.simulated:
        mark = head.add_run(f"\t{translate(report.locale, 'report.simulated')}")
        mark.bold, mark.font.color.rgb = True, RGBColor.from_string(ink("alarm"))
    foot.add_run(clean(imprint) + "\t")
    _numbered(foot, translate(report.locale, "report.page", n="\ue000", m="\ue001"))


def _numbered(paragraph: Any, text: str) -> None:
    """Write a text in which two letters stand for the page and for how many there are."""
    rest = ""
    for letter in text:
        if letter in FIELDS:
            paragraph.add_run(rest)
            _field(paragraph, FIELDS[letter])
            rest = ""
        else:
            rest += letter
    paragraph.add_run(rest)


def _field(paragraph: Any, code: str) -> None:
    for part in ("begin", "code", "separate", "result", "end"):
        run = paragraph.add_run()
        if part == "code":
            text = f'<w:instrText {nsdecls("w")} xml:space="preserve"> {code} </w:instrText>'
        elif part == "result":
            text = f"<w:t {nsdecls('w')}>1</w:t>"
        else:
            text = f'<w:fldChar {nsdecls("w")} w:fldCharType="{part}"/>'
        run._r.append(parse_xml(text))


def _rule(paragraph: Any, edge: str) -> None:
    line = f'<w:{edge} w:val="single" w:sz="4" w:space="3" w:color="{ink("line-2")}"/>'
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>"), "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )

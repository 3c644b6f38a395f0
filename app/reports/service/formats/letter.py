"""Reports for offices that edit, in Word's own headings, tables and fields; the same report is the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from app.reports.rules.blocks import Block, Code, Facts, Failed, Figures, Photos, Signatures, Trend, Words
from app.reports.rules.document import Report, Section
from app.reports.rules.formats import Format
from app.reports.rules.maps import Map
from app.reports.rules.tabular import Table
from app.reports.service.fonts import Family, family
from app.reports.service.formats.letters.fields import add_running
from app.reports.service.formats.letters.forms import add_facts, add_figures, add_signatures, add_tabled
from app.reports.service.formats.letters.looks import ink, set_up
from app.reports.service.formats.letters.pictures import (
    add_code,
    add_photos,
    add_picture,
    map_picture,
    trend_picture,
)
from app.reports.service.formats.letters.ruled import Box, add_table
from app.reports.service.formats.packing import packed
from app.reports.service.formats.picture import imprint
from app.reports.service.formats.telling import provenance
from app.reports.service.keeping import digest
from app.reports.service.wording import shown
from app.web.i18n import translate
from spatial.writers.files import whole
from spatial.writers.sheets import clean

NAMES_MM = 40.0
RULED = (Figures, Facts, Table, Photos, Signatures)
INDENT_TWIPS = 480
LONGEST_PROPERTY = 255


def write(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write a report as a letter, whole or not at all.

    Raises
    ------
    SourceError
        `write_failed`.
    UnavailableError
        `font_missing`, `letters_missing`: for the pictures in it.
    """
    path = folder / f"{stem}.{Format.DOCX}"
    content = letter(report, family())
    with whole(path) as target:
        target.write_bytes(content)
    return (path,)


def letter(report: Report, faces: Family) -> bytes:
    """A report as DOCX.

    Raises
    ------
    UnavailableError
        `letters_missing`: of a map or a trend.
    """
    document = docx.Document()
    made = _Letter(document, report, faces, set_up(document, report))
    made.write()
    _properties(document, report)
    out = io.BytesIO()
    document.save(out)
    return packed(out.getvalue())


class _Letter:
    """A letter, written from above to below."""

    def __init__(self, document: Document, report: Report, faces: Family, width_mm: float) -> None:
        self.document, self.report, self.faces, self.width_mm = document, report, faces, width_mm

    def write(self) -> None:
        report = self.report
        add_running(self.document, report, self.width_mm, imprint(report))
        self.document.add_paragraph(clean(report.title), style="Title")
        told = [report.subtitle, report.issuer, report.number]
        if report.since_on.isoformat() not in report.subtitle:
            told.append(
                translate(report.locale, "office.period", since=report.since_on, until=report.until_on)
            )
        self.document.add_paragraph(clean(" · ".join(one for one in told if one)), style="Subtitle")
        for number, section in enumerate(report.sections):
            self._section(section, first=number == 0)
        self._origin()

    def _section(self, section: Section, *, first: bool) -> None:
        heading = self.document.add_heading(clean(section.title), 1)
        heading.paragraph_format.page_break_before = section.fresh and not first
        for one in section.blocks:
            if one.title and one.title != section.title:
                self.document.add_heading(clean(one.title), 2)
            self._block(one, one.title or section.title)
            if one.note:
                self.document.add_paragraph(clean(one.note), style="Caption")
            if isinstance(one, RULED):
                # Word makes one table of two that follow each other.
                self.document.add_paragraph().paragraph_format.space_after = Pt(0)

    def _block(self, one: Block, title: str) -> None:
        document, report, width = self.document, self.report, self.width_mm
        match one:
            case Words():
                self._words(one)
            case Failed():
                run = document.add_paragraph().add_run(clean(one.text))
                run.font.color.rgb = RGBColor.from_string(ink("alarm"))
            case Figures():
                add_figures(document, one, report, width)
            case Facts():
                add_facts(document, one, report, width)
            case Table():
                self._table(one, title)
            case Trend():
                add_picture(
                    document, trend_picture(one, report, self.faces, width), width, self._read_out(one, title)
                )
            case Map():
                layers = " · ".join(layer.title for layer in one.layers)
                add_picture(
                    document, map_picture(one, report, self.faces, width), width, f"{title}: {layers}"
                )
            case Code():
                add_code(document, one)
            case Photos():
                add_photos(document, one, report.locale, width)
            case Signatures():
                add_signatures(document, one, report, width)

    def _words(self, one: Words) -> None:
        for line in clean(one.text).split("\n"):
            paragraph = self.document.add_paragraph(line)
            if self.report.locale.startswith("zh"):
                # Two letters in, in letters: they stay two where somebody takes another size.
                indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
                indent.set(qn("w:firstLine"), str(INDENT_TWIPS))
                indent.set(qn("w:firstLineChars"), "200")
        for _ in range(one.blank_lines):
            self.document.add_paragraph()

    def _table(self, one: Table, title: str) -> None:
        left = add_tabled(self.document, one, self.report, self.width_mm, title)
        if left:
            facts = {"left": f"{left:,}", "count": f"{len(one.rows):,}"}
            self.document.add_paragraph(
                translate(self.report.locale, "report.rest", **facts), style="Caption"
            )

    def _read_out(self, trend: Trend, title: str) -> str:
        """A trend in words: the numbers of each line."""
        zone = self.report.provenance.timezone
        lines = [
            f"{one.title}: "
            + ", ".join(
                f"{label} {shown(value, trend.kind, zone)}"
                for label, value in zip(trend.labels, one.values, strict=True)
            )
            for one in trend.series
        ]
        return "\n".join([title, *lines])

    def _origin(self) -> None:
        self.document.add_heading(translate(self.report.locale, "report.provenance"), 1)
        rows: Sequence[Sequence[Box]] = [
            (Box(name, colour="text-3", size=16), Box(value, size=16))
            for name, value in provenance(self.report)
        ]
        add_table(self.document, (NAMES_MM, self.width_mm - NAMES_MM), rows)


def _properties(document: Document, report: Report) -> None:
    said = document.core_properties
    said.title = clean(report.title)[:LONGEST_PROPERTY]
    said.author = said.last_modified_by = clean(report.issuer)[:LONGEST_PROPERTY]
    said.created = said.modified = report.provenance.known_at.astimezone(UTC).replace(tzinfo=None)
    said.comments, said.language = f"SHA-256 {digest(report)}", report.locale.replace("_", "-")
    said.revision = 1

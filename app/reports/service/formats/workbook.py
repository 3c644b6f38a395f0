"""Reports as workbooks: real numbers, formulas that give the document's results, a sheet for each table and trend."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import partial
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from app.reports.rules.blocks import Facts, Trend
from app.reports.rules.document import Report
from app.reports.rules.formats import Format
from app.reports.rules.maps import Fill, Map, Marks
from app.reports.rules.tabular import Table
from app.reports.service.formats.packing import Change, packed
from app.reports.service.formats.sheets.cover import Cover, Entry
from app.reports.service.formats.sheets.forms import write_facts, write_origin
from app.reports.service.formats.sheets.leaf import Leaf, Result
from app.reports.service.formats.sheets.looks import add_styles
from app.reports.service.formats.sheets.names import Names
from app.reports.service.formats.sheets.places import write_fill, write_marks
from app.reports.service.formats.sheets.tables import write_table
from app.reports.service.formats.sheets.trends import write_trend
from app.reports.service.keeping import digest
from app.web.i18n import translate
from spatial.writers.files import whole
from spatial.writers.sheets import clean

FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*(?:/>|></v>)</c>', re.DOTALL)

Sheets = list[tuple[Leaf, Entry]]


def write(report: Report, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write a report as a workbook, whole or not at all.

    Raises
    ------
    SourceError
        `write_failed`, `text_too_long`.
    """
    path = folder / f"{stem}.{Format.XLSX}"
    content = workbook(report)
    with whole(path) as target:
        target.write_bytes(content)
    return (path,)


def workbook(report: Report) -> bytes:
    """A report as XLSX; the same report gives the same bytes.

    Raises
    ------
    SourceError
        `text_too_long`: a cell holds 32,767 letters.
    """
    book = Workbook()
    add_styles(book)
    names = Names()
    contents = names.take(translate(report.locale, "office.cover"), "cover")
    book.active.title = contents
    first = Leaf(book.active, report, contents)
    sheets = list(_sheets(book, report, names, contents))
    Cover(first).write([entry for _, entry in sheets])
    _properties(book, report)
    leaves = [first, *(leaf for leaf, _ in sheets)]
    results: dict[str, Change] = {
        f"xl/worksheets/sheet{number}.xml": partial(_with_results, leaf.results)
        for number, leaf in enumerate(leaves, 1)
        if leaf.results
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()  # book.save() would write the hour into it
    return packed(out.getvalue(), results)


def _sheets(book: Workbook, report: Report, names: Names, contents: str) -> Iterator[tuple[Leaf, Entry]]:
    def leaf(title: str, sort: str, section: str, rows: int | None) -> tuple[Leaf, Entry]:
        name = names.take(title, sort)
        return Leaf(book.create_sheet(name), report, contents), Entry(name, sort, section, rows)

    for section, one in report.blocks():
        title = one.title or section.title
        match one:
            case Table():
                made = leaf(title, "table", section.title, len(one.rows))
                write_table(made[0], one, title)
                yield made
            case Trend():
                made = leaf(title, "trend", section.title, len(one.labels))
                write_trend(made[0], one, title)
                yield made
            case Facts():
                made = leaf(title, "facts", section.title, None)
                write_facts(made[0], one, title)
                yield made
            case Map():
                for layer in one.layers:
                    named = layer.title if layer.title == title else f"{title} {layer.title}"
                    if isinstance(layer, Fill):
                        made = leaf(named, "fill", section.title, len(layer.values))
                        write_fill(made[0], layer, named, one.note)
                        yield made
                    elif isinstance(layer, Marks):
                        made = leaf(named, "marks", section.title, len(layer.places))
                        write_marks(made[0], layer, named, one.note)
                        yield made
    origin = translate(report.locale, "report.provenance")
    made = leaf(origin, "origin", "", None)
    write_origin(made[0], origin)
    yield made


def _properties(book: Workbook, report: Report) -> None:
    known_at = report.provenance.known_at.astimezone(UTC).replace(tzinfo=None)
    said = book.properties
    said.title, said.creator, said.lastModifiedBy = map(clean, (report.title, report.issuer, report.issuer))
    said.created = said.modified = known_at
    said.description, said.language = f"SHA-256 {digest(report)}", report.locale.replace("_", "-")


def _with_results(results: Mapping[str, Result], content: bytes) -> bytes:
    """A sheet's XML with the results of its formulas, which openpyxl leaves out."""

    def cell(found: re.Match[bytes]) -> bytes:
        place, attributes, formula = found.groups()
        result = results[place.decode()]
        kind = b' t="str"' if isinstance(result, str) else b""
        value = escape(result) if isinstance(result, str) else repr(result)
        return b'<c r="%b"%b%b><f>%b</f><v>%b</v></c>' % (place, attributes, kind, formula, value.encode())

    return FORMULA.sub(cell, content)

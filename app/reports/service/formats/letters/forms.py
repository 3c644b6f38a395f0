"""Tables of a letter, by what they hold: figures, rows, the facts of a form, places for signatures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docx.document import Document

from app.reports.rules.blocks import Fact, Facts, Figures, Signatures
from app.reports.rules.document import Report
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Value
from app.reports.service.formats.columns import widths
from app.reports.service.formats.letters.ruled import Box, add_table
from app.reports.service.wording import NONE, shown
from app.web.i18n import translate

FIGURES_BESIDE, SIGNED_BESIDE = 4, 3
LARGE, FORM = 32, 21
"""Sizes of letters, in half points."""

NAME_SHARE = 0.18
"""What the name of a fact takes of the width."""

MARK = "▲ "
SIGNING_LINES = 3
SPARE = 0.8
"""Widths are those of the faces of paper: what an office program takes for its own may be a quarter wider."""


def add_figures(document: Document, figures: Figures, report: Report, width_mm: float) -> None:
    """Add the figures that are read first: name, number, and what it is to be seen beside."""
    zone = report.provenance.timezone
    beside = min(FIGURES_BESIDE, max(1, len(figures.figures)))
    rows: list[list[Box]] = []
    for start in range(0, len(figures.figures), beside):
        some = figures.figures[start : start + beside]
        rest = [Box("", fill="surface-2")] * (beside - len(some))
        rows.append([*(Box(one.title, colour="text-3", fill="surface-2") for one in some), *rest])
        numbers = [(MARK if one.late else "") + shown(one.value, one.kind, zone) for one in some]
        rows.append(
            [
                *(
                    Box(text, bold=True, colour="alarm" if one.late else "text", fill="surface-2", size=LARGE)
                    for one, text in zip(some, numbers, strict=True)
                ),
                *rest,
            ]
        )
        rows.append([*(Box(one.beside, colour="text-3", fill="surface-2", size=16) for one in some), *rest])
    if rows:
        add_table(document, [width_mm / beside] * beside, rows, alt=figures.title)


def add_tabled(document: Document, table: Table, report: Report, width_mm: float, title: str) -> int:
    """Add a table as far as it is printed; returns how many of its rows stand in the workbook only."""
    kept = [(at, column) for at, column in enumerate(table.columns) if not column.hidden]
    printed = table.rows if table.printed is None else table.rows[: table.printed]
    rows = list(_rows(table, kept, printed, report))
    said = [[row[at].text for row in rows if len(row) == len(kept)] for at in range(len(kept))]
    wide = widths(said, [column.kind.numeric for _, column in kept], width_mm * SPARE)
    parts = [part / SPARE for part in wide.parts]
    size = round(2 * wide.size_pt)
    add_table(document, parts, rows, heads=1, pad_mm=wide.pad_mm, size=size, alt=title)
    return len(table.rows) - len(printed)


def _rows(
    table: Table, kept: Sequence[tuple[int, Column]], printed: Sequence[tuple[Value, ...]], report: Report
) -> Iterator[list[Box]]:
    zone = report.provenance.timezone
    sides = ["right" if column.kind.numeric else "left" for _, column in kept]
    yield [
        Box(column.title, side, bold=True, fill="accent-soft")
        for (_, column), side in zip(kept, sides, strict=True)
    ]
    for number, row in enumerate(printed):
        boxes = []
        for (at, column), side in zip(kept, sides, strict=True):
            late = (number, column.code) in table.late
            text = (MARK if late else "") + shown(row[at], column.kind, zone)
            boxes.append(Box(text, side, bold=late, colour="alarm" if late else "text"))
        yield boxes
    if not table.rows:
        yield [Box(translate(report.locale, "office.no_rows"), colour="text-3", span=len(kept))]
    if table.totals is not None:
        texts = [
            shown(table.totals[at], column.kind, zone) if column.kind.numeric else "" for at, column in kept
        ]
        if table.totals[kept[0][0]] is None:
            texts[0] = translate(report.locale, "report.total")
        yield [Box(text, side, bold=True, fill="surface-2") for text, side in zip(texts, sides, strict=True)]


def add_facts(document: Document, facts: Facts, report: Report, width_mm: float) -> None:
    """Add a ruled form: two names and values beside each other, or one over the whole width."""
    zone = report.provenance.timezone
    rows: list[list[Box]] = []
    waiting: list[Box] = []
    for fact in facts.facts:
        pair = _pair(fact, zone, 3 if fact.wide else 1)
        if fact.wide:
            if waiting:
                rows.append([waiting[0], _over(waiting[1])])
                waiting = []
            rows.append(pair)
        else:
            waiting += pair
            if len(waiting) == 4:
                rows.append(waiting)
                waiting = []
    if waiting:
        rows.append([waiting[0], _over(waiting[1])])
    if rows:
        name, value = width_mm * NAME_SHARE, width_mm * (0.5 - NAME_SHARE)
        add_table(document, (name, value, name, value), rows, grid=True, alt=facts.title)


def _pair(fact: Fact, zone: str, span: int) -> list[Box]:
    text = (MARK if fact.late else "") + shown(fact.value, fact.kind, zone)
    colour = "alarm" if fact.late else "text"
    return [
        Box(fact.title, "center", bold=True, fill="surface-2", size=FORM),
        Box("" if text == NONE else text, bold=fact.late, colour=colour, size=FORM, span=span),
    ]


def _over(box: Box) -> Box:
    return Box(box.text, box.side, box.bold, box.colour, box.fill, box.size, 3)


def add_signatures(document: Document, signatures: Signatures, report: Report, width_mm: float) -> None:
    """Add places to sign, each with room for a seal and a line for the day."""
    day = translate(report.locale, "report.day")
    beside = min(SIGNED_BESIDE, max(1, len(signatures.places)))
    rows = []
    for start in range(0, len(signatures.places), beside):
        some = signatures.places[start : start + beside]
        row = [Box(f"{place}{chr(10) * SIGNING_LINES}{day}", size=FORM) for place in some]
        rows.append([*row, *[Box("")] * (beside - len(some))])
    if rows:
        add_table(document, [width_mm / beside] * beside, rows, grid=True, alt=signatures.title)

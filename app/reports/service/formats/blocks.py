"""Blocks of a report for the template of paper: values in words, codes and trends as drawings."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import segno
from PIL import Image

from app.reports.rules.blocks import (
    Block,
    Code,
    Facts,
    Failed,
    Figures,
    Photo,
    Photos,
    Signatures,
    Trend,
    Words,
)
from app.reports.rules.document import Report, Section, Style
from app.reports.rules.maps import Map
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Value
from app.reports.service.charting import chart
from app.reports.service.formats.captions import map_record
from app.reports.service.formats.columns import widths
from app.reports.service.wording import shown
from app.web.i18n import translate

Record = dict[str, Any]

PAGE_MM = {
    Style.REPORT: {False: 174.0, True: 261.0},
    Style.FORM: {False: 170.0, True: 257.0},
    Style.SIGN: {False: 182.0, True: 244.0},
}
"""Width of what is printed on a page that stands, and on one that lies."""

MAP_MM = {
    Style.REPORT: {False: (174.0, 172.0), True: (261.0, 120.0)},
    Style.FORM: {False: (170.0, 70.0), True: (257.0, 60.0)},
    Style.SIGN: {False: (112.0, 78.0), True: (125.0, 95.0)},
}
"""Width and height of a map."""

PAIRED_MM = (128.0, 62.0)
SHEET_MM = 92.0
"""Of a map beside a code in a form; the height of one on a sheet, which has to leave room for the rest of it."""

TREND_MM = 46.0
LATE = "▲ "
LONG = 400
"""A row with a longer text may be parted by the end of a page."""


def section_record(section: Section, report: Report, font: str, *, sheet: bool = False) -> Record:
    """A section; in a form a map and the code that follows it stand beside each other."""
    blocks: list[Record] = []
    paired = report.style is Style.FORM
    for place, one in enumerate(section.blocks):
        beside = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
        if paired and isinstance(one, Map) and isinstance(beside, Code):
            small = map_record(one, report, font, *PAIRED_MM)
            head = {"title": one.title or beside.title, "note": one.note or beside.note}
            blocks.append({**head, "block": "pair", "map": small, "code": _code(beside)})
        elif not (paired and isinstance(one, Code) and blocks and blocks[-1]["block"] == "pair"):
            blocks.append(_block(one, report, font, sheet=sheet))
    return {"title": section.title, "fresh": section.fresh, "blocks": blocks}


def _block(one: Block, report: Report, font: str, *, sheet: bool) -> Record:
    zone = report.provenance.timezone
    head = {"title": one.title, "note": one.note}
    match one:
        case Words():
            return {**head, "block": "words", "text": one.text, "blank": one.blank_lines}
        case Failed():
            return {**head, "block": "failed", "text": one.text}
        case Figures():
            figures = [
                {"title": f.title, "shown": shown(f.value, f.kind, zone), "beside": f.beside, "late": f.late}
                for f in one.figures
            ]
            return {**head, "block": "figures", "figures": figures}
        case Facts():
            facts = [
                {"title": f.title, "shown": shown(f.value, f.kind, zone), "late": f.late, "wide": f.wide}
                for f in one.facts
            ]
            return {**head, "block": "facts", "facts": facts}
        case Signatures():
            return {**head, "block": "signatures", "places": list(one.places)}
        case Code():
            return {**head, "block": "code", **_code(one)}
        case Photos():
            photos = [_photo(photo, report.locale) for photo in one.photos]
            return {**head, "block": "photos", "photos": photos}
        case Table():
            return {**head, "block": "table", **_table(one, zone, report)}
        case Trend():
            width = PAGE_MM[report.style][report.wide]
            return {**head, "block": "picture", "svg": chart(one, width, TREND_MM, font, zone)}
        case Map():
            width, height = MAP_MM[report.style][report.wide]
            most = SHEET_MM if sheet else min(height, one.most_mm or height)
            return {**head, "block": "map", **map_record(one, report, font, width, most)}


def _code(one: Code) -> Record:
    """A code in lines and no pixels; a seventh of it may be dirty or torn."""
    written = io.BytesIO()
    segno.make(one.content, error="m", micro=False).save(
        written, kind="svg", xmldecl=False, border=2, scale=4
    )
    return {"svg": written.getvalue().decode(), "caption": one.caption, "content": one.content}


def _photo(photo: Photo, locale: str) -> Record:
    """A picture within an SVG: templates are given text, and the picture's own bytes go on paper unchanged."""
    data = photo.data
    try:
        Image.open(io.BytesIO(data)).verify()
        with Image.open(io.BytesIO(data)) as picture:
            (width, height), kind = picture.size, (picture.format or "").lower()
            picture.load()
    except (OSError, SyntaxError):  # Pillow raises the latter for a damaged PNG
        return {"svg": None, "caption": f"{photo.caption} {translate(locale, 'report.photo_unreadable')}"}
    inside = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{inside}"/></svg>'
    )
    return {"svg": svg, "caption": photo.caption}


def _table(one: Table, zone: str, report: Report) -> Record:
    kept = [(at, column) for at, column in enumerate(one.columns) if not column.hidden]
    locale = report.locale

    def line(row: Sequence[Value], number: int | None) -> list[Record]:
        return [
            _cell(row[at], column, late=(number, column.code) in one.late, zone=zone) for at, column in kept
        ]

    totals = [] if one.totals is None else line(one.totals, None)
    if totals:
        totals = [
            total if column.kind.numeric else {"shown": "", "late": False}
            for total, (_, column) in zip(totals, kept, strict=True)
        ]
        totals[0] = {"shown": translate(locale, "report.total"), "late": False}
    rows = [line(row, number) for number, row in enumerate(one.rows[: one.printed])]
    left = len(one.rows) - len(rows)
    lines = [*rows, totals] if totals else rows
    said = [
        [column.title, *(f"{LATE if line[at]['late'] else ''}{line[at]['shown']}" for line in lines)]
        for at, (_, column) in enumerate(kept)
    ]
    wide = widths(said, [column.kind.numeric for _, column in kept], PAGE_MM[report.style][report.wide])
    return {
        "size": wide.size_pt,
        "pad": wide.pad_mm,
        "columns": [
            {"title": column.title, "numeric": column.kind.numeric, "width": part}
            for (_, column), part in zip(kept, wide.parts, strict=True)
        ],
        "rows": [{"cells": row, "long": any(len(cell["shown"]) > LONG for cell in row)} for row in rows],
        "rest": _rest(left, len(one.rows), locale),
        "total": totals,
    }


def _rest(left: int, count: int, locale: str) -> str:
    if not count:
        return translate(locale, "report.no_rows")
    return translate(locale, "report.rest", left=f"{left:,}", count=f"{count:,}") if left else ""


def _cell(value: Value, column: Column, *, late: bool, zone: str) -> Record:
    return {"shown": shown(value, column.kind, zone), "late": late}

"""What the templates of paper are given: everything in words, so that they decide nothing but where it stands."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

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
from app.reports.rules.kinds import ReportKind
from app.reports.rules.maps import Map
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Value
from app.reports.service.charting import chart
from app.reports.service.formats.columns import widths
from app.reports.service.keeping import digest
from app.reports.service.mapping import Picture, draw, height_for
from app.reports.service.wording import shown
from app.web.i18n import translate
from app.web.pages import instant
from spatial.crs import central_meridian

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

GAUSS_KRUEGER = range(4534, 4555)
"""EPSG numbers of the zones of three degrees of CGCS2000."""

SHEETS = frozenset({ReportKind.CELL, ReportKind.ATLAS})
TREND_MM = 46.0
LATE = "▲ "
LONG = 400
"""A row with a longer text may be parted by the end of a page."""

DIGEST_SHOWN = 16


def told(report: Report, font: str) -> Record:
    """What the template is given of a report."""
    if is_sheet(report):
        return told_sheets([report], font, 1, 1)
    known_at = report.provenance.known_at.astimezone(ZoneInfo(report.provenance.timezone))
    return {
        **_frame(report, font),
        **_head(report, known_at),
        "sections": [_section(section, report, font) for section in report.sections],
        "provenance": provenance(report),
    }


def told_sheets(reports: Sequence[Report], font: str, first: int, count: int) -> Record:
    """What the template is given of sheets that follow each other; what is not of one sheet is as the first says.

    Parameters
    ----------
    first, count
        Number of the first of their pages, and of all pages.
    """
    sheets = []
    for number, one in enumerate(reports, first):
        known_at = one.provenance.known_at.astimezone(ZoneInfo(one.provenance.timezone))
        sheets.append(
            {
                **_head(one, known_at),
                "sections": [_section(section, one, font, sheet=True) for section in one.sections],
                "rules": list(one.provenance.rules),
                "page": translate(one.locale, "report.page", n=number, m=count),
            }
        )
    return {**_frame(reports[0], font), "title": reports[0].title, "sheets": sheets}


def is_sheet(report: Report) -> bool:
    """Whether it is to take one page: what a grid officer hangs up or carries, of a cell."""
    return report.kind in SHEETS and report.style is Style.REPORT and len(report.sections) == 1


def _frame(report: Report, font: str) -> Record:
    """What all pages share."""
    known_at = report.provenance.known_at.astimezone(ZoneInfo(report.provenance.timezone))
    language, _, region = report.locale.partition("_")
    return {
        "style": report.style,
        "sheets": None,
        "issuer": report.issuer,
        "date": {
            name: getattr(known_at, name) for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "lang": language,
        "region": region.lower() or None,
        "font": font,
        "wide": report.wide,
        "simulated": report.provenance.simulated,
        "words": _words(report.locale),
    }


def _head(report: Report, known_at: datetime) -> Record:
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "number": report.number,
        "imprint": _imprint(report, known_at),
    }


def _words(locale: str) -> dict[str, str]:
    words = {name: translate(locale, f"report.{name}") for name in ("simulated", "provenance", "day")}
    words["about"] = translate(locale, "report.about", number="{number}")
    return {**words, "page": translate(locale, "report.page", n="{n}", m="{m}")}


def _imprint(report: Report, known_at: datetime) -> str:
    of = report.provenance
    facts = {"at": f"{known_at:%Y-%m-%d %H:%M}", "definition": of.definition, "version": of.version}
    return translate(report.locale, "report.imprint", **facts, digest=digest(report)[:DIGEST_SHOWN])


def provenance(report: Report) -> list[tuple[str, str]]:
    """Where a report comes from, as names and values."""
    of, locale = report.provenance, report.locale

    def line(name: str, value: str) -> tuple[str, str]:
        return translate(locale, f"report.{name}"), value

    counts = " · ".join(
        f"{translate(locale, f'report.rows_{name}')} {count:,}" for name, count in of.counts.items()
    )
    period = f"{report.since_on} – {report.until_on}"
    return [
        line("known_at", f"{instant(of.known_at, of.timezone)} ({of.timezone})"),
        line("period", period),
        line("definition", f"{of.definition} v{of.version}"),
        line("counted", counts),
        *(line("rule", rule) for rule in of.rules),
        line("digest", digest(report)),
    ]


def _section(section: Section, report: Report, font: str, *, sheet: bool = False) -> Record:
    blocks: list[Record] = []
    paired = report.style is Style.FORM
    for place, one in enumerate(section.blocks):
        beside = section.blocks[place + 1] if place + 1 < len(section.blocks) else None
        if paired and isinstance(one, Map) and isinstance(beside, Code):
            small = _map(one, report, font, *PAIRED_MM)
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
            most = SHEET_MM if sheet else height
            return {**head, "block": "map", **_map(one, report, font, width, most)}


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
        "rest": translate(locale, "report.rest", left=f"{left:,}", count=f"{len(one.rows):,}")
        if left
        else "",
        "total": totals,
    }


def _cell(value: Value, column: Column, *, late: bool, zone: str) -> Record:
    return {"shown": shown(value, column.kind, zone), "late": late}


def _map(one: Map, report: Report, font: str, width_mm: float, height_mm: float) -> Record:
    of, locale = report.provenance, report.locale
    height = height_for(one, width_mm, height_mm)
    picture = draw(one, width_mm, height, font, of.timezone, locale)
    return {
        "svg": picture.svg,
        "legend": keys(picture),
        "scale": picture.scale,
        "inset": picture.inset_scale,
        "credit": _credit(one, report, picture, "{scale}", "{inset}"),
    }


def keys(picture: Picture) -> list[Record]:
    """The legend of a map: of each layer its title, how it was classed, and its signs with what they stand for."""
    return [
        {
            "title": key.title,
            "note": key.note,
            "signs": [
                {"sign": sign.svg, "shown": sign.shown, "height": sign.height_mm} for sign in key.signs
            ],
        }
        for key in picture.legend
    ]


def credit(one: Map, report: Report, picture: Picture) -> str:
    """What stands below a map: its scales, its projection, whose numbers they are and as of when."""
    inset = "" if picture.inset_scale is None else f"{picture.inset_scale:,.0f}"
    return _credit(one, report, picture, f"{picture.scale:,.0f}", inset)


def _credit(one: Map, report: Report, picture: Picture, scale: str, inset: str) -> str:
    of, locale = report.provenance, report.locale
    words = translate(locale, "report.map_scale", scale=scale)
    if picture.inset_scale is not None:
        words += translate(locale, "report.map_scale_inset", scale=inset)
    parts = [
        words,
        translate(
            locale,
            "report.map_projection" if one.srid in GAUSS_KRUEGER else "report.map_projection_other",
            srid=one.srid,
            meridian=f"{central_meridian(one.srid):g}",
        ),
        translate(locale, "report.map_source", issuer=report.issuer, at=instant(of.known_at, of.timezone)),
    ]
    if of.simulated:
        parts.append(translate(locale, "report.map_simulated"))
    if picture.unnamed:
        parts.append(translate(locale, "report.map_unnamed", count=picture.unnamed))
    return " · ".join(parts)

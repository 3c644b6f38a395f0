"""Reports on paper: PDF, and pictures of their pages, set by Typst. The same report gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from app.reports.rules.blocks import Block, Failed, Figures, Trend, Words
from app.reports.rules.document import Report
from app.reports.rules.maps import Map
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Value
from app.reports.service.charting import chart
from app.reports.service.fonts import Family
from app.reports.service.keeping import digest
from app.reports.service.mapping import draw
from app.reports.service.wording import shown
from app.web.i18n import translate
from app.web.pages import instant

Record = dict[str, Any]

TEMPLATE = Path(__file__).with_name("report.typ")
TEXT_MM = {False: 174.0, True: 261.0}
"""Width of what is printed on a page that stands, and on one that lies."""

MAP_MM = {False: 185.0, True: 120.0}
TREND_MM = 55.0
DIGEST_SHOWN = 16


def pdf(report: Report, family: Family) -> bytes:
    """A report as PDF.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    return _set(report, family, "pdf")[0]


def pages(report: Report, family: Family, *, per_inch: int = 110) -> list[bytes]:
    """Its pages as PNG.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    return _set(report, family, "png", per_inch)


def _set(report: Report, family: Family, form: str, per_inch: int = 144) -> list[bytes]:
    said = json.dumps(_told(report, family.name), ensure_ascii=False, sort_keys=True)
    family.check(said)
    known_at = report.provenance.known_at
    made = typst.compile(
        TEMPLATE,
        format=form,
        ppi=per_inch,
        font_paths=[str(folder) for folder in family.folders],
        ignore_system_fonts=True,
        sys_inputs={"report": said},
        timestamp=int(known_at.timestamp()),
    )
    return made if isinstance(made, list) else [made]


def _told(report: Report, font: str) -> Record:
    """What the template is given: everything in words, so that it decides nothing but where they stand."""
    zone = report.provenance.timezone
    known_at = report.provenance.known_at.astimezone(ZoneInfo(zone))
    language, _, region = report.locale.partition("_")
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "issuer": report.issuer,
        "date": {
            name: getattr(known_at, name) for name in ("year", "month", "day", "hour", "minute", "second")
        },
        "lang": language,
        "region": region.lower() or None,
        "font": font,
        "wide": report.wide,
        "simulated": report.provenance.simulated,
        "imprint": _imprint(report, known_at),
        "words": _words(report.locale),
        "sections": [
            {"title": section.title, "blocks": [_block(one, report, font) for one in section.blocks]}
            for section in report.sections
        ],
        "provenance": provenance(report),
    }


def _words(locale: str) -> dict[str, str]:
    words = {name: translate(locale, f"report.{name}") for name in ("simulated", "provenance")}
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


def _block(one: Block, report: Report, font: str) -> Record:
    zone = report.provenance.timezone
    head = {"title": one.title, "note": one.note}
    match one:
        case Words():
            return {**head, "block": "words", "text": one.text}
        case Failed():
            return {**head, "block": "failed", "text": one.text}
        case Figures():
            figures = [
                {"title": f.title, "shown": shown(f.value, f.kind, zone), "beside": f.beside, "late": f.late}
                for f in one.figures
            ]
            return {**head, "block": "figures", "figures": figures}
        case Table():
            return {**head, "block": "table", **_table(one, zone, report.locale)}
        case Trend():
            return {**head, "block": "picture", "svg": chart(one, TEXT_MM[report.wide], TREND_MM, font, zone)}
        case Map():
            return {**head, "block": "map", **_map(one, report, font)}


def _table(one: Table, zone: str, locale: str) -> Record:
    kept = [(at, column) for at, column in enumerate(one.columns) if not column.hidden]

    def line(row: Sequence[Value], number: int | None) -> list[Record]:
        return [
            _cell(row[at], column, late=(number, column.code) in one.late, zone=zone) for at, column in kept
        ]

    totals = [] if one.totals is None else line(one.totals, None)
    if totals:
        totals[0] = {"shown": translate(locale, "report.total"), "late": False}
    return {
        "columns": [{"title": column.title, "numeric": column.kind.numeric} for _, column in kept],
        "rows": [line(row, number) for number, row in enumerate(one.rows)],
        "total": totals,
    }


def _cell(value: Value, column: Column, *, late: bool, zone: str) -> Record:
    return {"shown": shown(value, column.kind, zone), "late": late}


def _map(one: Map, report: Report, font: str) -> Record:
    zone = report.provenance.timezone
    picture = draw(one, TEXT_MM[report.wide], MAP_MM[report.wide], font, zone)
    credit = translate(report.locale, "report.map_credit", scale=f"{picture.scale:,.0f}", srid=one.srid)
    return {
        "svg": picture.svg,
        "legend": [{"sign": sign.svg, "shown": sign.shown} for sign in picture.legend],
        "credit": credit,
    }

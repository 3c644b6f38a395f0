"""What the templates of paper are given: everything in words, so that they decide nothing but where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.reports.rules.document import Report, Section, Style
from app.reports.rules.kinds import SHEET, ReportKind
from app.reports.service.formats.blocks import section_record
from app.reports.service.keeping import digest
from app.web.i18n import translate
from app.web.pages import instant

Record = dict[str, Any]

SHEETS = frozenset({ReportKind.CELL, ReportKind.ATLAS})
DIGEST_SHOWN = 16


def told(report: Report, font: str) -> Record:
    """What the template is given of a report."""
    if is_sheet(report):
        return told_sheets([report], font, 1, 1)
    known_at = report.provenance.known_at.astimezone(ZoneInfo(report.provenance.timezone))
    return {
        **_frame(report, font),
        **_head(report, known_at),
        "sections": [section_record(section, report, font) for section in report.sections],
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
                "sections": [section_record(section, one, font, sheet=True) for section in one.sections],
                "rules": list(one.provenance.rules),
                "page": translate(one.locale, "report.page", n=number, m=count),
            }
        )
    return {**_frame(reports[0], font), "title": reports[0].title, "sheets": sheets}


def is_sheet(report: Report) -> bool:
    """Whether it is to take one page: what a grid officer hangs up or carries, of a cell."""
    return (
        report.kind in SHEETS
        and report.style is Style.REPORT
        and [_sheet(one) for one in report.sections] == [True]
    )


def _sheet(section: Section) -> bool:
    """Whether a section is about a cell: an atlas begins with an index, which is as long as it has to be."""
    return section.code.partition("-")[0] == SHEET


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

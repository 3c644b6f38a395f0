"""What somebody asks for becomes a run: definition, scope, period, formats and instant are settled, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.cases.rules.fields import FieldProblem, refuse
from app.errors import AppError, NotFoundError
from app.reports.rules import periods
from app.reports.rules.definitions import BUILT_IN, Definition, formats_of
from app.reports.rules.document import Style
from app.reports.rules.formats import Format
from app.reports.rules.kinds import KINDS, Grain, ReportKind
from app.reports.rules.periods import Period
from app.reports.service.subjects import Subject, subject_of
from app.reports.store import definitions
from app.web.i18n import translate

Record = dict[str, Any]

SETTLED = timedelta(minutes=1)
"""The log is not read nearer to now: what is being written would be in one report and not in the same one again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, as it was written.

    Parameters
    ----------
    definition
        Code of a definition; every kind of report has one.
    scope
        Code of an area or a unit, number of a case, id of a place, question of a selection; empty for all that the one
        who asks answers for.
    period
        As `app.reports.rules.periods.read` reads it; empty for the last one that is over.
    known_at
        As of which instant; None for now.
    base_url
        Where people reach the platform, for codes that a telephone reads.
    """

    definition: str
    scope: str = ""
    period: str = ""
    formats: tuple[str, ...] = ()
    locale: str = "zh_CN"
    known_at: datetime | None = None
    base_url: str = ""


def definitions_of(connection: Connection, district_id: int) -> list[Definition]:
    """Every definition as it holds now: those that come with the program, then those that the district has made."""
    own = {row["code"]: _definition(row) for row in definitions.latest(connection, district_id)}
    found = [own.pop(code, built_in) for code, built_in in BUILT_IN.items()]
    return [one for one in (*found, *own.values()) if not one.retired]


def definition_of(connection: Connection, district_id: int, code: str) -> Definition:
    """A definition as it holds now.

    Raises
    ------
    NotFoundError
        `report_definition_missing`: names those that there are.
    """
    known = {one.code: one for one in definitions_of(connection, district_id)}
    if code not in known:
        raise NotFoundError("report_definition_missing", code=code[:40], known=", ".join(known))
    return known[code]


def _definition(row: Record) -> Definition:
    return Definition(
        row["code"], row["version"], ReportKind(row["kind"]), tuple(row["sections"]),
        tuple(Format(one) for one in row["formats"]), row["title"], row["title_en"] or "", row["retired"],
    )  # fmt: skip


def plan(connection: Connection, district: Row[Any], wanted: Wanted) -> Record:
    """What a run is to be, with the eyes of the one who asks: the values of its row.

    Raises
    ------
    NotFoundError
        `report_definition_missing`, and what the kind's subject says.
    InvalidError
        `fields_invalid`: all that is wrong with scope, period, instant and formats.
    """
    definition = definition_of(connection, district.id, wanted.definition)
    subject = subject_of(connection, district, KINDS[definition.kind].about, wanted.scope)
    faults: list[FieldProblem] = []
    known_at = _known_at(wanted, datetime.now(UTC), faults)
    today = known_at.astimezone(ZoneInfo(district.timezone)).date()
    days = _period(definition.kind, wanted.period, today, faults)
    formats = _formats(wanted.formats or tuple(one.value for one in definition.formats), faults)
    refuse(faults)
    return {
        "district_id": district.id, "definition": definition.code, "version": definition.version,
        "kind": definition.kind.value, "sections": list(definition.sections),
        "title": title_of(definition, subject, days, wanted.locale), "scope": subject.code, "scope_name": subject.name,
        "area_no": subject.area_no, "unit_id": subject.unit_id, "since_on": days.since_on, "until_on": days.until_on,
        "known_at": known_at, "base_url": wanted.base_url, "locale": wanted.locale, "formats": formats,
    }  # fmt: skip


def _known_at(wanted: Wanted, now: datetime, faults: list[FieldProblem]) -> datetime:
    if wanted.known_at is None:
        return (now - SETTLED).replace(second=0, microsecond=0)
    if wanted.known_at > now:
        faults.append(FieldProblem("known_at", "not_begun", wanted.known_at.isoformat()))
    return wanted.known_at


def _period(kind: ReportKind, written: str, today: date, faults: list[FieldProblem]) -> Period:
    """The period; one that has not begun is refused, one that goes on is told up to now."""
    grain = KINDS[kind].grain
    if grain is None:
        return periods.period_of(today, Grain.DAY)
    found = periods.period_of(today, grain).before
    if not written:
        return found
    try:
        found = periods.read(written, grain)
    except AppError:
        faults.append(FieldProblem("period", "not_report_period", written[:60]))
    else:
        if found.since_on > today:
            faults.append(FieldProblem("period", "not_begun", written[:60]))
    return found


def _formats(names: Sequence[str], faults: list[FieldProblem]) -> list[str]:
    try:
        return [one.value for one in formats_of(names)]
    except AppError:
        faults.append(FieldProblem("formats", "not_report_format", ",".join(names)[:60]))
        return []


def title_of(definition: Definition, subject: Subject, days: Period, locale: str) -> str:
    """How a report is called: 联盟街道 2026 年第 3 季度网格治理报告; a form by its kind alone."""
    called = definition.called(locale) or translate(locale, f"report.kind_{definition.kind.value}")
    if KINDS[definition.kind].style is Style.FORM:
        return called
    if KINDS[definition.kind].grain is None:
        return translate(locale, "report.title_of", name=subject.name, kind=called)
    return translate(
        locale, "report.title", name=subject.name, period=period_words(days, locale), kind=called
    )


def period_words(days: Period, locale: str) -> str:
    """How a period is called: 2026 年第 3 季度."""
    first = days.since_on
    facts = {
        "year": days.year,
        "no": days.no,
        "month": first.month,
        "day": first.day,
        "on": first.isoformat(),
    }
    return translate(locale, f"report.period_{days.grain.value}", **facts)

"""Definitions are composed and retired, version by version; schedules are set up and stopped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from app.accounts.service.managing import Hand
from app.cases.rules.fields import FieldProblem, refuse
from app.errors import AppError, ConflictError, NotFoundError
from app.reports.rules import periods
from app.reports.rules.definitions import BUILT_IN, FIRST, Definition, composed
from app.reports.rules.kinds import KINDS, ReportKind
from app.reports.service import noting
from app.reports.service.asking import Wanted, definition_of, plan
from app.reports.store import definitions
from app.web.forms import clock
from app.web.i18n import translate

CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TITLE = 120
MOST_SCHEDULES = 50
DAY_MINUTES = 24 * 60

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody composes, as it was written.

    Parameters
    ----------
    version
        The one that it is to come after; 0 for a definition that there is not yet.
    """

    code: str
    version: int
    kind: str
    title: str
    title_en: str
    sections: tuple[str, ...]
    formats: tuple[str, ...]


def compose(connection: Connection, district_id: int, draft: Draft, by: Hand) -> Definition:
    """Keep a definition, or another version of one.

    Raises
    ------
    InvalidError
        `fields_invalid`: code, kind, titles, sections or formats.
    ConflictError
        `report_definition_changed`: there is another version by now.
    """
    standing = _standing(connection, district_id, draft.code)
    refuse(_faults(draft, standing))
    if draft.version != (standing.version if standing else 0):
        raise ConflictError("report_definition_changed", version=standing.version if standing else 0)
    return _keep(connection, district_id, draft, standing, by, retired=False)


def retire(connection: Connection, district_id: int, code: str, by: Hand) -> None:
    """Offer a definition no longer; what was made by it stays.

    Raises
    ------
    NotFoundError
        `report_definition_missing`.
    ConflictError
        `report_definition_changed`.
    """
    one = definition_of(connection, district_id, code)
    draft = Draft(one.code, one.version, one.kind, one.title, one.title_en, one.sections, one.formats)
    _keep(connection, district_id, draft, one, by, retired=True)


def _standing(connection: Connection, district_id: int, code: str) -> Definition | None:
    """The last version of a definition, retired or not."""
    rows = definitions.latest(connection, district_id, code)
    if not rows:
        return BUILT_IN.get(code)
    row = rows[0]
    return Definition(row["code"], row["version"], ReportKind(row["kind"]), (), (), retired=row["retired"])


def _faults(draft: Draft, standing: Definition | None) -> list[FieldProblem]:
    faults = []
    if not CODE.fullmatch(draft.code):
        faults.append(FieldProblem("code", "not_definition_code", draft.code[:40]))
    if draft.kind not in set(ReportKind):
        faults.append(FieldProblem("kind", "unknown_choice", draft.kind[:40]))
    elif standing is not None and standing.kind != draft.kind:
        faults.append(FieldProblem("kind", "definition_kind_fixed", draft.kind))
    for name, text in (("title", draft.title), ("title_en", draft.title_en)):
        if len(text) > LONGEST_TITLE or not text.isprintable():
            faults.append(FieldProblem(name, "text_unreadable"))
    if not draft.title and draft.code not in BUILT_IN:
        faults.append(FieldProblem("title", "missing"))
    if draft.kind in set(ReportKind):
        faults += _parts(draft)
    return faults


def _parts(draft: Draft) -> list[FieldProblem]:
    try:
        composed(ReportKind(draft.kind), draft.sections, draft.formats)
    except AppError as error:
        field = "formats" if "format" in error.code else "sections"
        return [FieldProblem(field, error.code)]
    return []


def _keep(
    connection: Connection,
    district_id: int,
    draft: Draft,
    standing: Definition | None,
    by: Hand,
    *,
    retired: bool,
) -> Definition:
    version = (standing.version if standing else 0) + FIRST
    word = f"report.kind_{draft.kind}"
    title = draft.title or translate("zh_CN", word)
    title_en = draft.title_en or (None if draft.title else translate("en", word))
    try:
        with connection.begin_nested():
            definitions.add(
                connection, district_id=district_id, code=draft.code, version=version, kind=str(draft.kind),
                title=title, title_en=title_en, sections=list(draft.sections),
                formats=[str(one) for one in draft.formats], retired=retired, made_by=by.account_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise ConflictError("report_definition_changed", version=version) from error
    noting.log(connection, "retire" if retired else "compose", draft.code, by, version=version)
    return Definition(
        draft.code, version, ReportKind(draft.kind), draft.sections, (), title, title_en or "", retired
    )


def schedule(
    connection: Connection, district: Row[Any], wanted: Wanted, at_minute: int, client_id: UUID, by: Hand
) -> int:
    """Have a report made for each period as soon as it is over; the id of the schedule.

    Raises
    ------
    NotFoundError, InvalidError
        What `plan` says; `fields_invalid`: the report has no period, or the hour cannot be read.
    ConflictError
        `client_id_used`; `report_schedules_many`.
    """
    planned = plan(connection, district, wanted)
    grain = KINDS[ReportKind(planned["kind"])].grain
    faults = [] if 0 <= at_minute < DAY_MINUTES else [FieldProblem("at", "not_clock")]
    refuse([*faults, *([] if grain else [FieldProblem("definition", "without_period", wanted.definition)])])
    assert grain is not None
    if len(definitions.schedules(connection, district.id, after=0, limit=MOST_SCHEDULES)) >= MOST_SCHEDULES:
        raise ConflictError("report_schedules_many", most=MOST_SCHEDULES)
    today = datetime.now(ZoneInfo(district.timezone)).date()
    values = {
        name: planned[name]
        for name in ("district_id", "definition", "scope", "formats", "locale", "base_url")
    }
    try:
        with connection.begin_nested():
            return definitions.schedule(
                connection, **values, client_id=client_id, account_id=by.account_id, at_minute=at_minute,
                next_on=periods.period_of(today, grain).after.since_on,
            )  # fmt: skip
    except IntegrityError as error:
        raise ConflictError("client_id_used") from error


def minute_of(raw: Any) -> int:
    """Reads an hour of the day, 06:30, as minutes.

    Raises
    ------
    ValueError
        It is none.
    """
    if not isinstance(raw, str) or len(raw) != len("06:30"):
        raise ValueError(raw)
    at = clock(raw)
    return at.hour * 60 + at.minute


def stop(connection: Connection, schedule_id: int) -> None:
    """Have it made no longer.

    Raises
    ------
    NotFoundError
        `report_schedule_missing`.
    """
    if not definitions.stop(connection, schedule_id):
        raise NotFoundError("report_schedule_missing")

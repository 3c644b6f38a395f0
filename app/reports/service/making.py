"""Makes what a run says: section by section, so that one that fails says so and the others stand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row

from app.errors import AppError, ConflictError, NotFoundError
from app.evaluation.rules import COUNTED
from app.jobs.working import AWAY
from app.reports.rules.blocks import Failed
from app.reports.rules.document import Provenance, Report, Section
from app.reports.rules.kinds import KINDS, SHEET, About, ReportKind
from app.reports.rules.periods import Period
from app.reports.service.asking import period_words
from app.reports.service.context import Context
from app.reports.service.sections import SECTIONS, cell, figures
from app.reports.service.subjects import subject_of, whole_district
from app.web.i18n import translate
from spatial.errors import SpatialError

logger = logging.getLogger(__name__)

Record = dict[str, Any]
Advance = Callable[[float, str], None]
"""Told how much is done, from nought to one, and what is begun now."""


def context_of(connection: Connection, district: Row[Any], run: Record) -> Context:
    """What the sections of a run are made from, with the eyes of whom the transaction is on behalf.

    Raises
    ------
    NotFoundError
        What it is about is out of sight by now.
    """
    kind = ReportKind(run["kind"])
    subject = subject_of(connection, district, KINDS[kind].about, run["scope"])
    return Context(
        connection=connection,
        district_id=district.id,
        district_name=district.name,
        timezone=district.timezone,
        srid=district.metric_srid,
        kind=kind,
        scope=subject.scope or whole_district(connection, district),
        subject=subject.code,
        since_on=run["since_on"],
        until_on=run["until_on"],
        known_at=run["known_at"],
        locale=run["locale"],
        simulated=district.simulated,
        base_url=run["base_url"],
    )


def make(context: Context, run: Record, advance: Advance) -> tuple[Report, tuple[str, ...]]:
    """The report of a run, and the codes of its sections that could not be made.

    Raises
    ------
    NotFoundError
        What it is about is not there, and so nothing can be said.
    ConflictError
        A form is asked for of a case in which nothing of the kind has happened.
    """
    found: list[Section] = []
    failed: list[str] = []
    codes = [code for code in run["sections"] if not (code == SHEET and context.kind is ReportKind.ATLAS)]
    for place, code in enumerate(codes):
        advance(place / len(codes), context.t(f"section_{code}"))
        made = _section(context, code)
        found += made
        if any(one.code == "failed" for section in made for one in section.blocks):
            failed.append(code)
    return _report(context, run, tuple(found)), tuple(failed)


def sheets_of(context: Context, run: Record) -> Iterator[Report]:
    """The sheets of an atlas, each a report of its own."""
    for section in cell.sheets(context):
        yield _report(context, run | {"title": section.title, "scope_name": section.title}, (section,))


def _section(context: Context, code: str) -> tuple[Section, ...]:
    """A section, or a sentence in its place."""
    try:
        with context.connection.begin_nested():
            return SECTIONS[code](context)
    except AWAY:
        raise
    except NotFoundError:
        if KINDS[context.kind].about is not About.PLACE:
            raise
        text = context.t("section_unforeseen")
    except ConflictError:
        # There is nothing yet that a form could be about: an empty one helps nobody.
        raise
    except AppError as error:
        text = translate(context.locale, f"error.{error.code}", **error.facts)
    except SpatialError as error:
        text = translate(context.locale, f"question.{error.code}", **error.facts)
    except Exception as error:
        # Nobody has foreseen it. What it says may be a number of somebody; the log has where it was.
        logger.exception("section %s of a report: %s", code, type(error).__name__)
        text = context.t("section_unforeseen")
    title = context.t(f"section_{code}")
    return (Section(code, title, (Failed("failed", context.t("section_failed", why=text)),)),)


def _report(context: Context, run: Record, sections: tuple[Section, ...]) -> Report:
    rule = KINDS[context.kind]
    zone = ZoneInfo(context.timezone)
    at = run["known_at"].astimezone(zone)
    subtitle = context.t("subtitle", at=f"{at:%Y-%m-%d %H:%M}", name=run["scope_name"])
    if rule.grain is not None:
        period = Period(rule.grain, context.since_on, context.until_on)
        subtitle = context.t(
            "subtitle_period", since=context.since_on, until=context.until_on, at=f"{at:%Y-%m-%d %H:%M}",
            period=period_words(period, context.locale),
        )  # fmt: skip
        if context.until_on >= at.date():
            subtitle += context.t("subtitle_goes_on")
    return Report(
        kind=context.kind.value,
        title=run["title"],
        subtitle=subtitle,
        issuer=context.t("issuer", name=context.district_name),
        scope=context.scope.code,
        since_on=context.since_on,
        until_on=context.until_on,
        locale=context.locale,
        sections=sections,
        provenance=Provenance(
            run["known_at"],
            context.timezone,
            run["definition"],
            run["version"],
            _counts(context),
            _rules(context),
            context.simulated,
        ),
        style=rule.style,
        number=context.made.get("number", ""),
    )


def _counts(context: Context) -> dict[str, int]:
    """Of how many rows it is made."""
    if KINDS[context.kind].about is not About.PLACE:
        return dict(context.made.get("rows", {}))
    return {
        "counted": sum(figures.now(context).whole[name] for name in COUNTED),
        "reported": figures.now(context).whole["reported"],
        "overdue": figures.now(context).whole["late_open"],
        "cells": len(figures.cells(context).rows),
    }


def _rules(context: Context) -> tuple[str, ...]:
    names = ("rule_evaluation", "rule_overdue", "rule_places", "rule_persons")
    return tuple(context.t(name) for name in names) if KINDS[context.kind].about is About.PLACE else ()

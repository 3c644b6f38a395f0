"""Kinds of reports: what each is about, over which period, and its sections where nobody chose others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.reports.rules.document import Style


class ReportKind(StrEnum):
    """A kind of report."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    CELL = "cell"
    ATLAS = "atlas"
    CASE = "case"
    DISPATCH_ORDER = "dispatch_order"
    SUPERVISION_ORDER = "supervision_order"
    EXTENSION_FORM = "extension_form"
    SUSPENSION_FORM = "suspension_form"
    HANDOVER = "handover"
    SIGN = "sign"
    SELECTION = "selection"


class Grain(StrEnum):
    """The period of a report."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class About(StrEnum):
    """What a report is about."""

    PLACE = "place"
    """The district, or an area of it, or a unit 部门 of it."""

    CELL = "cell"
    """A cell of the grid."""

    CASE = "case"
    """A case by its number."""

    DUTY = "duty"
    """A duty, at whose end is handed over."""

    SIGN = "sign"
    """A cell, a courtyard or a building."""

    SELECTION = "selection"
    """What a question of the console selects."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """What a kind of report is.

    Parameters
    ----------
    grain
        Its period; None where it is of an instant.
    sections
        Codes of its sections, in their order.
    """

    about: About
    grain: Grain | None
    sections: tuple[str, ...]
    style: Style = Style.REPORT


PERIODIC = (
    "summary", "indicators", "ranking", "trends", "hotspots", "cells", "overdue", "satisfaction", "staffing",
)  # fmt: skip
SHEET = "sheet"
"""A page about a cell; an atlas has one of each."""

CASE_FORM = ("order", "place", "signatures")

KINDS: Mapping[ReportKind, KindRule] = {
    ReportKind.DAILY: KindRule(
        About.PLACE, Grain.DAY, ("summary", "today", "overdue", "decisions", "staffing")
    ),
    ReportKind.WEEKLY: KindRule(About.PLACE, Grain.WEEK, PERIODIC),
    ReportKind.MONTHLY: KindRule(About.PLACE, Grain.MONTH, PERIODIC),
    ReportKind.QUARTERLY: KindRule(About.PLACE, Grain.QUARTER, PERIODIC),
    ReportKind.CELL: KindRule(About.CELL, Grain.QUARTER, (SHEET,)),
    ReportKind.ATLAS: KindRule(About.PLACE, Grain.QUARTER, ("index", SHEET)),
    ReportKind.CASE: KindRule(About.CASE, None, ("case", "clocks", "log", "photos")),
    ReportKind.DISPATCH_ORDER: KindRule(About.CASE, None, CASE_FORM, Style.FORM),
    ReportKind.SUPERVISION_ORDER: KindRule(About.CASE, None, CASE_FORM, Style.FORM),
    ReportKind.EXTENSION_FORM: KindRule(About.CASE, None, CASE_FORM, Style.FORM),
    ReportKind.SUSPENSION_FORM: KindRule(About.CASE, None, CASE_FORM, Style.FORM),
    ReportKind.HANDOVER: KindRule(About.DUTY, None, ("duty", "open", "signatures"), Style.FORM),
    ReportKind.SIGN: KindRule(About.SIGN, None, ("people",), Style.SIGN),
    ReportKind.SELECTION: KindRule(About.SELECTION, None, ("selected",)),
}
"""日报, 周报, 月报, 季报, 网格单, 网格图集, 案卷, 交办单, 督办单, 延期审批表, 挂账表, 交接班记录, 公示牌, 所选案件."""

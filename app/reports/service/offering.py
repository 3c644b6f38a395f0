"""What can be asked for: kinds that can be made, places that one answers for, periods; and from which pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from app.reports.rules import periods
from app.reports.rules.definitions import Definition
from app.reports.rules.kinds import KINDS, Grain, ReportKind
from app.reports.rules.periods import Period
from app.reports.service.asking import definitions_of
from app.reports.service.sections import SECTIONS
from app.reports.service.subjects import SUBJECTS
from app.reports.store import scopes

MOST_PLACES = 400
BEFORE = 12
"""Periods that are offered, the last one that is over first."""

K = ReportKind
DOORS: Mapping[str, tuple[ReportKind, ...]] = {
    "case": (K.CASE, K.DISPATCH_ORDER, K.SUPERVISION_ORDER, K.EXTENSION_FORM, K.SUSPENSION_FORM),
    "cell": (K.CELL, K.SIGN),
    "area": (),
    "selection": (K.SELECTION,),
}
"""By what somebody looks at, the reports that can be asked for from there in one step."""


def makeable(kind: ReportKind) -> bool:
    """Whether a report of a kind can be made: its subject is found, and each of its sections is written."""
    rule = KINDS[kind]
    return rule.about in SUBJECTS and all(code in SECTIONS for code in rule.sections)


def offered(connection: Connection, district_id: int) -> list[Definition]:
    """The definitions that can be asked for now."""
    return [one for one in definitions_of(connection, district_id) if makeable(one.kind)]


def doors(looked_at: str) -> list[str]:
    """Codes of definitions that can be asked for from where somebody looks at something."""
    return [kind.value for kind in DOORS[looked_at] if makeable(kind)]


def places(connection: Connection, district_id: int) -> list[Row[Any]]:
    """Areas above a cell, and units, that the one who asks answers for: the widest first."""
    found = scopes.areas_of(connection, district_id, None, limit=MOST_PLACES)
    found = [one for one in found if one.level != "cell"]
    return found + scopes.units_of(connection, district_id, None, limit=MOST_PLACES)


def offered_periods(grain: Grain, today: date) -> list[Period]:
    """The last ones that are over, and then the one that goes on."""
    going_on = periods.period_of(today, grain)
    found = [going_on.before]
    while len(found) < BEFORE:
        found.append(found[-1].before)
    return [*found, going_on]

"""The figures of a period that sections share: counted once, by the definitions of the evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.evaluation.rules import Of
from app.evaluation.rules.indicators import BY_CODE, Indicator
from app.evaluation.store import Question
from app.evaluation.store.grouped import Counts, Grouped, grouped
from app.grid.rules import Level
from app.reports.rules.kinds import KINDS, Grain
from app.reports.rules.periods import Period, period_of
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.store import scopes
from app.reports.store.scopes import Areas

BELOW = {Level.DISTRICT: Level.SUBDISTRICT, Level.SUBDISTRICT: Level.COMMUNITY, Level.COMMUNITY: Level.CELL}
"""By which areas a report about an area compares: those right below it."""


def period(context: Context) -> Period:
    """The period that a report is about; of a report without one the day that it is made on."""
    grain = KINDS[context.kind].grain
    return (
        Period(grain, context.since_on, context.until_on) if grain else period_of(context.until_on, Grain.DAY)
    )


def now(context: Context) -> Grouped:
    """The figures of the period."""
    return context.once("figures_now", lambda: _of(context, period(context)))


def before(context: Context) -> Grouped:
    """The figures of the period before, as the log tells of them now."""
    return context.once("figures_before", lambda: _of(context, period(context).before))


def _of(context: Context, days: Period) -> Grouped:
    zone = ZoneInfo(context.timezone)
    since = datetime.combine(days.since_on, time(), zone)
    until = datetime.combine(days.after.since_on, time(), zone)
    question = Question(
        context.district_id,
        Of.DISTRICT,
        since,
        until,
        context.known_at,
        area_id=None if context.scope.level == Level.DISTRICT else context.scope.area_id,
    )
    return grouped(context.connection, question, context.timezone, unit_id=context.scope.unit_id)


def cells(context: Context) -> Areas:
    """The cells of the scope, as they were drawn when the period ended."""
    return context.once("cells", lambda: areas(context, Level.CELL))


def parts(context: Context) -> Areas:
    """The areas right below the scope; of a unit the subdistricts."""
    level = BELOW.get(context.scope.level, Level.SUBDISTRICT)  # type: ignore[call-overload]
    return cells(context) if level is Level.CELL else context.once("parts", lambda: areas(context, level))


def areas(context: Context, level: str) -> Areas:
    """Areas of a level in the scope, as they were drawn when the period ended."""
    scope = context.scope
    day = min(context.until_on, context.known_at.astimezone(ZoneInfo(context.timezone)).date())
    return scopes.areas(context.connection, context.district_id, day, level, scope.no, scope.last_no)


@dataclass(frozen=True, slots=True)
class Shown:
    """An indicator as a report shows it: its value, what stands above and below the line."""

    indicator: Indicator
    value: Fraction | None
    above: int
    below: int

    @property
    def kind(self) -> Kind:
        """How it is written."""
        return Kind.SHARE if self.indicator.is_share else Kind.HOURS

    @property
    def beside(self) -> str:
        """The two numbers that it is made of; of hours how many cases."""
        return f"{self.above:,} / {self.below:,}" if self.indicator.is_share else f"÷ {self.below:,}"


def shown(code: str, counts: Counts) -> Shown:
    """An indicator of some counts."""
    indicator = BY_CODE[code]
    return Shown(indicator, indicator.value(counts), indicator.above(counts), indicator.below(counts))

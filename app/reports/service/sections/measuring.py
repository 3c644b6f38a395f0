"""How cells did in a period and in the one before it, by the definitions of the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.evaluation.rules import COUNTED, SECONDS, Of
from app.evaluation.rules.indicators import BY_CODE
from app.evaluation.store import Question, counted
from app.grid.rules import Level
from app.reports.rules.kinds import KINDS, Grain
from app.reports.rules.periods import Period
from app.reports.rules.tabular import Column, Table, quotient
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context

Counts = Mapping[str, int]

MOST_CELLS = 20_000
NOTHING: Counts = {**dict.fromkeys(COUNTED, 0), SECONDS: 0}
ON_TIME, CLOSURE, REWORK, HOURS = (
    BY_CODE[code] for code in ("on_time_handling_rate", "closure_rate", "rework_rate", "mean_handling_hours")
)


def counts_of(context: Context, since: datetime, until: datetime, area_id: int) -> dict[str, Counts]:
    """All counts from an instant up to another one of each cell of an area, by its code: asked once for all of them."""
    question = Question(
        context.district_id, Of.AREA, since, until, context.known_at, level=Level.CELL, area_id=area_id
    )
    return {one.key: one.counts for one in counted(context.connection, question, limit=MOST_CELLS)}


def before(context: Context) -> datetime:
    """When the period before the report's began."""
    grain = KINDS[context.kind].grain or Grain.QUARTER
    first = Period(grain, context.since_on, context.until_on).before.since_on
    return datetime.combine(first, time(), ZoneInfo(context.timezone))


def table(context: Context, now: Counts, earlier: Counts) -> Table:
    """This period and the one before it, by the definitions of the evaluation."""
    columns = (
        Column("period", context.t("cell_period")),
        Column("reported", context.t("count_reported"), Kind.COUNT),
        Column("due", context.t("count_to_handle"), Kind.COUNT),
        Column("in_time", context.t("count_in_time"), Kind.COUNT),
        Column("on_time_handling_rate", context.t("rate_on_time"), Kind.SHARE, of=("in_time", "due")),
        Column("to_end", context.t("count_to_end"), Kind.COUNT),
        Column("closed", context.t("count_closed"), Kind.COUNT),
        Column("closure_rate", context.t("rate_closure"), Kind.SHARE, of=("closed", "to_end")),
        Column("handled", context.t("count_handled"), Kind.COUNT),
        Column("reworked", context.t("count_reworked"), Kind.COUNT),
        Column("rework_rate", context.t("rate_rework"), Kind.SHARE, of=("reworked", "handled")),
        Column("seconds", context.t("count_seconds"), Kind.COUNT, hidden=True),
        Column(
            "mean_handling_hours",
            context.t("rate_hours"),
            Kind.HOURS,
            of=("seconds", "handled"),
            per=HOURS.per,
        ),
    )
    rows = (_period(context.t("cell_this"), now), _period(context.t("cell_before"), earlier))
    return Table("periods", context.t("cell_periods"), columns, rows, context.t("cell_rule"))


def _period(title: str, counts: Counts) -> tuple[Value, ...]:
    shares = [
        (below, above, quotient(above, below))
        for above, below in ((one.above(counts), one.below(counts)) for one in (ON_TIME, CLOSURE, REWORK))
    ]
    on_time, closure, (handled, reworked, rework) = shares
    seconds = HOURS.above(counts)
    return (
        title, counts["reported"], *on_time, *closure, handled, reworked, rework,
        seconds, quotient(seconds, handled, HOURS.per),
    )  # fmt: skip

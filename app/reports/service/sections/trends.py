"""走势: what was reported, handled and closed day by day or week by week, and how much of it in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

from app.evaluation.store.grouped import Counts, add, none
from app.reports.rules.blocks import Block, Series, Trend
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import figures

NAMES = ("reported", "handled", "closed")
MOST_DAYS = 31
"""A longer period is told by weeks."""


def blocks(context: Context) -> tuple[Block, ...]:
    """A trend of counts, one of the share in time, and where there is one, of the weekday."""
    spans = _spans(context)
    counted = [_between(context, first, last) for first, last in spans]
    labels = tuple(f"{first.month}-{first.day:02}" for first, _ in spans)
    by = "day" if len(spans) == _days(context) else "week"
    series = tuple(
        Series(name, context.word(f"counted.{name}"), tuple(counts[name] for counts in counted))
        for name in NAMES
    )
    handled = Series(
        "handled_in_time", context.t("in_time_of_handled"),
        tuple(_share(counts) for counts in counted),
    )  # fmt: skip
    return (
        Trend(
            "counts", context.t(f"trend_by_{by}"), Kind.COUNT, labels, series, note=context.t("trend_note")
        ),
        Trend("in_time", context.t("trend_in_time"), Kind.SHARE, labels, (handled,)),
    )


def _share(counts: Counts) -> Fraction | None:
    return Fraction(counts["handled_in_time"], counts["handled"]) if counts["handled"] else None


def _days(context: Context) -> int:
    return (context.until_on - context.since_on).days + 1


def _spans(context: Context) -> list[tuple[date, date]]:
    """First and last day of each point: days, or weeks from Monday, of which the first and the last may be shorter."""
    if _days(context) <= MOST_DAYS:
        return [
            (day, day)
            for day in _each(context.since_on, context.until_on, lambda day: day + timedelta(days=1))
        ]
    return [
        (first, min(_next_monday(first) - timedelta(days=1), context.until_on))
        for first in _each(context.since_on, context.until_on, _next_monday)
    ]


def _each(first: date, last: date, following: Callable[[date], date]) -> list[date]:
    found = []
    while first <= last:
        found.append(first)
        first = following(first)
    return found


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _between(context: Context, first: date, last: date) -> Counts:
    found = none()
    for day, counts in figures.now(context).days.items():
        if first <= day <= last:
            add(found, counts)
    return found

"""指标: every indicator of the period with its arithmetic, beside that of the period before."""

from __future__ import annotations

from app.evaluation.rules import COUNTED
from app.evaluation.rules.indicators import BY_CODE, INDICATORS
from app.reports.rules.blocks import Block
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import figures
from app.reports.service.sections.figures import shown


def blocks(context: Context) -> tuple[Block, ...]:
    """The shares with what stands above and below the line, the hours, and every count that they are made of."""
    return (_shares(context), _hours(context), _counts(context))


def _shares(context: Context) -> Table:
    now, before = figures.now(context).whole, figures.before(context).whole
    columns = (
        Column("name", context.t("indicator")),
        Column("formula", context.t("formula")),
        Column("above", context.t("above"), Kind.COUNT),
        Column("below", context.t("below"), Kind.COUNT),
        Column("value", context.t("value"), Kind.SHARE, of=("above", "below")),
        Column("before", context.t("before"), Kind.SHARE),
    )
    rows = []
    for one in INDICATORS:
        if one.is_share:
            there = shown(one.code, now)
            name = context.word(f"indicator.{one.code}")
            rows.append(
                (name, _formula(context, one.code), there.above, there.below, there.value, one.value(before))
            )
    return Table(
        "shares", context.t("indicators_shares"), columns, tuple(rows), note=context.t("indicators_note")
    )


def _hours(context: Context) -> Table:
    now, before = figures.now(context).whole, figures.before(context).whole
    columns = (
        Column("name", context.t("indicator")),
        Column("seconds", context.t("seconds"), Kind.COUNT),
        Column("below", context.t("below"), Kind.COUNT),
        Column("value", context.t("value_hours"), Kind.HOURS, of=("seconds", "below"), per=3_600),
        Column("before", context.t("before_hours"), Kind.HOURS),
    )
    rows = []
    for one in INDICATORS:
        if not one.is_share:
            there = shown(one.code, now)
            name = context.word(f"indicator.{one.code}")
            rows.append((name, there.above, there.below, there.value, one.value(before)))
    return Table("hours", context.t("indicators_hours"), columns, tuple(rows))


def _counts(context: Context) -> Table:
    now, before = figures.now(context).whole, figures.before(context).whole
    columns = (
        Column("name", context.t("count")),
        Column("about", context.t("count_about")),
        Column("now", context.t("this_period"), Kind.COUNT),
        Column("before", context.t("before"), Kind.COUNT),
    )
    rows = tuple(
        (context.word(f"counted.{name}"), context.word(f"counted.about_{name}"), now[name], before[name])
        for name in COUNTED
    )
    return Table("counts", context.t("indicators_counts"), columns, rows)


def _formula(context: Context, code: str) -> str:
    one = BY_CODE[code]
    above, below = (
        " + ".join(context.word(f"counted.{name}") for name in names)
        for names in (one.numerator, one.denominator)
    )
    return f"{above} ÷ {below if len(one.denominator) == 1 else f'({below})'}"

"""对比: the areas right below the scope, and the units, side by side; a place only where there are cases enough."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Row

from app.evaluation.rules import SECONDS, Of
from app.evaluation.rules.scoring import Score, places, score
from app.evaluation.service import schemes
from app.evaluation.store.grouped import Counts
from app.reports.rules.blocks import Block
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import UNIT, Context
from app.reports.service.sections import figures, grounds

BAD_SHARE_POINTS = 10
"""A rate that lies so many points below that of the whole is marked."""

UNIT_ROWS = 40


def blocks(context: Context) -> tuple[Block, ...]:
    """A table of areas and, of an area, one of the units that worked in it."""
    areas = {
        row.code: (row, figures.now(context).within(row.no, row.last_no))
        for row in figures.parts(context).rows
    }
    found: list[Block] = [_table(context, "areas", areas, Of.AREA)]
    if context.scope.level != UNIT:
        known = grounds.units(context)
        units = {
            known[one].code: (known[one], counts)
            for one, counts in figures.now(context).units.items()
            if one in known and figures.shown("handling_rate", counts).below
        }
        found.append(_table(context, "units", units, Of.UNIT))
    return tuple(found)


def _table(context: Context, code: str, rows: Mapping[str, tuple[Row[Any], Counts]], of: Of) -> Table:
    scheme = schemes.default_for(schemes.schemes(context.connection, context.district_id), of, None)
    scores = {} if scheme is None else {key: score(scheme, counts) for key, (_, counts) in rows.items()}
    ranked = places(scores)
    order = sorted(rows, key=lambda key: (ranked.get(key, len(rows) + 1), key))
    made = tuple(_row(context, *rows[key], ranked.get(key), scores.get(key)) for key in order)
    note = (
        context.t("ranking_note", scheme=context.called(scheme)) if scheme else context.t("ranking_no_scheme")
    )
    return Table(
        code, context.t(f"ranking_{code}"), _columns(context, code), made, note=note,
        late=_late(context, [rows[key][1] for key in order]), printed=UNIT_ROWS,
    )  # fmt: skip


def _columns(context: Context, code: str) -> tuple[Column, ...]:
    def count(name: str) -> Column:
        return Column(name, context.word(f"counted.{name}"), Kind.COUNT, total=True)

    return (
        Column("place", context.t("place"), Kind.COUNT),
        Column("code", context.t("code"), Kind.CODE, hidden=True),
        Column("name", context.t("area" if code == "areas" else "unit")),
        count("reported"),
        count("handled"),
        count("late_open"),
        Column("due", context.t("due"), Kind.COUNT, total=True),
        Column("in_time", context.word("counted.handled_in_time"), Kind.COUNT, total=True),
        Column("on_time", context.word("indicator.on_time_handling_rate"), Kind.SHARE, of=("in_time", "due")),
        Column("seconds", context.t("seconds"), Kind.COUNT, total=True, hidden=True),
        Column(
            "hours",
            context.word("indicator.mean_handling_hours"),
            Kind.HOURS,
            of=("seconds", "handled"),
            per=3_600,
        ),
        Column("score", context.t("score"), Kind.POINTS),
    )


def _row(
    context: Context, one: Row[Any], counts: Counts, place: int | None, scored: Score | None
) -> tuple[Value, ...]:
    due = figures.shown("on_time_handling_rate", counts)
    hours = figures.shown("mean_handling_hours", counts)
    value = None if place is None or scored is None or scored.value is None else Fraction(scored.value)
    return (
        place, one.code, context.called(one), counts["reported"], counts["handled"], counts["late_open"], due.below,
        due.above, due.value, counts[SECONDS], hours.value, value,
    )  # fmt: skip


def _late(context: Context, rows: list[Counts]) -> frozenset[tuple[int, str]]:
    whole = figures.shown("on_time_handling_rate", figures.now(context).whole).value
    if whole is None:
        return frozenset()
    rates = [figures.shown("on_time_handling_rate", counts).value for counts in rows]
    return frozenset(
        (row, "on_time")
        for row, rate in enumerate(rates)
        if rate is not None and 100 * (whole - rate) >= BAD_SHARE_POINTS
    )

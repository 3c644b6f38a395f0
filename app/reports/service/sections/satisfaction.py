"""满意度: what whoever reported says of how it ended, by area and by category."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.evaluation.store.grouped import Counts
from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context
from app.reports.service.sections import figures, grounds
from app.reports.service.wording import rounded


def blocks(context: Context) -> tuple[Block, ...]:
    """How many answered, how many of them are satisfied, and where and with what they are not."""
    now = figures.now(context)
    rate, before = (figures.shown("satisfaction_rate", one.whole) for one in (now, figures.before(context)))
    if rate.value is None:
        return (Words("text", context.t("satisfaction_none")),)
    said = context.t(
        "satisfaction_text",
        asked=f"{rate.below:,}",
        satisfied=f"{rate.above:,}",
        share=f"{rounded(rate.value * 100, 2)}%",
    )
    if before.value is not None:
        said += context.t("satisfaction_before", share=f"{rounded(before.value * 100, 2)}%")
    areas = ((context.called(row), now.within(row.no, row.last_no)) for row in figures.parts(context).rows)
    known = grounds.categories(context)
    kinds = ((context.called(known[one]), counts) for one, counts in now.categories.items() if one in known)
    return (
        Words("text", said),
        _table(context, "areas", context.t("area"), areas),
        _table(context, "categories", context.t("category"), kinds),
    )


def _table(context: Context, code: str, first: str, rows: Iterable[tuple[Any, Counts]]) -> Table:
    asked = [(name, figures.shown("satisfaction_rate", counts)) for name, counts in rows]
    made: list[tuple[Value, ...]] = [
        (name, one.above, one.below, one.value) for name, one in asked if one.below
    ]
    columns = (
        Column("name", first),
        Column("satisfied", context.word("counted.satisfied"), Kind.COUNT, total=True),
        Column("asked", context.word("counted.asked_satisfied"), Kind.COUNT, total=True),
        Column("rate", context.word("indicator.satisfaction_rate"), Kind.SHARE, of=("satisfied", "asked")),
    )
    made.sort(key=lambda row: (row[3], str(row[0])))
    return Table(code, context.t(f"satisfaction_{code}"), columns, tuple(made), printed=20)

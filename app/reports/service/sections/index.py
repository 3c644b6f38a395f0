"""网格索引: every cell of the scope on one map and in one table; what an atlas begins with."""

from __future__ import annotations

from app.evaluation.store.grouped import none
from app.reports.rules.blocks import Block
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import figures, summary


def blocks(context: Context) -> tuple[Block, ...]:
    """The cells with their households and what was reported, handled and stands overdue in each."""
    return (summary.reported_map(context), _table(context))


def _table(context: Context) -> Table:
    columns = (
        Column("code", context.t("code"), Kind.CODE),
        Column("name", context.word("level.cell")),
        Column("parent", context.word("level.community")),
        Column("households", context.t("households"), Kind.COUNT, total=True),
        Column("reported", context.word("counted.reported"), Kind.COUNT, total=True),
        Column("handled", context.word("counted.handled"), Kind.COUNT, total=True),
        Column("late_open", context.word("counted.late_open"), Kind.COUNT, total=True),
        Column("due", context.t("due"), Kind.COUNT, total=True),
        Column("in_time", context.word("counted.handled_in_time"), Kind.COUNT, total=True),
        Column("rate", context.word("indicator.on_time_handling_rate"), Kind.SHARE, of=("in_time", "due")),
    )
    rows = []
    for row in figures.cells(context).rows:
        counts = figures.now(context).places.get(row.no) or none()
        rate = figures.shown("on_time_handling_rate", counts)
        rows.append((
            row.code, context.called(row), context.named(row._mapping, "parent"), row.households, counts["reported"],
            counts["handled"], counts["late_open"], rate.below, rate.above, rate.value,
        ))  # fmt: skip
    return Table("index", context.t("index_cells"), columns, tuple(rows))

"""网格: where it went worst and best, of cells that had enough to be judged by."""

from __future__ import annotations

from typing import Any

from app.evaluation.rules.scoring import LEAST_CASES
from app.evaluation.store.grouped import none
from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context
from app.reports.service.sections import figures
from app.reports.service.sections.figures import Shown

MOST = 10


def blocks(context: Context) -> tuple[Block, ...]:
    """The worst and the best cells by the share handled in time, those that stand overdue, how many are judged."""
    rows = []
    for row in figures.cells(context).rows:
        counts = figures.now(context).places.get(row.no) or none()
        rows.append((row, counts, figures.shown("on_time_handling_rate", counts)))
    judged = [one for one in rows if one[2].below >= LEAST_CASES]
    quiet = sum(1 for _, counts, _ in rows if not counts["reported"])
    said = context.t("cells_text", cells=len(rows), judged=len(judged), least=LEAST_CASES, quiet=quiet)
    worst = sorted(judged, key=lambda one: (one[2].value, -one[2].below, one[0].code))[:MOST]
    best = sorted(judged, key=lambda one: (-(one[2].value or 0), -one[2].below, one[0].code))[:MOST]
    late = sorted(
        (one for one in rows if one[1]["late_open"]), key=lambda one: (-one[1]["late_open"], one[0].code)
    )
    tables = [
        Table(
            code, context.t(f"cells_{code}"), _columns(context), tuple(_row(context, *one) for one in found)
        )
        for code, found in (("worst", worst), ("best", best), ("late", late[:MOST]))
        if found
    ]
    return (Words("text", said), *tables)


def _columns(context: Context) -> tuple[Column, ...]:
    return (
        Column("code", context.t("code"), Kind.CODE),
        Column("name", context.word("level.cell")),
        Column("parent", context.word("level.community")),
        Column("reported", context.word("counted.reported"), Kind.COUNT),
        Column("late_open", context.word("counted.late_open"), Kind.COUNT),
        Column("in_time", context.word("counted.handled_in_time"), Kind.COUNT),
        Column("due", context.t("due"), Kind.COUNT),
        Column("rate", context.word("indicator.on_time_handling_rate"), Kind.SHARE, of=("in_time", "due")),
    )


def _row(context: Context, row: Any, counts: dict[str, int], rate: Shown) -> tuple[Value, ...]:
    return (
        row.code, context.called(row), context.named(row._mapping, "parent"), counts["reported"], counts["late_open"],
        rate.above, rate.below, rate.value,
    )  # fmt: skip

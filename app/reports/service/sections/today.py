"""当日: what stood undone when the day ended, and what came in, by area and by category."""

from __future__ import annotations

from app.evaluation.rules.counting import COUNTED, STANDING
from app.reports.rules.blocks import Block
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import figures, grounds

MOVED = ("reported", "registered", "handled", "closed", "late_open")
MOST = 20


def blocks(context: Context) -> tuple[Block, ...]:
    """What stands undone, the day by area, and by category."""
    return (_standing(context), _areas(context), _categories(context))


def _standing(context: Context) -> Table:
    now, before = figures.now(context).whole, figures.before(context).whole
    columns = (
        Column("name", context.t("count")),
        Column("about", context.t("count_about")),
        Column("now", context.t("this_day"), Kind.COUNT),
        Column("before", context.t("day_before"), Kind.COUNT),
    )
    names = [name for name in COUNTED if name in STANDING]
    rows = tuple(
        (context.word(f"counted.{name}"), context.word(f"counted.about_{name}"), now[name], before[name])
        for name in names
    )
    late = frozenset((at, "now") for at, name in enumerate(names) if name.endswith("late") and now[name])
    return Table("standing", context.t("today_standing"), columns, rows, late=late)


def _areas(context: Context) -> Table:
    columns = (Column("name", context.t("area")), *_counts(context))
    rows = []
    for row in figures.parts(context).rows:
        counts = figures.now(context).within(row.no, row.last_no)
        rows.append((context.called(row), *(counts[name] for name in MOVED)))
    return Table("areas", context.t("today_areas"), columns, tuple(rows))


def _categories(context: Context) -> Table:
    known = grounds.categories(context)
    columns = (
        Column("code", context.t("code"), Kind.CODE),
        Column("name", context.t("category")),
        *_counts(context),
    )
    found = [
        (known[one].code, context.called(known[one]), *(counts[name] for name in MOVED))
        for one, counts in figures.now(context).categories.items()
        if one in known and any(counts[name] for name in MOVED)
    ]
    found.sort(key=lambda row: (-row[2], row[0]))
    return Table("categories", context.t("today_categories"), columns, tuple(found), printed=MOST)


def _counts(context: Context) -> tuple[Column, ...]:
    return tuple(Column(name, context.word(f"counted.{name}"), Kind.COUNT, total=True) for name in MOVED)

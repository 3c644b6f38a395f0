"""How a case went: its clocks, and its log from the first row to the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.cases.service.clock_faces import explained
from app.cases.service.sheet import Sheet
from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import telling
from app.reports.service.sections.naming import joined, listed, much, named

Record = Mapping[str, Any]


def clocks(context: Context, shown: Sheet) -> Block:
    """Every clock of a case, the first one first: limit, what was used of it and by whom, when it is due, its lamp."""
    columns = (
        Column("stage", context.t("clock_stage")),
        Column("started", context.t("clock_started"), Kind.INSTANT),
        Column("total", context.t("clock_total")),
        Column("used", context.t("clock_used")),
        Column("due", context.t("clock_due"), Kind.INSTANT),
        Column("lamp", context.t("clock_lamp")),
        Column("whose", context.t("clock_whose")),
    )
    told = list(reversed(explained(shown.found.clocks, shown.found.now)))
    if not told:
        return Words("clocks", context.word("clock.none"))
    rows = tuple(
        (
            context.word(f"stage.{clock['stage']}"), clock["shown"].started_at, much(context, clock["total"]),
            much(context, clock["used"]), clock["shown"].due_at, _lamp(context, clock), _whose(context, clock, shown),
        )
        for clock in told
    )  # fmt: skip
    late = frozenset((at, "lamp") for at, clock in enumerate(told) if clock["overdue"])
    return Table("clocks", "", columns, rows, late=late)


def _lamp(context: Context, clock: Record) -> str:
    if clock["ended"]:
        return context.word("clock.ended_late" if clock["overdue"] else "clock.ended_in_time")
    extended = clock["shown"].extensions
    more = context.word("casework.extended", n=extended) if extended else None
    return joined(context.word(f"order.is_{clock['mark']}"), context.word(f"lamp.{clock['lamp']}"), more)


def _whose(context: Context, clock: Record, shown: Sheet) -> str:
    """Whose time it was, each once, in the order in which they first had it."""
    names: dict[str, None] = {}
    for part in clock["segments"]:
        if part["who"] == "unit":
            unit = shown.units.get(int(part["which"])) if part["which"].isdecimal() else None
            names[named(context, unit) if unit else context.word("whose.unit")] = None
        elif part["who"] == "desk":
            names[context.word(f"casework.desk_{part['which']}")] = None
        elif part["who"] in {"patrol", "checker"}:
            names[context.word(f"whose.{part['who']}")] = None
    return listed(context, names)


def log(context: Context, rows: Sequence[Record], *, more: bool) -> Block:
    """The whole log: when, who in which post, what they did, what came of it, and what they said."""
    columns = (
        Column("version", context.t("log_no"), Kind.COUNT),
        Column("at", context.t("log_at"), Kind.INSTANT),
        Column("who", context.t("log_who")),
        Column("done", context.t("log_done")),
        Column("state", context.t("log_state")),
        Column("said", context.t("log_said")),
    )
    if not rows:
        return Words("log", context.t("log_empty"))
    told = tuple(
        (row["version"], row["at"], telling.who(context, row), telling.done(context, row),
         context.word(f"state.{row['target']}"), telling.said(context, row))
        for row in rows
    )  # fmt: skip
    return Table("log", "", columns, told, note=context.t("log_more", n=len(rows)) if more else "")

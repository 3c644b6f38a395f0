"""超期未办: what stood with units past its time when the period ended, the longest first."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.cases.store import listing
from app.evaluation import store
from app.evaluation.rules import Of
from app.evaluation.store import Question
from app.grid.rules import Level
from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context
from app.reports.service.sections import figures

PAGE = 2_000
PRINTED = 60
MOST = 50_000
"""So many are listed at most; how many there are is said in any case."""

NAME = "late_open"


def blocks(context: Context) -> tuple[Block, ...]:
    """All of them, with the units that they stand with; a sentence where there are none."""
    rows = cases(context)
    if not rows:
        return (Words("text", context.t("overdue_none")),)
    columns = (
        Column("number", context.t("case_number"), Kind.CODE),
        Column("category", context.t("category")),
        Column("area", context.t("area")),
        Column("address", context.t("address")),
        Column("unit", context.t("unit")),
        Column("reported_at", context.t("reported_at"), Kind.INSTANT),
        Column("due_at", context.t("due_at"), Kind.INSTANT),
        Column("days", context.t("days_late"), Kind.COUNT),
    )
    made = tuple(_row(context, one) for one in rows)
    late = frozenset((at, "days") for at in range(len(made)))
    total = figures.now(context).whole[NAME]
    said = context.t("overdue_text", count=f"{total:,}")
    if total > len(made):
        said += context.t("overdue_more", shown=f"{len(made):,}")
    return (Words("text", said), Table("overdue", "", columns, made, late=late, printed=PRINTED))


def places(context: Context) -> dict[tuple[float, float], str]:
    """Where they lie, with their numbers; at one place the first of them."""
    found: dict[tuple[float, float], str] = {}
    for one in cases(context):
        if one["lon"] is not None:
            found.setdefault((one["lon"], one["lat"]), str(one["number"] or one["ref"] or one["id"]))
    return found


def cases(context: Context) -> list[dict[str, Any]]:
    """The cases, the one that is late the longest first."""
    return context.once("overdue", lambda: _read(context))


def _read(context: Context) -> list[dict[str, Any]]:
    zone = ZoneInfo(context.timezone)
    days = figures.period(context)
    scope = context.scope
    question = Question(
        context.district_id,
        Of.UNIT if scope.unit_id else Of.DISTRICT,
        datetime.combine(days.since_on, time(), zone),
        datetime.combine(days.after.since_on, time(), zone),
        context.known_at,
        area_id=None if scope.level == Level.DISTRICT else scope.area_id,
    )
    key = scope.code if scope.unit_id else Of.DISTRICT.value
    ids: list[int] = []
    after = None
    while len(ids) < MOST:
        rows = store.listed(context.connection, question, key, (NAME,), after=after, limit=PAGE)
        ids += [row.case_id for row in rows]
        if len(rows) < PAGE:
            break
        after = (rows[-1].at, rows[-1].case_id, rows[-1].version, rows[-1].name)
    found = listing.some(context.connection, context.district_id, ids)
    return sorted(found, key=lambda one: (one["due_at"] is None, one["due_at"], one["id"]))


def _row(context: Context, one: dict[str, Any]) -> tuple[Value, ...]:
    end = min(context.until, context.known_at)
    days = None if one["due_at"] is None else max(0, (end - one["due_at"]).days)
    return (
        one["number"] or one["ref"] or str(one["id"]), context.named(one, "category"), context.named(one, "area"),
        one["address"], context.named(one, "unit"), one["reported_at"], one["due_at"], days,
    )  # fmt: skip

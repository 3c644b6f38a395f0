"""力量配备: which cells lack somebody of the 1+1+1+N, on the last day of the period that has come."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table, quotient
from app.reports.rules.values import Kind, Value
from app.reports.service.context import UNIT, Context
from app.reports.service.sections import figures
from app.staffing.store import cells

PARTS = ("inspector", "supervisor", "officer", "part_time")
MOST = 2_000
PRINTED = 40


def blocks(context: Context) -> tuple[Block, ...]:
    """How many cells of each area lack whom, and which they are; of a unit nothing: it has no cells."""
    if context.scope.level == UNIT:
        return (Words("text", context.t("staffing_unit")),)
    day = min(context.until_on, context.known_at.astimezone(ZoneInfo(context.timezone)).date())
    lacking = cells.cells(
        context.connection, context.district_id, day, missing="any", area=context.scope.area_id, limit=MOST
    )
    said = context.t(
        "staffing_text" if lacking else "staffing_whole", count=len(lacking), day=day.isoformat()
    )
    columns = (
        Column("code", context.t("code"), Kind.CODE),
        Column("name", context.word("level.cell")),
        Column("parent", context.word("level.community")),
        Column("missing", context.t("lacks")),
        Column("away", context.t("away"), Kind.COUNT, total=True),
    )
    rows = tuple(_row(context, one) for one in lacking)
    listed = Table("cells", context.t("staffing_cells"), columns, rows, printed=PRINTED)
    return (Words("text", said), _areas(context, day), *((listed,) if rows else ()))


def _areas(context: Context, day: date) -> Table:
    columns = (
        Column("name", context.t("area")),
        Column("cells", context.t("cells"), Kind.COUNT),
        Column("complete", context.t("complete"), Kind.COUNT),
        Column("share", context.t("complete_share"), Kind.SHARE, of=("complete", "cells")),
        *(Column(part, context.t(f"lacks_{part}"), Kind.COUNT) for part in PARTS),
    )
    wanted = {context.scope.id, *(row.id for row in figures.parts(context).rows)}
    rows = tuple(
        (context.named(one), one["cells"], one["complete"], quotient(one["complete"], one["cells"]),
         *(one[part] for part in PARTS))
        for one in cells.summary(context.connection, context.district_id, day) if one["id"] in wanted
    )  # fmt: skip
    return Table("areas", context.t("staffing_areas"), columns, rows, printed=PRINTED)


def _row(context: Context, one: dict[str, Any]) -> tuple[Value, ...]:
    missing = context.t("listing").join(context.t(f"part_{part}") for part in one["missing"])
    return (one["code"], context.named(one), context.named(one, "community"), missing, one["away"])

"""待决: which cases wait for somebody's decision, as they stood when the report was made."""

from __future__ import annotations

from app.cases.store import listing
from app.reports.rules.blocks import Block, Words
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.store.pending import pending

MOST = 1_000
PRINTED = 30


def blocks(context: Context) -> tuple[Block, ...]:
    """The cases and what is asked; a sentence where nothing is."""
    scope = context.scope
    ids = pending(context.connection, context.district_id, scope.no, scope.last_no, scope.unit_id, limit=MOST)
    found = listing.some(context.connection, context.district_id, ids)
    if not found:
        return (Words("text", context.t("decisions_none")),)
    columns = (
        Column("number", context.t("case_number"), Kind.CODE),
        Column("category", context.t("category")),
        Column("area", context.t("area")),
        Column("unit", context.t("unit")),
        Column("pending", context.t("asks_for")),
        Column("due_at", context.t("due_at"), Kind.INSTANT),
    )
    rows = tuple(
        (
            one["number"] or one["ref"] or str(one["id"]), context.named(one, "category"), context.named(one, "area"),
            context.named(one, "unit"),
            context.t("listing").join(context.word(f"asked.{what}") for what in one["pending"]), one["due_at"],
        )
        for one in found
    )  # fmt: skip
    said = context.t("decisions_text", count=f"{len(rows):,}")
    return (Words("text", said), Table("pending", "", columns, rows, printed=PRINTED))

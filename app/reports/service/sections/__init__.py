"""The sections of reports: each is made from a context, and stands or fails by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.reports.rules.blocks import Block
from app.reports.rules.document import Section
from app.reports.rules.kinds import KINDS
from app.reports.service.context import Context
from app.reports.service.sections import (
    cells,
    decisions,
    hotspots,
    index,
    indicators,
    overdue,
    ranking,
    satisfaction,
    staffing,
    summary,
    today,
    trends,
    whole,
)

Build = Callable[[Context], tuple[Section, ...]]
Blocks = Callable[[Context], tuple[Block, ...]]

PERIODIC: Mapping[str, Blocks] = {
    "summary": summary.blocks,
    "today": today.blocks,
    "decisions": decisions.blocks,
    "indicators": indicators.blocks,
    "ranking": ranking.blocks,
    "trends": trends.blocks,
    "hotspots": hotspots.blocks,
    "cells": cells.blocks,
    "overdue": overdue.blocks,
    "satisfaction": satisfaction.blocks,
    "staffing": staffing.blocks,
    "index": index.blocks,
}
"""What stands under a heading of its own."""


def titled(code: str, blocks: Blocks) -> Build:
    """A section of one heading, which the catalogue has."""

    def build(context: Context) -> tuple[Section, ...]:
        return (Section(code, context.t(f"section_{code}"), blocks(context)),)

    return build


PARTS = {code for kind in whole.BUILDERS for code in KINDS[kind].sections}
SECTIONS: Mapping[str, Build] = {
    **{code: titled(code, blocks) for code, blocks in PERIODIC.items()},
    **{code: whole.part(code) for code in sorted(PARTS)},
}

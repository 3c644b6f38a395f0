"""The conditions of a selection in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.cube.service import Question
from app.reports.rules.blocks import Fact
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections.naming import listed, named
from app.reports.store import choosing

GROUPS = {
    "open": "map.state_", "closed": "map.state_", "all": "map.state_", "overdue": "tab.", "near": "tab.",
}  # fmt: skip
"""Where the word for a group of states is; those of single states are together."""

OTHERS = ("tab", "step", "unit", "where", "per_cell", "fill", "ring", "station")
"""Conditions of which only is said that they narrow it."""


def conditions(context: Context, given: Mapping[str, str], asked: Question, at: datetime) -> Iterator[Fact]:
    """What is asked for, in words: each condition that narrows it.

    Parameters
    ----------
    given, asked
        The parameters of its query string, and what they mean.
    at
        The instant that states and lateness are of.
    """
    wanted = asked.wanted
    domain = GROUPS.get(wanted.states, "state.")
    yield Fact("states", context.word("map.state"), context.word(f"{domain}{wanted.states}"))
    yield Fact("at", context.t("selection_at"), at, Kind.INSTANT)
    if area := choosing.area_name(context.connection, given.get("area")):
        yield Fact("area", context.word("field.area"), named(context, area))
    if wanted.categories is not None:
        names = choosing.categories(context.connection, context.district_id)
        known = (named(context, names[one]) for one in wanted.categories if one in names)
        yield Fact("categories", context.t("case_category"), listed(context, known), wide=True)
    if wanted.since or wanted.until:
        days = f"{given.get('from', '…')} – {given.get('to', '…')}"
        yield Fact("days", context.t("selection_days"), days)
    if given.get("q"):
        yield Fact("words", context.t("selection_words"), given["q"])
    others = listed(context, (context.t(f"selection_by_{name}") for name in OTHERS if given.get(name)))
    if others:
        yield Fact("others", context.t("selection_others"), others, wide=True)

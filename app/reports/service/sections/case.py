"""案卷: all of a case for those who do not sign in: what it is, its clocks, its whole log, pictures, and where it lies.

Whoever reported it is named as the console names them, the telephone masked. No report shows it in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.cases.service.sheet import Sheet, sheet
from app.cases.service.telling import told as told_on
from app.cases.service.watching import glimpsed
from app.cases.store import choices, heading
from app.db import acting
from app.errors import NotFoundError
from app.reports.rules.blocks import Block, Code, Fact, Facts, Words
from app.reports.rules.document import Section
from app.reports.rules.maps import Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections.locating import locators
from app.reports.service.sections.naming import coded, joined, listed, named, path
from app.reports.service.sections.picturing import pictured
from app.reports.service.sections.timeline import clocks, log
from app.reports.store import ground

Record = Mapping[str, Any]

MOST_ROWS = 1_000
"""Rows of a log that a file prints; a case with more of them is nobody's to read on paper."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as a report tells it.

    Parameters
    ----------
    entries
        Its log from the beginning, at most `MOST_ROWS`.
    more
        Whether the log goes on after them.
    """

    sheet: Sheet
    entries: tuple[Record, ...]
    more: bool

    @property
    def head(self) -> Record:
        """Its row with names."""
        return self.sheet.head

    @property
    def called(self) -> str:
        """Its number, or what its source calls it."""
        return str(self.head["number"] or self.head["ref"] or self.head["id"])


def case_of(connection: Connection, district_id: int, subject: str) -> int:
    """The id of a case by its number, by its source's, or by its id.

    Raises
    ------
    NotFoundError
        `case_missing`: nothing like it is there for the one who asks.
    """
    written = subject.strip()
    found = choices.case_by_number(connection, district_id, written)
    if found is None and written.isdecimal() and 0 < int(written) < 2**63:
        found = int(written)
    if found is None or heading.seen(connection, found) is None:
        raise NotFoundError("case_missing", id=written[:80])
    return found


def opened(context: Context) -> Opened:
    """The case that a report is about, by its number, by its source's, or by its id.

    Raises
    ------
    NotFoundError
        `case_missing`: there is none, or not for the one who asks.
    """
    connection = context.connection
    case_id = case_of(connection, context.district_id, context.subject)
    found = sheet(connection, glimpsed(connection, case_id, acting(connection)))
    entries, following = list(found.entries), found.following
    while following is not None and len(entries) < MOST_ROWS:
        rows, following = told_on(connection, context.district_id, case_id, following)
        entries += rows
    context.made["rows"] = {"cases": 1, "moves": len(entries)}
    return Opened(found, tuple(entries), following is not None)


def build(context: Context) -> tuple[Section, ...]:
    """The file of a case.

    Raises
    ------
    NotFoundError
        `case_missing`.
    """
    found = opened(context)
    first: list[Block] = [about(context, found), described(context, found), whereabouts(context, found)]
    return (
        Section(
            "case", context.t("section_case"), (*first, page_code(context, found), *_ends(context, found))
        ),
        Section("clocks", context.t("section_clocks"), (clocks(context, found.sheet),)),
        Section("log", context.t("section_log"), (log(context, found.entries, more=found.more),)),
        Section("photos", context.t("section_photos"), pictured(context, found.sheet.files)),
    )


def about(context: Context, found: Opened) -> Facts:
    """What a case is, where it lies, who has it and by when."""
    facts = [*identity(context, found), *_standing(context, found), *_source(context, found)]
    return Facts("facts", tuple(facts))


def identity(context: Context, found: Opened) -> Iterator[Fact]:
    """Number, category, condition and place of a case: what every form of it begins with."""
    head = found.head
    yield Fact("number", context.t("case_number"), found.called, Kind.CODE)
    category = joined(
        named(context, head, "category"),
        coded(context, "major", head["major"]),
        coded(context, "line", head["line"]),
    )
    yield Fact("category", context.t("case_category"), category)
    if head["condition_number"]:
        condition = joined(head["condition_number"], head["condition"])
        yield Fact("condition", context.word("field.condition"), condition, wide=True)
        yield Fact("closing", context.word("casework.closing"), head["closing_condition"], wide=True)
    yield Fact("place", context.word("casework.place"), _place(context, found), wide=True)


def _place(context: Context, found: Opened) -> str:
    head = found.head
    at = "" if head["lon"] is None else f"{head['lon']:.5f}, {head['lat']:.5f}"
    return joined(head["address"], path(context, found.sheet.path), at) or context.word("casework.no_place")


def _standing(context: Context, found: Opened) -> Iterator[Fact]:
    head, face, case = found.head, found.sheet.face, found.sheet.found.case
    late = face.mark == "overdue"
    state = joined(
        context.word(f"state.{head['state']}"),
        context.word(f"loop.{head['loop']}"),
        coded(context, "risk", head["risk"]),
    )
    yield Fact("state", context.t("case_state"), state)
    yield Fact("lamp", context.t("case_lamp"), lamp(context, found), late=late)
    stage = joined(context.t("case_due_now"), context.word(f"stage.{face.stage}") if face.stage else None)
    yield Fact("due", stage, face.due_at, Kind.INSTANT, late=late)
    yield Fact("holder", context.word("casework.holder"), _holder(context, found))
    yield Fact("unit", context.word("field.unit"), handlers(context, found) or None, wide=True)
    yield Fact("returns", context.t("case_returns"), case.returns, Kind.COUNT)
    yield Fact("extensions", context.t("case_extensions"), case.extensions, Kind.COUNT)
    asked = listed(context, (context.word(f"asked.{one.value}") for one in case.pending))
    yield Fact("asked", context.t("case_asked"), asked or None)
    yield Fact("closed", context.t("case_closed"), head["closed_at"], Kind.INSTANT)


def lamp(context: Context, found: Opened) -> str:
    """The colour of a case's lamp and what it means, in words: paper may be grey."""
    face = found.sheet.face
    meaning = context.word(f"order.is_{face.mark}")
    colour = "" if face.lamp in {"ended", "no_limit"} else context.word(f"lamp.{face.lamp}")
    return joined(meaning, colour, context.word("lamp.provisional") if face.provisional else None)


def handlers(context: Context, found: Opened) -> str:
    """Who handles a case: the lead unit, the one in it, and the units that help."""
    head, shown = found.head, found.sheet
    crew = shown.people.get(shown.found.case.crew or 0)
    helping = [
        named(context, shown.units[one]) for one in sorted(shown.found.case.co_units) if one in shown.units
    ]
    helps = f"{context.word('field.co_units')} {listed(context, helping)}" if helping else None
    return joined(named(context, head, "unit"), crew and crew["name"], helps)


def _holder(context: Context, found: Opened) -> str:
    holder = found.sheet.holder
    return (
        context.word(f"casework.desk_{holder['name']}")
        if holder["kind"] == "desk"
        else named(context, holder)
    )


def _source(context: Context, found: Opened) -> Iterator[Fact]:
    head = found.head
    yield Fact("source", context.t("case_source"), coded(context, "case_source", head["source"]) or None)
    yield Fact("reported", context.t("case_reported"), head["reported_at"], Kind.INSTANT)
    if head["contact"] is not None:
        contact = joined(head["contact"]["name"], head["contact"]["phone"])
        yield Fact("contact", context.t("case_contact"), contact, wide=True)


def described(context: Context, found: Opened) -> Words:
    """What was seen, in the words of whoever reported it."""
    text = found.head["description"] or context.word("casework.no_description")
    return Words("description", text, context.word("field.description"))


def whereabouts(context: Context, found: Opened) -> Block:
    """The small map of a case; a sentence where nobody knows where it lies."""
    head = found.head
    if head["lon"] is None:
        return Words("place", context.t("case_nowhere"), context.t("map_place"))
    day = found.sheet.found.now.astimezone(ZoneInfo(context.timezone)).date()
    cell = ground.area(context.connection, head["cell_id"]) if head["cell_id"] else None
    late = found.sheet.face.mark == "overdue"
    here = Marks(context.t("map_case"), ((head["lon"], head["lat"]),), (found.called,), "diamond", late=late)
    drawn: Map = locators(context, {0: cell}, {0: (here,)}, day)[0]
    return drawn


def page_code(context: Context, found: Opened) -> Code:
    """The code that leads to the case's page, for those who may see it."""
    address = f"{context.base_url.rstrip('/')}/cases/{found.head['id']}"
    return Code("page", address, context.t("case_code"))


def _ends(context: Context, found: Opened) -> Iterator[Block]:
    """评价: what those who reported say of how it ended."""
    if not found.sheet.ratings:
        return
    columns = (
        Column("at", context.t("rating_at"), Kind.INSTANT),
        Column("solved", context.word("field.solved")),
        Column("satisfied", context.t("rating_satisfied"), Kind.COUNT),
        Column("remark", context.t("rating_remark")),
    )
    rows = tuple(
        (
            one["at"],
            context.word("move.yes" if one["solved"] else "move.no"),
            one["satisfied"],
            one["remark"],
        )
        for one in found.sheet.ratings
    )
    yield Table("ratings", context.t("ratings"), columns, rows)

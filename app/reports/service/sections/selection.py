"""所选案件: what a question of the console selects, as a table, maps and counts, as far as the one who asks sees it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import numpy as np
import shapely
from sqlalchemy import Connection

from app.cases.service.clock_faces import row_face
from app.cases.store import listing
from app.cube.api.asking import Asking, question_of
from app.cube.api.viewing import order_of
from app.cube.rules import OPEN, Mark
from app.cube.service import Answer, Question, ask, cube_of
from app.db import acting
from app.grid.store import reading
from app.reports.rules.blocks import Block, Code, Facts, Figure, Figures, Words
from app.reports.rules.document import Section
from app.reports.rules.maps import Borders, Fill, Layer, Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind
from app.reports.service.context import Context
from app.reports.service.sections import grounds
from app.reports.service.sections.conditions import conditions
from app.reports.service.sections.naming import joined, named
from app.reports.store import choosing

Record = Mapping[str, Any]

MOST_LISTED = 20_000
"""Rows of the table: what a person still looks through. Of more cases the counts are told, and so many rows."""

AT_ONCE = 500
PRINTED, CATEGORIES_PRINTED = 200, 15
LONGEST = 4_000
"""Characters of a question."""

MAP_MM = 150.0
"""So high a map stands on the first page, with what comes before it."""


@dataclass(frozen=True, slots=True)
class Selected:
    """What a question selects: how many cases, some of them row by row, and all of them counted.

    Parameters
    ----------
    at
        The instant that states and lateness are of.
    categories, cells
        How many cases there are by the id of the category and of the cell.
    numbers
        Number of the place of every case.
    """

    asked: Question
    at: datetime
    total: int
    open: int
    overdue: int
    rows: Sequence[Record]
    categories: Mapping[int, int]
    cells: Mapping[int, int]
    numbers: np.ndarray[Any, np.dtype[np.int64]]


def build(context: Context) -> tuple[Section, ...]:
    """What the question of the report selects.

    Raises
    ------
    InvalidError
        `parameter_invalid`: the question cannot be read.
    """
    given, asked = chosen(context.connection, context.district_id, context.timezone, context.subject)
    found = _selected(context, given, asked)
    return (Section("selected", context.t("section_selected"), tuple(_blocks(context, given, found))),)


def chosen(
    connection: Connection, district_id: int, timezone: str, query: str
) -> tuple[dict[str, str], Question]:
    """The parameters of a query string, and what they mean where the one who asks puts the question.

    Raises
    ------
    InvalidError
        `parameter_invalid`.
    """
    given = dict(parse_qsl(query[:LONGEST].strip().lstrip("?")))
    asking = Asking(district_id, timezone, acting(connection), lambda: nullcontext(connection))
    return given, question_of(given, asking)


def _selected(context: Context, given: Mapping[str, str], asked: Question) -> Selected:
    connection, district = context.connection, context.district_id
    changed = reading.versions(connection)
    url = connection.engine.url.render_as_string(hide_password=False)
    order = order_of(asked.wanted.states, given)
    with ask(cube_of(url, district, context.timezone), asked, (changed["cases"], changed["areas"])) as answer:
        ids, _ = answer.page(order, None, MOST_LISTED)
        stood = answer.stood(ids) if asked.past is not None else None
        found = Selected(asked, answer.at, answer.total, *_sums(answer), (), *_counts(answer))
    rows = [row for some in _some(ids) for row in listing.some(connection, district, some)]
    if stood is not None:
        rows = listing.as_they_stood(connection, rows, stood)
    context.made["rows"] = {"cases": found.total}
    return replace(found, rows=rows)


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + AT_ONCE] for first in range(0, len(ids), AT_ONCE))


def _sums(answer: Answer) -> tuple[int, int]:
    states = answer.values["state"][answer.chosen.at]
    return int(np.array(OPEN)[states].sum()), answer.marks()[Mark.OVERDUE.name.lower()]


def _counts(answer: Answer) -> tuple[dict[int, int], dict[int, int], np.ndarray[Any, np.dtype[np.int64]]]:
    return (
        answer.by("category"),
        answer.by("cell"),
        np.array(answer.values["area"][answer.chosen.at], np.int64),
    )


def _blocks(context: Context, given: Mapping[str, str], chosen: Selected) -> Iterator[Block]:
    yield Facts("question", tuple(conditions(context, given, chosen.asked, chosen.at)))
    if not chosen.total:
        yield Words("none", context.word("casework.none"))
        return
    yield Figures(
        "sums",
        (
            Figure("total", context.t("selection_total"), chosen.total),
            Figure("open", context.t("duty_open"), chosen.open),
            Figure("overdue", context.t("duty_overdue"), chosen.overdue, late=chosen.overdue > 0),
        ),
    )
    yield from _maps(context, chosen)
    yield _by_category(context, chosen)
    yield _by_area(context, chosen)
    yield _table(context, chosen)
    query = urlencode(given)
    yield Code("question_code", f"{context.base_url.rstrip('/')}/?{query}", context.t("selection_code"))


def _maps(context: Context, chosen: Selected) -> Iterator[Block]:
    drawn = choosing.drawn(context.connection, context.district_id, chosen.cells)
    borders = choosing.subdistricts(context.connection, context.district_id)
    shapes = [one["shape"] for one in (*drawn, *borders)]
    if not shapes:
        return
    around: list[Layer] = [
        Borders(context.word("level.subdistrict"), "subdistrict", tuple(named(context, one) for one in borders),
                tuple(one["shape"] for one in borders))
    ]  # fmt: skip
    shown = tuple(shapely.total_bounds(np.array(shapes, dtype=object)).tolist())
    inset = grounds.inset(context)
    if inset is not None and not shapely.box(*shown).contains(shapely.box(*inset)):
        inset = None
    if drawn:
        fill = Fill(
            context.t("selection_total"), Kind.COUNT, tuple(one["code"] for one in drawn),
            tuple(named(context, one) for one in drawn), tuple(chosen.cells[one["id"]] for one in drawn),
            tuple(one["shape"] for one in drawn),
        )  # fmt: skip
        yield Map(
            "cells",
            context.t("selection_cells"),
            shown,
            context.srid,
            (fill, *around),
            inset=inset,
            most_mm=MAP_MM,
        )
    marks = list(_marks(context, chosen))
    if marks:
        yield Map(
            "places",
            context.t("selection_places"),
            shown,
            context.srid,
            (*around, *marks),
            inset=inset,
            most_mm=MAP_MM,
        )


def _marks(context: Context, chosen: Selected) -> Iterator[Marks]:
    there = [row for row in chosen.rows if row["lon"] is not None]
    for late in (False, True):
        rows = [row for row in there if _late(row, chosen.at) == late]
        if rows:
            title = context.t("duty_overdue" if late else "selection_others_marked")
            places = tuple((row["lon"], row["lat"]) for row in rows)
            sign = "triangle" if late else "circle"
            yield Marks(title, places, tuple(_called(row) for row in rows), sign, late=late)


def _late(row: Record, at: datetime) -> bool:
    return row_face(row["state"], row["due_at"], row["near_at"], at).mark == "overdue"


def _called(row: Record) -> str:
    return str(row["number"] or row["ref"] or row["id"])


def _by_category(context: Context, chosen: Selected) -> Table:
    names = choosing.categories(context.connection, context.district_id)
    rows = sorted(chosen.categories.items(), key=lambda one: (-one[1], one[0]))
    columns = (
        Column("category", context.t("case_category")),
        Column("cases", context.t("selection_total"), Kind.COUNT, total=True),
    )
    told = tuple((named(context, names[one]) if one in names else str(one), many) for one, many in rows)
    return Table("categories", context.t("selection_categories"), columns, told, printed=CATEGORIES_PRINTED)


def _by_area(context: Context, chosen: Selected) -> Table:
    """By subdistrict, with those that lie in none on a line of their own, so that the sum is all of them."""
    columns = (
        Column("area", context.word("level.subdistrict")),
        Column("cases", context.t("selection_total"), Kind.COUNT, total=True),
    )
    numbers = chosen.numbers
    told = [
        (named(context, one), int(((numbers >= one["no"]) & (numbers <= one["last_no"])).sum()))
        for one in choosing.subdistricts(context.connection, context.district_id)
    ]
    others = chosen.total - sum(many for _, many in told)
    rows = [row for row in told if row[1]] + ([(context.t("selection_elsewhere"), others)] if others else [])
    return Table("areas", context.t("selection_areas"), columns, tuple(rows))


def _table(context: Context, chosen: Selected) -> Table:
    columns = (
        Column("number", context.t("case_number"), Kind.CODE),
        Column("category", context.t("case_category")),
        Column("state", context.t("case_state")),
        Column("area", context.word("field.area")),
        Column("address", context.word("field.address")),
        Column("unit", context.word("field.unit")),
        Column("reported", context.t("case_reported"), Kind.INSTANT),
        Column("due", context.t("case_due"), Kind.INSTANT),
    )
    rows = tuple(_row(context, row) for row in chosen.rows)
    late = frozenset((at, "due") for at, row in enumerate(chosen.rows) if _late(row, chosen.at))
    more = chosen.total - len(rows)
    note = context.t("selection_more", n=len(rows), total=chosen.total) if more else ""
    return Table("cases", context.t("selection_cases"), columns, rows, note, late, PRINTED)


def _row(context: Context, row: Record) -> tuple[Any, ...]:
    area = joined(*(named(context, row, key) if row[key] else None for key in ("parent", "area")))
    return (
        _called(row), named(context, row, "category"), context.word(f"state.{row['state']}"), area or None,
        row["address"], named(context, row, "unit") or None, row["reported_at"], row["due_at"],
    )  # fmt: skip

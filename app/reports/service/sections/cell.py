"""网格单, 网格图集: a page about a cell: its map, who looks after it, what lies in it, how it did, now and before.

For an atlas everything is asked once for all cells; only shapes and people are read some sheets at a time, so that
memory does not grow with the district.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from app.errors import NotFoundError
from app.registry.rules.kinds import ElementKind, PlaceType
from app.reports.rules.blocks import Block, Fact, Facts, Figure, Figures, Words
from app.reports.rules.document import Section
from app.reports.rules.maps import Map, Marks
from app.reports.rules.tabular import Column, Table
from app.reports.rules.values import Kind, Value
from app.reports.service.context import Context
from app.reports.service.sections.locating import locators
from app.reports.service.sections.measuring import NOTHING, Counts, before, counts_of, table
from app.reports.service.sections.naming import joined, listed, mark, named
from app.reports.service.sections.posting import holders, roster
from app.reports.store import cells as store
from app.reports.store import people

Record = Mapping[str, Any]

AT_ONCE = 40
"""Sheets whose shapes and people are read at once."""

MOST_CATEGORIES, MOST_OVERDUE = 5, 8


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of all cells that sheets are made of, by their numbers; counts of periods by their codes."""

    day: date
    now: Mapping[str, Counts]
    before: Mapping[str, Counts]
    elements: Mapping[int, Mapping[tuple[str, str], int]]
    persons: Mapping[int, int | None]
    reported: Mapping[int, Sequence[Row[Any]]]
    standing: Mapping[int, Row[Any]]
    overdue: Mapping[int, Sequence[Row[Any]]]


def build(context: Context) -> tuple[Section, ...]:
    """The sheet of a cell.

    Raises
    ------
    NotFoundError
        `cell_missing`: there is none of that code, or not for the one who asks.
    """
    found = store.own(context.connection, context.district_id, _day(context), codes={context.subject.strip()})
    if not found:
        raise NotFoundError("cell_missing", code=context.subject[:40])
    told = _told(context, (found[0]["no"], found[0]["no"]), found[0]["id"])
    return tuple(replace(sheet, code="sheet") for sheet in _sheets(context, found, told))


def sheets(context: Context) -> Iterator[Section]:
    """A sheet of each cell of the report's scope, in the order of their codes, each on a page of its own.

    Raises
    ------
    NotFoundError
        `cell_missing`: the scope has no cell for the one who asks.
    """
    found = store.below(context.connection, context.district_id, _day(context), context.scope.id)
    if not found:
        raise NotFoundError("cell_missing", code=context.scope.code[:40])
    numbers = [cell["no"] for cell in found]
    told = _told(context, (min(numbers), max(numbers)), context.scope.id)
    for first in range(0, len(found), AT_ONCE):
        yield from _sheets(context, found[first : first + AT_ONCE], told)


def _day(context: Context) -> date:
    """The day whose cells are drawn: the last one of the period, or that of the making while it lasts."""
    return min(context.until_on, context.known_at.astimezone(ZoneInfo(context.timezone)).date())


def _told(context: Context, within: store.Interval, area_id: int) -> Told:
    connection, district, day = context.connection, context.district_id, _day(context)
    since, until = context.since, context.until
    return Told(
        day,
        counts_of(context, since, until, area_id),
        counts_of(context, before(context), since, area_id),
        store.elements(connection, district, day, within),
        store.persons(connection, district, within),
        store.reported(connection, district, within, since, until, MOST_CATEGORIES),
        store.standing(connection, district, within, context.known_at),
        store.overdue(connection, district, within, context.known_at, MOST_OVERDUE),
    )


def _sheets(context: Context, some: Sequence[Record], told: Told) -> Iterator[Section]:
    posted = people.posted(context.connection, [cell["id"] for cell in some], told.day)
    marks = {cell["id"]: _marks(context, told.overdue.get(cell["no"], ())) for cell in some}
    maps = locators(context, {cell["id"]: cell for cell in some}, marks, told.day)
    for cell in some:
        blocks = _blocks(context, cell, told, posted[cell["id"]], maps[cell["id"]])
        title = f"{named(context, cell)} {cell['code']}"
        yield Section(f"sheet-{cell['code']}", title, tuple(blocks), fresh=True)


def _marks(context: Context, late: Sequence[Row[Any]]) -> list[Marks]:
    there = [row for row in late if row.lon is not None]
    if not there:
        return []
    places = tuple((row.lon, row.lat) for row in there)
    return [
        Marks(context.t("cell_overdue"), places, tuple(row.called for row in there), "triangle", late=True)
    ]


def _blocks(
    context: Context, cell: Record, told: Told, posted: Sequence[Record], drawn: Map
) -> Iterator[Block]:
    yield _ground(context, cell, told)
    yield drawn
    yield roster(context, *holders(context, posted), context.t("cell_people"))
    now, earlier = (counts.get(cell["code"], NOTHING) for counts in (told.now, told.before))
    standing = told.standing.get(cell["no"])
    if standing is None and not (any(now.values()) or any(earlier.values())):
        yield Words("quiet", context.t("cell_quiet"), context.t("cell_cases"))
        return
    yield _standing(context, standing)
    yield table(context, now, earlier)
    yield from _lists(context, told.reported.get(cell["no"], ()), told.overdue.get(cell["no"], ()), standing)


def _ground(context: Context, cell: Record, told: Told) -> Facts:
    lies_in = joined(*(named(context, cell, key) if cell[key] else None for key in ("above", "parent")))
    of = told.elements.get(cell["no"], {})

    def many(kind: ElementKind, *types: PlaceType) -> Value:
        return sum(n for (one, type_), n in of.items() if one == kind and (not types or type_ in types))

    facts = (
        Fact("code", context.t("cell_code"), cell["code"], Kind.CODE),
        Fact("lies_in", context.t("sign_lies_in"), (lies_in + mark(context, cell)) or None),
        Fact("area", context.t("cell_area"), round(cell["area_m2"]), Kind.COUNT),
        Fact("households", context.t("cell_households"), cell["households"], Kind.COUNT),
        Fact("persons", context.t("cell_persons"), *_persons(context, told, cell["no"])),
        Fact("compounds", context.t("cell_compounds"), many(ElementKind.PLACE, PlaceType.COMPOUND, PlaceType.COURTYARD),
             Kind.COUNT),
        Fact("buildings", context.t("cell_buildings"), many(ElementKind.PLACE, PlaceType.BUILDING), Kind.COUNT),
        Fact("objects", context.t("cell_objects"), many(ElementKind.OBJECT), Kind.COUNT),
        Fact("organisations", context.t("cell_organisations"), many(ElementKind.ORGANISATION), Kind.COUNT),
    )  # fmt: skip
    return Facts("ground", facts)


def _persons(context: Context, told: Told, no: int) -> tuple[Value, Kind]:
    """How many people are registered; of fewer than five only that, as everywhere."""
    if no not in told.persons:
        return None, Kind.COUNT
    many = told.persons[no]
    return (context.t("cell_few"), Kind.TEXT) if many is None else (many, Kind.COUNT)


def _standing(context: Context, row: Row[Any] | None) -> Figures:
    names = ("open", "overdue", "near", "suspended")
    figures = [(name, 0 if row is None else int(row._mapping[name])) for name in names]
    return Figures(
        "standing",
        tuple(
            Figure(name, context.t(f"duty_{name}"), many, late=name == "overdue" and many > 0)
            for name, many in figures
        ),
        context.t("cell_now"),
    )


def _lists(
    context: Context, often: Sequence[Row[Any]], late: Sequence[Row[Any]], standing: Row[Any] | None
) -> Iterator[Block]:
    if often:
        said = (context.t("cell_category", name=named(context, row._mapping), n=row.many) for row in often)
        yield Words("often", listed(context, said), context.t("cell_often"))
    if not late:
        return
    columns = (
        Column("number", context.t("case_number"), Kind.CODE),
        Column("category", context.t("case_category")),
        Column("address", context.word("field.address")),
        Column("unit", context.word("field.unit")),
        Column("due", context.t("case_due"), Kind.INSTANT),
    )
    rows = tuple(
        (row.called, named(context, row._mapping, "category"), row.address, named(context, row._mapping, "unit"),
         row.due_at)
        for row in late
    )  # fmt: skip
    more = (standing.overdue if standing is not None else len(late)) - len(late)
    note = context.t("list_more", n=more) if more > 0 else ""
    marked = frozenset((at, "due") for at in range(len(late)))
    yield Table("overdue", context.t("cell_overdue"), columns, rows, note, marked)

"""The layers that the platform gives to analysts: their columns, what these hold, and by what they can be narrowed.

The server writes by this list and the library reads by it, over HTTP, from a login of the database and from a
snapshot alike. A change that an older reader would misread gives another `VERSION`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

VERSION = 1
"""Of the columns below and what they mean."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    YES = "yes"
    DAY = "day"
    INSTANT = "instant"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layer.

    Parameters
    ----------
    kind
        Days are days in the district's zone, instants in UTC, shapes in EPSG:4490, longitude first.
    needed
        Whether it holds something in every row.
    words
        All that a text can be, where that is settled.
    """

    name: str
    kind: Kind
    needed: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the platform.

    Parameters
    ----------
    key
        Columns that tell its rows apart.
    shape
        Kind of its shapes; None for a plain table.
    narrowed
        By what it can be narrowed: `level`, `area`, `on`, `since`, `until`, `as_of`.
    when
        The column that `since` and `until` are about.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    shape: str | None = None
    narrowed: tuple[str, ...] = ()
    when: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, the shape last."""
        return tuple(column.name for column in self.columns)


def _texts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name.rstrip("!"), Kind.TEXT, name.endswith("!")) for name in names)


def _days(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.DAY) for name in names)


_SIMULATED = Column("simulated", Kind.YES, needed=True)
_SHAPE = Column("geometry", Kind.SHAPE)
_PLACE = _texts("area", "cell", "community", "subdistrict")
_VALID = _days("valid_from_on", "valid_to_on")

AREAS = Layer(
    "areas",
    (
        *_texts("level!", "code!", "name!", "name_en", "kind", "parent_code", "community", "subdistrict", "edition"),
        Column("households", Kind.NUMBER),
        Column("area_m2", Kind.NUMBER, needed=True),
        *_VALID,
        _SIMULATED,
        Column("geometry", Kind.SHAPE, needed=True),
    ),
    key=("level", "parent_code", "code"),
    shape="MultiPolygon",
    narrowed=("level", "area", "on"),
)  # fmt: skip
"""区划与网格: the areas of a day, of every level or of one; cells by the edition in force."""

CASES = Layer(
    "cases",
    (
        Column("id", Kind.WHOLE, needed=True),
        *_texts("category!", "category_name!", "line", "major", "state!", "source", "loop!", "unit"),
        *_PLACE,
        Column("reported_at", Kind.INSTANT, needed=True),
        *(Column(name, Kind.INSTANT) for name in ("due_at", "near_at", "closed_at")),
        Column("version", Kind.WHOLE, needed=True),
        _SIMULATED,
        _SHAPE,
    ),
    key=("id",),
    shape="Point",
    narrowed=("area", "since", "until"),
    when="reported_at",
)
"""案件 as they stand; a restricted one 限知 stands in the middle of its cell. No text, nobody's name."""

TRANSITIONS = Layer(
    "transitions",
    (
        Column("case_id", Kind.WHOLE, needed=True),
        Column("version", Kind.WHOLE, needed=True),
        *_texts("move!", "source", "target!", "loop!", "unit", *(column.name for column in _PLACE), "seats"),
        Column("at", Kind.INSTANT, needed=True),
        Column("recorded_at", Kind.INSTANT, needed=True),
        Column("due_at", Kind.INSTANT),
        Column("satisfied", Kind.YES),
    ),
    key=("case_id", "version"),
    narrowed=("area", "since", "until", "as_of"),
    when="at",
)
"""办理记录, the log of moves: who moved is told by their seats, several between blanks."""

ELEMENTS = Layer(
    "elements",
    (
        Column("id", Kind.WHOLE, needed=True),
        *_texts("kind!", "type!", "type_name!", "name", "unit", *(column.name for column in _PLACE), "state"),
        Column("floors", Kind.NUMBER),
        *_VALID,
        _SIMULATED,
        _SHAPE,
    ),
    key=("id",),
    shape="Point",
    narrowed=("area",),
)
"""地、物、组织; what has no position of its own stands where its building or site is."""

PEOPLE = Layer(
    "people",
    (*_texts("cell!", "community", "subdistrict", "need!"), Column("persons", Kind.NUMBER), _SIMULATED),
    key=("community", "cell", "need"),
    narrowed=("area",),
)
"""How many registered people of a need live in a cell, `any` for all; fewer than five are not told."""

UNITS = Layer(
    "units",
    (*_texts("code!", "name!", "kind!", "parent", "area"), *_VALID, _SIMULATED),
    key=("code",),
)
"""单位."""

POSTS = Layer(
    "posts",
    (
        *_texts("unit!", "role!", "level", "area"),
        Column("posts", Kind.WHOLE, needed=True),
        Column("holders", Kind.WHOLE, needed=True),
        _SIMULATED,
    ),
    key=("unit", "role", "level", "area"),
)
"""岗位: how many posts of a role a unit has for an area, and how many people hold them today."""

ASSIGNMENTS = Layer(
    "assignments",
    (
        *_texts("cell!", "community", "subdistrict", "kind!", "duty!"),
        *_days("from_on", "until_on"),
        Column("people", Kind.WHOLE, needed=True),
    ),
    key=("community", "cell", "kind", "duty", "from_on", "until_on"),
    narrowed=("area", "on"),
)
"""1+1+1+N: how many people look after a cell, as what, from a day until another."""

LAYERS: Mapping[str, Layer] = MappingProxyType(
    {one.name: one for one in (AREAS, CASES, TRANSITIONS, ELEMENTS, PEOPLE, UNITS, POSTS, ASSIGNMENTS)}
)
"""By name."""

"""A map of a report: what is drawn upon what. Shapes are in degrees of the store (EPSG:4490)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.reports.rules.values import Kind, Value


@dataclass(frozen=True, slots=True)
class Fill:
    """Areas filled by their numbers.

    Parameters
    ----------
    shapes
        Areas in degrees of the store; codes, names and values stand beside them, row by row.
    method, classes
        How the numbers are put into classes, and into how many.
    """

    title: str
    kind: Kind
    codes: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[Value, ...]
    shapes: tuple[Any, ...]
    method: str = "quantiles"
    classes: int = 5


@dataclass(frozen=True, slots=True)
class Marks:
    """Places with a mark.

    Parameters
    ----------
    places
        Longitude and latitude of each.
    names
        What each is called where somebody points at it.
    sign
        One of `spatial.cartography.SIGNS`.
    """

    title: str
    places: tuple[tuple[float, float], ...]
    names: tuple[str, ...]
    sign: str = "circle"
    late: bool = False


@dataclass(frozen=True, slots=True)
class Borders:
    """Areas drawn by their borders and their names.

    Parameters
    ----------
    level
        That of the area tree: how strong the line is.
    named
        Whether their names are written.
    """

    title: str
    level: str
    names: tuple[str, ...]
    shapes: tuple[Any, ...]
    named: bool = True


class FeatureKind(StrEnum):
    """What people find their way by."""

    PARK = "park"
    WATER = "water"
    RIVER = "river"
    BUILDING = "building"
    STREET = "street"


LINES = frozenset({FeatureKind.STREET, FeatureKind.RIVER})


@dataclass(frozen=True, slots=True)
class Features:
    """What people find their way by: outlines, and streets and rivers as lines.

    Parameters
    ----------
    names
        Of each; empty where it has none.
    shapes
        In degrees of the store: lines of streets and rivers, else areas.
    """

    title: str
    kind: FeatureKind
    names: tuple[str, ...]
    shapes: tuple[Any, ...]


Layer = Fill | Marks | Borders | Features


@dataclass(frozen=True, slots=True)
class Map:
    """A map.

    Parameters
    ----------
    shown
        West, south, east, north of the ground that has to be seen, in degrees.
    srid
        EPSG number of the projection that it is drawn in.
    layers
        The first lies below.
    inset
        West, south, east, north of the part that is drawn again in a corner, larger; None for no such part.
    most_mm
        How high it may stand on a page of words; None for as high as the page lets it.
    """

    code: str
    title: str
    shown: tuple[float, float, float, float]
    srid: int
    layers: tuple[Layer, ...]
    note: str = ""
    inset: tuple[float, float, float, float] | None = None
    most_mm: float | None = None

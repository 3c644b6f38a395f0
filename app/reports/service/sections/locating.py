"""The small map of a report: a place, its cell and the cells beside it, and what people find their way by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import shapely

from app.reports.rules.maps import LINES, Borders, FeatureKind, Features, Layer, Map, Marks
from app.reports.service.context import Context
from app.reports.service.sections.naming import named
from app.reports.store import ground
from app.reports.store.ground import Box

Record = Mapping[str, Any]

FEATURES = {
    FeatureKind.PARK: "park",
    FeatureKind.WATER: "reservoir",
    FeatureKind.RIVER: "river",
    FeatureKind.BUILDING: "building",
    FeatureKind.STREET: "street",
}
"""Kinds of things on the ground, the first lies below."""

MOST_FEATURES = 600
"""Things on the ground of one small map: more than a hand's breadth of paper can show."""

HEIGHT_MM = 90.0
MARGIN = 0.15
"""How much more than a place its map shows, on each side, by its width."""

AROUND = 0.004
"""Half the width of the map of a place that lies in no cell, in degrees: about 400 m."""


def locators(
    context: Context, places: Mapping[int, Record | None], marks: Mapping[int, Sequence[Marks]], day: date
) -> dict[int, Map]:
    """Small maps of some places, the ground under all of them read at once.

    Parameters
    ----------
    places
        By a number of the caller's: the cell with `code`, `name` and `shape`, or None where a place lies in none.
    marks
        What is marked on each map; a place without a cell is shown around its first mark.
    day
        Of the cells that are drawn.
    """
    boxes = {
        key: _widened(place["shape"].bounds) if place else _around(marks[key])
        for key, place in places.items()
    }
    kinds = tuple(FEATURES.values())
    lying = ground.features(context.connection, context.district_id, boxes, kinds, MOST_FEATURES)
    beside = ground.cells(context.connection, context.district_id, day, boxes)
    return {
        key: Map(
            "place",
            context.t("map_place"),
            boxes[key],
            context.srid,
            tuple(_layers(context, place, marks.get(key, ()), lying[key], beside[key])),
            most_mm=HEIGHT_MM,
        )
        for key, place in places.items()
    }


def _layers(
    context: Context, place: Record | None, marks: Sequence[Marks], lying: list[Any], beside: list[Any]
) -> Iterable[Layer]:
    for kind, of in FEATURES.items():
        wanted = 1 if kind in LINES else 2
        there = [one for one in lying if one["kind"] == of and shapely.get_dimensions(one["shape"]) == wanted]
        if there:
            names = tuple(named(context, one) or "" for one in there)
            yield Features(context.t(f"map_{kind}"), kind, names, tuple(one["shape"] for one in there))
    others = [one for one in beside if place is None or one["code"] != place["code"]]
    if others:
        names = tuple(named(context, one) for one in others)
        yield Borders(context.t("map_neighbours"), "cell", names, tuple(one["shape"] for one in others))
    if place is not None:
        # The strong line of a subdistrict: on this map the cell is what all else lies around.
        yield Borders(context.t("map_cell"), "subdistrict", (named(context, place),), (place["shape"],))
    yield from marks


def _widened(bounds: Box) -> Box:
    west, south, east, north = bounds
    margin = MARGIN * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _around(marks: Sequence[Marks]) -> Box:
    lon, lat = marks[0].places[0]
    return lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND

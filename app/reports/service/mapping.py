"""Maps of a report, drawn for paper: the ground, what fills it, marks, borders, names, and what belongs around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from app.reports.rules.maps import Map, Marks
from app.reports.service.classing import classes_of, legend_words, numbers_of
from app.reports.service.insets import Inset, with_inset
from app.reports.service.layering import Ready, metric, prepared
from app.reports.service.legends import Key, Sign
from app.reports.service.palette import colours
from app.web.i18n import DEFAULT, translate
from spatial.cartography import (
    Drawing,
    Label,
    Pen,
    draw_graticule,
    draw_north,
    draw_scale_bar,
    place_labels,
    scale_bar,
    text_width,
    window_for,
)
from spatial.crs import STORAGE, transform

__all__ = ["Key", "Picture", "Sign", "classes_of", "draw", "height_for", "legend_words", "numbers_of"]

TITLE_MM = 2.2
BAR_MM = 45.0
INSET_BAR_MM = 22.0
CORNER_MM = 16.0
PAPER = "#FFFFFF"
LEAST_SHARE = 0.5
"""A map is never lower than so much of the height that it may have."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as SVG.

    Parameters
    ----------
    scale, inset_scale
        Denominators of the scales that it has on paper; None where no part is enlarged.
    unnamed
        How many names found no room.
    """

    svg: str
    legend: tuple[Key, ...]
    scale: float
    inset_scale: float | None = None
    unnamed: int = 0


@dataclass(frozen=True, slots=True)
class _Names:
    wanted: set[str]
    written: set[str]

    def __add__(self, other: _Names) -> _Names:
        return _Names(self.wanted | other.wanted, self.written | other.written)


def draw(one: Map, width_mm: float, height_mm: float, font: str, zone: str, locale: str = DEFAULT) -> Picture:
    """Draw a map.

    Parameters
    ----------
    width_mm, height_mm
        Of its window.
    font
        Families as CSS writes them.
    locale
        Of the words of its legend.
    """
    ground = _metric_bounds(one.shown, one.srid)
    window, inset = window_for(ground, width_mm, height_mm), None
    if one.inset is not None:
        window, inset = with_inset(window, ground, _metric_bounds(one.inset, one.srid), _areas(one))
    layers = prepared(one, (window,) if inset is None else (window, inset.window), zone)
    drawing = Drawing(window, font=font)
    most_mm = min(BAR_MM, width_mm / 3)
    bar = scale_bar(window, most_mm=most_mm).length_mm
    bar_x, arrow_x = _furniture(width_mm, bar, inset)
    taken = [
        shapely.box(bar_x - 4, height_mm - 9, bar_x + bar + 8, height_mm),
        shapely.box(arrow_x - CORNER_MM / 2, 0, arrow_x + CORNER_MM / 2, CORNER_MM),
        *([] if inset is None else [inset.box]),
    ]
    again = None if inset is None else _extent(drawing, inset)
    names = _ground(drawing, layers, taken, one.srid, again)
    ink = colours()["text"]
    draw_scale_bar(drawing, bar_x, height_mm - 4, ink=ink, paper=PAPER, most_mm=most_mm)
    draw_north(drawing, arrow_x, CORNER_MM * 0.6, one.srid, ink=ink, paper=PAPER)
    if inset is not None:
        title = translate(locale, "report.map_inset")
        names += _draw_inset(drawing, inset, layers, title)
    larger = None if inset is None else inset.window.scale
    return Picture(
        drawing.svg(),
        tuple(layer.key(locale) for layer in layers),
        window.scale,
        larger,
        len(names.wanted - names.written),
    )


def height_for(one: Map, width_mm: float, most_mm: float) -> float:
    """How high a map stands that is so wide: as high as its ground wants, within what there is."""
    if one.inset is not None:
        return most_mm
    west, south, east, north = _metric_bounds(one.shown, one.srid)
    wanted = width_mm * (north - south) / max(east - west, 1)
    return round(min(max(wanted, most_mm * LEAST_SHARE), most_mm), 1)


def _ground(
    drawing: Drawing,
    layers: Sequence[Ready],
    taken: Sequence[Any],
    srid: int | None = None,
    again: Any = None,
) -> _Names:
    """Draw all layers in a window, the graticule of a projection, and the names that find room.

    Parameters
    ----------
    again
        Part of the paper whose names are written in a larger window.
    """
    labels: list[Label] = []
    busy = list(taken)
    for layer in layers:
        named, occupied = layer.draw(drawing)
        labels += named
        busy += occupied
    if srid is not None:
        busy += draw_graticule(drawing, srid, ink=colours()["map-label-2"], taken=taken, halo=PAPER)
    if again is not None:
        labels = [one for one in labels if not again.contains(shapely.Point(one.x, one.y))]
    placed, _ = place_labels(labels, drawing.window.width_mm, drawing.window.height_mm, taken=busy)
    drawing.words(labels, placed, colours()["map-label"], halo=PAPER)
    return _Names({one.text for one in labels}, {labels[one.row].text for one in placed})


def _draw_inset(drawing: Drawing, inset: Inset, layers: Sequence[Ready], title: str) -> _Names:
    """Draw the larger window with its frame, scale and bar, and its extent on the map."""
    window, ink = inset.window, colours()["text"]
    within = Drawing(window, font=drawing.font)
    within.shape(shapely.box(0, 0, window.width_mm, window.height_mm), Pen(PAPER))
    bar = scale_bar(window, most_mm=min(INSET_BAR_MM, window.width_mm / 3)).length_mm
    room = text_width(title, TITLE_MM)
    taken = [
        shapely.box(0, window.height_mm - 7, bar + 8, window.height_mm),
        shapely.box(window.width_mm - room - 2, window.height_mm - 4, window.width_mm, window.height_mm),
    ]
    names = _ground(within, layers, taken)
    draw_scale_bar(
        within, 3, window.height_mm - 3, ink=ink, paper=PAPER, most_mm=min(INSET_BAR_MM, window.width_mm / 3)
    )
    within.note(title, window.width_mm - 1.2, window.height_mm - 2.2, TITLE_MM, ink, anchor="end", halo=PAPER)
    within.shape(shapely.box(0, 0, window.width_mm, window.height_mm), Pen(None, ink, 0.6))
    drawing.shape(_extent(drawing, inset), Pen(None, PAPER, 1.0))
    drawing.shape(_extent(drawing, inset), Pen(None, ink, 0.45))
    drawing.place(within, inset.x, inset.y)
    return names


def _extent(drawing: Drawing, inset: Inset) -> Any:
    west, south, east, north = inset.window.bounds
    corners = drawing.window.on_paper([[west, north], [east, south]])
    return shapely.box(*corners[0].tolist(), *corners[1].tolist())


def _furniture(width_mm: float, bar_mm: float, inset: Inset | None) -> tuple[float, float]:
    """Where the scale bar begins, and where the arrow stands: not in the corner of the larger window."""
    corner = None if inset is None else inset.corner
    bar = width_mm - bar_mm - 8 if corner == (-1, 1) else 5.0
    return bar, CORNER_MM / 2 if corner == (1, -1) else width_mm - CORNER_MM / 2


def _areas(one: Map) -> Any:
    """What of the ground a larger window should not hide: the areas of the lowest layer that has any."""
    shapes = next((layer.shapes for layer in one.layers if not isinstance(layer, Marks)), ())
    return metric(shapes, one.srid)


def _metric_bounds(bounds: Sequence[float], srid: int) -> tuple[float, float, float, float]:
    """Bounds in degrees as bounds in metres."""
    corners = shapely.get_coordinates(shapely.segmentize(shapely.box(*bounds), 0.01))
    xy = transform(corners, STORAGE, srid)
    return *np.nanmin(xy, axis=0).tolist(), *np.nanmax(xy, axis=0).tolist()

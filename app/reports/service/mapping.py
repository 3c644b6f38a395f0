"""Maps of a report, drawn for paper: the ground, what fills it, marks, borders, names, and what belongs around them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from app.reports.rules.maps import Borders, Fill, Map, Marks
from app.reports.rules.values import Kind
from app.reports.service.palette import colours, ramp
from app.reports.service.wording import shown
from spatial.cartography import (
    SIGNS,
    Drawing,
    Label,
    Pen,
    draw_graticule,
    draw_north,
    draw_scale_bar,
    inside_points,
    place_labels,
    window_for,
)
from spatial.classes import Classes, classify
from spatial.crs import STORAGE, transform

LABEL_MM = {"district": 3.4, "subdistrict": 2.8, "community": 2.3, "cell": 1.8}
LINE_MM = {"district": 0.6, "subdistrict": 0.4, "community": 0.18, "cell": 0.1}
DASH_MM = {"community": (1.2, 0.7)}
MARK_MM = 2.6
BAR_ROOM_MM = 60.0
CORNER_MM = 16.0
NEAR_MM = 20
"""A name stands within so many thousandths of the paper's width of the widest place of its area."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of the legend: a small picture and what it stands for."""

    svg: str
    shown: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A map as SVG, with its legend and the scale that it has on paper."""

    svg: str
    legend: tuple[Sign, ...]
    scale: float


def draw(one: Map, width_mm: float, height_mm: float, font: str, zone: str) -> Picture:
    """Draw a map.

    Parameters
    ----------
    width_mm, height_mm
        Of its window.
    font
        Families as CSS writes them.
    """
    colour = colours()
    corners = shapely.get_coordinates(shapely.segmentize(shapely.box(*one.shown), 0.01))
    west, south = np.nanmin(transform(corners, STORAGE, one.srid), axis=0)
    east, north = np.nanmax(transform(corners, STORAGE, one.srid), axis=0)
    drawing = Drawing(window_for((west, south, east, north), width_mm, height_mm), font=font)
    legend: list[Sign] = []
    labels: list[Label] = []
    taken: list[Any] = [
        shapely.box(0, height_mm - CORNER_MM / 2, BAR_ROOM_MM, height_mm),
        shapely.box(width_mm - CORNER_MM, 0, width_mm, CORNER_MM),
    ]
    for layer in one.layers:
        if isinstance(layer, Fill):
            legend += _fill(drawing, layer, one.srid, zone)
        elif isinstance(layer, Marks):
            taken += _marks(drawing, layer, one.srid)
            legend.append(Sign(_sign(layer.sign, colour["alarm" if layer.late else "accent"]), layer.title))
        else:
            labels += _borders(drawing, layer, one.srid)
    placed, _ = place_labels(labels, width_mm, height_mm, taken=taken)
    drawing.words(labels, placed, colour["map-label"], halo="#FFFFFF")
    draw_graticule(drawing, one.srid, ink=colour["map-label-2"])
    draw_scale_bar(drawing, 5, height_mm - 4, ink=colour["text"], paper="#FFFFFF")
    draw_north(
        drawing, width_mm - CORNER_MM / 2, CORNER_MM * 0.6, one.srid, ink=colour["text"], paper="#FFFFFF"
    )
    return Picture(drawing.svg(), tuple(legend), drawing.window.scale)


def classes_of(layer: Fill) -> Classes | None:
    """Into which classes the numbers of a layer are put; None where there are none."""
    values = numbers_of(layer)
    return None if np.isnan(values).all() else classify(values, layer.method, layer.classes)


def numbers_of(layer: Fill) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The values of a layer as numbers; NaN where there is none."""
    return np.array([np.nan if value is None else float(value) for value in layer.values])  # type: ignore[arg-type]


def legend_words(classes: Classes, kind: Kind, zone: str) -> list[str]:
    """What each class holds, from and to; the numbers at its ends belong to it, the lower one only in the first."""
    exact = classes.breaks.tolist()
    ends = [round(end) if kind is Kind.COUNT else end for end in exact]
    said = [shown(end, kind, zone) for end in ends]  # type: ignore[arg-type]
    first = said[1] if said[0] == said[1] else f"{said[0]} – {said[1]}"
    return [first, *(f"> {low} – {high}" for low, high in pairwise(said[1:]))]


def _fill(drawing: Drawing, layer: Fill, srid: int, zone: str) -> list[Sign]:
    colour = colours()
    classes = classes_of(layer)
    nothing = Pen(colour["map-out"], "#FFFFFF", 0.1)
    if classes is None:
        drawing.areas(_metric(layer.shapes, srid), nothing, coverage=True)
        return []
    pens = [Pen(one, "#FFFFFF", 0.12) for one in ramp(len(classes.counts))]
    which = classes.of(numbers_of(layer))
    drawing.areas(
        _metric(layer.shapes, srid), [pens[at] if at >= 0 else nothing for at in which], coverage=True
    )
    words = legend_words(classes, layer.kind, zone)
    return [Sign(_field(str(pen.fill)), text) for pen, text in zip(pens, words, strict=True)]


def _marks(drawing: Drawing, layer: Marks, srid: int) -> list[Any]:
    pen = Pen(colours()["alarm" if layer.late else "accent"], "#FFFFFF", 0.3)
    xy = transform(np.array(layer.places, dtype=np.float64).reshape(-1, 2), STORAGE, srid)
    return list(drawing.marks(xy[np.isfinite(xy).all(axis=1)], pen, sign=layer.sign, size_mm=MARK_MM))


def _borders(drawing: Drawing, layer: Borders, srid: int) -> list[Label]:
    shapes = _metric(layer.shapes, srid)
    ink = colours()[{"district": "map-b-district", "subdistrict": "map-b-sub"}.get(layer.level, "map-b-com")]
    drawing.borders(shapes, Pen(None, ink, LINE_MM[layer.level], DASH_MM.get(layer.level, ())))
    if not layer.named:
        return []
    window = drawing.window
    near = window.width_mm * window.scale * NEAR_MM / 1_000_000
    visible = shapely.clip_by_rect(shapes, *window.bounds)
    at = window.on_paper(inside_points(visible, tolerance=near))
    rank = float(list(LABEL_MM).index(layer.level))
    return [
        Label(name, x, y, LABEL_MM[layer.level], rank)
        for name, (x, y) in zip(layer.names, at.tolist(), strict=True)
        if np.isfinite(x)
    ]


def _metric(shapes: tuple[Any, ...], srid: int) -> Any:
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: transform(xy, STORAGE, srid))


def _field(fill: str) -> str:
    return _small(
        f'<path d="M.3 .3H9.7V5.7H.3Z" fill="{fill}" stroke="{colours()["line-control"]}" stroke-width=".5"/>'
    )


def _sign(sign: str, fill: str) -> str:
    return _small(f'<path transform="translate(5 3) scale(5)" d="{SIGNS[sign]}" fill="{fill}"/>')


def _small(content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 6">{content}</svg>'

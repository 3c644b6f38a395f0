"""Layers of a map, made ready once and drawn in each of its windows: fills, marks, borders, with their legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import shapely

from app.reports.rules.maps import LINES, Borders, FeatureKind, Features, Fill, Map, Marks
from app.reports.service import legends
from app.reports.service.classing import classes_of, legend_words, numbers_of
from app.reports.service.legends import Key, Sign
from app.reports.service.palette import colours, ramp
from app.web.i18n import translate
from spatial.cartography import (
    Drawing,
    Label,
    Merged,
    Pen,
    Window,
    crowded,
    inside_points,
    merge,
    radii,
    round_counts,
    text_width,
    wrapped,
)
from spatial.crs import STORAGE, transform

LABEL_MM = {"district": 3.4, "subdistrict": 2.8, "community": 2.3, "cell": 2.1}
LINE_MM = {"district": 0.6, "subdistrict": 0.4, "community": 0.18, "cell": 0.15}
DASH_MM = {"community": (1.2, 0.7)}
LOWEST = "cell"
NAME_EM = 9.0
"""A longer name is written in two lines, and cut where these do not suffice."""

NEAR_MM = 20
"""A name stands within so many thousandths of the paper's width of the widest place of its area."""

MARK_MM = 2.6
SQUARE_MM = 7.0
WIDEST_MM, LEAST_MM = 3.3, 0.5
WRITTEN_MM = 1.5
"""Marks that hide each other are merged by squares into circles; in those that are wide enough stands their number."""

CODES_MOST, CODE_MM, CODE_LEAST = 40, 2.0, 3
"""So few areas have their codes written on them, without what is common to all."""

HATCH = 1.4
PAPER = "#FFFFFF"
STREET_MM = 1.9
FEATURE_PENS = {
    FeatureKind.BUILDING: lambda: Pen(colours()["map-building"], colours()["map-building-tall"], 0.08),
    FeatureKind.STREET: lambda: Pen(None, colours()["map-building-tall"], 0.55),
    FeatureKind.WATER: lambda: Pen(colours()["map-water"], colours()["map-water-line"], 0.15),
    FeatureKind.RIVER: lambda: Pen(None, colours()["map-water-line"], 0.5),
    FeatureKind.PARK: lambda: Pen(colours()["map-park"], None, 0.0),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """Areas by their classes."""

    layer: Fill
    shapes: Any
    which: Any
    zone: str
    codes: tuple[str, ...]

    def draw(self, drawing: Drawing) -> tuple[list[Label], list[Any]]:
        """Draw it; the answer is what wants to be written, and where nothing may be."""
        nothing = Pen(colours()["map-out"], PAPER, 0.1)
        pens = [*self._pens(), nothing]
        drawing.areas(self.shapes, [pens[at] for at in self.which], coverage=True)
        if (self.which < 0).any():
            drawing.hatch(self.shapes[self.which < 0], Pen(None, colours()["map-b-com"], 0.12), gap_mm=HATCH)
        if not self.codes:
            return [], []
        return _labels(drawing.window, self.shapes, self.codes, CODE_MM, len(LABEL_MM)), []

    def key(self, locale: str) -> Key:
        """Its part of the legend."""
        classes = classes_of(self.layer)
        note, signs = [], []
        if classes is not None:
            note.append(translate(locale, f"report.method_{classes.method}"))
            words = legend_words(classes, self.layer.kind, self.zone)
            signs = [
                Sign(legends.field(str(pen.fill)), text)
                for pen, text in zip(self._pens(), words, strict=True)
            ]
        if (self.which < 0).any():
            field = legends.field(colours()["map-out"], hatch=colours()["map-b-com"])
            signs.append(Sign(field, translate(locale, "report.no_number")))
        if self.codes:
            note.append(translate(locale, "report.map_codes", digits=len(self.codes[0])))
        return Key(self.layer.title, " · ".join(note), tuple(signs))

    def _pens(self) -> list[Pen]:
        classes = classes_of(self.layer)
        return [] if classes is None else [Pen(one, PAPER, 0.12) for one in ramp(len(classes.counts))]


@dataclass(frozen=True, slots=True)
class Marked:
    """Places with a mark, or merged into circles where these would hide each other.

    Parameters
    ----------
    most
        How many places the widest circle stands for; None where each has its mark.
    enlarged
        Ground that a larger window shows, in metres: circles of it are drawn there and not on the map, too.
    """

    layer: Marks
    xy: Any
    most: int | None
    enlarged: Any = None

    @property
    def pen(self) -> Pen:
        """How marks and circles are drawn."""
        return Pen(colours()["alarm" if self.layer.late else "accent"], PAPER, 0.3)

    def draw(self, drawing: Drawing) -> tuple[list[Label], list[Any]]:
        """Draw it; the answer is what wants to be written, and where nothing may be."""
        if self.most is None:
            return [], list(drawing.marks(self.xy, self.pen, sign=self.layer.sign, size_mm=MARK_MM))
        merged = _merged(drawing.window, self.xy, self.enlarged)
        wide = radii(merged.counts, self.most, WIDEST_MM, least_mm=LEAST_MM)
        order = np.argsort(-wide, kind="stable")  # a small circle lies upon a large one
        at_paper = merged.apart(wide)
        boxes = drawing.circles(at_paper[order], wide[order], self.pen)
        for at in order[wide[order] >= WRITTEN_MM]:
            said = f"{merged.counts[at]}"
            size = min(2.2, 1.7 * wide[at] / text_width(said, 1.0))
            drawing.note(said, *at_paper[at].tolist(), size, PAPER, anchor="middle")
        return [], list(boxes)

    def key(self, locale: str) -> Key:
        """Its part of the legend."""
        if self.most is None:
            return Key("", "", (Sign(legends.mark(self.layer.sign, self.pen), self.layer.title),))
        note = translate(locale, "report.map_merged", count=f"{len(self.xy):,}", side=f"{SQUARE_MM:g}")
        if self.enlarged is not None:
            note += translate(locale, "report.map_merged_enlarged")
        counts = round_counts(self.most)
        wide = radii(counts, self.most, WIDEST_MM, least_mm=LEAST_MM).tolist()
        signs = [
            Sign(legends.circle(radius, self.pen), f"{count:,}", 2 * radius + 0.4)
            for count, radius in zip(counts, wide, strict=True)
        ]
        return Key(self.layer.title, note, tuple(signs))


@dataclass(frozen=True, slots=True)
class Bordered:
    """Areas by their borders and names."""

    layer: Borders
    shapes: Any

    @property
    def pen(self) -> Pen:
        """How its line is drawn."""
        level = self.layer.level
        ink = colours()[{"district": "map-b-district", "subdistrict": "map-b-sub"}.get(level, "map-b-com")]
        return Pen(None, ink, LINE_MM.get(level, LINE_MM[LOWEST]), DASH_MM.get(level, ()))

    def draw(self, drawing: Drawing) -> tuple[list[Label], list[Any]]:
        """Draw it; the answer is what wants to be written, and where nothing may be."""
        drawing.borders(self.shapes, self.pen)
        if not self.layer.named:
            return [], []
        level = self.layer.level if self.layer.level in LABEL_MM else LOWEST
        names = [wrapped(name, NAME_EM) for name in self.layer.names]
        rank = list(LABEL_MM).index(level)
        return _labels(drawing.window, self.shapes, names, LABEL_MM[level], rank), []

    def key(self, locale: str) -> Key:
        """Its part of the legend."""
        return Key("", "", (Sign(legends.line(self.pen), self.layer.title),))


@dataclass(frozen=True, slots=True)
class Featured:
    """What people find their way by, lines with their names."""

    layer: Features
    shapes: Any

    def draw(self, drawing: Drawing) -> tuple[list[Label], list[Any]]:
        """Draw it; the answer is what wants to be written, and where nothing may be."""
        pen = FEATURE_PENS[self.layer.kind]()
        if self.layer.kind not in LINES:
            drawing.areas(self.shapes, pen)
            return [], []
        drawing.lines(self.shapes, pen)
        return self._names(drawing.window), []

    def _names(self, window: Window) -> list[Label]:
        """A name in the middle of the longest piece of each line that is seen."""
        longest: dict[str, tuple[float, Any]] = {}
        seen = shapely.clip_by_rect(self.shapes, *window.bounds)
        for name, shape in zip(self.layer.names, seen, strict=True):
            parts = shapely.get_parts(shape)
            if name and len(parts):
                part = parts[np.argmax(shapely.length(parts))]
                longest[name] = max(
                    longest.get(name, (0.0, part)), (part.length, part), key=lambda one: one[0]
                )
        middles = shapely.line_interpolate_point([part for _, part in longest.values()], 0.5, normalized=True)
        at = window.on_paper(shapely.get_coordinates(middles)).tolist()
        return [Label(name, x, y, STREET_MM, len(LABEL_MM)) for name, (x, y) in zip(longest, at, strict=True)]

    def key(self, locale: str) -> Key:
        """Its part of the legend."""
        pen = FEATURE_PENS[self.layer.kind]()
        sign = legends.line(pen) if self.layer.kind in LINES else legends.field(str(pen.fill))
        return Key("", "", (Sign(sign, self.layer.title),))


Ready = Filled | Marked | Bordered | Featured


def prepared(one: Map, windows: Sequence[Window], zone: str) -> tuple[Ready, ...]:
    """Layers of a map in its projection, with what all its windows share.

    Parameters
    ----------
    windows
        Its own one, and the larger one where there is one.
    """
    named = any(isinstance(layer, Borders) and layer.named and layer.level == LOWEST for layer in one.layers)
    return tuple(
        _marked(layer, windows, one.srid)
        if isinstance(layer, Marks)
        else _of_areas(layer, metric(layer.shapes, one.srid), zone, named)
        for layer in one.layers
    )


def _of_areas(
    layer: Fill | Borders | Features, shapes: Any, zone: str, named: bool
) -> Filled | Bordered | Featured:
    if isinstance(layer, Borders):
        return Bordered(layer, shapes)
    if isinstance(layer, Features):
        return Featured(layer, shapes)
    classes, numbers = classes_of(layer), numbers_of(layer)
    which = np.full(len(numbers), -1) if classes is None else classes.of(numbers)
    codes = () if named or len(layer.codes) > CODES_MOST else _ends(layer.codes)
    return Filled(layer, shapes, which, zone, codes)


def _marked(layer: Marks, windows: Sequence[Window], srid: int) -> Marked:
    xy = transform(np.array(layer.places, dtype=np.float64).reshape(-1, 2), STORAGE, srid)
    xy = xy[np.isfinite(xy).all(axis=1)]
    whole, *larger = windows
    if not crowded(_seen(whole, xy), MARK_MM):
        return Marked(layer, xy, None)
    enlarged = shapely.box(*larger[0].bounds) if larger else None
    most = max(int(_merged(one, xy, enlarged).counts.max(initial=1)) for one in windows)
    return Marked(layer, xy, most, enlarged)


def _merged(window: Window, xy: Any, enlarged: Any) -> Merged:
    """Places of a window by squares; on the map those without what is enlarged."""
    if enlarged is not None and not enlarged.equals(shapely.box(*window.bounds)):
        xy = xy[~shapely.contains_xy(enlarged, xy)]
    return merge(_seen(window, xy), SQUARE_MM)


def _seen(window: Window, xy: Any) -> Any:
    paper = window.on_paper(xy)
    return paper[((paper >= 0) & (paper <= [window.width_mm, window.height_mm])).all(axis=1)]


def _ends(codes: Sequence[str]) -> tuple[str, ...]:
    """Codes without what all of them begin with, but for some last letters."""
    alike = (len(set(letters)) == 1 for letters in zip(*codes, strict=False))
    common = sum(takewhile(bool, alike))
    return tuple(code[min(common, max(len(code) - CODE_LEAST, 0)) :] for code in codes)


def _labels(window: Window, shapes: Any, names: Sequence[str], size_mm: float, rank: int) -> list[Label]:
    near = window.width_mm * window.scale * NEAR_MM / 1_000_000
    visible = shapely.clip_by_rect(shapes, *window.bounds)
    ground = inside_points(visible, tolerance=near)
    reach = shapely.distance(shapely.points(ground), shapely.boundary(visible)) / window.scale * 1_000
    return [
        Label(name, x, y, size_mm, float(rank), reach_mm=far)
        for name, (x, y), far in zip(names, window.on_paper(ground).tolist(), reach.tolist(), strict=True)
        if np.isfinite(x)
    ]


def metric(shapes: tuple[Any, ...], srid: int) -> Any:
    """Shapes in degrees of the store as an array of them in metres of a projection."""
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: transform(xy, STORAGE, srid))

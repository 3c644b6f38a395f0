"""A map drawn as SVG in millimetres: areas, lines, marks and words, in the order in which they are given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from numpy.typing import ArrayLike

from spatial.cartography.labels import LINE_EM, Label, Placed
from spatial.cartography.window import Window
from spatial.errors import DataError
from spatial.given import numbers, one_of, places, positive, refuse_rows

SIGNS = {
    "circle": "M-.5 0A.5 .5 0 1 0 .5 0A.5 .5 0 1 0 -.5 0Z",
    "triangle": "M0 -.55L.55 .45L-.55 .45Z",
    "diamond": "M0 -.6L.6 0L0 .6L-.6 0Z",
    "square": "M-.45 -.45H.45V.45H-.45Z",
    "hexagon": "M.52 0L.26 .45L-.26 .45L-.52 0L-.26 -.45L.26 -.45Z",
}
"""Outlines of marks about one unit wide: told apart by their shape, so that they are without colour too."""

FINE_MM = 0.12
"""What is smaller on paper is not seen: borders are drawn without it."""


@dataclass(frozen=True, slots=True)
class Pen:
    """How something is drawn.

    Parameters
    ----------
    fill, line
        Colours as CSS writes them; None for none.
    width_mm
        Of the line.
    dash_mm
        Lengths of strokes and gaps in turn; empty for a whole line.
    """

    fill: str | None = None
    line: str | None = None
    width_mm: float = 0.2
    dash_mm: tuple[float, ...] = ()

    def attributes(self) -> str:
        """What SVG says of it."""
        said = [f"fill={quoteattr(self.fill or 'none')}"]
        if self.line is not None:
            said += [f"stroke={quoteattr(self.line)}", f'stroke-width="{_short(self.width_mm)}"']
            said += ['stroke-linejoin="round"', 'stroke-linecap="round"']
        if self.line is not None and self.dash_mm:
            said.append(f'stroke-dasharray="{" ".join(map(_short, self.dash_mm))}"')
        return " ".join(said)


class Drawing:
    """A map in the making.

    What is added first lies below. The same calls give the same bytes.

    Parameters
    ----------
    window
        What it shows.
    font
        Families as CSS writes them.
    """

    def __init__(self, window: Window, *, font: str) -> None:
        self.window, self.font = window, font
        self.parts: list[str] = []
        self._within = 0

    def areas(self, shapes: ArrayLike, pens: Sequence[Pen] | Pen, *, coverage: bool = False) -> None:
        """Add polygons.

        Parameters
        ----------
        shapes
            In metres of the window's projection; None and empty ones are left out.
        pens
            One for each, or one for all.
        coverage
            Whether neighbours share their borders: then they are made coarser together, and stay without gaps.

        Raises
        ------
        DataError
            `other_count`, `not_areas`.

        Notes
        -----
        `shapely.coverage_simplify` (Visvalingam and Whyatt's areas on the shared edges).
        """
        found = _shapes("areas", shapes, dimension=2)
        one_each = [pens] * len(found) if isinstance(pens, Pen) else list(pens)
        if len(one_each) != len(found):
            raise DataError("other_count", name="pens", count=len(one_each), wanted=len(found))
        drawn = self.window.drawn(self._coarser(found) if coverage else found)
        by_pen: dict[Pen, list[str]] = {}
        for shape, pen in zip(drawn, one_each, strict=True):
            if path := _path(shape):
                by_pen.setdefault(pen, []).append(path)
        for pen, paths in by_pen.items():
            self.parts.append(f'<path fill-rule="evenodd" {pen.attributes()} d="{"".join(paths)}"/>')

    def borders(self, shapes: ArrayLike, pen: Pen) -> None:
        """Add the borders of areas, one that two of them share once, so that dashes do not fill each other's gaps.

        Raises
        ------
        DataError
            `not_areas`.
        """
        found = self._coarser(_shapes("areas", shapes, dimension=2))
        edges = shapely.line_merge(shapely.union_all(shapely.boundary(found)))
        self.shape(self.window.drawn([edges])[0], Pen(None, pen.line, pen.width_mm, pen.dash_mm))

    def lines(self, shapes: ArrayLike, pen: Pen) -> None:
        """Add lines, in metres of the window's projection.

        Raises
        ------
        DataError
            `not_lines`.
        """
        found = _shapes("lines", shapes, dimension=1)
        drawn = self.window.drawn(shapely.simplify(found, self._fine_m()))
        if path := "".join(_path(shape) for shape in drawn):
            self.parts.append(f'<path {pen.attributes()} d="{path}"/>')

    def marks(self, xy: ArrayLike, pen: Pen, *, sign: str, size_mm: float) -> Any:
        """Add a mark at each place; the answer is their shapes on paper, which labels have to leave free.

        Parameters
        ----------
        xy
            Shape (n, 2), metres of the window's projection; places beyond the window are left out.
        sign
            One of `SIGNS`.

        Raises
        ------
        DataError
            `not_one_of`, `not_positive`, and what `places` raises.
        """
        outline = SIGNS[one_of("sign", sign, SIGNS)]
        size = positive("size_mm", size_mm)
        paper = self.window.on_paper(places("xy", xy))
        paper = paper[((paper >= 0) & (paper <= [self.window.width_mm, self.window.height_mm])).all(axis=1)]
        unscaled = Pen(pen.fill, pen.line, pen.width_mm / size, pen.dash_mm)
        at = [f"translate({_short(x)} {_short(y)}) scale({_short(size)})" for x, y in paper]
        self.parts += [f'<path transform="{where}" {unscaled.attributes()} d="{outline}"/>' for where in at]
        return shapely.box(*(paper - size / 2).T, *(paper + size / 2).T)

    def circles(self, paper: ArrayLike, radii_mm: ArrayLike, pen: Pen) -> Any:
        """Add circles at places on paper; the answer is their shapes, which labels have to leave free.

        Parameters
        ----------
        paper
            Shape (n, 2), millimetres from the upper left corner.
        radii_mm
            Shape (n,).
        """
        at, radii = places("paper", paper), numbers("radii_mm", radii_mm, count=len(places("paper", paper)))
        self.parts += [
            f'<circle cx="{_short(x)}" cy="{_short(y)}" r="{_short(radius)}" {pen.attributes()}/>'
            for (x, y), radius in zip(at, radii, strict=True)
        ]
        return shapely.box(*(at - radii[:, None]).T, *(at + radii[:, None]).T)

    def hatch(self, shapes: ArrayLike, pen: Pen, *, gap_mm: float) -> None:
        """Add strokes from lower left to upper right within areas: seen without colour, and mistaken for no shade.

        Parameters
        ----------
        shapes
            In metres of the window's projection.
        gap_mm
            From stroke to stroke.

        Raises
        ------
        DataError
            `not_areas`, `not_positive`.
        """
        step = positive("gap_mm", gap_mm) * math.sqrt(2)
        drawn = self.window.drawn(self._coarser(_shapes("areas", shapes, dimension=2)))
        width, height = self.window.width_mm, self.window.height_mm
        starts = np.arange(-height, width, step)
        ends = [[(x, height), (x + height, 0)] for x in starts.tolist()]
        ground = shapely.union_all(drawn[~shapely.is_missing(drawn)])
        self.shape(shapely.intersection(shapely.multilinestrings(ends), ground), pen)

    def place(self, other: Drawing, x: float, y: float) -> None:
        """Add another drawing with its upper left corner at a place on paper, nothing of it beyond its window."""
        self._within += 1
        self.parts.append(f'<g transform="translate({_short(x)} {_short(y)})">{other._cut(self._within)}</g>')

    def words(
        self, labels: Sequence[Label], placed: Sequence[Placed], colour: str, *, halo: str | None
    ) -> None:
        """Add labels where `place_labels` has put them, each with a halo that keeps lines off its letters."""
        for one in placed:
            label = labels[one.row]
            self._text(label.text, one.x, one.y, label.size_mm, colour, "middle", halo)

    def note(
        self,
        text: str,
        x: float,
        y: float,
        size_mm: float,
        colour: str,
        *,
        anchor: str = "start",
        halo: str | None = None,
    ) -> None:
        """Add a line of text at a place on paper, in millimetres from the upper left corner.

        Parameters
        ----------
        anchor
            "start", "middle" or "end": which part of the text is there.
        halo
            Colour around its letters; None for none.

        Raises
        ------
        DataError
            `not_one_of`.
        """
        one_of("anchor", anchor, ("start", "middle", "end"))
        self._text(text, x, y, size_mm, colour, anchor, halo)

    def shape(self, shape: Any, pen: Pen) -> None:
        """Add a shape that is in millimetres on paper already: a frame, a bar, an arrow, a line of the graticule."""
        if path := _path(shape):
            self.parts.append(f'<path fill-rule="evenodd" {pen.attributes()} d="{path}"/>')

    def svg(self) -> str:
        """The drawing; what lies beyond the window is not seen."""
        width, height = _short(self.window.width_mm), _short(self.window.height_mm)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm"'
            f' viewBox="0 0 {width} {height}" font-family={quoteattr(self.font)}>{self._cut(0)}</svg>'
        )

    def _cut(self, number: int) -> str:
        """What lies within the window; a drawing within a drawing has a number of its own."""
        width, height = _short(self.window.width_mm), _short(self.window.height_mm)
        name = f"window-{number}" if number else "window"
        return (
            f'<clipPath id="{name}"><path d="M0 0H{width}V{height}H0Z"/></clipPath>'
            f'<g clip-path="url(#{name})">{"".join(self.parts)}</g>'
        )

    def _fine_m(self) -> float:
        return FINE_MM * self.window.scale / 1_000

    def _coarser(self, shapes: Any) -> Any:
        """Areas without what is not seen on paper; where they are no coverage after all, as they are."""
        known = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
        coarse = shapes.copy()
        if known.any() and shapely.coverage_is_valid(shapes[known]):
            coarse[known] = shapely.coverage_simplify(shapes[known], self._fine_m())
        return coarse

    def _text(
        self, text: str, x: float, y: float, size: float, colour: str, anchor: str, halo: str | None
    ) -> None:
        around = ""
        if halo is not None:
            around = f' stroke={quoteattr(halo)} stroke-width="{_short(size * 0.28)}" stroke-linejoin="round"'
            around += ' paint-order="stroke"'
        look = f'font-size="{_short(size)}" text-anchor="{anchor}" fill={quoteattr(colour)}{around}'
        lines = text.split("\n")
        for line, words in enumerate(lines):
            # The middle of letters stands about a third of their height above the line that they stand on.
            base = y + size * (0.36 + LINE_EM * (line - (len(lines) - 1) / 2))
            self.parts.append(f'<text x="{_short(x)}" y="{_short(base)}" {look}>{escape(words)}</text>')


def _shapes(name: str, shapes: ArrayLike, *, dimension: int) -> Any:
    found = np.atleast_1d(np.asarray(shapes, dtype=object))
    lower = (
        (shapely.get_dimensions(found) < dimension) & ~shapely.is_missing(found) & ~shapely.is_empty(found)
    )
    refuse_rows("not_areas" if dimension == 2 else "not_lines", lower, name=name)
    return found


def _path(shape: Any) -> str:
    """What SVG draws of a shape of lines or polygons, in hundredths of a millimetre; nothing of points."""
    if shape is None or shape.is_empty:
        return ""
    said = []
    for part in shapely.get_parts(shape):
        kind = part.geom_type
        if kind == "GeometryCollection":
            said.append(_path(part))
        elif kind == "Polygon":
            said += [_way(ring, "Z") for ring in (part.exterior, *part.interiors)]
        elif kind in {"LineString", "LinearRing"}:
            said.append(_way(part, ""))
    return "".join(said)


def _way(line: Any, end: str) -> str:
    rounded = np.round(shapely.get_coordinates(line), 2)
    keep = np.r_[True, (np.diff(rounded, axis=0) != 0).any(axis=1)]
    xy = rounded[keep][: -1 if end else None]
    if len(xy) < (3 if end else 2):
        return ""
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in xy) + end


def _short(number: float) -> str:
    """A number to a hundredth, without what says nothing."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text

"""Labels on paper: none lies upon another one, the important ones come first, and what finds no room is named."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from spatial.given import Numbers, positive, whole

WIDE = frozenset("WFA")
"""East Asian widths that are drawn as wide as they are high."""

NARROW_EM = 0.56
"""Width of the other letters, in heights: the widest mean of Latin capitals and figures in common faces."""

LINE_EM = 1.15
AROUND = ((0, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))
"""Where a label of an area may go, from its middle, in halves of its own size; the middle is best."""

BESIDE = ((1, 0), (1, -1), (-1, -1), (-1, 0), (0, -1), (0, 1), (1, 1), (-1, 1))
"""Where a label of a point may go, in the order in which readers find it best (Imhof 1975): right of it first."""

REACHED = (0.5, 0.8)
"""Shares of what its area reaches at which a label may stand above or below its point, where that is taken."""

GAP_MM = 0.8


@dataclass(frozen=True, slots=True)
class Label:
    """A text that wants a place.

    Parameters
    ----------
    text
        One line, or several with line feeds between them.
    x, y
        The point that it names, in millimetres on paper.
    size_mm
        Height of its letters.
    rank
        What has less is placed first.
    beside
        Whether it stands beside a mark at its point, else upon it.
    reach_mm
        How far its area reaches around the point in all directions: so far it may stand above or below it.
    """

    text: str
    x: float
    y: float
    size_mm: float
    rank: float = 0.0
    beside: bool = False
    reach_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label went: its row among those that were given, and its middle in millimetres on paper."""

    row: int
    x: float
    y: float


def text_width(text: str, size_mm: float) -> float:
    """Room that a text takes, in millimetres: a little more than most faces need; of several lines the longest."""
    return max(sum(map(_ems, line)) for line in text.split("\n")) * size_mm


def wrapped(text: str, most_em: float, lines: int = 2) -> str:
    """A text in lines of no more than some heights of its letters; what finds no room is cut, and three dots say so.

    Parameters
    ----------
    most_em
        Width of a line.

    Raises
    ------
    DataError
        `not_positive`, `not_within`.
    """
    positive("most_em", most_em)
    whole("lines", lines, least=1)
    count = math.ceil(text_width(text, 1.0) / most_em)
    # Lines of about one length look better than a full one and a rest.
    goal = most_em if count > lines else max(text_width(text, 1.0) / max(count, 1), 1.0)
    made: list[str] = []
    rest = text
    while rest and len(made) < lines:
        end = _line_end(rest, goal if len(made) + 1 < count else most_em, most_em)
        made.append(rest[:end].strip())
        rest = rest[end:].lstrip()
    if rest:
        last = made[-1]
        while last and text_width(f"{last}…", 1.0) > most_em:
            last = last[:-1]
        made[-1] = f"{last}…"
    return "\n".join(made)


def _line_end(text: str, goal: float, most: float) -> int:
    """Where a line of a text ends: at the first place from its goal on where words may part, within what there is."""
    width, last = 0.0, 0
    for at, letter in enumerate(text):
        width += _ems(letter)
        if width > most and at:
            return last or at
        if letter == " " or unicodedata.east_asian_width(letter) in WIDE:
            last = at + 1
            if width >= goal - 1e-9:
                return last
    return len(text)


def _ems(letter: str) -> float:
    return 1.0 if unicodedata.east_asian_width(letter) in WIDE else NARROW_EM


def inside_points(shapes: ArrayLike, *, tolerance: float = 0.5) -> Numbers:
    """The point of each area that is farthest from its border, shape (n, 2); NaN for none, and for what is empty.

    Parameters
    ----------
    shapes
        Polygons and multipolygons, in any plane units; of several parts the largest counts.
    tolerance
        How far the answer may be from the best one.

    Raises
    ------
    DataError
        `not_positive`.

    Notes
    -----
    GEOS' maximum inscribed circle, by quartering squares (the pole of inaccessibility).
    """
    positive("tolerance", tolerance)
    found = np.full((len(np.atleast_1d(np.asarray(shapes, dtype=object))), 2), np.nan)
    for row, shape in enumerate(np.atleast_1d(np.asarray(shapes, dtype=object))):
        if shape is None or shape.is_empty:
            continue
        parts = shapely.get_parts(shape)
        widest = parts[int(np.argmax(shapely.area(parts)))]
        found[row] = shapely.get_coordinates(shapely.maximum_inscribed_circle(widest, tolerance))[0]
    return found


def place_labels(
    labels: Sequence[Label],
    width_mm: float,
    height_mm: float,
    *,
    taken: Sequence[Any] = (),
    gap_mm: float = GAP_MM,
) -> tuple[tuple[Placed, ...], tuple[int, ...]]:
    """Find room for labels.

    Parameters
    ----------
    width_mm, height_mm
        Of the window: a label stays within it.
    taken
        Shapes on paper where no label may be, such as marks and the legend.
    gap_mm
        Free paper around each label.

    Returns
    -------
    placed
        In the order of the rows.
    left
        Rows of those that found no room.

    Raises
    ------
    DataError
        `not_positive`.

    Notes
    -----
    Greedy by rank, ties by row: each takes the first of its places that is free. Better searches are known
    (Christensen, Marks and Shieber 1995); on maps of areas, whose labels seldom meet, they would change little.
    """
    positive("width_mm", width_mm)
    positive("height_mm", height_mm)
    free = _Paper(width_mm, height_mm, taken, gap_mm)
    order = sorted(range(len(labels)), key=lambda row: (labels[row].rank, row))
    placed = [found for row in order if (found := _settle(row, labels[row], free)) is not None]
    placed.sort(key=lambda one: one.row)
    have = {one.row for one in placed}
    return tuple(placed), tuple(row for row in range(len(labels)) if row not in have)


def _settle(row: int, label: Label, free: _Paper) -> Placed | None:
    half_x = text_width(label.text, label.size_mm) / 2
    half_y = label.size_mm * LINE_EM * (label.text.count("\n") + 1) / 2
    away = label.size_mm * 0.6 if label.beside else 0.0
    steps = [
        (step_x * (half_x * (1.0 if label.beside else 0.5) + away), step_y * (half_y + away))
        for step_x, step_y in (BESIDE if label.beside else AROUND)
    ]
    steps += [(0.0, side * share * label.reach_mm) for share in REACHED for side in (-1, 1) if label.reach_mm]
    for step_x, step_y in steps:
        x, y = label.x + step_x, label.y + step_y
        if free.take(x - half_x, y - half_y, x + half_x, y + half_y):
            return Placed(row, x, y)
    return None


class _Paper:
    """Boxes that are taken, kept by squares."""

    SQUARE_MM = 10.0

    def __init__(self, width: float, height: float, taken: Sequence[Any], gap: float) -> None:
        self.width, self.height, self.gap = width, height, gap
        self.marks = shapely.STRtree(list(taken)) if len(taken) else None
        self.squares: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def take(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Take a box, if nobody has any of it."""
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        gap = self.gap
        mine = left - gap, top - gap, right + gap, bottom + gap
        squares = [
            (i, j)
            for i in range(int(mine[0] // self.SQUARE_MM), int(mine[2] // self.SQUARE_MM) + 1)
            for j in range(int(mine[1] // self.SQUARE_MM), int(mine[3] // self.SQUARE_MM) + 1)
        ]
        if any(_meet(mine, other) for square in squares for other in self.squares.get(square, ())):
            return False
        if self.marks is not None and len(self.marks.query(shapely.box(*mine), predicate="intersects")):
            return False
        for square in squares:
            self.squares.setdefault(square, []).append((left, top, right, bottom))
        return True


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

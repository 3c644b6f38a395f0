"""The window of a map on paper: which ground it shows, in which scale, and where on the paper a place lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from spatial.crs import STORAGE, transform
from spatial.errors import DataError
from spatial.given import Numbers, numbers, places, positive

ROUND_SCALES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""A scale's denominator is one of these times a power of ten: readers work with it in their heads."""

ROUND_LENGTHS = (1.0, 2.0, 3.0, 5.0)
"""A scale bar's length in metres, likewise."""

MM_PER_M = 1_000.0
PARTS = {1.0: 4, 2.0: 4, 3.0: 3, 5.0: 5}
"""Into how many equal fields a bar of such a length is parted, so that each of them is round too."""


@dataclass(frozen=True, slots=True)
class Window:
    """A map's window on paper, north of the projection upwards.

    Parameters
    ----------
    width_mm, height_mm
        On paper.
    scale
        Denominator: 5,000 means that a millimetre is five metres.
    x, y
        The ground in its middle, in metres of the projection.
    """

    width_mm: float
    height_mm: float
    scale: float
    x: float
    y: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the ground that it shows, in metres of the projection."""
        half_x, half_y = (side / 2 * self.scale / MM_PER_M for side in (self.width_mm, self.height_mm))
        return self.x - half_x, self.y - half_y, self.x + half_x, self.y + half_y

    def on_paper(self, xy: ArrayLike) -> Numbers:
        """Millimetres from the window's upper left corner, rightwards and downwards.

        Parameters
        ----------
        xy
            Shape (n, 2), metres of the projection.
        """
        west, _, _, north = self.bounds
        per_m = MM_PER_M / self.scale
        ground = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        paper: Numbers = np.column_stack([(ground[:, 0] - west) * per_m, (north - ground[:, 1]) * per_m])
        return paper

    def drawn(self, shapes: ArrayLike) -> Any:
        """Shapes on paper, in millimetres, those beyond the window cut off; an array of shapes.

        Parameters
        ----------
        shapes
            Shapely geometries in metres of the projection; None stays None.
        """
        cut = shapely.clip_by_rect(np.asarray(shapes, dtype=object), *self._beyond())
        return shapely.transform(cut, self.on_paper)

    def _beyond(self) -> tuple[float, float, float, float]:
        """A little more than the window, so that the outline of what is cut is not seen as a line of the map."""
        west, south, east, north = self.bounds
        more = 2 * self.scale / MM_PER_M
        return west - more, south - more, east + more, north + more


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A scale bar.

    Parameters
    ----------
    length_m
        On the ground.
    length_mm
        On paper.
    parts
        Equal fields.
    """

    length_m: float
    length_mm: float
    parts: int


def window_for(
    bounds: Sequence[float],
    width_mm: float,
    height_mm: float,
    *,
    margin_mm: float = 4.0,
    scale: float | None = None,
) -> Window:
    """The window that shows some ground as large as a round scale allows.

    Parameters
    ----------
    bounds
        West, south, east, north in metres of the projection; a point or a line is shown in 1 : 1,000.
    margin_mm
        Paper that stays free around the ground.
    scale
        Denominator, where it is given; the ground may then be larger than the window.

    Raises
    ------
    DataError
        `not_finite`, `other_count`, `not_positive`, `bounds_reversed`, `window_too_small`.
    """
    west, south, east, north = numbers("bounds", bounds, count=4).tolist()
    if east < west or north < south:
        raise DataError("bounds_reversed", bounds=(west, south, east, north))
    free = [
        positive(name, side) - 2 * margin_mm
        for name, side in (("width_mm", width_mm), ("height_mm", height_mm))
    ]
    if min(free) <= 0:
        raise DataError("window_too_small", width_mm=width_mm, height_mm=height_mm, margin_mm=margin_mm)
    if scale is None:
        needed = max((east - west) / free[0], (north - south) / free[1]) * MM_PER_M
        scale = _round_up(needed) if needed else MM_PER_M
    return Window(width_mm, height_mm, positive("scale", scale), (west + east) / 2, (south + north) / 2)


def scale_bar(window: Window, *, most_mm: float = 50.0) -> ScaleBar:
    """The longest scale bar of a round length that is no longer than so many millimetres.

    Raises
    ------
    DataError
        `not_positive`.
    """
    room_m = positive("most_mm", most_mm) * window.scale / MM_PER_M
    power = 10.0 ** math.floor(math.log10(room_m))
    leading = max(one for one in ROUND_LENGTHS if one * power <= room_m * (1 + 1e-12))
    length_m = leading * power
    return ScaleBar(length_m, length_m * MM_PER_M / window.scale, PARTS[leading])


def north_angle(window: Window, srid: int) -> float:
    """Degrees clockwise from the paper's upward direction to true north in the middle of a window.

    Parameters
    ----------
    srid
        EPSG number of the projection.

    Raises
    ------
    DataError
        `not_finite`: the projection has no image of it.

    Notes
    -----
    The convergence of the meridian, by two places of one meridian that lie a window apart: up to a degree and a half
    at the edge of a zone of three degrees.
    """
    middle = transform(places("centre", [[window.x, window.y]]), srid, STORAGE)
    up = (window.bounds[3] - window.y) / 111_000
    ends = np.array([[middle[0, 0], middle[0, 1] - up], [middle[0, 0], middle[0, 1] + up]])
    (x0, y0), (x1, y1) = places("centre", transform(ends, STORAGE, srid))
    return math.degrees(math.atan2(x1 - x0, y1 - y0))


def _round_up(needed: float) -> float:
    power = 10.0 ** math.floor(math.log10(needed))
    for one in (*ROUND_SCALES, 10.0):
        if one * power >= needed * (1 - 1e-12):
            return one * power
    return 10 * power

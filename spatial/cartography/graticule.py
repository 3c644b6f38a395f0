"""The graticule 经纬网: meridians and parallels at round degrees, and where they meet the frame of the map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely

from spatial.cartography.window import Window
from spatial.crs import STORAGE, transform
from spatial.given import Numbers, whole

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 18_000, 36_000)
"""Distances of two lines, in seconds of arc."""

BENDS = 24
"""A line is drawn by so many straight pieces: a meridian of a zone of three degrees bends by less than 0.1 mm."""


@dataclass(frozen=True, slots=True)
class GridLine:
    """A meridian or a parallel.

    Parameters
    ----------
    degrees
        Its longitude or latitude.
    meridian
        Whether it is a meridian.
    label
        Degrees, minutes and, where they are not zero for all lines, seconds.
    line
        On paper, shape (n, 2), millimetres from the upper left corner of the window, from south or west on.
    """

    degrees: float
    meridian: bool
    label: str
    line: Numbers


def graticule(window: Window, srid: int, *, lines: int = 4) -> tuple[GridLine, ...]:
    """Meridians from west to east, then parallels from south to north.

    Parameters
    ----------
    srid
        EPSG number of the projection of the window.
    lines
        So many along the longer side of the window, or fewer, at the least two fifths of them.

    Raises
    ------
    DataError
        `not_within`: fewer than one line.
    """
    west, south, east, north = _degrees(window, srid)
    widest = max((east - west) * math.cos(math.radians((south + north) / 2)), north - south) * 3_600
    wanted = widest / whole("lines", lines, least=1)
    step = next((one for one in STEPS_S if one >= wanted), STEPS_S[-1])
    found = [
        *_lines(window, srid, (west, east), (south, north), step, meridian=True),
        *_lines(window, srid, (south, north), (west, east), step, meridian=False),
    ]
    return tuple(one for one in found if len(one.line))


def _degrees(window: Window, srid: int) -> tuple[float, float, float, float]:
    """Bounds in degrees of everything along the frame."""
    frame = shapely.segmentize(shapely.box(*window.bounds).exterior, window.width_mm * window.scale / 8_000)
    lonlat = transform(shapely.get_coordinates(frame), srid, STORAGE)
    return *np.nanmin(lonlat, axis=0).tolist(), *np.nanmax(lonlat, axis=0).tolist()


def _lines(
    window: Window,
    srid: int,
    across: tuple[float, float],
    along: tuple[float, float],
    step: int,
    *,
    meridian: bool,
) -> list[GridLine]:
    seconds = range(math.ceil(across[0] * 3_600 / step), math.floor(across[1] * 3_600 / step) + 1)
    paper = shapely.box(0, 0, window.width_mm, window.height_mm)
    made = []
    for at in seconds:
        fixed, moving = np.full(BENDS + 1, at * step / 3_600), np.linspace(*along, BENDS + 1)
        lonlat = np.column_stack([fixed, moving] if meridian else [moving, fixed])
        whole_line = shapely.LineString(window.on_paper(transform(lonlat, STORAGE, srid)))
        line = shapely.get_coordinates(shapely.intersection(whole_line, paper))
        made.append(GridLine(at * step / 3_600, meridian, _label(at * step, step, meridian), line))
    return made


def _label(seconds: int, step: int, meridian: bool) -> str:
    side = ("E" if seconds >= 0 else "W") if meridian else ("N" if seconds >= 0 else "S")
    degrees, rest = divmod(abs(seconds), 3_600)
    minutes, left = divmod(rest, 60)
    small = f"{left:02d}″" if step % 60 else ""
    return f"{degrees}°{minutes:02d}′{small}{side}"

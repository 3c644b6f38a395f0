"""What belongs around a map: its frame with degrees, the scale bar, the arrow to the north."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely import affinity

from spatial.cartography.drawing import Drawing, Pen
from spatial.cartography.graticule import graticule
from spatial.cartography.labels import text_width
from spatial.cartography.window import north_angle, scale_bar

SMALL_MM = 2.0
"""Height of letters that are looked up, not read."""

BAR_MM = 1.2
ARROW_MM = 9.0
NEAR_MM = 2.5


def draw_graticule(
    drawing: Drawing,
    srid: int,
    *,
    ink: str,
    lines: int = 4,
    taken: Sequence[Any] = (),
    halo: str | None = None,
) -> list[Any]:
    """Add meridians and parallels as fine lines, their degrees along the upper and the left side, and the frame.

    Parameters
    ----------
    srid
        EPSG number of the projection of the window.
    ink, halo
        Colours, as CSS writes them, of lines and letters and of what lies around letters.
    taken
        Shapes on paper where no degrees may stand.

    Returns
    -------
    list of shapely.Polygon
        Where the degrees stand, which labels have to leave free.
    """
    window, written = drawing.window, []
    for line in graticule(window, srid, lines=lines):
        drawing.shape(shapely.LineString(line.line), Pen(line=ink, width_mm=0.08, dash_mm=(1.2, 1.2)))
        x, y = line.line[-1] if line.meridian else line.line[0]
        room = text_width(line.label, SMALL_MM)
        if line.meridian and abs(y) < 0.05 and NEAR_MM < x < window.width_mm - room - 1:
            left, middle = x + 0.6, SMALL_MM * 0.8
        elif not line.meridian and abs(x) < 0.05 and 2 * NEAR_MM < y < window.height_mm - NEAR_MM:
            left, middle = 0.6, y - SMALL_MM * 0.8
        else:
            continue
        box = shapely.box(left, middle - SMALL_MM / 2, left + room, middle + SMALL_MM / 2)
        if not any(shapely.intersects(box, other) for other in taken):
            drawing.note(line.label, left, middle, SMALL_MM, ink, halo=halo)
            written.append(box)
    drawing.shape(shapely.box(0, 0, window.width_mm, window.height_mm), Pen(line=ink, width_mm=0.5))
    return written


def draw_scale_bar(
    drawing: Drawing, x: float, y: float, *, ink: str, paper: str, most_mm: float = 45.0
) -> float:
    """Add a scale bar with its left end at a place on paper, figures above it; the answer is its width in millimetres.

    Parameters
    ----------
    ink, paper
        Colours of full and of empty fields.
    """
    bar = scale_bar(drawing.window, most_mm=most_mm)
    field = bar.length_mm / bar.parts
    for at in range(bar.parts):
        box = shapely.box(x + at * field, y, x + (at + 1) * field, y + BAR_MM)
        drawing.shape(box, Pen(fill=ink if at % 2 == 0 else paper, line=ink, width_mm=0.15))
    unit, per = ("km", 1_000) if bar.length_m >= 1_000 else ("m", 1)
    end = f"{bar.length_m / per:g} {unit}"
    middle = y - SMALL_MM * 0.8
    drawing.note("0", x, middle, SMALL_MM, ink, anchor="middle", halo=paper)
    drawing.note(end, x + bar.length_mm, middle, SMALL_MM, ink, anchor="middle", halo=paper)
    return bar.length_mm + text_width(end, SMALL_MM) / 2


def draw_north(drawing: Drawing, x: float, y: float, srid: int, *, ink: str, paper: str) -> None:
    """Add an arrow to true north, with its middle at a place on paper.

    Parameters
    ----------
    srid
        EPSG number of the projection of the window.
    """
    half = ARROW_MM / 2
    left = shapely.Polygon([(0, -half), (0, half * 0.45), (-half * 0.5, half * 0.8)])
    right = shapely.Polygon([(0, -half), (half * 0.5, half * 0.8), (0, half * 0.45)])
    angle = north_angle(drawing.window, srid)
    for part, fill in ((left, ink), (right, paper)):
        turned = affinity.rotate(part, angle, origin=(0, 0))
        drawing.shape(affinity.translate(turned, x, y), Pen(fill=fill, line=ink, width_mm=0.15))
    drawing.note("N", x, y - half - SMALL_MM * 0.9, SMALL_MM * 1.3, ink, anchor="middle", halo=paper)

"""Where the larger window of a map goes: into the corner where it hides least, with the ground moved out of its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from spatial.cartography import Window, window_for

Bounds = Sequence[float]

MARGIN_MM = 3.0
GAP_MM = 2.0
"""Free paper between the window's frame and the map's."""

SHARES = (0.45, 0.38, 0.3)
"""How much of the width it takes where it has to lie upon the ground's own rectangle; and how much it takes at most."""

WIDEST = 0.6
LEAST_MM = 30.0
HIDDEN_MOST = 0.1
LARGER_LEAST = 1.3
"""A window whose scale is hardly larger shows nothing more."""

CORNERS = ((-1, -1), (1, 1), (1, -1), (-1, 1))
"""Left and right, top and bottom; the arrow to the north likes the third of them, the scale bar the fourth."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A larger window.

    Parameters
    ----------
    window
        What it shows.
    x, y
        Its upper left corner on the map, in millimetres.
    corner
        One of `CORNERS`.
    """

    window: Window
    x: float
    y: float
    corner: tuple[int, int]

    @property
    def box(self) -> Any:
        """Its room on the map, with free paper around it."""
        right, bottom = self.x + self.window.width_mm, self.y + self.window.height_mm
        return shapely.box(self.x - GAP_MM, self.y - GAP_MM, right + GAP_MM, bottom + GAP_MM)


def with_inset(window: Window, ground: Bounds, part: Bounds, shapes: Any) -> tuple[Window, Inset | None]:
    """The map's window and the larger one within it; none where it would hide the ground that it enlarges.

    Parameters
    ----------
    ground, part
        West, south, east, north in metres of the projection: what the map has to show, and what is enlarged.
    shapes
        Areas that should not be hidden, in metres.
    """
    found: list[tuple[bool, float, float, Window, Inset]] = []
    for corner in CORNERS:
        moved = _moved(window, ground, corner)
        for width, height in _rooms(moved, ground, corner):
            inset = _inset(moved, part, corner, width, height)
            if inset is None or shapely.intersects(inset.box, shapely.box(*_on_paper(moved, part))):
                continue
            covered = shapely.area(shapely.intersection(moved.drawn(shapes), inset.box)).sum()
            hidden = round(float(covered) / inset.box.area, 2)
            found.append((hidden > HIDDEN_MOST, inset.window.scale, hidden, moved, inset))
    if not found:
        return window, None
    *_, moved, inset = min(found, key=lambda one: one[:3])
    return _closer(moved, ground, inset)


def _moved(window: Window, ground: Bounds, corner: tuple[int, int]) -> Window:
    """The same window with the ground as far from a corner as there is free paper."""
    west, south, east, north = _on_paper(window, ground)
    per_mm = window.scale / 1_000
    free_x = max(min(west, window.width_mm - east) - MARGIN_MM, 0)
    free_y = max(min(south, window.height_mm - north) - MARGIN_MM, 0)
    return replace(window, x=window.x + corner[0] * free_x * per_mm, y=window.y - corner[1] * free_y * per_mm)


def _rooms(window: Window, ground: Bounds, corner: tuple[int, int]) -> list[tuple[float, float]]:
    """Widths and heights that a larger window may have in a corner: beside the ground, and upon its rectangle."""
    west, top, east, bottom = _on_paper(window, ground)
    free_x = west if corner[0] < 0 else window.width_mm - east
    free_y = top if corner[1] < 0 else window.height_mm - bottom
    wide, high = window.width_mm - 2 * GAP_MM, window.height_mm - 2 * GAP_MM
    beside = (min(free_x - 2 * GAP_MM, wide * WIDEST), high)
    above = (wide, min(free_y - 2 * GAP_MM, high * WIDEST))
    upon = [(window.width_mm * share, window.height_mm * share * 1.2) for share in SHARES]
    return [room for room in (beside, above, *upon) if min(room) > LEAST_MM]


def _inset(
    window: Window, part: Bounds, corner: tuple[int, int], width: float, height: float
) -> Inset | None:
    wide = window_for(part, width, height, margin_mm=MARGIN_MM)
    if wide.scale * LARGER_LEAST > window.scale:
        return None
    sides = (part[2] - part[0], part[3] - part[1])
    across, down = (side / wide.scale * 1_000 + 2 * MARGIN_MM for side in sides)
    tight = replace(wide, width_mm=min(width, across), height_mm=min(height, down))
    x = GAP_MM if corner[0] < 0 else window.width_mm - GAP_MM - tight.width_mm
    y = GAP_MM if corner[1] < 0 else window.height_mm - GAP_MM - tight.height_mm
    return Inset(tight, x, y, corner)


def _closer(window: Window, ground: Bounds, inset: Inset) -> tuple[Window, Inset]:
    """Both moved towards each other where there is more free paper between them than they need."""
    west, _, east, _ = _on_paper(window, ground)
    right = inset.x + inset.window.width_mm
    between = west - right if inset.corner[0] < 0 else inset.x - east
    if between <= 3 * GAP_MM:
        return window, inset
    step = -inset.corner[0] * between / 3
    moved = replace(window, x=window.x + step * window.scale / 1_000)
    return moved, replace(inset, x=inset.x + step)


def _on_paper(window: Window, bounds: Bounds) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = window.on_paper([[west, north], [east, south]]).tolist()
    return left, top, right, bottom

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
"""How much of the width it takes at most where the ground leaves no more room; the largest that hides little."""

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
    found: list[tuple[float, Window, Inset]] = []
    for share in SHARES:
        for corner in CORNERS:
            moved = _moved(window, ground, corner)
            inset = _inset(moved, ground, part, corner, share)
            if inset is None:
                continue
            if shapely.intersects(inset.box, shapely.box(*_on_paper(moved, part))):
                continue
            hidden = shapely.area(shapely.intersection(moved.drawn(shapes), inset.box)).sum() / inset.box.area
            found.append((round(float(hidden), 3), moved, inset))
        if found and min(one[0] for one in found) <= HIDDEN_MOST:
            break
    if not found:
        return window, None
    _, moved, inset = min(found, key=lambda one: one[0])
    return moved, inset


def _moved(window: Window, ground: Bounds, corner: tuple[int, int]) -> Window:
    """The same window with the ground as far from a corner as there is free paper."""
    west, south, east, north = _on_paper(window, ground)
    per_mm = window.scale / 1_000
    free_x = max(min(west, window.width_mm - east) - MARGIN_MM, 0)
    free_y = max(min(south, window.height_mm - north) - MARGIN_MM, 0)
    return replace(window, x=window.x + corner[0] * free_x * per_mm, y=window.y - corner[1] * free_y * per_mm)


def _inset(
    window: Window, ground: Bounds, part: Bounds, corner: tuple[int, int], share: float
) -> Inset | None:
    west, top, east, bottom = _on_paper(window, ground)
    free_x = west if corner[0] < 0 else window.width_mm - east
    free_y = top if corner[1] < 0 else window.height_mm - bottom
    width = max(window.width_mm * share, free_x - 2 * GAP_MM)
    height = max(window.height_mm * share * 1.2, free_y - 2 * GAP_MM)
    wide = window_for(part, width, height, margin_mm=MARGIN_MM)
    if wide.scale * LARGER_LEAST > window.scale:
        return None
    needed = [side / wide.scale * 1_000 + 2 * MARGIN_MM for side in (part[2] - part[0], part[3] - part[1])]
    tight = replace(wide, width_mm=min(width, needed[0]), height_mm=min(height, needed[1]))
    x = GAP_MM if corner[0] < 0 else window.width_mm - GAP_MM - tight.width_mm
    y = GAP_MM if corner[1] < 0 else window.height_mm - GAP_MM - tight.height_mm
    return Inset(tight, x, y, corner)


def _on_paper(window: Window, bounds: Bounds) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    west, south, east, north = bounds
    (left, top), (right, bottom) = window.on_paper([[west, north], [east, south]]).tolist()
    return left, top, right, bottom

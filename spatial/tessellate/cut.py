"""Cutting one region in two by a line, and what can be said against the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.ops import polygonize

from spatial.tessellate.curve import Axis
from spatial.tessellate.noise import Floats


@dataclass(frozen=True, slots=True)
class Halves:
    """The two parts of a cut region, and the share of its area that went to the other side as fragments."""

    right: Any
    left: Any
    stray: float

    def __iter__(self) -> Any:
        return iter((self.right, self.left))


def cut(polygon: Any, line: Any, axis: Axis) -> Halves | None:
    """Split a polygon by a line that is a function over an axis.

    Fragments that a notch of the outline leaves behind the line go to the part that they touch most.

    Returns
    -------
    None where a side is empty, is not in one piece, or has a hole.
    """
    parts = [
        part
        for part in polygonize(shapely.unary_union([polygon.boundary, line]))
        if polygon.contains(part.representative_point())
    ]
    corners = shapely.get_coordinates(line)
    inner = shapely.get_coordinates([part.representative_point() for part in parts])
    left = axis.across(inner) > np.interp(axis.along(inner), axis.along(corners), axis.across(corners))
    sides = [[part for part, is_left in zip(parts, left, strict=True) if is_left == side] for side in (0, 1)]
    if not all(sides):
        return None
    main = [max(side, key=lambda part: part.area) for side in sides]
    stray = [part for part in parts if not any(part is kept for kept in main)]
    for part in sorted(stray, key=lambda part: -part.area):
        to = int(part.intersection(main[1]).length > part.intersection(main[0]).length)
        main[to] = main[to].union(part)
    if any(kept.geom_type != "Polygon" or kept.interiors for kept in main):
        return None
    return Halves(main[0], main[1], sum(part.area for part in stray) / polygon.area)


def compactness(shapes: Any) -> Floats:
    """Isoperimetric quotient 4πA/P² of shapes: 1 for a circle, 0.785 for a square.

    Notes
    -----
    Polsby and Popper, "The Third Criterion", Yale Law & Policy Review 9 (1991).
    """
    quotient: Floats = np.asarray(4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2)
    return quotient


def sharpest(parent: Any, child: Any) -> float:
    """The smallest angle in degrees at the corners that a cut gave to the child."""
    corners = shapely.get_coordinates(child)[:-1] @ np.array([1, 1j])
    angle = np.abs(np.angle((np.roll(corners, 1) - corners) / (np.roll(corners, -1) - corners), deg=True))
    new = ~np.isin(corners, shapely.get_coordinates(parent) @ np.array([1, 1j]))
    return float(angle[new].min(initial=180))


def thin(shape: Any, width: float) -> float:
    """Area of the parts that are narrower than twice a width, in squares of that width."""
    plain = shape.simplify(0.1 * width)
    opened = plain.buffer(-width, quad_segs=2).buffer(width, quad_segs=2)
    return float((plain.area - opened.area) / width**2)

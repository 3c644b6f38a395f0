"""Shapes as a page holds them: each once, however many maps draw it, as whole steps from corner to corner."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

PER_DEGREE = 1_000_000
"""Steps in a degree: about a decimetre on the ground, finer than any map is read."""

Line = list[int]
Coded = list[list[Line]]
"""Parts, of each its rings, the outer one first; a line is a part of one ring."""


class Heap:
    """Shapes in the order in which they come.

    Attributes
    ----------
    coded
        Of each ring the first corner and then the steps, east and north in turn, in millionths of a degree.
    """

    def __init__(self) -> None:
        self.coded: list[Coded] = []
        self._places: dict[bytes, int] = {}
        self._edges: dict[tuple[int, ...], int] = {}

    def place(self, shape: Any) -> int:
        """Where a shape stands.

        Parameters
        ----------
        shape
            Polygon or line of one part or several, in degrees of EPSG:4490.
        """
        key = shape.wkb
        if key not in self._places:
            self._places[key] = len(self.coded)
            self.coded.append(_coded(shape))
        return self._places[key]

    def edges(self, shapes: Any) -> int:
        """Where the borders of areas stand, one that two of them share once; lines as they are."""
        key = tuple(map(self.place, shapes))
        if key not in self._edges:
            lines = [shapely.boundary(one) if shapely.get_dimensions(one) == 2 else one for one in shapes]
            self._edges[key] = self.place(shapely.line_merge(shapely.union_all(lines)))
        return self._edges[key]


def _coded(shape: Any) -> Coded:
    return [
        [_steps(ring) for ring in (shapely.get_rings(part) if shapely.get_dimensions(part) == 2 else [part])]
        for part in shapely.get_parts(shape)
    ]


def _steps(ring: Any) -> Line:
    whole = np.rint(shapely.get_coordinates(ring) * PER_DEGREE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=0)
    moved = steps.any(axis=1)
    return [int(step) for step in steps[moved].ravel()]

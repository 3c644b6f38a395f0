"""Subdistricts: a given tree of pairs that part from each other, around their seats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Union

import numpy as np
import shapely

from spatial.tessellate.bisect import Bearing, Wish, bisect
from spatial.tessellate.cut import compactness, thin
from spatial.tessellate.field import SIDE_MAX, SIDE_MIN, Field, scatter
from spatial.tessellate.noise import generator_for

Parting = Union[str, tuple["Parting", "Parting"]]  # noqa: UP007 - a recursive name is no operand of |
"""A name, or a pair that one border parts; a nested pair is one side of it."""

SAMPLE_M = 170.0
CORE_M = 1600.0
"""Within this distance of a town's seat cells are small."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What is wanted of one subdistrict: where its seat lies (metres), its area, its kind."""

    point: Any
    target_km2: float
    kind: str


def names_of(parting: Parting) -> list[str]:
    """All names of a tree, first to last."""
    if isinstance(parting, str):
        return [parting]
    return names_of(parting[0]) + names_of(parting[1])


def part(
    district: Any,
    seats: Mapping[str, Seat],
    tree: Parting,
    seed: int,
    bearing: Bearing,
    tries: int,
    done: Callable[[int], None],
) -> dict[str, Any]:
    """Polygons of the subdistricts by name: the best of several tries.

    Raises
    ------
    SpatialError
        `tessellate_no_cut`.

    Notes
    -----
    A try is scored by the compactness of its worst and its median part, the largest miss of a target area,
    seats on the wrong side, and narrow strips.
    """
    field = _area_field(district, seats, seed)
    best: tuple[float, dict[str, Any]] | None = None
    for attempt in range(tries):
        polygons = _part_tree(district, field, tree, seats, (seed, attempt), bearing)
        score = _score(polygons, seats)
        if best is None or score > best[0]:
            best = score, polygons
        done(attempt + 1)
    if best is None:
        raise ValueError(tries)
    return best[1]


def _area_field(district: Any, seats: Mapping[str, Seat], seed: int) -> Field:
    xy = scatter(district, SAMPLE_M, generator_for(seed, "area"))
    towns = [seat.point for seat in seats.values() if seat.kind != "rural"] or [district.centroid]
    away = np.min([np.hypot(xy[:, 0] - town.x, xy[:, 1] - town.y) for town in towns], axis=0)
    side = np.clip(SAMPLE_M + np.maximum(away - CORE_M, 0) * 0.45, SIDE_MIN, SIDE_MAX)
    return Field(xy, np.ones(len(xy)), side)


def _part_tree(
    polygon: Any,
    field: Field,
    tree: Parting,
    seats: Mapping[str, Seat],
    seeds: tuple[int, int],
    bearing: Bearing,
) -> dict[str, Any]:
    if isinstance(tree, str):
        return {tree: polygon}
    first, second = (names_of(side) for side in tree)
    areas = [sum(seats[name].target_km2 for name in names) for names in (first, second)]
    keep = [seats[name].point for name in first], [seats[name].point for name in second]
    wish = Wish(areas[0] / sum(areas), seeds[0], ("tree", seeds[1], *first), keep)
    halves = bisect(polygon, field, wish, bearing)
    return {
        name: found
        for half, side in zip(halves, tree, strict=True)
        for name, found in _part_tree(half, field.inside(half), side, seats, seeds, bearing).items()
    }


def _score(polygons: Mapping[str, Any], seats: Mapping[str, Seat]) -> float:
    quotients = compactness(list(polygons.values()))
    lost = sum(not polygons[name].contains(seat.point) for name, seat in seats.items())
    miss = max(
        abs(float(np.log(polygons[name].area / 1e6 / seat.target_km2))) for name, seat in seats.items()
    )
    strips = sum(thin(polygon, 110) for polygon in polygons.values())
    return float(quotients.min() + 0.5 * np.median(quotients) - lost - 0.6 * miss - 0.03 * strips)


def inward(point: Any, polygon: Any, distance: float) -> Any:
    """The nearest place to a point that lies in a polygon at a distance from its border.

    Seats are known to a rounded degree and may fall outside.
    """
    room = polygon.buffer(-distance)
    return shapely.get_point(shapely.shortest_line(room if not room.is_empty else polygon, point), 0)

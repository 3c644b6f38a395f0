"""The best cut of many, and the recursion that divides a region into units of equal weight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from spatial.errors import SpatialError
from spatial.tessellate.curve import Axis, curve, profile_of
from spatial.tessellate.cut import Halves, compactness, cut, sharpest, thin
from spatial.tessellate.field import Field, quantile
from spatial.tessellate.noise import Floats, generator_for

Bearing = Callable[[float, float], float]
"""The angle of the streets at a point, radians."""

LONG_BORDER = 0.38
"""Roughness of a border between subdistricts, even in the city."""

RURAL_SIDE = 480.0
GOOD_ENOUGH = 0.5
DRIFT = (0, 0.015, -0.015, 0)
"""How far the trials may miss the wanted share."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a cut should do.

    Parameters
    ----------
    share
        Share of the weight on the right side.
    key
        Path of this cut in the recursion; with the seed it decides the draws.
    keep
        Points that have to lie on the right and on the left side; None where there are none to keep.
    """

    share: float
    seed: int
    key: tuple[object, ...]
    keep: tuple[Sequence[Any], Sequence[Any]] | None = None


def bisect(polygon: Any, field: Field, wish: Wish, bearing: Bearing) -> Halves:
    """The best cut of a region.

    Raises
    ------
    SpatialError
        `tessellate_no_cut`: the region is too torn to be cut in two whole parts.

    Notes
    -----
    Four directions at the local bearing with four draws each where streets are, twelve free ones with two
    draws in the hills, eighteen where seats must be kept; 24 more while the best is poor. The score rewards
    compact halves and empty ground along the cut, and punishes sharp corners, fragments and narrow tails.
    """
    rural = np.average(np.log(field.side), weights=field.weight) > np.log(RURAL_SIDE)
    first = 18 if wish.keep else 12 if rural else 4
    turns = np.concatenate([np.arange(first) / first, np.arange(0 if wish.keep else 24) / 24 + 0.01])
    base = bearing(polygon.centroid.x, polygon.centroid.y)
    width = 110 if wish.keep else 0.055 * polygon.area**0.5
    narrow = thin(polygon, width)
    best: tuple[float, Halves, float] | None = None
    for turn, angle in enumerate(base + turns * 2 * np.pi):
        if turn >= first and best and best[2] > GOOD_ENOUGH:
            break
        for halves, through in _trials(polygon, field, wish, angle, (turn, rural)):
            score, smaller = _score(polygon, halves, through, wish)
            if best and score <= best[0]:
                continue
            # Narrow tails are costly to find: looked at only where the cut would win.
            score -= 0.1 * max(0.0, sum(thin(half, width) for half in halves) - narrow)
            if best is None or score > best[0]:
                best = score, halves, smaller
    if best is None:
        raise SpatialError("tessellate_no_cut", key="/".join(map(str, wish.key)))
    return best[1]


def _trials(
    polygon: Any, field: Field, wish: Wish, angle: float, turn: tuple[int, bool]
) -> Iterator[tuple[Halves, float]]:
    """Cuts near one direction, each with the density along it (1 is the region's average)."""
    for trial in range(2 if turn[1] else 4):
        generator = generator_for(wish.seed, *wish.key, turn[0], trial)
        axis = Axis(angle + generator.normal(0, 0.12 if turn[1] else 0.035))
        t, s = axis.along(field.xy), axis.across(field.xy)
        middle = quantile(s, field.weight, wish.share)
        ring = axis.along(shapely.get_coordinates(polygon.exterior))
        profile = profile_of(field, t, s, middle, (ring.min(), ring.max()))
        chord = min(polygon.area**0.5, float(np.ptp(ring)))
        stations, offsets = curve(generator, profile, chord, LONG_BORDER if wish.keep else 0)
        above = s - np.interp(t, stations, offsets)
        level = quantile(above, field.weight, wish.share * (1 + DRIFT[trial]))
        line = shapely.LineString(axis.points(stations, offsets + level))
        halves = cut(polygon, line, axis)
        if halves is not None:
            band = np.abs(above - level) < 0.04 * polygon.area**0.5
            yield halves, field.weight[band].sum() / field.total / 0.08


def _score(polygon: Any, halves: Halves, through: float, wish: Wish) -> tuple[float, float]:
    smaller, larger = sorted(float(compactness(half)) for half in halves)
    lost = sum(
        not half.contains(p) for half, kept in zip(halves, wish.keep or (), strict=False) for p in kept
    )
    sharp = max(0.0, 50 - min(sharpest(polygon, half) for half in halves)) / 90
    score = smaller + 0.35 * larger - 0.05 * through - 3 * lost - sharp - 4 * halves.stray
    return score, smaller


def divide(
    polygon: Any, field: Field, targets: Floats, seed: int, key: tuple[object, ...], bearing: Bearing
) -> list[Any]:
    """Regions that hold weight in proportion to targets, by recursive bisection.

    Raises
    ------
    SpatialError
        `tessellate_no_cut`.
    """
    if len(targets) == 1:
        return [polygon]
    odd = len(targets) % 2
    middle = len(targets) // 2 + (int(generator_for(seed, *key, "k").integers(0, 2)) if odd else 0)
    share = float(targets[:middle].sum() / targets.sum())
    right, left = bisect(polygon, field, Wish(share, seed, key), bearing)
    return [
        *divide(right, field.inside(right), targets[:middle], seed, (*key, 0), bearing),
        *divide(left, field.inside(left), targets[middle:], seed, (*key, 1), bearing),
    ]

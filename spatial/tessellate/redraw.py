"""Redrawing the grid: splitting one area into parts, merging neighbours into one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.errors import SpatialError
from spatial.tessellate.field import Field, scatter, wildness
from spatial.tessellate.noise import Floats, generator_for, wave_along

CORNERS = 16
"""A ring with fewer corners gets more, evenly spaced, before it is split."""

CANDIDATES = 60
SAMPLES = 400
CORNER_WAVE = 12


@dataclass(frozen=True, slots=True)
class _Chord:
    begin: int
    end: int


def split(area: Any, parts: int, *, field: Field | None = None, seed: int = 0) -> list[Any]:
    """Split a polygon into parts of about equal weight.

    Parameters
    ----------
    area
        Polygon without holes, metres.
    field
        Weighted points over the polygon; without it parts of equal area are sought.
    seed
        Where the roughness of new borders in large areas comes from.

    Returns
    -------
    list of polygons that cover the area exactly. New borders begin and end at its own corners, so that its
    neighbours need no new ones (unless it has fewer than 16: then evenly spaced corners are added to it).

    Raises
    ------
    SpatialError
        `split_impossible`: not one polygon without holes, or no chord divides it.

    Notes
    -----
    Recursive halving along the chord whose halves are most compact and nearest to their share. All chords of a
    ring of k corners are weighed by prefix sums, k² in all, the best 60 exactly.
    """
    if area.geom_type != "Polygon" or area.interiors or parts < 1:
        raise SpatialError("split_impossible", parts=parts)
    if field is None:
        generator = generator_for(seed, "split")
        xy = scatter(area, (area.area / SAMPLES) ** 0.5, generator)
        field = Field(xy, np.ones(len(xy)), np.ones(len(xy)))
    return _split(area, parts, field, seed, ())


def merge(areas: ArrayLike) -> Any:
    """One polygon out of neighbours that share their corners.

    Raises
    ------
    SpatialError
        `merge_apart`: together they are not one polygon without holes.
    """
    shapes: Any = np.asarray(areas, dtype=object)
    whole = shapely.coverage_union_all(shapes)
    if whole.geom_type != "Polygon":
        whole = shapely.union_all(shapes)
    if whole.geom_type != "Polygon" or whole.is_empty or whole.interiors:
        raise SpatialError("merge_apart", count=len(shapes))
    return whole


def _split(area: Any, parts: int, field: Field, seed: int, key: tuple[int, ...]) -> list[Any]:
    if parts == 1:
        return [area]
    ring = shapely.get_coordinates(shapely.orient_polygons(area).exterior)
    if len(ring) <= CORNERS:
        ring = shapely.get_coordinates(
            shapely.segmentize(shapely.LinearRing(ring), area.length / CORNERS / 2)
        )
    chord = _best_chord(area, ring[:-1], (parts // 2) / parts, field)
    if chord is None:
        raise SpatialError("split_impossible", parts=parts)
    first, second = _apart(area, ring[:-1], chord, generator_for(seed, "chord", *key))
    return [
        *_split(first, parts // 2, field.inside(first), seed, (*key, 0)),
        *_split(second, parts - parts // 2, field.inside(second), seed, (*key, 1)),
    ]


def _best_chord(area: Any, ring: Floats, share: float, field: Field) -> _Chord | None:
    """The chord with the best halves; the first half runs along the ring from its begin to its end."""
    begin, end, score = _weigh(ring, share)
    best: tuple[float, _Chord] | None = None
    shapely.prepare(area)
    for at in np.argsort(-score, kind="stable")[:CANDIDATES]:
        chord = _Chord(int(begin[at]), int(end[at]))
        line = shapely.LineString(ring[[chord.begin, chord.end]])
        if not (shapely.covers(area, line) and line.intersection(area.boundary).length == 0):
            continue
        half = shapely.Polygon(ring[chord.begin : chord.end + 1])
        got = field.weight[shapely.contains_xy(half, *field.xy.T)].sum() / max(field.total, 1e-12)
        miss = min(abs(got - share), abs(1 - got - share))
        exact = float(score[at]) - 1.5 * miss
        if half.is_valid and (best is None or exact > best[0]):
            flipped = _Chord(chord.end, chord.begin)
            best = exact, chord if abs(got - share) <= abs(1 - got - share) else flipped
    return best[1] if best else None


def _weigh(ring: Floats, share: float) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """All chords of a ring with the compactness of their halves, less what they miss of the share of area."""
    x, y = ring.T
    following = np.roll(ring, -1, axis=0)
    area = np.concatenate([[0], np.cumsum(x * following[:, 1] - following[:, 0] * y)]) / 2
    length = np.concatenate([[0], np.cumsum(np.hypot(*(following - ring).T))])
    begin, end = np.triu_indices(len(ring), 2)
    straight = np.hypot(x[end] - x[begin], y[end] - y[begin])
    first = area[end] - area[begin] + (x[end] * y[begin] - x[begin] * y[end]) / 2
    second = area[-1] - first
    along = length[end] - length[begin]
    quotients = [
        4 * np.pi * np.maximum(part, 0) / (way + straight) ** 2
        for part, way in ((first, along), (second, length[-1] - along))
    ]
    miss = np.minimum(np.abs(first / area[-1] - share), np.abs(second / area[-1] - share))
    score: Floats = np.minimum(*quotients) + 0.35 * np.maximum(*quotients) - 0.5 * miss
    return begin, end, score


def _apart(area: Any, ring: Floats, chord: _Chord, generator: np.random.Generator) -> tuple[Any, Any]:
    """Both halves, along a border that is rough where the area is large, straight where it is small."""
    border = _rough(ring[chord.begin], ring[chord.end], float(area.area) ** 0.5, generator)
    line = shapely.LineString(border)
    inside = area.covers(line) and line.intersection(area.boundary).geom_type == "MultiPoint"
    if not (line.is_simple and inside):
        border = ring[[chord.begin, chord.end]]
    forth, back = _way(ring, chord.begin, chord.end), _way(ring, chord.end, chord.begin)
    return shapely.Polygon([*forth, *border[::-1][1:]]), shapely.Polygon([*back, *border[1:]])


def _rough(begin: Floats, end: Floats, side: float, generator: np.random.Generator) -> Floats:
    wild = float(wildness(np.array([side]))[0])
    straight = np.linspace(begin, end, 2 + round(6 * wild))
    if wild == 0:
        return straight
    t = np.linspace(0, CORNER_WAVE, len(straight))
    swing = 0.1 * wild * np.sin(np.pi * t / t[-1]) * wave_along(generator, t, 5.0)
    across = np.array([[begin[1] - end[1], end[0] - begin[0]]])
    return np.asarray(np.round(straight + swing[:, None] * across, 2))


def _way(ring: Floats, begin: int, end: int) -> Floats:
    """Corners of a closed ring from one to another, forward."""
    if begin < end:
        return ring[begin : end + 1]
    return np.vstack([ring[begin:], ring[: end + 1]])

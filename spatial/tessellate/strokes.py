"""Long lines out of short ones: at every junction the two that go on most straightly belong together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from spatial.tessellate.noise import Floats

BEND = 42.0
"""Degrees by which a line may turn at a junction and still be the same street."""

LOOK_M = 60.0
"""The direction of a line at its end is taken over this length."""

LEVEL_BONUS = 12.0
"""Lines of one level are joined before others, as if they were straighter by so many degrees."""

End = tuple[int, int]


def strokes(lines: Sequence[Any], levels: Sequence[int]) -> list[list[int]]:
    """Indices of the lines that make up each long line, in order along it.

    Parameters
    ----------
    lines
        Line strings in metres that meet at their ends only.
    levels
        A rank of each line; lines of one rank go on through each other first.

    Notes
    -----
    Strokes of good continuation (Thomson and Richardson, ICC 1999), greedy by deflection angle at each junction.
    """
    partner = _partners(lines, levels)
    chains, used = [], np.zeros(len(lines), dtype=bool)
    for start in range(len(lines)):
        if not used[start]:
            chain = _walk(start, partner)
            used[chain] = True
            chains.append(chain)
    return chains


def joined(lines: Sequence[Any], chain: Sequence[int]) -> Any:
    """One line string out of lines that follow each other."""
    merged = shapely.line_merge(shapely.union_all([lines[i] for i in chain]))
    if merged.geom_type == "LineString":
        return merged
    return max(shapely.get_parts(merged), key=lambda part: part.length)


def _partners(lines: Sequence[Any], levels: Sequence[int]) -> dict[End, End]:
    meetings: dict[tuple[float, float], list[End]] = defaultdict(list)
    heading: dict[End, Floats] = {}
    for index, line in enumerate(lines):
        corners = shapely.get_coordinates(line)
        for side, at in ((0, 0), (1, -1)):
            ahead = shapely.get_coordinates(line.interpolate(LOOK_M if side == 0 else -LOOK_M))[0]
            heading[index, side] = (ahead - corners[at]) / max(np.hypot(*(ahead - corners[at])), 1e-9)
            meetings[tuple(corners[at].round(3).tolist())].append((index, side))
    partner: dict[End, End] = {}
    for ends in meetings.values():
        for _, one, other in sorted(_pairs(ends, heading, levels)):
            if one not in partner and other not in partner:
                partner[one], partner[other] = other, one
    return partner


def _pairs(
    ends: list[End], heading: dict[End, Floats], levels: Sequence[int]
) -> list[tuple[float, End, End]]:
    pairs = []
    for i, one in enumerate(ends):
        for other in ends[i + 1 :]:
            turn = 180 - math.degrees(math.acos(np.clip(heading[one] @ heading[other], -1, 1)))
            if turn < BEND and one[0] != other[0]:
                pairs.append((turn - LEVEL_BONUS * (levels[one[0]] == levels[other[0]]), one, other))
    return pairs


def _walk(start: int, partner: dict[End, End]) -> list[int]:
    """All lines that are chained to one, from one end of the chain to the other."""
    chain = [start]
    for side in (0, 1):
        at: End = start, side
        while at in partner:
            index, entered = partner[at]
            if index in chain:
                return chain
            chain.insert(0 if side == 0 else len(chain), index)
            at = index, 1 - entered
    return chain

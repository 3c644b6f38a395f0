"""Streets of the town: they run where areas border each other, in long lines with names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from spatial.coverage.edges import shared_edges
from spatial.tessellate.areas import Area
from spatial.tessellate.noise import Floats
from spatial.tessellate.plane import to_metres
from spatial.tessellate.recipe import Recipe
from spatial.tessellate.strokes import joined, strokes
from spatial.tessellate.thing import Thing

TOWN_SIDE = 620.0
"""Borders of cells whose sides are longer on average, in metres, are ridges and no streets."""

ARTERIAL_M, SECONDARY_M = 2100.0, 900.0
NAMED_WITHIN_M, NAMED_SHARE = 350.0, 0.2
"""A street takes a name whose stretch is on average so near, in metres or in lengths of the stretch."""

SHORTEST_M = 50.0
"""A piece of a street that a park leaves shorter than this is dropped."""

RANKS = {"arterial": 1, "secondary": 2, "local": 3}
CELL, COMMUNITY, SUBDISTRICT = 1, 2, 3


def streets(recipe: Recipe, cells: Sequence[Area], shapes: Any, closed: Sequence[Any]) -> list[Thing]:
    """Streets along the borders of cells, the main ones first.

    Parameters
    ----------
    cells
        With their codes; a border's level is the widest that it parts.
    shapes
        Polygons of the cells in metres, shape (n,), sharing their corners.
    closed
        Water and parks in metres, into which only the main streets go.
    """
    lines, levels = _borders(cells, shapes)
    chains = strokes(lines, levels)
    roads = [joined(lines, chain) for chain in chains]
    classes = [_class(road, chain, lines, levels) for road, chain in zip(roads, chains, strict=True)]
    order = sorted(range(len(roads)), key=lambda i: (RANKS[classes[i]], -roads[i].length, i))
    roads, classes = [roads[i] for i in order], [classes[i] for i in order]
    names = _names(recipe, roads, classes, cells, shapes)
    kept_free = shapely.union_all(list(closed))
    return [
        Thing("street", klass, RANKS[klass], *name, piece)
        for road, klass, name in zip(roads, classes, names, strict=True)
        for piece in ([road] if klass == "arterial" else _outside(road, kept_free))
    ]


def _outside(road: Any, kept_free: Any) -> list[Any]:
    pieces = shapely.get_parts(shapely.difference(road, kept_free))
    return [piece for piece in pieces if piece.length > SHORTEST_M]


def _borders(cells: Sequence[Area], shapes: Any) -> tuple[list[Any], list[int]]:
    borders = shared_edges(shapes)
    side = np.sqrt(shapely.area(shapes))
    lines, levels = [], []
    for line, left, right in zip(borders.lines, borders.left, borders.right, strict=True):
        if left < 0 or right < 0 or side[left] * side[right] > TOWN_SIDE**2:
            continue
        one, other = cells[left].parent_code, cells[right].parent_code
        lines.append(line)
        levels.append(CELL if one == other else COMMUNITY if one[:9] == other[:9] else SUBDISTRICT)
    return lines, levels


def _class(road: Any, chain: Sequence[int], lines: Sequence[Any], levels: Sequence[int]) -> str:
    wide = sum(lines[i].length for i in chain if levels[i] >= COMMUNITY) / max(road.length, 1)
    if road.length > ARTERIAL_M and wide > 0.35:
        return "arterial"
    return "secondary" if road.length > SECONDARY_M or (wide > 0.6 and road.length > 450) else "local"


def _names(
    recipe: Recipe, roads: Sequence[Any], classes: Sequence[str], cells: Sequence[Area], shapes: Any
) -> list[tuple[str, str]]:
    """The recipe's names where they fit; else the nearest community's with a tail, each once."""
    given = _given(recipe, roads)
    official = {division.code: division for division in recipe.of_level("community")}
    tree = shapely.STRtree(shapely.centroid(shapes))
    used = {name for name, _ in given.values()}
    names = []
    for index, (road, klass) in enumerate(zip(roads, classes, strict=True)):
        division = official[cells[int(tree.nearest(road.interpolate(0.5, normalized=True)))].parent_code]
        base = recipe.naming.street_base(recipe.naming.area(division.name), division.name_en)
        tails = recipe.words["lane_tail" if klass == "local" else "street_tail"]
        names.append(given.get(index) or _free(base, tails, used))
        used.add(names[-1][0])
    return names


def _free(base: tuple[str, str], tails: Sequence[tuple[str, str]], used: set[str]) -> tuple[str, str]:
    """The first name that is not taken yet; when all are, the last once more."""
    for tail, tail_en in tails:
        if base[0] + tail not in used:
            return base[0] + tail, f"{base[1]} {tail_en}"
    return base[0] + tails[-1][0], f"{base[1]} {tails[-1][1]}"


def _given(recipe: Recipe, roads: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """The recipe's names by the road that lies best along each name's stretch, the closest pairs first."""
    stretches = [to_metres(name.stretch, recipe.metric_crs) for name in recipe.street_names]
    fits = sorted(
        (_away(stretch, road) / max(NAMED_WITHIN_M, NAMED_SHARE * stretch.length), name_index, index)
        for name_index, stretch in enumerate(stretches)
        for index, road in enumerate(roads)
        if road.distance(stretch) < NAMED_WITHIN_M and road.length > 0.3 * stretch.length
    )
    given: dict[int, tuple[str, str]] = {}
    done: set[int] = set()
    for miss, name_index, index in fits:
        if miss < 1 and name_index not in done and index not in given:
            name = recipe.street_names[name_index]
            given[index] = name.name, name.name_en
            done.add(name_index)
    return given


def _away(stretch: Any, road: Any) -> float:
    """Mean distance in metres, half of it from the stretch to the road and half the other way round."""
    places: Floats = np.linspace(0.05, 0.95, 10)
    there = shapely.distance(shapely.line_interpolate_point(stretch, places, normalized=True), road)
    back = shapely.distance(shapely.line_interpolate_point(road, places, normalized=True), stretch)
    return float((there.mean() + back.mean()) / 2)

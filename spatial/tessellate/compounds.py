"""Compounds 小区: the everyday place names, as points inside the cells of the town."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from spatial.tessellate.areas import Area
from spatial.tessellate.noise import Floats, generator_for
from spatial.tessellate.recipe import Recipe
from spatial.tessellate.thing import Thing

TOWN_SIDE = 620.0
INSET = 0.13
"""A compound keeps so many sides of its cell away from the border."""

TRIES = 60
RANK = 5


def compounds(recipe: Recipe, cells: Sequence[Area], shapes: Any, closed: Sequence[Any]) -> list[Thing]:
    """Compounds of the town, by the code of their cells.

    Parameters
    ----------
    shapes
        Polygons of the cells in metres.
    closed
        Water and parks in metres, where nobody lives.
    """
    names = _names(recipe)
    kept_free = shapely.union_all(list(closed))
    shapely.prepare(kept_free)
    own_names = {
        division.code: _of_community(recipe, division.code) for division in recipe.of_level("community")
    }
    things = []
    for cell, shape in zip(cells, shapes, strict=True):
        side = float(shape.area) ** 0.5
        if side > TOWN_SIDE:
            continue
        count = max(1, round(cell.households / recipe.numbers["households_per_compound"]))
        generator = generator_for(recipe.seed, "compounds", cell.code)
        for place in _places(shape, side, count, kept_free, generator):
            source = own_names[cell.parent_code] if generator.random() < 0.35 else names
            name = next(source, None) or next(names, None)
            if name:
                things.append(Thing("compound", "residential", RANK, *name, shapely.Point(place)))
    return things


def _names(recipe: Recipe) -> Iterator[tuple[str, str]]:
    """All heads with all tails, in a shuffled order."""
    heads, tails = recipe.words["compound_head"], recipe.words["compound_tail"]
    order = generator_for(recipe.seed, "compound names").permutation(len(heads) * len(tails))
    for at in order:
        (head, head_en), (tail, tail_en) = heads[at // len(tails)], tails[at % len(tails)]
        yield head + tail, f"{head_en} {tail_en}"


def _of_community(recipe: Recipe, code: str) -> Iterator[tuple[str, str]]:
    """Names after a community."""
    division = next(one for one in recipe.of_level("community") if one.code == code)
    bare, bare_en = recipe.naming.street_base(recipe.naming.area(division.name), division.name_en)
    for tail, tail_en in recipe.words["compound_tail"]:
        yield bare + tail, f"{bare_en} {tail_en}"


def _places(
    shape: Any, side: float, count: int, kept_free: Any, generator: np.random.Generator
) -> list[Floats]:
    """Places far from each other and from the border; of many drawn ones always the farthest."""
    room = shape.buffer(-INSET * side)
    if room.is_empty:
        room = shape
    west, south, east, north = room.bounds
    drawn = generator.uniform((west, south), (east, north), (TRIES, 2))
    drawn = drawn[shapely.contains_xy(room, *drawn.T) & ~shapely.intersects_xy(kept_free, *drawn.T)]
    places: list[Floats] = []
    while len(places) < min(count, len(drawn)):
        away = [min((float(np.hypot(*(one - place))) for place in places), default=0.0) for one in drawn]
        places.append(drawn[int(np.argmax(away))])
    return places

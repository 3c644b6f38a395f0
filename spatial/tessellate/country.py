"""Roads of the country: from village to village, wherever no third one lies between, on dry ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from spatial.tessellate.areas import Area
from spatial.tessellate.field import Field
from spatial.tessellate.noise import Floats, generator_for, wave_along
from spatial.tessellate.plane import to_metres
from spatial.tessellate.recipe import Recipe
from spatial.tessellate.thing import Thing

STEP_M = 90.0
SWING = 0.045
RANK = 2


@dataclass(frozen=True, slots=True)
class _Town:
    """An end of country roads: its place in metres and its names; whether it lies on a street already."""

    xy: Floats
    name: tuple[str, str]
    on_street: bool


def country_roads(
    recipe: Recipe,
    cells: Sequence[Area],
    field: Field,
    outline: Any,
    streets: Sequence[Thing],
    lakes: Sequence[Thing],
) -> list[Thing]:
    """Roads between the centres of the communities that have no streets, and to the nearest streets.

    Notes
    -----
    Relative neighbourhood graph (Toussaint 1980) of the pairs whose straight connection stays on the district's
    dry ground. Cost grows with the third power of the number of communities: 103 take milliseconds.
    """
    towns = _towns(recipe, cells, field, streets)
    if not any(not town.on_street for town in towns):
        return []
    ground = shapely.difference(
        outline.buffer(-60), shapely.union_all([lake.shape.buffer(40) for lake in lakes])
    )
    shapely.prepare(ground)
    used: set[str] = set()
    roads = []
    for one, other in _net(towns, ground):
        name = _name(recipe, towns[one], towns[other], used)
        used.add(name[0])
        road = _road(towns[one].xy, towns[other].xy, ground, generator_for(recipe.seed, "road", *name))
        roads.append(Thing("street", "secondary", RANK, *name, road))
    return roads


def _towns(recipe: Recipe, cells: Sequence[Area], field: Field, streets: Sequence[Thing]) -> list[_Town]:
    """The centre of each community without streets; of those beside them, the nearest corner of a street."""
    corners = shapely.get_coordinates([street.shape for street in streets]) if streets else np.empty((0, 2))
    towns = []
    for division in recipe.of_level("community"):
        own = [cell.polygon for cell in cells if cell.parent_code == division.code]
        whole = to_metres(shapely.union_all(own), recipe.metric_crs)
        names = recipe.naming.area(division.name), division.name_en
        box = whole.bounds
        inside = corners[((corners >= box[:2]) & (corners <= box[2:])).all(axis=1)]
        inside = inside[shapely.covers(whole, shapely.points(inside))]
        if len(inside):
            centre = np.array(whole.centroid.coords[0])
            towns.append(_Town(inside[np.argmin(np.hypot(*(inside - centre).T))], names, True))
        else:
            towns.append(_Town(_busiest(field.inside(whole)), names, False))
    return towns


def _busiest(field: Field) -> Floats:
    """The place with most households around it."""
    xy: Floats = field.xy[np.argmax(field.weight)]
    return xy


def _net(towns: Sequence[_Town], ground: Any) -> list[tuple[int, int]]:
    """Pairs of towns that a road joins, not both on a street already."""
    xy = np.array([town.xy for town in towns])
    one, other = np.triu_indices(len(towns), 1)
    lines = shapely.linestrings(np.stack([xy[one], xy[other]], axis=1))
    free = shapely.contains_properly(ground, lines)
    away = np.full((len(towns),) * 2, np.inf)
    away[one[free], other[free]] = away[other[free], one[free]] = shapely.length(lines[free])
    by_third = np.maximum(away[:, None, :], away[None, :, :]).min(axis=2)
    street = np.array([town.on_street for town in towns])
    joined = free & (away[one, other] <= by_third[one, other]) & ~(street[one] & street[other])
    return list(zip(one[joined].tolist(), other[joined].tolist(), strict=True))


def _name(recipe: Recipe, one: _Town, other: _Town, used: set[str]) -> tuple[str, str]:
    for letters in (1, 2, 9):
        name = recipe.naming.country_road(one.name, other.name, letters)
        if name[0] not in used:
            break
    return name


def _road(begin: Floats, end: Floats, ground: Any, generator: np.random.Generator) -> Any:
    """A winding line; straighter where it would leave the ground."""
    length = float(np.hypot(*(end - begin)))
    t = np.linspace(0, length, max(int(length / STEP_M), 3))
    winding = wave_along(generator, t, 1400) + 0.55 * wave_along(generator, t, 520)
    calm = np.sqrt(np.maximum(np.sin(np.pi * t / length), 0))
    across = np.array([begin[1] - end[1], end[0] - begin[0]]) / length
    straight = begin + (t / length)[:, None] * (end - begin)
    for share in (1.0, 0.5, 0.2):
        swing = min(SWING * length, 260.0) * share * winding * calm
        line = shapely.LineString(straight + swing[:, None] * across)
        if ground.contains_properly(line) and line.is_simple:
            return line
    return shapely.LineString(straight)

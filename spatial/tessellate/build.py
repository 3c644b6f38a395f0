"""From an outline to the whole tree of areas and the things that people find their way by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment

from spatial.tessellate.areas import Area, tree_of
from spatial.tessellate.bisect import Bearing, divide
from spatial.tessellate.density import Place, peopled
from spatial.tessellate.features import Feature, features_of
from spatial.tessellate.field import Field, bounds_of
from spatial.tessellate.knit import knit, soften, weld
from spatial.tessellate.noise import Surface, generator_for
from spatial.tessellate.partings import Seat, inward, part
from spatial.tessellate.plane import to_metres
from spatial.tessellate.recipe import Division, Quota, Recipe
from spatial.tessellate.share import allot, share_out

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much it is in all."""

SEAT_INSET_M = 400.0
"""Seats are given in hundredths of a degree: some lie outside the outline, and are brought in so far."""

COMMUNITY_SPREAD = 0.28


@dataclass(frozen=True, slots=True)
class Ground:
    """A simulated district in degrees: its areas from the widest to the narrowest, and its map features."""

    areas: tuple[Area, ...]
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """One community while it is built: its polygon in metres and the households in it."""

    division: Division
    kind: str
    polygon: Any
    field: Field


def build(recipe: Recipe, progress: Progress | None = None) -> Ground:
    """Simulate a district.

    Raises
    ------
    SpatialError
        `tessellate_no_cut`: the outline cannot be divided so; another seed may do.

    Notes
    -----
    Recursive bisection at household quantiles, three levels by the same recursion; see the decision record
    on the generator. About 40 s for 610 cells; the same recipe gives the same bytes with the same versions of
    the libraries.
    """
    told = progress or (lambda stage, done, total: None)
    bearing = _bearing(recipe)
    communities = _communities(recipe, _subdistricts(recipe, bearing, told), bearing, told)
    cells, owner = _cells(recipe, communities, bearing, told)
    told("knit", 0, 1)
    cells = weld(soften(knit(cells)))
    field = _joined([community.field for community in communities])
    households = share_out(_weights(cells, field), recipe.households)
    told("knit", 1, 1)
    official = [communities[i].division for i in owner]
    areas = tree_of(recipe, cells, official, households, field, told)
    return Ground(tuple(areas), tuple(features_of(recipe, areas, field, told)))


def _bearing(recipe: Recipe) -> Bearing:
    wanted = recipe.numbers["bearing"]
    bounds = bounds_of(to_metres(recipe.outline, recipe.metric_crs))
    swirl = Surface(generator_for(recipe.seed, "bearing"), bounds, float(wanted["wave_m"]))

    def bearing(x: float, y: float) -> float:
        turn = float(swirl(np.array([x]), np.array([y]))[0])
        return float(np.radians(wanted["degrees"] + wanted["swing_degrees"] * turn))

    return bearing


def _subdistricts(recipe: Recipe, bearing: Bearing, told: Progress) -> dict[str, tuple[Any, Any]]:
    """Polygon and seat of each subdistrict by its code, metres."""
    district = to_metres(recipe.outline, recipe.metric_crs)
    official = {division.name: division.code for division in recipe.of_level("subdistrict")}
    seats = {name: _seat(recipe.quotas[code], district, recipe) for name, code in official.items()}
    tries = int(recipe.numbers["tries"])
    polygons = part(
        district,
        seats,
        recipe.partings,
        recipe.seed,
        bearing,
        tries,
        lambda done: told("subdistricts", done, tries),
    )
    return {official[name]: (polygon, seats[name].point) for name, polygon in polygons.items()}


def _seat(quota: Quota, district: Any, recipe: Recipe) -> Seat:
    point = to_metres(shapely.Point(quota.lon, quota.lat), recipe.metric_crs)
    return Seat(inward(point, district, SEAT_INSET_M), quota.target_km2, quota.kind)


def _communities(
    recipe: Recipe, subdistricts: Mapping[str, tuple[Any, Any]], bearing: Bearing, told: Progress
) -> list[Community]:
    people = sum(quota.people for quota in recipe.quotas.values())
    found: list[Community] = []
    for done, division in enumerate(recipe.of_level("subdistrict")):
        told("communities", done, len(recipe.quotas))
        quota, (polygon, seat) = recipe.quotas[division.code], subdistricts[division.code]
        own = recipe.of_level("community", division.code)
        households = recipe.households * quota.people / people
        place = Place(division.name, polygon, seat, households, quota.kind, len(own))
        field = peopled(place, recipe.seed)
        spread = generator_for(recipe.seed, "communities", division.code).lognormal(
            0, COMMUNITY_SPREAD, len(own)
        )
        shapes = divide(polygon, field, spread, recipe.seed, (division.code,), bearing)
        found += [
            Community(one, quota.kind, shape, field.inside(shape))
            for one, shape in zip(own, _placed(recipe, own, shapes), strict=True)
        ]
    told("communities", len(recipe.quotas), len(recipe.quotas))
    return found


def _placed(recipe: Recipe, own: Sequence[Division], shapes: Sequence[Any]) -> list[Any]:
    """The shapes in the order of the divisions: those whose place is known get the nearest ones."""
    cost = np.zeros((len(own), len(shapes)))
    for row, division in enumerate(own):
        if division.code in recipe.centres:
            centre = to_metres(shapely.Point(recipe.centres[division.code]), recipe.metric_crs)
            cost[row] = shapely.distance(centre, shapely.centroid(list(shapes)))
    _, chosen = linear_sum_assignment(cost)
    return [shapes[i] for i in chosen]


def _cells(
    recipe: Recipe, communities: Sequence[Community], bearing: Bearing, told: Progress
) -> tuple[list[Any], list[int]]:
    """Cells in metres, not yet knit, and the index of the community of each."""
    total = int(recipe.numbers["cells"])
    counts = allot(np.array([community.field.total for community in communities]), total)
    cells: list[Any] = []
    owner: list[int] = []
    for index, (community, count) in enumerate(zip(communities, counts, strict=True)):
        code = community.division.code
        spread = generator_for(recipe.seed, "cells", code).normal(
            1, recipe.numbers["target_spread"], int(count)
        )
        targets = np.clip(spread, 0.88, 1.12)
        cells += divide(community.polygon, community.field, targets, recipe.seed, (code,), bearing)
        owner += [index] * int(count)
        told("cells", len(cells), total)
    return cells, owner


def _joined(fields: Sequence[Field]) -> Field:
    return Field(
        np.vstack([field.xy for field in fields]),
        np.concatenate([field.weight for field in fields]),
        np.concatenate([field.side for field in fields]),
    )


def _weights(cells: Sequence[Any], field: Field) -> Any:
    at, owner = shapely.STRtree(cells).query(shapely.points(field.xy), predicate="within")
    return np.bincount(owner, field.weight[at], len(cells))

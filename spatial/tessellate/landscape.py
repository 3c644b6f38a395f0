"""Water, hills, parks and landmarks: rough places of a recipe, drawn so that they look grown."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from scipy.interpolate import CubicSpline

from spatial.tessellate.noise import Floats, generator_for, wave_along
from spatial.tessellate.plane import to_metres
from spatial.tessellate.recipe import Mark, Recipe
from spatial.tessellate.thing import Thing

STEP_M = 45.0
MEANDER_M = 28.0
SHORTEST_M = 200.0
"""A piece of a river that the outline leaves shorter than this is dropped."""

PARK_CORNERS = 40


def waters(recipe: Recipe, outline: Any) -> list[Thing]:
    """Rivers as lines, reservoirs and lakes as polygons, inside the outline."""
    things = []
    for water in recipe.waters:
        rough = to_metres(water["geometry"], recipe.metric_crs)
        if rough.geom_type == "LineString":
            shape = _river(rough, generator_for(recipe.seed, "water", water["name"]))
        else:
            shape = _rounded(rough)
        for piece in _inside(shape, outline):
            if piece.length > SHORTEST_M:
                named = water["name"], water["name_en"], piece
                things.append(Thing(water["kind"], water["class"], int(water["rank"]), *named))
    return things


def marks(recipe: Recipe, outline: Any) -> list[Thing]:
    """Hills and landmarks as points, parks as polygons; those outside the outline are left out."""
    things = []
    for mark in recipe.marks:
        point = to_metres(shapely.Point(mark.lon, mark.lat), recipe.metric_crs)
        if not outline.contains(point):
            continue
        shapes = _inside(_blob(mark, point, recipe.seed), outline) if mark.radius_m else [point]
        named = mark.name, mark.name_en, max(shapes, key=lambda shape: shape.area)
        things.append(Thing(mark.kind, mark.klass, mark.rank, *named))
    return things


def _inside(shape: Any, outline: Any) -> list[Any]:
    pieces = shapely.get_parts(shapely.intersection(shape, outline))
    return [piece for piece in pieces if piece.geom_type in {"LineString", "Polygon"}]


def _river(rough: Any, generator: np.random.Generator) -> Any:
    """A spline through the given places that meanders a little, calm at both ends."""
    given = shapely.get_coordinates(rough)
    chord = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(given, axis=0).T))])
    along = np.linspace(0, chord[-1], max(int(chord[-1] / STEP_M), 8))
    spline = CubicSpline(chord, given)
    tangent = spline(along, 1)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    swing = wave_along(generator, along, 420) + 0.5 * wave_along(generator, along, 170)
    calm = np.clip(np.minimum(along, chord[-1] - along) / 300, 0, 1)
    return shapely.LineString(spline(along) + (MEANDER_M * swing * calm)[:, None] * normal)


def _rounded(polygon: Any) -> Any:
    """Corners cut twice (Chaikin)."""
    ring = shapely.get_coordinates(polygon.exterior)[:-1]
    for _ in range(2):
        following = np.roll(ring, -1, axis=0)
        ring = np.stack([0.75 * ring + 0.25 * following, 0.25 * ring + 0.75 * following], axis=1).reshape(
            -1, 2
        )
    return shapely.Polygon(ring)


def _blob(mark: Mark, centre: Any, seed: int) -> Any:
    generator = generator_for(seed, "park", mark.name)
    angle = np.linspace(0, 2 * np.pi, PARK_CORNERS, endpoint=False)
    radius: Floats = np.ones(PARK_CORNERS)
    for wave in (1, 2, 3, 5):
        radius = radius + 0.16 / wave**0.5 * generator.normal() * np.cos(
            wave * angle + generator.uniform(0, 6.3)
        )
    radius = mark.radius_m * np.maximum(radius, 0.45)
    return shapely.Polygon(
        np.column_stack([centre.x + radius * np.cos(angle), centre.y + radius * np.sin(angle)])
    )

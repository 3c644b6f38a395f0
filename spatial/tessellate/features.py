"""What people find their way by: water, hills, parks, landmarks, streets, compounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from spatial.tessellate.areas import Area
from spatial.tessellate.compounds import compounds
from spatial.tessellate.country import country_roads
from spatial.tessellate.field import Field
from spatial.tessellate.landscape import marks, waters
from spatial.tessellate.plane import to_degrees, to_metres
from spatial.tessellate.recipe import Recipe
from spatial.tessellate.streets import streets
from spatial.tessellate.thing import Thing


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map.

    Parameters
    ----------
    kind
        "street", "river", "reservoir", "hill", "park", "landmark" or "compound".
    klass
        Of a street "arterial", "secondary" or "local"; of others what they are.
    rank
        1 is the best known, 5 the least.
    geometry
        In degrees (EPSG:4490), seven decimals.
    """

    kind: str
    klass: str
    rank: int
    name: str | None
    name_en: str | None
    geometry: Any


def features_of(
    recipe: Recipe, areas: Sequence[Area], field: Field, told: Callable[[str, int, int], None]
) -> list[Feature]:
    """All map features of a district, in the order in which they are drawn.

    Parameters
    ----------
    areas
        The tree of areas, in degrees.
    field
        Households as points, metres.
    """
    steps = 5
    told("ground", 0, steps)
    outline = to_metres(areas[0].polygon, recipe.metric_crs)
    shapely.prepare(outline)
    wet = waters(recipe, outline)
    told("ground", 1, steps)
    places = marks(recipe, outline)
    told("ground", 2, steps)
    cells = [area for area in areas if area.level == "cell"]
    shapes = np.asarray(to_metres(np.array([cell.polygon for cell in cells]), recipe.metric_crs))
    closed = [thing.shape for thing in [*wet, *places] if thing.shape.geom_type == "Polygon"]
    town = streets(recipe, cells, shapes, closed)
    told("ground", 3, steps)
    country = country_roads(
        recipe, cells, field, outline, town, [one for one in wet if one.kind == "reservoir"]
    )
    told("ground", 4, steps)
    homes = compounds(recipe, cells, shapes, closed)
    told("ground", 5, steps)
    return [_feature(thing, recipe.metric_crs) for thing in [*wet, *places, *country, *town, *homes]]


def _feature(thing: Thing, metric_crs: int) -> Feature:
    geometry = shapely.remove_repeated_points(to_degrees(thing.shape, metric_crs))
    return Feature(thing.kind, thing.klass, thing.rank, thing.name, thing.name_en, geometry)

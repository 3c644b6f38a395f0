"""The tree of areas out of finished cells: every wider area is the union of its cells, so that they nest exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.tessellate.field import Field
from spatial.tessellate.number import number
from spatial.tessellate.plane import to_degrees, to_metres
from spatial.tessellate.recipe import Division, Recipe
from spatial.tessellate.redraw import merge, split
from spatial.tessellate.share import share_out

RURAL_COMMITTEE = 200
"""Statistical codes of villagers' committees end in 200 and above, those of residents' committees below."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a simulated district.

    Parameters
    ----------
    level
        "district", "subdistrict", "community", "cell" or "resident_group".
    kind
        "urban", "fringe" or "rural"; None for the district.
    polygon
        In degrees (EPSG:4490), seven decimals.
    """

    level: str
    code: str
    name: str
    name_en: str
    parent_code: str
    kind: str | None
    households: int
    polygon: Any


def tree_of(
    recipe: Recipe,
    cells: Sequence[Any],
    official: Sequence[Division],
    households: NDArray[np.int64],
    field: Field,
    told: Callable[[str, int, int], None],
) -> list[Area]:
    """All areas of a district, by level and then by code.

    Parameters
    ----------
    cells
        Polygons in metres that share their corners.
    official
        The community of each cell.
    households
        Of each cell.
    field
        Households as points, by which resident groups are cut.
    """
    finest = _numbered(recipe, cells, official, households)
    groups = _groups(recipe, finest, field, told)
    wider = [*_unions(recipe, "community", finest)]
    subdistricts = _unions(recipe, "subdistrict", wider)
    district = _unions(recipe, "district", subdistricts)
    return [*district, *subdistricts, *wider, *finest, *groups]


def _numbered(
    recipe: Recipe, cells: Sequence[Any], official: Sequence[Division], households: NDArray[np.int64]
) -> list[Area]:
    shapes = np.array(cells, dtype=object)
    degrees = shapely.normalize(to_degrees(shapes, recipe.metric_crs))
    codes = np.array([division.code for division in official])
    numbers = np.zeros(len(shapes), dtype=np.int64)
    for code in np.unique(codes):
        numbers[codes == code] = number(shapes[codes == code])
    areas = []
    for at in np.lexsort((numbers, codes)):
        division, sequence = official[at], int(numbers[at])
        name = recipe.naming.cell(recipe.naming.area(division.name), division.name_en, sequence)
        code, kind = f"{division.code}{sequence:03d}", recipe.quotas[division.parent_code].kind
        areas.append(Area("cell", code, *name, division.code, kind, int(households[at]), degrees[at]))
    return areas


def _unions(recipe: Recipe, level: str, parts: Sequence[Area]) -> list[Area]:
    """The areas of a level as unions of the areas below it."""
    areas = []
    for division in sorted(recipe.of_level(level), key=lambda one: one.code):
        own = [part for part in parts if part.parent_code == division.code]
        shape = shapely.normalize(merge([part.polygon for part in own]))
        name, kind = recipe.naming.area(division.name), own[0].kind if level != "district" else None
        parent = "" if level == "district" else division.parent_code
        people = sum(part.households for part in own)
        areas.append(Area(level, division.code, name, division.name_en, parent, kind, people, shape))
    return areas


def _groups(
    recipe: Recipe, cells: Sequence[Area], field: Field, told: Callable[[str, int, int], None]
) -> list[Area]:
    """Resident groups: parts of cells, numbered through each community."""
    official = {division.code: division for division in recipe.of_level("community")}
    groups: list[Area] = []
    metres = to_metres(np.array([cell.polygon for cell in cells]), recipe.metric_crs)
    points = shapely.STRtree(shapely.points(field.xy))
    counts: dict[str, int] = {}
    for done, (cell, shape) in enumerate(zip(cells, metres, strict=True)):
        near = np.sort(points.query(shape, predicate="contains"))
        own = Field(field.xy[near], field.weight[near], field.side[near])
        for part, people in _parts(recipe, cell, shape, own):
            counts[cell.parent_code] = counts.get(cell.parent_code, 0) + 1
            groups.append(_group(recipe, official[cell.parent_code], counts[cell.parent_code], part, people))
        told("resident_groups", done + 1, len(cells))
    return groups


def _parts(recipe: Recipe, cell: Area, shape: Any, own: Field) -> list[tuple[Any, int]]:
    """Polygons in degrees and households of a cell's resident groups, in the order of their numbers."""
    count = max(1, round(cell.households / recipe.numbers["households_per_group"]))
    if count == 1:
        return [(cell.polygon, cell.households)]
    parts = np.array(split(shape, count, field=own, seed=recipe.seed), dtype=object)
    parts = parts[np.argsort(number(parts))]
    weight = np.array([own.inside(part).total for part in parts])
    degrees = shapely.normalize(to_degrees(parts, recipe.metric_crs))
    return list(zip(degrees, share_out(weight, cell.households).tolist(), strict=True))


def _group(recipe: Recipe, community: Division, sequence: int, polygon: Any, people: int) -> Area:
    rural = int(community.code[-3:]) >= RURAL_COMMITTEE
    name = recipe.naming.group(recipe.naming.area(community.name), community.name_en, sequence, rural=rural)
    kind = recipe.quotas[community.parent_code].kind
    return Area(
        "resident_group", f"{community.code}Z{sequence:02d}", *name, community.code, kind, people, polygon
    )

"""Blocks: the smallest pieces of a community that a border of cells goes around and never through."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from spatial.errors import DataError
from spatial.given import SHOWN, positive, refuse_rows, same_crs
from spatial.grouping import sums
from spatial.redrawing.corners import with_corners, woven
from spatial.redrawing.faces import Faces, cut, side_by_side
from spatial.redrawing.layers import (
    NOBODY,
    Cases,
    Codes,
    Homes,
    Layer,
    Rows,
    Shapes,
    areas,
    cases,
    cell_at,
    homes,
    picked,
    shapes_of,
)
from spatial.tessellate.number import number

BENT_M = 0.2
"""A side of 4 km that is straight in degrees is bent by 15 cm in a projection at the latitude of Kunming."""
NONE: Rows = np.zeros(0, dtype=np.intp)
COLUMNS = ("community", "cell", "households", "buildings", "cases", "workload", "x", "y", "ground", "added")


def blocks(
    community: Layer,
    buildings: gpd.GeoDataFrame,
    *,
    cells: Layer | None = None,
    streets: Layer | None = None,
    cases: Layer | None = None,
    open_m: float | None = None,
) -> gpd.GeoDataFrame:
    """Cut communities into pieces around their buildings.

    Parameters
    ----------
    community
        One community or many, with a code (column `code`, else the index), in a CRS that measures in metres.
    buildings
        Footprints, or points, with `households`; a column `community` says to which each belongs, else it is the one
        that covers a point inside it, of several the one whose code is first.
    cells
        Cells as they are: their borders are edges that a new border may follow, too.
    streets
        Lines that a border may follow.
    cases
        Points; with `workload`, what each was to do in hours, else each counts 1.
    open_m
        Size of pieces where nobody lives; without it by the size of the community, at least 150 m.

    Returns
    -------
    GeoDataFrame
        Polygons, by community and there from north to south. The index `block` names them: the community's code,
        "-" and a number. `community`; `cell`, the present one, None without cells; `households`, `buildings`,
        `cases`, `workload`; `x` and `y`, the middle of its households, metres; `ground`, the number of the face
        between streets and present borders: two blocks of different grounds have a line between them that was there
        before. `added`, corners that are in none of the layers given.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    DataError
        `not_areas`, `areas_invalid`, `not_distinct`, `no_column`, `not_buildings`, `not_points`, `no_lines`,
        `building_elsewhere`, `not_positive`, and what `numbers` raises.

    Notes
    -----
    Borders between buildings are those of the Voronoi diagram of their walls (points on them, denser than the nearest
    other building is away), with fewer corners where no wall is touched. Buildings within half a metre of each other,
    and the parts of one building with what lies between, are in one block. Where no building is near, ground is cut
    like a honeycomb. A block lies on both sides of a line that runs through its building. Pieces without buildings that
    are thinner than 10 m or smaller than 900 m² go to a neighbour. Every corner of the community stays as it is to the
    bit; corners that its cells and neighbours have within 20 cm of its sides become its own (a side that is straight in
    degrees is bent in metres); a new corner lies within a millimetre of a side.
    """
    names, outlines = areas("community", community)
    more = {"cells": cells, "streets": streets, "cases": cases}
    more = {name: layer for name, layer in more.items() if layer is not None}
    same_crs(community=community, buildings=buildings, **more)
    if open_m is not None:
        positive("open_m", open_m)
    people, reported = homes(buildings), of_cases(cases)
    own = _communities(buildings, people, names, outlines)
    borders, ways = _borders(cells), _streets(streets)
    outlines = _bent(outlines, borders)
    known = {tuple(xy) for xy in shapely.get_coordinates(np.concatenate((outlines, borders, ways))).tolist()}
    nothing = _table("", Faces(NONE.astype(object), NONE, NONE), people, NONE, NONE, NONE == 0)
    made = []
    for at in np.argsort(names.astype(str), kind="stable"):
        lines = _beside(borders, outlines[at]), _beside(ways, outlines[at])
        made.append(_divided(str(names[at]), outlines[at], people, own == at, *lines, open_m))
    whole = pd.concat(made) if made else nothing
    return _filled(gpd.GeoDataFrame(whole, crs=community.crs), reported, cells, people, known)


of_cases = cases


def _borders(cells: Layer | None) -> Shapes:
    """Single lines of present borders."""
    if cells is None:
        return np.zeros(0, dtype=object)
    return np.asarray(shapely.get_parts(shapely.boundary(areas("cells", cells)[1])))


def _streets(streets: Layer | None) -> Shapes:
    """Single lines of streets."""
    if streets is None:
        return np.zeros(0, dtype=object)
    shapes = shapes_of(streets)
    shapes = shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
    refuse_rows("no_lines", shapely.get_dimensions(shapes) != 1, name="streets")
    return np.asarray(shapely.get_parts(shapes))


def _bent(outlines: Shapes, borders: Shapes) -> Shapes:
    """Outlines with the corners that their cells and their neighbours have on their sides."""
    corners = np.unique(shapely.get_coordinates(np.concatenate((outlines, borders))), axis=0)
    return with_corners(outlines, corners, BENT_M)


def _beside(lines: Shapes, outline: Any) -> Shapes:
    """Those of some lines that reach a community."""
    return np.asarray(lines[np.sort(shapely.STRtree(lines).query(outline, predicate="intersects"))])


def _communities(buildings: gpd.GeoDataFrame, people: Homes, names: Codes, outlines: Shapes) -> Rows:
    """The community of each building, -1 where it lies in none of these."""
    if "community" not in buildings:
        return cell_at(people.xy, outlines, names)
    at = {str(name): row for row, name in enumerate(names)}
    own = np.array([at.get(str(one), NOBODY) for one in buildings["community"]], dtype=np.intp)
    known = own != NOBODY
    away = np.zeros(len(own), dtype=bool)
    away[known] = ~shapely.intersects(people.shape[known], outlines[own[known]])
    if away.any():
        wrong = people.code[away][:SHOWN].tolist()
        raise DataError("building_elsewhere", count=int(away.sum()), buildings=", ".join(map(str, wrong)))
    return own


def _divided(
    name: str,
    outline: Any,
    people: Homes,
    own: NDArray[np.bool_],
    borders: Shapes,
    streets: Shapes,
    open_m: float | None,
) -> pd.DataFrame:
    """The blocks of one community."""
    mine = _reaching(people, outline, own)
    group = side_by_side(people.shape[mine])
    faces = cut(outline, _grouped(people, mine, group, outline), borders, streets, open_m)
    return _table(name, faces, people, mine, group, own[mine])


def _reaching(people: Homes, outline: Any, own: NDArray[np.bool_]) -> Rows:
    """The buildings of a community, and those of another one that reach into it: they are whole here, too."""
    near = shapely.STRtree(people.shape).query(outline, predicate="intersects")
    over = near[shapely.area(shapely.intersection(people.shape[near], outline)) > 0]
    return np.union1d(np.flatnonzero(own), over).astype(np.intp)


def _grouped(people: Homes, mine: Rows, group: Rows, outline: Any) -> Shapes:
    """One shape for each group of buildings, as far as it lies in the community."""
    count = int(group.max()) + 1 if len(group) else 0
    shapes = shapely.intersection(people.shape[mine], outline)
    lost = shapely.is_empty(shapes)
    shapes[lost] = shapely.points(people.xy[mine[lost]])
    flat = (shapely.get_dimensions(people.shape[mine]) == 2) & (shapely.get_dimensions(shapes) < 2)
    shapes[flat] = shapely.points(people.xy[mine[flat]])
    whole = np.empty(count, dtype=object)
    for at in range(count):
        members = shapes[group == at]
        whole[at] = members[0] if len(members) == 1 else shapely.union_all(members)
    return whole


def _table(
    name: str, faces: Faces, people: Homes, mine: Rows, group: Rows, own: NDArray[np.bool_]
) -> pd.DataFrame:
    """Blocks of a community with what its own buildings bring, in the order of the standard."""
    count = len(faces.shapes)
    of_site = np.full(len(people) + 1, NOBODY, dtype=np.intp)
    built = faces.site != NOBODY
    of_site[faces.site[built].astype(np.intp)] = np.flatnonzero(built)
    block = of_site[group] if len(group) else np.zeros(0, dtype=np.intp)
    block = np.where(block == NOBODY, _where(people, mine, faces), block)
    block, mine = block[own], mine[own]
    households = people.households[mine]
    total = sums(block, households, count)
    weight = np.where(total[block] > 0, households, 1.0)
    all_ = sums(block, weight, count)
    centre = shapely.get_coordinates(shapely.point_on_surface(faces.shapes))
    xy = [
        np.divide(sums(block, weight * column, count), all_, out=centre[:, axis].copy(), where=all_ > 0)
        for axis, column in enumerate(people.xy[mine].T)
    ]
    order = np.argsort(number(faces.shapes)) if count else np.zeros(0, dtype=np.intp)
    _, ground = np.unique(faces.ground.astype(np.int64), return_inverse=True)
    table = {
        "geometry": faces.shapes, "community": np.full(count, name, dtype=object), "households": total,
        "buildings": np.bincount(block, minlength=count), "x": xy[0], "y": xy[1], "ground": ground.ravel(),
    }  # fmt: skip
    index = pd.Index([f"{name}-{at:04d}" for at in range(1, count + 1)], name="block", dtype=object)
    return pd.DataFrame({key: column[order] for key, column in table.items()}).set_index(index)


def _where(people: Homes, mine: Rows, faces: Faces) -> Rows:
    """The block under each building: where several groups came to one, its own group is not its site."""
    if not len(mine):
        return np.zeros(0, dtype=np.intp)
    found = np.zeros(len(mine), dtype=np.intp)
    at, block = shapely.STRtree(faces.shapes).query_nearest(
        shapely.points(people.xy[mine]), all_matches=False
    )
    found[at] = block
    return found


def _filled(
    made: gpd.GeoDataFrame, reported: Cases, cells: Layer | None, people: Homes, known: set[tuple[float, ...]]
) -> gpd.GeoDataFrame:
    """Blocks with their cases, their present cell and their new corners."""
    made = made.set_geometry(woven(shapes_of(made), known), crs=made.crs)
    shapes, names = shapes_of(made), np.asarray(made.index, dtype=object)
    case = cell_at(reported.xy, shapes, names)
    inside = case != NOBODY
    made["cases"] = np.bincount(case[inside], minlength=len(made)).astype(float)
    made["workload"] = sums(case[inside], reported.workload[inside], len(made))
    made["cell"] = np.full(len(made), None, dtype=object)
    if cells is not None:
        codes, areas_ = areas("cells", cells)
        made["cell"] = picked(codes, cell_at(_seat(shapes, people), areas_, codes))
    xy, block = shapely.get_coordinates(shapes, return_index=True)
    new = np.array([tuple(one) not in known for one in xy.tolist()], dtype=bool)
    added = [
        shapely.MultiPoint(part)
        for part in np.split(xy[new], np.searchsorted(block[new], np.arange(1, len(made))))
    ]
    made["added"] = gpd.GeoSeries(added[: len(made)], index=made.index, crs=made.crs)
    return made[["geometry", *COLUMNS]]


def _seat(shapes: Shapes, people: Homes) -> Any:
    """A place in each block that says in which cell it is: in its building with the most households, else anywhere."""
    seat = shapely.get_coordinates(shapely.point_on_surface(shapes))
    at, block = shapely.STRtree(shapes).query(shapely.points(people.xy), predicate="intersects")
    order = np.argsort(people.households[at], kind="stable")
    seat[block[order]] = people.xy[at[order]]
    return seat

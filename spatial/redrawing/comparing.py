"""Two plans of cells side by side, counted over the same homes and the same cases."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from spatial.coverage import check as check_coverage
from spatial.errors import DataError
from spatial.given import Numbers, point_coordinates, same_crs
from spatial.grouping import sums
from spatial.redrawing.checking import BOUNDS
from spatial.redrawing.layers import (
    NOBODY,
    Codes,
    Drawn,
    Homes,
    Layer,
    Rows,
    Shapes,
    areas,
    cases,
    cell_at,
    cells_of,
    homes,
)
from spatial.redrawing.layers import Cases as Cases_
from spatial.workload import Spread, spread

SAME = 1e-9
"""Share by which sums in another order may differ."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One plan in figures.

    Parameters
    ----------
    cells
        How many.
    households, cases, workload
        Sums over all cells.
    households_spread, cases_spread, workload_spread
        How evenly they are spread over cells.
    home_m, case_m
        Mean straight way from the centre of its cell (the centroid) to a household and to a case; NaN without any.
    home_station_m, case_station_m
        The same from the station that its cell has: the one nearest to the cell's centre; None without stations.
    compactness, least_compact
        Mean and smallest 4πA/P² of the cells: 1 is a circle (Polsby and Popper 1991).
    within_bounds
        Share of cells whose households are within the bounds.
    contiguous
        Whether every cell is one piece.
    covers
        Whether cells cover their ground once and only once.
    homes_outside, cases_outside
        Households and cases that lie in no cell.
    per_cell
        A row for each cell: code, households, cases, workload, home_m, compactness, geometry.
    """

    cells: int
    households: float
    cases: float
    workload: float
    households_spread: Spread
    cases_spread: Spread
    workload_spread: Spread
    home_m: float
    case_m: float
    home_station_m: float | None
    case_station_m: float | None
    compactness: float
    least_compact: float
    within_bounds: float
    contiguous: bool
    covers: bool
    homes_outside: float
    cases_outside: int
    per_cell: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans side by side.

    Parameters
    ----------
    before, after
        Each in figures.
    follows
        For each cell afterwards the cell whose people mostly went there, None where a cell has nobody to follow. Each
        cell is followed once: the pairs keep the most households together.
    moved_households, moved_share
        Households whose cell afterwards does not follow theirs; their share is NaN of nobody.
    sums_equal
        Whether both have the same households, cases and workload in all.
    """

    before: Figures
    after: Figures
    follows: dict[str, str | None]
    moved_households: float
    moved_share: float
    sums_equal: bool


def compare(
    before: Drawn | gpd.GeoDataFrame,
    after: Drawn | gpd.GeoDataFrame,
    *,
    homes: gpd.GeoDataFrame,
    cases: Layer | None = None,
    stations: Layer | None = None,
    communities: Layer | None = None,
    bounds: tuple[float, float] = BOUNDS,
) -> Comparison:
    """Hold a plan beside another.

    Parameters
    ----------
    before, after
        Plans, or cells with a code.
    homes
        Footprints or points, with `households`.
    cases
        Points; with `workload`, what each was to do in hours, else each counts 1.
    stations
        Points that officers set out from.
    communities
        The ground that both have to cover; without it, only ground that cells enclose is asked about.
    bounds
        The fewest and the most households that a cell should have.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    DataError
        `not_areas`, `areas_invalid`, `not_distinct`, `no_column`, `not_buildings`, `not_points`,
        `no_stations`, and what `numbers` raises.

    Notes
    -----
    A home and a case lie in the cell that covers them, of several the one whose code is first.
    """
    given = {"before": cells_of(before), "after": cells_of(after), "homes": homes}
    optional = {"cases": cases, "stations": stations, "communities": communities}
    same_crs(**given, **{name: layer for name, layer in optional.items() if layer is not None})
    counted = _Counted(homes_of(homes), cases_of(cases), _stations(stations), communities, bounds)
    (one, old, was), (other, new, now) = (counted.side(name, given[name]) for name in ("before", "after"))
    pairs = follow(was, now, counted.people.households, len(old), len(new))
    inside = now != NOBODY
    stays = inside & (was != NOBODY)
    stays[stays] = pairs[now[stays]] == was[stays]
    all_ = float(counted.people.households.sum())
    moved = all_ - float(counted.people.households[stays].sum())
    follows = {str(code): None if at == NOBODY else str(old[at]) for code, at in zip(new, pairs, strict=True)}
    equal = all(
        np.isclose(getattr(one, name), getattr(other, name), rtol=SAME, atol=0)
        for name in ("households", "cases", "workload")
    )
    return Comparison(one, other, follows, moved, moved / all_ if all_ else float("nan"), equal)


def follow(was: Rows, now: Rows, weight: Numbers, before: int, after: int) -> Rows:
    """For each cell afterwards the row of the one before that it follows, -1 for none.

    Parameters
    ----------
    was, now
        Shape (n,): the cell of each home before and after, -1 for none.
    weight
        Shape (n,).
    before, after
        How many cells there are.

    Notes
    -----
    The assignment that keeps the most weight together (Kuhn 1955, as SciPy solves it); a pair without any is none.
    """
    known = (was != NOBODY) & (now != NOBODY)
    kept = sums(now[known] * before + was[known], weight[known], after * before).reshape(after, before)
    row, column = linear_sum_assignment(kept, maximize=True)
    found = np.full(after, NOBODY, dtype=np.intp)
    real = kept[row, column] > 0
    found[row[real]] = column[real]
    return found


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted over both plans."""

    people: Homes
    cases: Cases_
    stations: Numbers | None
    communities: Layer | None
    bounds: tuple[float, float]

    def side(self, name: str, cells: gpd.GeoDataFrame) -> tuple[Figures, Codes, Rows]:
        """The figures of a plan, the codes of its cells, and the cell of each home."""
        codes, shapes = areas(name, cells)
        home, case = cell_at(self.people.xy, shapes, codes), cell_at(self.cases.xy, shapes, codes)
        count = len(codes)
        households = _added(home, self.people.households, count)
        number = _added(case, np.ones(len(case)), count)
        workload = _added(case, self.cases.workload, count)
        centre = shapely.get_coordinates(shapely.centroid(shapes))
        to_home, to_case = _ways(self.people.xy, home, centre), _ways(self.cases.xy, case, centre)
        stations: list[float | None] = [None, None]
        if self.stations is not None:
            own = self.stations[_nearest(centre, self.stations)]
            stations = [
                _mean(_ways(self.people.xy, home, own), self.people.households, home),
                _mean(_ways(self.cases.xy, case, own), np.ones(len(case)), case),
            ]
        compact = compactness(shapes)
        away = _added(home, to_home * self.people.households, count)
        per_cell = gpd.GeoDataFrame(
            {
                "code": codes,
                "households": households,
                "cases": number,
                "workload": workload,
                "home_m": np.divide(away, households, out=np.full(count, np.nan), where=households > 0),
                "compactness": compact,
            },
            geometry=shapes,
            crs=cells.crs,
        )
        low, high = self.bounds
        return (
            Figures(
                count, float(households.sum()), float(number.sum()), float(workload.sum()),
                spread(households), spread(number), spread(workload),
                _mean(to_home, self.people.households, home), _mean(to_case, np.ones(len(case)), case),
                stations[0], stations[1],
                float(compact.mean()) if count else float("nan"), float(compact.min()) if count else float("nan"),
                float(((households >= low) & (households <= high)).mean()) if count else float("nan"),
                bool((shapely.get_num_geometries(shapes) == 1).all()), self._covers(codes, shapes),
                float(self.people.households[home == NOBODY].sum()), int((case == NOBODY).sum()), per_cell,
            ),
            codes,
            home,
        )  # fmt: skip

    def _covers(self, codes: Codes, shapes: Shapes) -> bool:
        parents = None
        if self.communities is not None:
            names, outlines = areas("communities", self.communities)
            parents = dict(zip(names.tolist(), outlines, strict=True))
        return not check_coverage(shapes, codes=codes, rows=np.arange(1, len(codes) + 1), parents=parents)


def compactness(shapes: Shapes) -> Numbers:
    """4πA/P² of areas, at most 1."""
    found: Numbers = 4 * np.pi * shapely.area(shapes) / shapely.length(shapes) ** 2
    return found


homes_of, cases_of = homes, cases
"""The parameters of `compare` are called so, too."""


def _added(cell: Rows, weight: Numbers, count: int) -> Numbers:
    return sums(cell[cell != NOBODY], weight[cell != NOBODY], count)


def _ways(xy: Numbers, cell: Rows, to: Numbers) -> Numbers:
    """Metres from each place to what its cell has, 0 for a place in no cell."""
    way = np.zeros(len(xy))
    inside = cell != NOBODY
    way[inside] = np.hypot(*(xy[inside] - to[cell[inside]]).T)
    return way


def _mean(way: Numbers, weight: Numbers, cell: Rows) -> float:
    inside = cell != NOBODY
    total = float(weight[inside].sum())
    return float(way[inside] @ weight[inside]) / total if total else float("nan")


def _nearest(centre: Numbers, stations: Numbers) -> Rows:
    return np.asarray(cKDTree(stations).query(centre)[1], dtype=np.intp)


def _stations(stations: Layer | None) -> Numbers | None:
    if stations is None:
        return None
    if not len(stations):
        raise DataError("no_stations")
    return point_coordinates("stations", stations.geometry)

"""Verbs of whole layers: cases and cells of one district in, a table or a layer out.

Each is an ordinary function of GeoDataFrames in one reference system, and knows nothing of partitions. Cells have their
code in a column, "code" unless somebody says otherwise; cases that lie in none are counted nowhere. What is measured in
metres is measured in the projection of the place, unless the layers are projected already.
"""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from spatial.clusters import st_dbscan
from spatial.crs import metric_crs_for
from spatial.errors import DataError
from spatial.given import POINT, distinct, one_crs, one_of, refuse_rows
from spatial.hotspots import emerging, gi_star, significant
from spatial.locate import Locator
from spatial.neighbours import Neighbours, from_areas
from spatial.partitions.each import seed_of
from spatial.rates import crude, smooth_globally

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
"""A week begins on Monday."""
GAP_M = 0.01
"""Cells that are nearer touch: projecting opens hair cracks where corners meet sides."""
ZONE = "Asia/Shanghai"


def locate_cases(cases: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, code: str = "code") -> gpd.GeoDataFrame:
    """The cases with a column `cell`: the code of the cell that they lie in, missing where they lie in none.

    Parameters
    ----------
    cases
        Points; a case without one lies in no cell.
    cells
        Areas with a column `code`; of several that cover a point the one whose code is first.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_mixed`.
    DataError
        `no_such_column`, `not_points`, `not_areas`, `not_distinct`.
    """
    codes = _codes(cells, code)
    found = _cell_of(cases, cells, codes)
    named = pd.Series(codes, dtype="str").array.take(found, allow_fill=True)
    return cases.assign(cell=named)


def rate_cells(
    cases: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    *,
    population: str = "households",
    level: float = 0.95,
    code: str = "code",
) -> pd.DataFrame:
    """Cases of each cell per 1000 of its population.

    Returns
    -------
    DataFrame
        `cell`, `cases`, `population`, `per_1000` with its limits `lower` and `upper`, and `smoothed`, drawn towards the
        district's rate by empirical Bayes; NaN where the population is not known or nobody.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_mixed`.
    DataError
        `no_such_column`, `not_points`, `not_areas`, `not_distinct`, and those of `spatial.rates.crude`.
    """
    codes = _codes(cells, code)
    found = _cell_of(cases, cells, codes)
    counts = np.bincount(found[found >= 0], minlength=len(cells))
    people = _column(cells, "cells", population).to_numpy(dtype=np.float64, na_value=np.nan)
    rates = crude(counts, people, level=level)
    return _table(
        codes,
        cases=counts,
        population=people,
        per_1000=rates.per_1000,
        lower=rates.lower,
        upper=rates.upper,
        smoothed=smooth_globally(counts, people).per_1000,
    )


def find_hot_spots(
    cases: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    *,
    since: str,
    until: str,
    every: str = "month",
    at: str = "reported_at",
    zone: str = ZONE,
    permutations: int = 999,
    level: float = 0.05,
    seed: int = 0,
    code: str = "code",
) -> pd.DataFrame:
    """Gi* of the numbers of cases, period by period.

    Parameters
    ----------
    since, until
        Days such as "2024-01-01"; the periods with these in are the first and the last.
    every
        "day", "week", "month", "quarter" or "year".
    at
        The column with each case's instant; one without an offset is taken as local time.
    zone
        Where a day begins.
    permutations
        0 leaves it at the normal distribution.
    level
        Of significance, for all cells of a period together: the rate of false discoveries.
    seed
        Each period has its own, `seed_of(seed, period)`, whichever other periods are asked for.

    Returns
    -------
    DataFrame
        A row for each cell and period: `cell`, `period` (its first day), `cases`, `z`, `p` by the normal distribution,
        `p_permuted`, and `state`: 1 hot, -1 cold, 0 neither. NaN where all cells have as many cases, and of islands.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_mixed`.
    DataError
        `no_such_column`, `not_points`, `not_areas`, `not_distinct`, `not_one_of`, `not_datetimes`, `not_a_period`, and
        those of `spatial.neighbours.from_areas` and `spatial.hotspots.gi_star`.
    """
    codes = _codes(cells, code)
    periods = _periods(since, until, every)
    counts = _counted(cases, cells, codes, periods, at, zone)
    neighbours = _touching(cells, codes) if counts.any() else None
    tables = []
    for number, period in enumerate(periods):
        values = counts[:, number]
        z, p, drawn = np.full((3, len(codes)), np.nan)
        if neighbours and np.ptp(values):
            found = gi_star(values, neighbours, permutations=permutations, seed=seed_of(seed, str(period)))
            z, p, drawn = found.z, found.p, found.p_permuted
        sure = significant(drawn if permutations else p, level)
        state = np.where(sure, np.sign(z), 0).astype(np.int8)
        when = np.full(len(codes), period.start_time, dtype="datetime64[s]")
        tables.append(_table(codes, period=when, cases=values, z=z, p=p, p_permuted=drawn, state=state))
    return pd.concat(tables, ignore_index=True)


def find_emerging(
    cases: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    *,
    since: str,
    until: str,
    every: str = "month",
    at: str = "reported_at",
    zone: str = ZONE,
    lags: int = 0,
    level: float = 0.05,
    code: str = "code",
) -> pd.DataFrame:
    """Where hot spots are new, stay or fade.

    Parameters
    ----------
    since, until, every, at, zone
        As for `find_hot_spots`.
    lags, level
        As for `spatial.hotspots.emerging`.

    Returns
    -------
    DataFrame
        A row for each cell: `cell`, `cases`, `pattern` ("" where none fits), `z` of the last period, and `trend` with
        its `p`.

    Raises
    ------
    CrsError, DataError
        As `find_hot_spots`, and those of `spatial.hotspots.emerging`.
    """
    codes = _codes(cells, code)
    counts = _counted(cases, cells, codes, _periods(since, until, every), at, zone)
    pattern, last, trend, p = np.full(len(codes), "", dtype="<U1"), *np.full((3, len(codes)), np.nan)
    if np.ptp(counts):
        found = emerging(counts, _touching(cells, codes), lags=lags, level=level)
        pattern, last, trend, p = found.pattern, found.z[:, -1], found.trend.tau, found.trend.p
    named = pd.Series(pattern, dtype="str")
    return _table(codes, cases=counts.sum(axis=1), pattern=named, z=last, trend=trend, p=p)


def cluster_cases(
    cases: gpd.GeoDataFrame,
    *,
    distance_m: float,
    days: float,
    least_count: int,
    at: str = "reported_at",
    zone: str = ZONE,
) -> gpd.GeoDataFrame:
    """The cases with a column `cluster`: which of the district's clusters in space and time they are in, -1 for none.

    Raises
    ------
    CrsError
        `crs_missing`.
    DataError
        `no_such_column`, `not_points`, `not_datetimes`, and those of `spatial.clusters.st_dbscan`; a case without a
        place or an instant cannot be asked about (`not_finite`).
    """
    one_crs(cases=cases)
    _refuse_others_than_points(cases)
    shapes = np.asarray(_metric(cases).geometry, dtype=np.object_)
    xy = np.column_stack((shapely.get_x(shapes), shapely.get_y(shapes)))
    when = _local(cases, at, zone)
    day = ((when - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy(dtype=np.float64)
    found = st_dbscan(xy, day, distance_m=distance_m, interval=days, least_count=least_count)
    return cases.assign(cluster=found.cluster)


def _cell_of(
    cases: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, codes: NDArray[np.object_]
) -> NDArray[np.int32]:
    one_crs(cases=cases, cells=cells)
    _refuse_others_than_points(cases)
    shapes = np.asarray(cases.geometry, dtype=np.object_)
    areas = np.asarray(cells.geometry, dtype=np.object_)
    return Locator(areas, codes)(shapely.get_x(shapes), shapely.get_y(shapes))


def _codes(cells: gpd.GeoDataFrame, code: str) -> NDArray[np.object_]:
    """The cells' codes as text, of areas each with one of its own."""
    found: NDArray[np.object_] = _column(cells, "cells", code).astype(str).to_numpy(dtype=object)
    distinct("cells", found.tolist())
    kind = shapely.get_type_id(np.asarray(cells.geometry, dtype=np.object_))
    refuse_rows(
        "not_areas", ~np.isin(kind, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    )
    return found


def _column(layer: gpd.GeoDataFrame, name: str, column: str) -> pd.Series:
    """A column that a verb needs.

    Raises
    ------
    DataError
        `no_such_column`.
    """
    if column not in layer.columns:
        raise DataError("no_such_column", name=name, column=column, columns=tuple(map(str, layer.columns)))
    return layer[column]


def _refuse_others_than_points(cases: gpd.GeoDataFrame) -> None:
    shapes = np.asarray(cases.geometry, dtype=np.object_)
    refuse_rows("not_points", (shapely.get_type_id(shapes) != POINT) & ~shapely.is_missing(shapes))


def _periods(since: str, until: str, every: str) -> pd.PeriodIndex:
    """All periods from one day's to another's.

    Raises
    ------
    DataError
        `not_one_of`, `not_a_period`: no day, or the second before the first.
    """
    one_of("every", every, PERIODS)
    try:
        periods = pd.period_range(since, until, freq=PERIODS[every])
    except ValueError as error:
        raise DataError("not_a_period", since=since, until=until) from error
    if not len(periods):
        raise DataError("not_a_period", since=since, until=until)
    return periods


def _local(cases: gpd.GeoDataFrame, at: str, zone: str) -> pd.Series:
    """Local time of each case."""
    when = _column(cases, "cases", at)
    if not pd.api.types.is_datetime64_any_dtype(when):
        raise DataError("not_datetimes", name=at, kind=str(when.dtype))
    return when if when.dt.tz is None else when.dt.tz_convert(zone).dt.tz_localize(None)


def _counted(
    cases: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    codes: NDArray[np.object_],
    periods: pd.PeriodIndex,
    at: str,
    zone: str,
) -> NDArray[np.int64]:
    """Cases of each cell in each period, shape (cells, periods)."""
    found = _cell_of(cases, cells, codes)
    starts = periods.start_time.to_numpy()
    when = _local(cases, at, zone).to_numpy()
    number = np.searchsorted(starts, when, side="right") - 1
    within = (found >= 0) & (number >= 0) & (when <= periods[-1].end_time.to_numpy())
    place = found[within].astype(np.int64) * len(periods) + number[within]
    return np.bincount(place, minlength=len(codes) * len(periods)).reshape(len(codes), len(periods))


def _touching(cells: gpd.GeoDataFrame, codes: NDArray[np.object_]) -> Neighbours:
    return from_areas(_metric(cells), ids=codes.tolist(), gap_m=GAP_M)


def _metric(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The layer in a projection that measures in metres, if it is in degrees."""
    if layer.crs.is_projected or not len(layer):
        return layer
    west, south, east, north = layer.to_crs(4326).total_bounds
    return layer.to_crs(metric_crs_for((west + east) / 2, (south + north) / 2))


def _table(codes: NDArray[np.object_], **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"cell": pd.Series(codes, dtype="str"), **columns})

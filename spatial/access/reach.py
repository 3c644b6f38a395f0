"""The nearest service, the services within a limit, and all costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from spatial.access.ways import Along, Straight
from spatial.given import places, point_coordinates, positive, same_crs
from spatial.sides import Floats, Ints

Way = Along | Straight
Points: TypeAlias = ArrayLike | gpd.GeoSeries


@dataclass(frozen=True, slots=True)
class Nearest:
    """Each place's nearest service; arrays in the places' order.

    Parameters
    ----------
    cost
        Metres or minutes, as `unit` says; infinite where no service can be reached.
    service
        Row of the service, of equally near ones the first; -1 where there is none.
    unit
        "metre" or "minute".
    unreachable
        Rows of the places that reach no service: on no street, or on streets that no service is connected to.
    """

    cost: Floats
    service: Ints
    unit: str
    unreachable: Ints


@dataclass(frozen=True, slots=True)
class Reached:
    """Which services each place has within a limit: pairs, sorted by place, then by service.

    Parameters
    ----------
    place, service
        Rows of each pair.
    cost
        Its cost.
    limit
        The limit, which is within.
    unit
        "metre" or "minute".
    shape
        How many places and services there are.
    """

    place: Ints
    service: Ints
    cost: Floats
    limit: float
    unit: str
    shape: tuple[int, int]

    def matrix(self) -> csr_array:
        """1 for each pair, shape (places, services)."""
        return csr_array((np.ones(len(self.place)), (self.place, self.service)), shape=self.shape)


def nearest(people: Points, services: Points, way: Way) -> Nearest:
    """The nearest service of each place.

    Parameters
    ----------
    people, services
        GeoSeries of points in the one metric reference system, or coordinates in metres, shape (n, 2).
    way
        How people get there.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    DataError
        `not_points`, and what `places` raises.

    Notes
    -----
    One search from all services at once; memory grows with places, services and streets, not with their product.
    """
    from_xy, to_xy = _coordinates(way, people=people, services=services)
    cost, service = way.nearest(from_xy, to_xy)
    return Nearest(cost, service, way.unit, np.flatnonzero(np.isinf(cost)))


def reached(people: Points, services: Points, way: Way, limit: float) -> Reached:
    """The services that each place has within a limit.

    Parameters
    ----------
    people, services, way
        As for `nearest`.
    limit
        Metres or minutes, as the way's unit is.

    Raises
    ------
    CrsError, DataError
        As for `nearest`; `not_positive`.

    Notes
    -----
    Services are taken some at a time, so that memory beyond the answer is bounded. Along streets only those that are
    within the limit are looked at, and the places on them.
    """
    from_xy, to_xy = _coordinates(way, people=people, services=services)
    positive("limit", limit)
    none = np.zeros(0, dtype=np.int64)
    found = [(none, none, np.zeros(0)), *way.pairs(from_xy, to_xy, limit)]
    place, service, costs_ = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((service, place))
    return Reached(place[order], service[order], costs_[order], limit, way.unit, (len(from_xy), len(to_xy)))


def costs(people: Points, services: Points, way: Way, *, limit: float = np.inf) -> Floats:
    """All costs, shape (places, services); infinite where there is no way, or none within the limit.

    Raises
    ------
    CrsError, DataError
        As for `nearest`.
    """
    from_xy, to_xy = _coordinates(way, people=people, services=services)
    answer = np.empty((len(from_xy), len(to_xy)))
    for begin, cost in way.costs(from_xy, to_xy, limit):
        answer[:, begin : begin + len(cost)] = cost.T
    return answer


def _coordinates(way: Way, **layers: Points) -> list[Floats]:
    known = {name: layer for name, layer in layers.items() if isinstance(layer, gpd.GeoSeries)}
    if known and isinstance(way, Along):
        same_crs(streets=way.streets, **known)
    elif known:
        same_crs(**known)
    return [_xy(name, layer) for name, layer in layers.items()]


def _xy(name: str, layer: Points) -> Floats:
    if not isinstance(layer, gpd.GeoSeries):
        return places(name, layer)
    return point_coordinates(name, layer)

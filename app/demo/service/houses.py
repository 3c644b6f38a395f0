"""Simulated buildings of the registry: the houses that the map draws, with their names, addresses and floors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.crs import STORAGE

SEED = 530105
NEAR_M = 220.0
"""As far from its middle as a compound 小区 reaches."""

YARD = 8
"""Houses of a street that share a courtyard 庭院, where there is no compound."""

FLOORS = {"low_rise": (2, 3), "multi_storey": (4, 6), "high_rise": (11, 28)}
STOREY_M = 3.0

Texts = NDArray[Any]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What houses stand in: compounds by their points, then courtyards by that of their first house."""

    types: Texts
    names: Texts
    addresses: Texts
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Houses:
    """Buildings: arrays of one length; `grounds` says by position what each stands in."""

    names: Texts
    addresses: Texts
    outlines: Texts
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    floors: Ints
    cellars: Ints
    grounds: Ints

    @property
    def heights(self) -> NDArray[np.float64]:
        """Metres, by the storeys."""
        return self.floors * STOREY_M

    def __len__(self) -> int:
        return len(self.names)


def settle(
    drawn: Sequence[dict[str, Any]], ground: gpd.GeoDataFrame, count: int, metric_srid: int
) -> tuple[Grounds, Houses]:
    """So many of the houses that are drawn, with what they stand in; the same ones whenever it is asked."""
    rng = np.random.default_rng(SEED)
    kept = np.sort(rng.choice(len(drawn), min(count, len(drawn)), replace=False))
    outlines = np.array([drawn[i]["shape"] for i in kept], dtype=object)
    classes = [drawn[i]["class"] for i in kept]
    lon, lat = shapely.get_coordinates(shapely.centroid(outlines)).T.round(7)
    measured = ground.to_crs(metric_srid)
    middles = np.asarray(
        gpd.GeoSeries.from_xy(lon, lat, crs=STORAGE).to_crs(metric_srid).values, dtype=object
    )
    addresses, streets = _addresses(measured, middles)
    grounds, inside = _grounds(ground, measured, middles, addresses, streets, (lon, lat))
    order = _within(inside)
    names = np.array(
        [f"{grounds.names[i]}{n + 1}栋" for i, n in zip(inside.tolist(), order.tolist(), strict=True)],
        dtype=object,
    )
    low, high = np.array([FLOORS[name] for name in classes]).T
    floors = rng.integers(low, high + 1)
    cellars = np.where(high > 10, rng.integers(1, 3, len(kept)), 0)
    return grounds, Houses(names, addresses, outlines, lon, lat, floors, cellars, inside)


def _addresses(measured: gpd.GeoDataFrame, middles: Texts) -> tuple[Texts, Texts]:
    """Street and number 门牌 of each, numbered along the street; and the street's name."""
    streets = measured[(measured["kind"] == "street") & measured["name"].notna()]
    lines = np.asarray(streets.geometry.values, dtype=object)
    nearest = shapely.STRtree(lines).nearest(middles)
    names = streets["name"].to_numpy(dtype=object)[nearest]
    along = shapely.line_locate_point(lines[nearest], middles)
    # Streets of one name are one street: their pieces come one after the other.
    order = np.lexsort((along, nearest, names.astype(str)))
    numbers = np.empty(len(names), dtype=np.int64)
    numbers[order] = _within(np.unique(names.astype(str), return_inverse=True)[1][order])
    texts = [f"{name}{number + 1}号" for name, number in zip(names, numbers.tolist(), strict=True)]
    return np.array(texts, dtype=object), names


def _grounds(
    ground: gpd.GeoDataFrame,
    measured: gpd.GeoDataFrame,
    middles: Texts,
    addresses: Texts,
    streets: Texts,
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[Grounds, Ints]:
    kept = (ground["kind"] == "compound").to_numpy()
    compounds = ground[kept]
    tree = shapely.STRtree(np.asarray(measured[kept].geometry.values, dtype=object))
    inside = np.full(len(middles), -1, dtype=np.int64)
    found = tree.query_nearest(middles, max_distance=NEAR_M, all_matches=False)
    inside[found[0]] = found[1]
    alone = np.flatnonzero(inside < 0)
    street = np.unique(streets[alone].astype(str), return_inverse=True)[1]
    yards, first, of_yard = np.unique(
        street * 100_000 + _within(street) // YARD, return_index=True, return_inverse=True
    )
    inside[alone] = len(compounds) + of_yard
    firsts = alone[first]
    lon, lat = shapely.get_coordinates(np.asarray(compounds.geometry.values, dtype=object)).T
    return Grounds(
        np.array(["compound"] * len(compounds) + ["courtyard"] * len(yards), dtype=object),
        np.concatenate([compounds["name"].to_numpy(dtype=object), addresses[firsts] + "院"]),
        np.concatenate([compounds["name"].to_numpy(dtype=object), addresses[firsts]]),
        np.concatenate([lon, at[0][firsts]]),
        np.concatenate([lat, at[1][firsts]]),
    ), inside


def _within(groups: Ints) -> Ints:
    """The number of each among those of its group, in their order, from 0."""
    order = np.argsort(groups, kind="stable")
    ranked = groups[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(ranked) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(ranked)])
    numbers = np.empty(len(groups), dtype=np.int64)
    numbers[order] = np.arange(len(groups)) - np.repeat(starts, sizes)
    return numbers

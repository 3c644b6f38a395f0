"""Simulated components 部件 along the streets: type, state, code and who looks after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.crs import STORAGE

SEED = 530106
KERB_M = (5.0, 9.0)
"""From the middle of a street to what stands or lies at its side."""

MIX = {
    "0101": (7, "water_supply"), "0102": (10, "drainage"), "0103": (10, "drainage"), "0104": (8, "drainage"),
    "0111": (4, "gas"), "0127": (2, "telecoms"), "0130": (4, "power"), "0137": (18, "urban_management"),
    "0204": (2, "transport"), "0212": (3, "transport"), "0217": (4, "transport"), "0305": (9, "sanitation"),
    "0301": (1, "urban_management"), "0306": (2, "urban_management"), "0307": (4, "urban_management"),
    "0308": (2, "urban_management"), "0401": (1, "greening"), "0402": (14, "greening"), "0407": (2, "greening"),
}  # fmt: skip
"""How common each type is, and the code of the unit in charge of it."""

STATES = {"intact": 0.94, "damaged": 0.035, "lost": 0.01, "abandoned": 0.01, "removed": 0.005}
OUTSIDE = 900_000
"""Serial numbers begin here, far above those that a survey of a district would have reached."""


@dataclass(frozen=True, slots=True)
class Components:
    """Objects: arrays of one length."""

    types: NDArray[Any]
    codes: NDArray[Any]
    streets: NDArray[Any]
    units: NDArray[Any]
    states: NDArray[Any]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def strew(ground: gpd.GeoDataFrame, count: int, district_code: str, metric_srid: int) -> Components:
    """So many components along named streets, by the length of each; the same ones whenever it is asked."""
    rng = np.random.default_rng(SEED)
    streets = ground[(ground["kind"] == "street") & ground["name"].notna()].to_crs(metric_srid)
    lines = np.asarray(streets.geometry.values, dtype=object)
    long = shapely.length(lines)
    which = rng.choice(len(lines), count, p=long / long.sum())
    along = rng.uniform(1.0, long[which] - 1.0)
    here, ahead = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines[which], at)) for at in (along, along + 1)
    )
    course = ahead - here
    course /= np.hypot(*course.T)[:, None]
    side = rng.choice([-1.0, 1.0], count) * rng.uniform(*KERB_M, count)
    at = here + np.column_stack([-course[:, 1], course[:, 0]]) * side[:, None]
    points = gpd.GeoSeries.from_xy(at[:, 0], at[:, 1], crs=metric_srid).to_crs(STORAGE)
    kinds = list(MIX)
    shares = np.array([share for share, _ in MIX.values()], dtype=np.float64)
    types = np.array(kinds, dtype=object)[rng.choice(len(kinds), count, p=shares / shares.sum())]
    serial = dict.fromkeys(kinds, OUTSIDE)
    codes = []
    for kind in types:
        codes.append(f"{district_code}{kind}{serial[kind]:06d}")
        serial[kind] += 1
    return Components(
        types,
        np.array(codes, dtype=object),
        streets["name"].to_numpy(dtype=object)[which],
        np.array([MIX[kind][1] for kind in types], dtype=object),
        rng.choice(np.array(list(STATES), dtype=object), count, p=list(STATES.values())),
        points.x.to_numpy().round(7),
        points.y.to_numpy().round(7),
    )

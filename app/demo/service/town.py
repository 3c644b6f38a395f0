"""Everything that simulated cases are drawn from, found once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from app.cases.service import reference
from app.demo.service.clusters import Clusters, cluster
from app.demo.service.draws import Floats
from app.demo.service.places import METRE, Cells, Places, find_places, measure
from app.demo.service.rhythm import Rhythm, rhythm, span
from app.demo.service.wording import descriptions
from spatial.locate import Locator

OUTSIDE_PLACES = 240
OUTSIDE_M = (30.0, 260.0)
SCATTER_M = (8.0, 150.0)
SCATTER_PER_KM = 60.0
"""Metres of scatter about a place, for each kilometre that its cell is wide."""


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that the cases are drawn from."""

    categories: NDArray[Any]
    sources: NDArray[Any]
    texts: NDArray[Any]
    rhythm: Rhythm
    clusters: Clusters
    places: Places
    scatter_m: Floats
    locator: Locator
    outside: Floats


def found(
    cells: gpd.GeoDataFrame,
    wanted: Sequence[str],
    *,
    until: date,
    now: datetime | None,
    seed: int,
    ground: gpd.GeoDataFrame | None,
) -> Town:
    """Draw up the town: where its places are, what happens at them, in what rhythm.

    Parameters
    ----------
    now
        The district's own time, naive; None: the end of the day `until`.
    """
    known = {row["category"] for row in reference("category_rhythms")}
    codes = [code for code in wanted if code in known]
    sources = [row["code"] for row in reference("case_sources")]
    rng = np.random.default_rng([seed, 0])
    measured = measure(cells)
    places = find_places(measured, ground, rng)
    locator = Locator(measured.shapes, np.asarray(cells["code"], dtype=object))
    return Town(
        categories=np.array(codes, dtype=object),
        sources=np.array(sources, dtype=object),
        texts=descriptions(codes),
        rhythm=rhythm(codes, until, rng, now),
        clusters=cluster(codes, measured, places, span(until)[1], rng),
        places=places,
        scatter_m=np.clip(np.sqrt(measured.area_km2) * SCATTER_PER_KM, *SCATTER_M)[places.cell],
        locator=locator,
        outside=outside(measured, locator, rng),
    )


def outside(cells: Cells, locator: Locator, rng: np.random.Generator) -> Floats:
    """Some places a little way out of the district, shape (n, 2); none where it has no outside."""
    low, high = OUTSIDE_M
    edge = shapely.boundary(shapely.union_all(cells.shapes))
    found = shapely.line_interpolate_point(edge, rng.random(OUTSIDE_PLACES * 4), normalized=True)
    angle = rng.random(len(found)) * 2 * np.pi
    away = (low + (high - low) * rng.random(len(found))) * METRE
    xy = shapely.get_coordinates(found) + np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
    xy = xy.round(7)
    return xy[locator(xy[:, 0], xy[:, 1]) < 0][:OUTSIDE_PLACES]

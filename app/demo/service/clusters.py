"""Which places draw which cases: neighbourhoods that report more, and spots that come back again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cases.service import reference
from app.demo.service.draws import Floats, Indices, Table
from app.demo.service.places import Cells, Places

PERIOD_DAYS = 30
HOT_CELL, HOT_HAUNT, HOT_PLACE = 0.5, 0.6, 0.8
"""Sigmas of lognormals: how unequal cells are, cells for one sort of place, places of a cell."""

TASTE = 1.0
"""Likewise, how unequal one spot is for different categories."""

FADING = 0.6
"""How fast the pull of spots falls with their rank, as a power."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Where the cases of each category go.

    `spots` holds the places of the hot spots of each haunt, a row of `by_spot` is a category in a period.
    """

    haunt: Indices
    spot_share: Floats
    spread_m: Floats
    at_home: NDArray[np.bool_]
    by_place: Table
    by_spot: Table
    spots: Indices
    periods: int

    def draw(
        self, category: Indices, day: Indices, rng: np.random.Generator
    ) -> tuple[Indices, NDArray[np.bool_]]:
        """The place of each case, and whether it is one of the hot spots."""
        hot = rng.random(len(category)) < self.spot_share[category]
        u = rng.random(len(category))
        spot = self.by_spot.draw(category * self.periods + day // PERIOD_DAYS, u)
        anywhere = self.by_place.draw(self.haunt[category], u)
        return np.where(hot, self.spots[self.haunt[category], spot], anywhere), hot


def cluster(
    categories: Sequence[str], cells: Cells, places: Places, days: int, rng: np.random.Generator
) -> Clusters:
    """Choose the hot spots of every sort of place, and how much each draws in each period of 30 days."""
    haunts = reference("haunts")
    order = {row["code"]: i for i, row in enumerate(haunts)}
    rows = {row["category"]: row for row in reference("category_rhythms")}
    haunt = np.array([order[rows[code]["haunt"]] for code in categories])
    weights = _place_weights(cells, places, rng)
    periods = -(-days // PERIOD_DAYS)
    alive = [_lives(int(row["spots"]), int(row["spot_days"]), periods, rng) for row in haunts]
    most = max(table.shape[1] for table in alive)
    spots = np.stack([_choose(weight, most, rng) for weight in weights])
    power = np.stack([np.pad(table, ((0, 0), (0, most - table.shape[1]))) for table in alive])
    taste = rng.lognormal(0.0, TASTE, (len(categories), 1, most))
    return Clusters(
        haunt=haunt,
        spot_share=np.array([float(row["spot_share"]) for row in haunts])[haunt],
        spread_m=np.array([float(row["spread_m"]) for row in haunts])[haunt],
        at_home=np.array([row["code"] in {"home", "school"} for row in haunts])[haunt],
        by_place=Table(weights),
        by_spot=Table((power[haunt] * taste).reshape(-1, most)),
        spots=spots,
        periods=periods,
    )


def _place_weights(cells: Cells, places: Places, rng: np.random.Generator) -> Floats:
    """How much each place draws, one row a haunt: its cell's share, divided unequally among the cell's places."""
    haunts = reference("haunts")
    households = cells.households / cells.households.mean()
    density = cells.households / cells.area_km2
    density = density / density.mean()
    hot = rng.lognormal(0.0, HOT_CELL, len(households))
    rows = []
    for row in haunts:
        intensity = households ** float(row["households_power"]) * density ** float(row["density_power"])
        intensity = intensity * hot * rng.lognormal(0.0, HOT_HAUNT, len(households))
        weight = rng.lognormal(0.0, HOT_PLACE, len(places)) * _fits(places, row["near"])
        total = np.bincount(places.cell, weight, len(households))[places.cell]
        share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        rows.append(intensity[places.cell] * share)
    return np.stack(rows)


def _fits(places: Places, near: str) -> Floats:
    everywhere = np.ones(len(places))
    found = {"street": places.at_street, "river": places.at_water}.get(near, everywhere)
    return found.astype(np.float64) if found.any() else everywhere


def _choose(weight: Floats, count: int, rng: np.random.Generator) -> Indices:
    """So many places, likelier the more they draw, the likeliest first; places come back where there are few."""
    key = rng.random(len(weight)) ** (1.0 / np.maximum(weight / weight.max(), 1e-9))
    best = np.argsort(-key, kind="stable")[:count]
    return np.resize(best, count)


def _lives(spots: int, days: int, periods: int, rng: np.random.Generator) -> Floats:
    """The pull of each spot in each period: less by rank, and none outside the spot's own time.

    As many spots begin as are needed for about `spots` of them to be there at any time.
    """
    life = -(-days // PERIOD_DAYS)
    if life >= periods:
        return np.tile(np.arange(1, spots + 1) ** -FADING, (periods, 1))
    count = int(np.ceil(spots * (periods + life) / life))
    begin = rng.permutation(np.linspace(-life + 1, periods, count, endpoint=False)).astype(np.int64)
    period = np.arange(periods)[:, None]
    there = (period >= begin) & (period < begin + life)
    return there * (1.0 + np.arange(count) * spots / count) ** -FADING

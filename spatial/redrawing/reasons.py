"""Which rules a plan's cells do not keep, and why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import geopandas as gpd
import shapely

LEAST_COMPACT = 0.25
"""4πA/P² of a strip that is ten times as long as wide is 0.26: what is below looks like a mistake."""
AROUND = 0.6
"""So much of its border is that of the community where a cell's shape is the community's."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a cell does not keep, and why not.

    Parameters
    ----------
    cell
        Its code.
    rule
        "households_below", "households_above", "no_households", "not_compact", "not_one_piece"; the catalogue has its
        sentence under `redrawing.<rule>`.
    why
        "no_number_fits": with no number of cells would the community's households be within the bounds.
        "count_given": with so many cells they cannot be. "one_block": one block alone, which cannot be cut, has too
        many. "nobody_around": nobody lives there. "ground_around": most of its border is the community's.
        "community_in_pieces": its community is not one piece. "weighed": none of these; the search found nothing that
        weighs less. Under `redrawing.why_<why>`.
    facts
        What the sentences need.
    """

    cell: str
    rule: str
    why: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def numbers_that_fit(households: float, bounds: tuple[float, float]) -> range:
    """The numbers of cells with which so many households can be within the bounds; there may be none."""
    fewest, most = max(1, ceil(households / bounds[1])), floor(households / bounds[0])
    return range(fewest, most + 1)


def broken(
    cells: gpd.GeoDataFrame, blocks: gpd.GeoDataFrame, cell_of: Sequence[str], bounds: tuple[float, float]
) -> tuple[Broken, ...]:
    """Rules that are not kept, by cell.

    Parameters
    ----------
    cells
        As `Plan.cells` gives them.
    blocks, cell_of
        The blocks, and the cell of each.
    bounds
        The fewest and the most households that a cell should have.
    """
    households = blocks.groupby("community")["households"].sum()
    largest = blocks.groupby(list(cell_of))["households"].max() if len(blocks) else {}
    outlines = {
        name: shapely.boundary(shapely.coverage_union_all(part.geometry.to_numpy()))
        for name, part in blocks.groupby("community")
    }
    counts = cells["community"].value_counts()
    found = []
    for row in cells.itertuples(index=False):
        town = households[row.community]
        fit = numbers_that_fit(town, bounds)
        facts = {
            "households": _shown(row.households), "least": _shown(bounds[0]), "most": _shown(bounds[1]),
            "community": row.community, "all": _shown(town), "count": int(counts[row.community]),
        }  # fmt: skip
        if row.households == 0:
            found.append(Broken(row.code, "no_households", "nobody_around", facts))
        elif not bounds[0] <= row.households <= bounds[1]:
            rule = "households_below" if row.households < bounds[0] else "households_above"
            block = float(largest[row.code])
            why = _why(rule, facts["count"], fit, block > bounds[1])
            more = {"block": _shown(block), "fewest": fit.start, "utmost": fit.stop - 1}
            found.append(Broken(row.code, rule, why, {**facts, **more}))
        if row.compactness < LEAST_COMPACT:
            own = shapely.boundary(row.geometry)
            around = shapely.intersection(own, outlines[row.community]).length / own.length
            facts = {"compactness": round(row.compactness, 2), "share": round(100 * around)}
            found.append(
                Broken(row.code, "not_compact", "ground_around" if around > AROUND else "weighed", facts)
            )
        parts = len(shapely.get_parts(row.geometry))
        if parts > 1:
            facts = {"parts": parts, "community": row.community}
            found.append(Broken(row.code, "not_one_piece", "community_in_pieces", facts))
    return tuple(found)


def _why(rule: str, count: int, fit: range, one_block: bool) -> str:
    if rule == "households_above" and one_block:
        return "one_block"
    if not fit:
        return "no_number_fits"
    return "weighed" if count in fit else "count_given"


def _shown(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(float(value), 1)

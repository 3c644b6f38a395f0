"""The five levels 区-街道-社区-居民小组-楼栋 of the simulated district, with the numbers that were described in 2017.

As described in 2017: 51 of the 103 communities have the five levels; in them 508 resident-group leaders 居民小组长 and
1,106 building heads 楼栋长. Which communities those are, and everybody's name, is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Row

from app.demo.service.councils import add_councils, add_teams
from app.demo.service.staffing import SEED, Staffed
from app.grid import store as grid
from app.grid.rules import Level
from app.staffing.store import NamedArea, neighbourhood
from spatial.codes import is_rural
from spatial.locate import Locator

GOVERNED, LEADERS, HEADS = 51, 508, 1106
"""Communities with the five levels, leaders of resident groups, heads of buildings, as described in 2017."""

VACANT = 20
"""Groups of those communities that are left without a leader, at least: a gap on purpose."""

DRAWS = 200
"""How often the communities are drawn before the draw that fits the number of leaders best is kept."""

HOUSEHOLDS = 15
"""Households of one 户长 in a village, where there are no blocks of flats to head."""


@dataclass(frozen=True, slots=True)
class Group:
    """A resident group: its number, how many live there, and the cell of its middle."""

    no: int
    households: int
    cell_no: int


Groups = Mapping[str, Sequence[Group]]
"""The groups of each community, by the community's code."""


def staff_neighbourhood(connection: Connection, district: Row[Any], staffed: Staffed, *, seen: str) -> None:
    """Give some communities their five levels, councils and security teams.

    Parameters
    ----------
    seen
        Name of a community that is among them in any case, since people of the demo work there.
    """
    rng = np.random.default_rng([SEED, 2])
    communities = staffed.areas["community"]
    groups = _groups(connection, district.id, communities)
    governed = choose(communities, groups, staffed.lonely, seen, rng)
    _lead(connection, [groups[area.code] for area in governed], staffed, rng)
    _head(connection, governed, groups, staffed, rng)
    add_councils(connection, district.id, governed, staffed, rng)
    add_teams(connection, district, communities, staffed, rng)


def _groups(connection: Connection, district_id: int, communities: Sequence[NamedArea]) -> Groups:
    """The resident groups of each community; a group belongs to the cell in which its middle lies."""
    found = grid.current_areas(connection, district_id, Level.RESIDENT_GROUP)
    cells = grid.current_areas(connection, district_id, Level.CELL)
    groups: dict[str, list[Group]] = {area.code: [] for area in communities}
    if not len(found):
        return groups
    lon, lat = shapely.get_coordinates(shapely.point_on_surface(found.shapes)).T
    at = Locator(cells.shapes, cells.codes)(lon, lat)
    for no, parent, households, i in zip(
        found.nos.tolist(), found.parents, found.households, at, strict=True
    ):
        if i >= 0:
            groups[parent].append(Group(no, int(households or 1), int(cells.nos[i])))
    return groups


def choose(
    communities: Sequence[NamedArea],
    groups: Groups,
    lonely: frozenset[int],
    seen: str,
    rng: np.random.Generator,
) -> list[NamedArea]:
    """The communities that get the five levels: of many draws the one with the fewest groups that are still enough."""
    able = [area for area in communities if any(group.cell_no not in lonely for group in groups[area.code])]
    first = [area for area in able if area.name == seen][:1]
    rest = [area for area in able if area not in first]
    size = np.array([len(groups[area.code]) for area in rest], dtype=np.int64)
    more = max(min(GOVERNED, len(able)) - len(first), 0)
    draws = [rng.choice(len(rest), more, replace=False) for _ in range(DRAWS)]
    have = sum(len(groups[area.code]) for area in first)
    enough = [draw for draw in draws if have + size[draw].sum() >= LEADERS + VACANT]
    best = min(enough or draws, key=lambda draw: int(size[draw].sum()) if enough else -int(size[draw].sum()))
    return sorted([*first, *(rest[i] for i in best)], key=lambda area: area.no)


def _lead(
    connection: Connection, groups: Sequence[Sequence[Group]], staffed: Staffed, rng: np.random.Generator
) -> None:
    """Leaders of groups: at least one in each community, the others by chance, so that some groups stay vacant."""
    led = [of_one[int(rng.integers(len(of_one)))].no for of_one in groups]
    others = [group.no for of_one in groups for group in of_one if group.no not in set(led)]
    more = max(min(LEADERS - len(led), len(others)), 0)
    led += rng.choice(others, more, replace=False).tolist() if more else []
    neighbourhood.lead_group(connection, [(next(staffed.people), no) for no in sorted(led)], staffed.since)


def _head(
    connection: Connection,
    governed: Sequence[NamedArea],
    groups: Groups,
    staffed: Staffed,
    rng: np.random.Generator,
) -> None:
    """Heads of buildings: at least one in each community, the others where most households live."""
    places = [
        (area, group)
        for area in governed
        for group in groups[area.code]
        if group.cell_no not in staffed.lonely
    ]
    if not places:
        return
    first = {area.code: i for i, (area, _) in reversed(list(enumerate(places)))}
    counts = np.bincount(list(first.values()), minlength=len(places))
    weights = np.array([group.households for _, group in places], dtype=np.float64)
    counts += rng.multinomial(HEADS - len(first), weights / weights.sum())
    rows = [
        (next(staffed.people), group.cell_no, _building(k, rural=is_rural(area.code)), group.no)
        for (area, group), count in zip(places, counts.tolist(), strict=True)
        for k in range(count)
    ]
    neighbourhood.add_building_heads(connection, rows, staffed.since)


def _building(number: int, *, rural: bool) -> str:
    """What the nth head of a group looks after: a block of flats, or some households of a village."""
    if rural:
        return f"户长：{number * HOUSEHOLDS + 1}—{(number + 1) * HOUSEHOLDS}户"
    return f"{number + 1}栋"

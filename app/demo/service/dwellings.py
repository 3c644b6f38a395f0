"""Simulated dwellings 户室 and who lives, owns, rents and works where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.demo.service.houses import Houses
from app.demo.service.numbers import Identities, phones
from app.demo.service.register import Register, Residents
from app.demo.service.residents import YOUNG, People, needs, people, shape_households
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.store.bulk import ElementRows, Ids

SEED = 530108
BLOCK = 8_000
"""Dwellings that are written at a time, with their people."""

FLATS = 2
"""Of one stairway 单元 on one floor."""

OWNED, EMPLOYED, GUARDED = 0.7, 0.45, 0.08
PHONED = 10


@dataclass(slots=True)
class _Town:
    """What goes on from block to block."""

    registry: Register
    rng: np.random.Generator
    identities: Identities
    persons: int = 0
    households: int = 0


def move_in(
    registry: Register,
    houses: Houses,
    dwellings: int,
    persons: int,
    progress: Callable[[int], None],
) -> None:
    """Build the dwellings, and let people live in most of them."""
    rng = np.random.default_rng(SEED)
    room = houses.floors * np.where(houses.floors > 10, 4, 2)
    counts = np.sort(rng.choice(len(houses), dwellings, p=room / room.sum()))
    nth = np.arange(dwellings) - np.searchsorted(counts, counts)
    shapes = shape_households(persons, rng)
    lived = np.zeros(dwellings, dtype=bool)
    lived[rng.choice(dwellings, min(len(shapes), dwellings), replace=False)] = True
    town = _Town(registry, rng, Identities())
    workplaces = registry.ids["organisations"]
    for start in range(0, dwellings, BLOCK):
        block = slice(start, start + BLOCK)
        flats = _build(registry, houses, counts[block], nth[block])
        homes = flats[lived[block]]
        mine = shapes[town.households : town.households + len(homes)]
        if not start:
            registry.take_stock()
        made = people(mine, registry.today, persons - town.persons, rng)
        ids = _register(town, made, homes)
        _tie(town, made, ids, homes, workplaces)
        town.persons += len(made)
        town.households += len(homes)
        progress(town.persons)


def _build(registry: Register, houses: Houses, of: Ids, nth: Ids) -> Ids:
    """Dwellings by their building and their number in it: floor after floor, stairway after stairway."""
    floors = houses.floors[of]
    floor, place = nth % floors + 1, nth // floors
    stairs = place // FLATS + 1
    rooms = [f"{f}{p % FLATS + 1:02d}" for f, p in zip(floor.tolist(), place.tolist(), strict=True)]
    names = [f"{s}单元{r}室" for s, r in zip(stairs.tolist(), rooms, strict=True)]
    return registry.add("dwellings", ElementRows(
        ElementKind.PLACE, np.full(len(of), "dwelling", dtype=object), names=np.array(names, dtype=object),
        addresses=houses.addresses[of], site_ids=registry.ids["buildings"][of],
        details={
            "entrance": stairs.astype(str).astype(object),
            "floor": floor.astype(object),
            "room": np.array(rooms, dtype=object),
        },
    ))  # fmt: skip


def _register(town: _Town, made: People, homes: Ids) -> Ids:
    codes = [f"SIM{number:07d}" for number in range(town.households + 1, town.households + 1 + len(homes))]
    numbers = zip(phones(town.persons, len(made)), made.ages.tolist(), strict=True)
    # Children have no telephone of their own.
    called = [one if age >= PHONED else None for one, age in numbers]
    identities, wanted = town.identities.of(made.born), needs(made, town.rng)
    return town.registry.add_residents(Residents(made, homes[made.homes], codes, identities, called, wanted))


def _tie(town: _Town, made: People, ids: Ids, homes: Ids, workplaces: Ids) -> None:
    """Heads own or rent; some who are of age work somewhere; some children have a guardian on record."""
    registry, rng = town.registry, town.rng
    heads = np.flatnonzero(made.relations == "head")
    own = rng.random(len(heads)) < OWNED
    registry.relate(RelationKind.OWNS, ids[heads[own]], homes[made.homes[heads[own]]])
    registry.relate(RelationKind.RENTS, ids[heads[~own]], homes[made.homes[heads[~own]]])
    work = (made.ages >= YOUNG + 2) & (made.ages < 60) & (rng.random(len(made)) < EMPLOYED)
    if len(workplaces):
        registry.relate(RelationKind.WORKS_AT, ids[work], rng.choice(workplaces, int(work.sum())))
    minor = (made.ages < YOUNG) & (made.relations != "head") & (rng.random(len(made)) < GUARDED)
    of_home = np.full(len(homes), -1, dtype=np.int64)
    of_home[made.homes[heads]] = heads
    registry.relate(RelationKind.GUARDIAN_OF, ids[of_home[made.homes[minor]]], ids[minor])

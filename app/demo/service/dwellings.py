"""Simulated dwellings 户室 and who lives, owns, rents and works where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
from sqlalchemy import Connection

from app.demo.service.houses import Houses
from app.demo.service.numbers import Identities, phones
from app.demo.service.residents import YOUNG, People, needs, people, shape_households
from app.registry.rules.kinds import RESIDENT, ElementKind, RelationKind
from app.registry.service.seals import Column, Sealer, sealer
from app.registry.store import bulk
from app.registry.store import types as kinds
from app.registry.store.bulk import ElementRows, Ids, Origin

SEED = 530108
BLOCK = 8_000
"""Dwellings that are written at a time, with their people."""

FLATS = 2
"""Of one stairway 单元 on one floor."""

BASIS = "《中华人民共和国个人信息保护法》第十三条"
KEPT = 3 * 365
OWNED, EMPLOYED, GUARDED = 0.7, 0.45, 0.08
PHONED = 10


class Registry(Protocol):
    """What is filled."""

    connection: Connection
    origin: Origin
    today: date
    ids: dict[str, Ids]

    def relate(self, kind: RelationKind, sources: Ids, targets: Ids) -> None: ...


@dataclass(slots=True)
class _Town:
    """What goes on from block to block."""

    registry: Registry
    seal: Sealer
    terms: dict[str, tuple[str, int]]
    rng: np.random.Generator
    identities: Identities
    persons: int = 0
    households: int = 0


def move_in(
    registry: Registry,
    houses: Houses,
    dwellings: int,
    persons: int,
    progress: Callable[[int], None],
) -> None:
    """Build the dwellings, and let people live in most of them.

    Raises
    ------
    UnavailableError
        As `sealer`.
    """
    rng = np.random.default_rng(SEED)
    room = houses.floors * np.where(houses.floors > 10, 4, 2)
    counts = np.sort(rng.choice(len(houses), dwellings, p=room / room.sum()))
    nth = np.arange(dwellings) - np.searchsorted(counts, counts)
    shapes = shape_households(persons, rng)
    lived = np.zeros(dwellings, dtype=bool)
    lived[rng.choice(dwellings, min(len(shapes), dwellings), replace=False)] = True
    terms = {
        row["code"]: (row["legal_basis"], row["keep_months"]) for row in kinds.needs(registry.connection)
    }
    town = _Town(registry, sealer(registry.connection), terms, rng, Identities())
    workplaces = registry.ids["organisations"]
    for start in range(0, dwellings, BLOCK):
        block = slice(start, start + BLOCK)
        flats = _build(registry, houses, counts[block], nth[block])
        homes = flats[lived[block]]
        mine = shapes[town.households : town.households + len(homes)]
        if not start:
            bulk.take_stock(registry.connection)
        made = people(mine, registry.today, persons - town.persons, rng)
        ids = _register(town, made, homes)
        _tie(town, made, ids, homes, workplaces)
        town.persons += len(made)
        town.households += len(homes)
        progress(town.persons)


def _build(registry: Registry, houses: Houses, of: Ids, nth: Ids) -> Ids:
    """Dwellings by their building and their number in it: floor after floor, stairway after stairway."""
    floors = houses.floors[of]
    floor, place = nth % floors + 1, nth // floors
    stairs = place // FLATS + 1
    rooms = [f"{f}{p % FLATS + 1:02d}" for f, p in zip(floor.tolist(), place.tolist(), strict=True)]
    names = [f"{s}单元{r}室" for s, r in zip(stairs.tolist(), rooms, strict=True)]
    ids = bulk.reserve(registry.connection, "elements", len(of))
    bulk.add_elements(registry.connection, registry.origin, ElementRows(
        ElementKind.PLACE, np.full(len(of), "dwelling", dtype=object), names=np.array(names, dtype=object),
        addresses=houses.addresses[of], site_ids=registry.ids["buildings"][of],
        details={
            "entrance": stairs.astype(str).astype(object),
            "floor": floor.astype(object),
            "room": np.array(rooms, dtype=object),
        },
    ), ids)  # fmt: skip
    return ids


def _register(town: _Town, made: People, homes: Ids) -> Ids:
    registry, connection = town.registry, town.registry.connection
    codes = [f"SIM{number:07d}" for number in range(town.households + 1, town.households + 1 + len(homes))]
    households = bulk.add_households(connection, registry.origin, codes)
    identities = [town.seal.seal(Column.IDENTITY, one) for one in town.identities.of(made.born)]
    numbers = [town.seal.seal(Column.PERSON_PHONE, one) for one in phones(town.persons, len(made))]
    # Children have no telephone of their own.
    called = [one if age >= PHONED else None for one, age in zip(numbers, made.ages.tolist(), strict=True)]
    until = registry.today + timedelta(days=KEPT)
    ids = bulk.reserve(connection, "elements", len(made))
    bulk.add_elements(connection, registry.origin, ElementRows(
        ElementKind.PERSON, np.full(len(made), RESIDENT, dtype=object), site_ids=homes[made.homes],
        details={
            "name": made.names,
            "identity": np.array([one.value for one in identities], dtype=object),
            "identity_index": np.array([one.index for one in identities], dtype=object),
            "phone": np.array([one and one.value for one in called], dtype=object),
            "phone_index": np.array([one and one.index for one in called], dtype=object),
            "born_on": np.array([date.fromordinal(day) for day in made.born.tolist()], dtype=object),
            "household_id": households[made.homes].astype(object),
            "household_relation": made.relations,
            "legal_basis": np.full(len(made), BASIS, dtype=object),
            "retain_until_on": np.full(len(made), until, dtype=object),
        },
    ), ids)  # fmt: skip
    _need(town, made, ids)
    return ids


def _need(town: _Town, made: People, ids: Ids) -> None:
    wanted = needs(made, town.rng)
    if not wanted:
        return
    who, what = (np.array(column, dtype=object) for column in zip(*wanted, strict=True))
    today = town.registry.today
    bulk.add_needs(
        town.registry.connection, town.registry.origin, ids[who.astype(np.int64)], what,
        np.array([town.terms[need][0] for need in what], dtype=object),
        np.array([today + timedelta(days=30 * town.terms[need][1]) for need in what], dtype=object),
    )  # fmt: skip


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

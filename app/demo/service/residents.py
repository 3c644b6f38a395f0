"""Simulated residents: households of plausible sizes and ages, and what some of their people need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.demo.service.names import GIVEN, SURNAMES
from app.registry.rules.kinds import HouseholdRelation as R

Ints = NDArray[np.int64]
Texts = NDArray[Any]

SHAPES: tuple[tuple[tuple[R, ...], float], ...] = (
    ((R.HEAD,), 0.12),
    ((R.HEAD, R.SPOUSE), 0.24),
    ((R.HEAD, R.SPOUSE, R.CHILD), 0.26),
    ((R.HEAD, R.SPOUSE, R.CHILD, R.CHILD), 0.13),
    ((R.HEAD, R.CHILD), 0.07),
    ((R.HEAD, R.SPOUSE, R.CHILD, R.PARENT), 0.08),
    ((R.HEAD, R.SPOUSE, R.CHILD, R.PARENT, R.PARENT), 0.05),
    ((R.HEAD, R.SPOUSE, R.CHILD, R.GRANDCHILD), 0.03),
    ((R.HEAD, R.SIBLING), 0.02),
)
"""Who lives together, and in what share of households; three to a household in the mean."""

SIZES = np.array([len(members) for members, _ in SHAPES])
SHARES = np.array([share for _, share in SHAPES])
HEADS: Mapping[int, tuple[int, int]] = {1: (24, 93), 2: (26, 86), 3: (27, 60), 4: (30, 62), 5: (34, 58)}
"""Between which ages the head of a household of so many is."""

YOUNG, OLD, VERY_OLD = 18, 60, 80
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class People:
    """Persons of some households, household after household; `homes` is the number of each one's household."""

    names: Texts
    relations: Texts
    born: Ints
    ages: Ints
    homes: Ints
    sizes: Ints

    def __len__(self) -> int:
        return len(self.names)


def shape_households(count: int, rng: np.random.Generator) -> Ints:
    """Shapes of households with so many people in all; only the last one may lack somebody."""
    shapes = rng.choice(len(SHAPES), count, p=SHARES / SHARES.sum())
    return np.asarray(shapes[: int(np.searchsorted(np.cumsum(SIZES[shapes]), count)) + 1])


def people(shapes: Ints, today: date, most: int, rng: np.random.Generator) -> People:
    """The people of some households, at most so many."""
    homes = np.repeat(np.arange(len(shapes)), SIZES[shapes])[:most]
    relations = np.array([relation.value for shape in shapes for relation in SHAPES[shape][0]], dtype=object)
    relations = relations[:most]
    sizes = SIZES[shapes][homes]
    low, high = np.array([HEADS[size] for size in SIZES[shapes]]).T
    heads = rng.integers(low, high + 1)[homes]
    ages = _ages(heads, relations, rng)
    born = today.toordinal() - (ages * YEAR).astype(np.int64) - rng.integers(2, 363, len(ages))
    return People(_names(relations, homes, len(shapes), rng), relations, born, ages, homes, sizes)


def _ages(heads: Ints, relations: Texts, rng: np.random.Generator) -> Ints:
    """Whole years of each: children at least twenty years younger than the head, parents as much older."""
    count = len(heads)
    ages = heads.copy()
    apart = {
        R.SPOUSE: rng.integers(-5, 6, count), R.SIBLING: rng.integers(-8, 9, count),
        R.CHILD: -rng.integers(20, 36, count), R.PARENT: rng.integers(20, 34, count),
        R.GRANDCHILD: -rng.integers(44, 56, count),
    }  # fmt: skip
    for relation, years in apart.items():
        mine = relations == relation.value
        ages[mine] += years[mine]
    least = np.where((relations == R.HEAD.value) | (relations == R.SPOUSE.value), 20, 0)
    return np.asarray(np.clip(ages, least, 100))


def _names(relations: Texts, homes: Ints, households: int, rng: np.random.Generator) -> Texts:
    """Children and siblings are called after the head of their household, the others as they come."""
    letters, given = np.array(list(SURNAMES), dtype=object), np.array(list(GIVEN), dtype=object)
    shared = rng.choice(letters, households)[homes]
    own = rng.choice(letters, len(homes))
    after = np.isin(relations.astype(str), [R.HEAD, R.CHILD, R.SIBLING, R.GRANDCHILD])
    second = np.where(rng.random(len(homes)) < 0.85, rng.choice(given, len(homes)), "")
    return np.asarray(np.where(after, shared, own) + rng.choice(given, len(homes)) + second, dtype=object)


def needs(of: People, rng: np.random.Generator) -> list[tuple[int, str]]:
    """Who needs what: the position of each person among these, and the need."""
    count, ages = len(of), of.ages
    old, alone = ages >= OLD, (of.sizes == 1) & (ages >= OLD)
    chance = {
        "aged_60": np.where(old & (ages < VERY_OLD), 0.5, 0.0),
        "aged_80": np.where(ages >= VERY_OLD, 0.8, 0.0),
        "lives_alone": np.where(alone, 0.9, 0.0),
        "meal_service": np.where(alone, 0.3, np.where(ages >= VERY_OLD, 0.15, 0.0)),
        "home_care": np.where(ages >= VERY_OLD, 0.2, 0.0),
        "disability_aid": 0.008 + np.where(old, 0.025, 0.0),
        "minimum_living_allowance": 0.006 + np.where(alone, 0.04, 0.0),
        "extreme_poverty_support": np.where(alone, 0.01, 0.0),
        "temporary_relief": np.full(count, 0.002),
        "child_in_need": np.where(ages < 16, 0.008, 0.0),
    }
    found = []
    for need, share in chance.items():
        found += [(int(i), need) for i in np.flatnonzero(rng.random(count) < share)]
    return found

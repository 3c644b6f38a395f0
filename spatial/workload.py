"""Workload of grid officers and cells: what there is to do, how evenly it is spread, and who has too much.

It counts duties, never how fast or how well somebody works: what a case or a visit weighs is said by the district, and
is the same for everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.concentration import gini
from spatial.errors import DataError
from spatial.given import numbers, one_of, positive, refuse_rows
from spatial.grouping import sums
from spatial.sides import Floats, Ints

RULES = ("mean", "median", "fence", "limit")


@dataclass(frozen=True, slots=True)
class Workload:
    """What each row, an officer or a cell, has to do.

    Parameters
    ----------
    load
        In hours, or in whatever the weights are in.
    names
        The kinds of work.
    parts
        Shape (rows, names); a row's parts sum to its load.
    """

    load: Floats
    names: tuple[str, ...]
    parts: Floats


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly load is spread.

    Parameters
    ----------
    mean, most
        Of the rows.
    most_to_mean
        1 where all have the same.
    variation
        Standard deviation of the rows as they are (divided by n), as a share of the mean.
    gini
        0 where all have the same, (n - 1) / n where one has all.
    """

    mean: float
    most: float
    most_to_mean: float
    variation: float
    gini: float


@dataclass(frozen=True, slots=True)
class Overload:
    """Who has too much by a stated rule.

    Parameters
    ----------
    rule, factor
        As asked.
    threshold
        Load above which a row has too much.
    rows
        Rows above it, the heaviest first, then by row.
    excess
        What each of them has above the threshold.
    """

    rule: str
    factor: float
    threshold: float
    rows: Ints
    excess: Floats


def workload(counts: Mapping[str, ArrayLike], weights: Mapping[str, float]) -> Workload:
    """Load of each row.

    Parameters
    ----------
    counts
        Kind of work and how much of it each row has: cases, visits, households, kilometres of travel.
    weights
        What one of each kind takes: hours a case, hours a kilometre. Exactly the kinds of `counts`.

    Raises
    ------
    DataError
        `nothing_to_do`, `other_kinds`, and what `numbers` raises.
    """
    if not counts:
        raise DataError("nothing_to_do")
    if set(counts) != set(weights):
        raise DataError("other_kinds", missing=tuple(sorted(set(counts) ^ set(weights))))
    names = tuple(counts)
    weight = numbers("weights", [weights[name] for name in names], least=0)
    first = numbers(names[0], counts[names[0]], least=0)
    rest = [numbers(name, counts[name], count=len(first), least=0) for name in names[1:]]
    parts = np.stack([first, *rest], axis=1) * weight
    return Workload(parts.sum(axis=1), names, parts)


def of_officers(
    cells: Workload, officer: ArrayLike, cell: ArrayLike, part: ArrayLike, officers: int
) -> Workload:
    """Load of officers from that of their cells.

    Parameters
    ----------
    cells
        Load of cells.
    officer, cell
        Rows of each assignment: one of full time has one cell, a specialist several, helpers share one.
    part
        The part of the cell's work that the officer has.
    officers
        How many there are; one without a cell has nothing to do.

    Raises
    ------
    DataError
        `no_such_row`, `parts_exceed`, and what `numbers` raises.
    """
    who = _rows("officer", officer, None, officers)
    where = _rows("cell", cell, len(who), len(cells.load))
    share = numbers("part", part, count=len(who), least=0)
    given = sums(where, share, len(cells.load))
    refuse_rows("parts_exceed", given > 1 + 1e-9)
    parts = np.stack(
        [sums(who, share * column[where], officers) for column in cells.parts.T],
        axis=1,
    )
    return Workload(parts.sum(axis=1), cells.names, parts)


def spread(load: ArrayLike) -> Spread:
    """How evenly load is spread; without rows all is NaN, and shares of no load at all are NaN.

    Raises
    ------
    DataError
        What `numbers` raises.

    Notes
    -----
    `spatial.concentration.gini` says what the Gini coefficient is.
    """
    found = numbers("load", load, least=0)
    if not len(found):
        return Spread(*[float("nan")] * 5)
    mean, most = float(found.mean()), float(found.max())
    if not mean:
        return Spread(mean, most, *[float("nan")] * 3)
    return Spread(mean, most, most / mean, float(found.std()) / mean, gini(found))


def overloaded(load: ArrayLike, rule: str, factor: float) -> Overload:
    """Who has too much.

    Parameters
    ----------
    load
        Of each row.
    rule
        "mean": above `factor` times the mean. "median": above `factor` times the median. "fence": above the upper
        quartile by `factor` times the distance between the quartiles (Tukey 1977 takes 1.5). "limit": above `factor`
        itself, such as the hours of a month.
    factor
        See the rule.

    Raises
    ------
    DataError
        `not_one_of`, `not_positive`, and what `numbers` raises.
    """
    found = numbers("load", load, least=0)
    one_of("rule", rule, RULES)
    positive("factor", factor)
    if not len(found):
        return Overload(rule, factor, float("nan"), np.zeros(0, dtype=np.int64), np.zeros(0))
    low, middle, high = np.quantile(found, [0.25, 0.5, 0.75])
    threshold = float(
        {"mean": factor * found.mean(), "median": factor * middle, "limit": factor}.get(
            rule, high + factor * (high - low)
        )
    )
    rows = np.flatnonzero(found > threshold)
    rows = rows[np.argsort(-found[rows], kind="stable")]
    return Overload(rule, factor, threshold, rows, found[rows] - threshold)


def _rows(name: str, values: ArrayLike, count: int | None, below: int) -> Ints:
    found = numbers(name, values, count=count, least=0)
    refuse_rows("no_such_row", (found >= below) | (found != np.floor(found)), name=name, below=below)
    return found.astype(np.int64)

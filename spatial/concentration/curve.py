"""Lorenz's curve, and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.concentration.shares import shared_out
from spatial.given import Numbers, share


@dataclass(frozen=True, slots=True)
class Lorenz:
    """Lorenz's curve, from those who have least to those who have most.

    Parameters
    ----------
    rows, values
        Shape (n + 1,): shares of the rows, or of the population, and of the values, both from 0 to 1.
    order
        Shape (n,): the rows in the order of the curve.
    """

    rows: Numbers
    values: Numbers
    order: NDArray[np.intp]

    @property
    def gini(self) -> float:
        """Twice the area between the curve and the diagonal."""
        return float(1 - (np.diff(self.rows) * (self.values[1:] + self.values[:-1])).sum())


def lorenz(values: ArrayLike, population: ArrayLike | None = None) -> Lorenz:
    """Lorenz's curve of values among rows, or among the people of the rows.

    Parameters
    ----------
    values
        Shape (n,), not below 0.
    population
        Shape (n,), not below 0: with it, rows come in the order of their values for each person.

    Raises
    ------
    DataError
        Those of `numbers`; `nothing_to_share` where all values, or the whole population, are 0.
    """
    found = shared_out("values", values)
    if population is None:
        order = np.argsort(found, kind="stable")
        people = np.ones(len(found))
    else:
        people = shared_out("population", population, len(found))
        order = np.lexsort((found, np.arctan2(found, people)))  # the angle orders quotients, nobody's as well
    curves = [np.append(0.0, np.cumsum(each[order])) / each.sum() for each in (people, found)]
    return Lorenz(curves[0], curves[1], order)


def gini(values: ArrayLike, population: ArrayLike | None = None) -> float:
    """Gini's coefficient: 0, all have the same, to 1 - 1 / n, one has everything.

    Parameters
    ----------
    values, population
        As for `lorenz`.

    Raises
    ------
    DataError
        Those of `lorenz`.
    """
    return lorenz(values, population).gini


def top_share(values: ArrayLike, part: float) -> float:
    """The share of the values that a part of the rows holds, those with the most.

    Parameters
    ----------
    values
        Shape (n,), not below 0.
    part
        Of the rows, above 0 and up to 1; where it does not come out in whole rows, the last one counts in part.

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`, `nothing_to_share`.
    """
    curve = lorenz(values)
    return float(1 - np.interp(1 - share("part", part), curve.rows, curve.values))


def least_rows(values: ArrayLike, part: float) -> int:
    """How many rows, those with the most, hold a part of the values between them.

    Parameters
    ----------
    values
        Shape (n,), not below 0.
    part
        Of the values, above 0 and up to 1.

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`, `nothing_to_share`.
    """
    held = np.cumsum(np.sort(shared_out("values", values))[::-1])
    return int(np.searchsorted(held, share("part", part) * held[-1] * (1 - 1e-12))) + 1

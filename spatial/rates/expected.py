"""Rates and ratios of cases, with exact limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri

from spatial.errors import DataError
from spatial.given import SHOWN, Numbers, numbers, share
from spatial.rates.at_risk import PER, Flags, divided, given, overall, people


@dataclass(frozen=True, slots=True)
class Rates:
    """Cases per 1000 people.

    Parameters
    ----------
    per_1000, lower, upper
        Shape (n,): the rate and its confidence limits; NaN where it is not known.
    known
        Shape (n,): whether a population above 0 is known.
    """

    per_1000: Numbers
    lower: Numbers
    upper: Numbers
    known: Flags


@dataclass(frozen=True, slots=True)
class Ratios:
    """Cases by how many were to be expected.

    Parameters
    ----------
    ratio, lower, upper
        Shape (n,): observed by expected cases and its confidence limits; NaN where nothing is expected.
    expected
        Shape (n,): cases, by the reference's rates; NaN where the population is not known.
    per_1000
        Shape (n,): the reference's overall rate, times the ratio.
    known
        Shape (n,): whether there is a ratio.
    """

    ratio: Numbers
    lower: Numbers
    upper: Numbers
    expected: Numbers
    per_1000: Numbers
    known: Flags


def poisson_limits(cases: ArrayLike, level: float = 0.95) -> tuple[Numbers, Numbers]:
    """The exact confidence limits of a number of cases.

    Parameters
    ----------
    cases
        Shape (n,), not below 0.
    level
        How sure the limits are; half of the rest is below and half above.

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`.

    Notes
    -----
    Garwood 1936: halves of the quantiles of chi-square with 2 c and 2 c + 2 degrees of freedom.
    """
    found = numbers("cases", cases, least=0)
    rest = (1 - share("level", level)) / 2
    some = found > 0
    lower = np.zeros_like(found)
    lower[some] = chdtri(2 * found[some], 1 - rest) / 2
    return lower, np.asarray(chdtri(2 * found + 2, rest) / 2)


def crude(cases: ArrayLike, population: ArrayLike, *, level: float = 0.95) -> Rates:
    """Cases per 1000 people, with exact limits.

    Parameters
    ----------
    cases
        Shape (n,), not below 0.
    population
        Shape (n,), not below 0; NaN where it is missing.
    level
        How sure the limits are.

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`.
    """
    found, at_risk, known = given(cases, population)
    lower, upper = poisson_limits(found, level)
    rate, low, high = (divided(each * PER, at_risk, known) for each in (found, lower, upper))
    return Rates(rate, low, high, known)


def excess_risk(cases: ArrayLike, population: ArrayLike, *, level: float = 0.95) -> Ratios:
    """Cases by how many there were if the overall rate held everywhere.

    Parameters
    ----------
    cases, population, level
        As for `crude`. Cases of rows whose population is not known do not count into the overall rate.

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`.
    """
    found, at_risk, known = given(cases, population)
    rate = overall(found, at_risk, known)
    return _ratios(found, rate * at_risk, rate, level)


def standardised(
    cases: ArrayLike,
    population: ArrayLike,
    reference_cases: ArrayLike,
    reference_population: ArrayLike,
    *,
    level: float = 0.95,
) -> Ratios:
    """Cases by how many there were if a reference's rates held in each stratum: indirect standardisation.

    Parameters
    ----------
    cases
        Shape (n,), not below 0.
    population
        Shape (n, strata), such as age groups; NaN where it is missing.
    reference_cases, reference_population
        Shape (strata,).

    Raises
    ------
    DataError
        Those of `numbers`; `not_a_share`, `other_strata`, and `stratum_without_population` where the reference has
        nobody in a stratum.
    """
    standard_cases = numbers("reference_cases", reference_cases, least=0)
    standard = numbers("reference_population", reference_population, count=len(standard_cases), least=0)
    empty = np.flatnonzero(standard == 0)
    if len(empty) or not len(standard):
        raise DataError("stratum_without_population", count=len(empty), strata=tuple(empty[:SHOWN].tolist()))
    found = numbers("cases", cases, least=0)
    strata = _strata(population, len(found), len(standard))
    expected = strata @ (standard_cases / standard)
    return _ratios(found, expected, float(standard_cases.sum() / standard.sum()), level)


def _ratios(cases: Numbers, expected: Numbers, rate: float, level: float) -> Ratios:
    known = expected > 0
    lower, upper = poisson_limits(cases, level)
    ratio, low, high = (divided(each, expected, known) for each in (cases, lower, upper))
    return Ratios(ratio, low, high, expected, ratio * rate * PER, known)


def _strata(population: ArrayLike, rows: int, strata: int) -> Numbers:
    """People by row and stratum, each column checked like any other."""
    try:
        found = np.asarray(population, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name="population") from error
    if found.shape != (rows, strata):
        raise DataError("other_strata", shape=found.shape, wanted=(rows, strata))
    return np.column_stack([people(column, rows) for column in found.T])

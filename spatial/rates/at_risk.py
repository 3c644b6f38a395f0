"""Who is at risk: a population may be missing or nobody, and then there is no rate."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import Numbers, numbers

PER = 1000.0
"""Rates are told per so many people."""

Flags = NDArray[np.bool_]


def given(cases: ArrayLike, population: ArrayLike) -> tuple[Numbers, Numbers, Flags]:
    """Cases, population, and whether that is known and above 0."""
    found = numbers("cases", cases, least=0)
    at_risk = people(population, len(found))
    return found, at_risk, at_risk > 0


def people(population: ArrayLike, count: int) -> Numbers:
    """A population, NaN where it is missing."""
    try:
        found = np.asarray(population, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name="population") from error
    missing = np.isnan(found)
    checked = numbers("population", np.where(missing, 0.0, found), count=count, least=0)
    return np.where(missing, np.nan, checked)


def divided(part: Numbers, whole: Numbers, known: Flags) -> Numbers:
    """The quotient where it is known, NaN elsewhere."""
    found: Numbers = np.divide(part, whole, out=np.full(len(known), np.nan), where=known)
    return found


def overall(cases: Numbers, at_risk: Numbers, known: Flags) -> float:
    """Cases by people, of the rows whose population is known; NaN where none is."""
    return float(cases[known].sum() / at_risk[known].sum()) if known.any() else float("nan")

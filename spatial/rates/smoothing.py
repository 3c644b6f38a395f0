"""Rates that lend strength from others, where their own cases are few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, eye_array

from spatial.errors import DataError
from spatial.given import Numbers
from spatial.rates.at_risk import PER, Flags, divided, given, overall


@dataclass(frozen=True, slots=True)
class Smoothed:
    """Rates that were drawn towards a common rate, the more the fewer people they rest on.

    Parameters
    ----------
    per_1000
        Shape (n,): NaN where the row's own rate is not known.
    towards
        Shape (n,): the common rate per 1000; NaN where nobody's population is known.
    weight
        Shape (n,): the share of the row's own rate, from 0 to 1; NaN where that is not known.
    known
        Shape (n,): whether a population above 0 is known.
    """

    per_1000: Numbers
    towards: Numbers
    weight: Numbers
    known: Flags


def smooth_globally(cases: ArrayLike, population: ArrayLike) -> Smoothed:
    """Draw each rate towards the overall rate.

    Parameters
    ----------
    cases, population
        As for `crude`.

    Raises
    ------
    DataError
        Those of `numbers`.

    Notes
    -----
    Marshall 1991, empirical Bayes by moments. Where the rates differ by no more than chance has it, the estimated
    variance is below 0; it is taken as 0, and every rate becomes the overall rate.
    """
    found, at_risk, known = given(cases, population)
    weights = np.where(known, at_risk, 0.0)
    everybody, rows = weights.sum(), np.count_nonzero(known)
    mean = overall(found, at_risk, known)
    own = divided(found, at_risk, known)
    scatter = np.nansum(weights * np.square(own - mean)) / max(everybody, 1e-300)
    variance = max(scatter - mean * rows / everybody, 0.0) if rows else 0.0
    return _smoothed(own, np.full(len(found), mean), np.full(len(found), variance), at_risk, known)


def smooth_locally(
    cases: ArrayLike, population: ArrayLike, indptr: ArrayLike, indices: ArrayLike
) -> Smoothed:
    """Draw each rate towards the rate of its row and its neighbours.

    Parameters
    ----------
    cases, population
        As for `crude`.
    indptr, indices
        `indices[indptr[i]:indptr[i + 1]]` are the neighbours of row i, which may be among them or not.

    Raises
    ------
    DataError
        Those of `numbers`; `not_neighbours`.

    Notes
    -----
    Marshall 1991, the moments taken in each neighbourhood. A row without neighbours keeps its own rate as common
    rate. Neighbours whose population is not known are passed over.
    """
    found, at_risk, known = given(cases, population)
    near = _neighbours(indptr, indices, len(found))
    weights = np.where(known, at_risk, 0.0)
    own = divided(found, at_risk, known)
    everybody, rows = near @ weights, near @ known.astype(np.float64)
    some = everybody > 0
    mean = divided(near @ np.where(known, found, 0.0), everybody, some)
    square = np.where(known, weights * np.square(np.nan_to_num(own)), 0.0)
    scatter = divided(near @ square, everybody, some) - np.square(mean)
    variance = np.maximum(scatter - mean * divided(rows, everybody, some), 0.0)
    return _smoothed(own, mean, variance, at_risk, known)


def _smoothed(own: Numbers, mean: Numbers, variance: Numbers, at_risk: Numbers, known: Flags) -> Smoothed:
    chance = divided(mean, at_risk, known)
    both = variance + chance
    weight = np.where(known, 0.0, np.nan)
    np.divide(variance, both, out=weight, where=known & (both > 0))
    return Smoothed((mean + weight * (own - mean)) * PER, mean * PER, weight, known)


def _neighbours(indptr: ArrayLike, indices: ArrayLike, rows: int) -> csr_array:
    """Ones for each row's neighbours and the row itself."""
    starts, near = np.asarray(indptr), np.asarray(indices)
    whole = all(each.ndim == 1 and (each.dtype.kind in "iu" or not each.size) for each in (starts, near))
    if (
        not whole
        or len(starts) != rows + 1
        or starts[0] != 0
        or starts[-1] != len(near)
        or (np.diff(starts) < 0).any()
        or (near.size and (near.min() < 0 or near.max() >= rows))
    ):
        raise DataError("not_neighbours", rows=rows)
    listed = csr_array(
        (np.ones(len(near)), near.astype(np.int64), starts.astype(np.int64)), shape=(rows, rows)
    )
    both = csr_array(listed + eye_array(rows, format="csr"))
    both.data[:] = 1.0
    return both

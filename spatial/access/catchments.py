"""Catchments that float: how much of a service there is for each person within reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spatial.access.reach import Reached
from spatial.given import numbers
from spatial.grouping import sums
from spatial.sides import Floats


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is of a service.

    Parameters
    ----------
    ratio
        For each service its capacity for each person within reach; NaN where nobody is.
    access
        For each place the sum of the ratios of the services within reach, 0 where there is none.
    mean
        Mean of access over the people. Capacity that nobody reaches is not in it.
    """

    ratio: Floats
    access: Floats
    mean: float


def two_step(pairs: Reached, capacity: ArrayLike, people: ArrayLike) -> Supply:
    """Two-step floating catchment areas.

    Parameters
    ----------
    pairs
        What each place has within the limit.
    capacity
        Of each service: beds, seats, hours of advice.
    people
        At each place.

    Raises
    ------
    DataError
        What `numbers` raises.

    Notes
    -----
    Luo & Wang (2003), Measures of spatial accessibility to health care in a GIS environment, Environment and Planning
    B 30, 865–884: first the people that each service has to serve, then the services that each place may choose from.
    The sum over people of access is the capacity of the services that somebody reaches.
    """
    given = numbers("capacity", capacity, count=pairs.shape[1], least=0)
    count = numbers("people", people, count=pairs.shape[0], least=0)
    asked = sums(pairs.service, count[pairs.place], len(given))
    ratio = np.divide(given, asked, out=np.full(len(given), np.nan), where=asked > 0)
    access = sums(pairs.place, np.nan_to_num(ratio)[pairs.service], len(count))
    total = float(count.sum())
    return Supply(ratio, access, float(access @ count) / total if total else float("nan"))

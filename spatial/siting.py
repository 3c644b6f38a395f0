"""Siting: where the next services go, so that people are near one, or so that most are near enough.

All three verbs are solved exactly by HiGHS, as SciPy brings it (`scipy.optimize.milp`); where its time runs out, the
plan is the best that was found, and `bound` says how much better another one could be at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from spatial.errors import DataError
from spatial.given import SHOWN, Numbers, numbers, positive, refuse_rows

NOBODY = -1
TIME_LIMIT_S = 60.0
OUT_OF_TIME = 1
"""HiGHS's status of a search that its time ended."""
ROUNDING = 1e-6

Sites = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which candidates get a service.

    Parameters
    ----------
    sites
        Their rows, ascending, those that are fixed among them.
    serves
        Shape (n,): the row of the candidate that serves each demand, the nearest of `sites`; -1 where none does.
    value
        What was asked for: weight times distance in all, weight that is covered, or the number of sites.
    bound
        No other plan has a better value than this.
    proved
        Whether `value` is the best there is.
    """

    sites: Sites
    serves: Sites
    value: float
    bound: float
    proved: bool


def p_median(
    distance: ArrayLike,
    weight: ArrayLike,
    count: int,
    *,
    fixed: Sequence[int] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> Plan:
    """Choose so many sites that people's ways to the nearest one are shortest in all.

    Parameters
    ----------
    distance
        Shape (n, m): from each demand to each candidate, metres or minutes; infinite where there is no way.
    weight
        Shape (n,): how many people each demand is, at least 0.
    count
        How many sites, those that are fixed among them.
    fixed
        Rows of candidates that have a service already and keep it.

    Raises
    ------
    DataError
        `not_distances`, `too_small`, `other_count`, `not_finite`, `sites_wrong`, `out_of_reach` where a demand reaches
        no candidate, `no_plan` where so many sites cannot be reached by everybody, `out_of_time`.

    Notes
    -----
    Hakimi 1964; as a linear program by ReVelle and Swain 1970. Only the choice of sites is whole: each demand then
    goes to the nearest by itself.
    """
    away = _distances(distance)
    people = numbers("weight", weight, count=len(away), least=0)
    kept = _sites(count, fixed, away.shape[1])
    open_ways = np.isfinite(away)
    _reached(open_ways)
    row, site = np.nonzero(open_ways)
    ways, candidates = len(row), away.shape[1]
    one = np.ones(ways)
    assigned = hstack(
        [csr_array((one, (row, np.arange(ways))), shape=(len(away), ways)), _none(len(away), candidates)]
    )
    opened = hstack(
        [eye_array(ways, format="csr"), -csr_array((one, (np.arange(ways), site)), shape=(ways, candidates))]
    )
    constraints = [LinearConstraint(assigned, 1, 1), LinearConstraint(opened, -np.inf, 0)]
    cost = np.concatenate((people[row] * away[row, site], np.zeros(candidates)))
    sites, bound, proved = _solved(cost, constraints, ways, kept, count, time_limit_s)
    serves = sites[np.argmin(away[:, sites], axis=1)]
    value = float(people @ away[np.arange(len(away)), serves]) if len(away) else 0.0
    return Plan(sites, serves, value, min(bound, value), proved)


def maximal_cover(
    near: ArrayLike,
    weight: ArrayLike,
    count: int,
    *,
    fixed: Sequence[int] = (),
    time_limit_s: float = TIME_LIMIT_S,
) -> Plan:
    """Choose so many sites that most people are near one.

    Parameters
    ----------
    near
        Shape (n, m), true where a candidate is near enough to a demand: `distance <= limit`.
    weight, count, fixed
        As for `p_median`.

    Raises
    ------
    DataError
        `not_distances`, `not_yes_or_no`, `too_small`, `other_count`, `not_finite`, `sites_wrong`, `out_of_time`.

    Notes
    -----
    Church and ReVelle 1974. A demand that is near several sites is served by the first of them.
    """
    close = _near(near)
    people = numbers("weight", weight, count=len(close), least=0)
    candidates = close.shape[1]
    kept = _sites(count, fixed, candidates)
    demands = len(close)
    covered = hstack([eye_array(demands, format="csr"), -csr_array(close.astype(np.float64))])
    cost = np.concatenate((-people, np.zeros(candidates)))
    constraints = [LinearConstraint(covered, -np.inf, 0)] if demands else []
    sites, bound, proved = _solved(cost, constraints, demands, kept, count, time_limit_s)
    serves = _first(close, sites)
    value = float(people[serves != NOBODY].sum())
    return Plan(sites, serves, value, max(-bound, value), proved)


def set_cover(near: ArrayLike, *, fixed: Sequence[int] = (), time_limit_s: float = TIME_LIMIT_S) -> Plan:
    """Choose as few sites as can be so that everybody is near one.

    Parameters
    ----------
    near, fixed
        As for `maximal_cover`.

    Raises
    ------
    DataError
        `not_distances`, `not_yes_or_no`, `sites_wrong`, `out_of_reach`, `out_of_time`.

    Notes
    -----
    Toregas and others 1971.
    """
    close = _near(near)
    candidates = close.shape[1]
    kept = _sites(candidates, fixed, candidates)
    _reached(close)
    constraints = [LinearConstraint(csr_array(close.astype(np.float64)), 1, np.inf)] if len(close) else []
    sites, bound, proved = _solved(np.ones(candidates), constraints, 0, kept, None, time_limit_s)
    value = float(len(sites))
    return Plan(sites, _first(close, sites), value, min(float(np.ceil(bound - ROUNDING)), value), proved)


def _solved(
    cost: Numbers,
    constraints: list[LinearConstraint],
    parts: int,
    kept: Sites,
    count: int | None,
    time_limit_s: float,
) -> tuple[Sites, float, bool]:
    """Chosen candidates, the bound and whether it is reached; before the candidates come so many shares up to 1."""
    positive("time_limit_s", time_limit_s)
    candidates = len(cost) - parts
    if not candidates:
        return np.zeros(0, dtype=np.intp), 0.0, True
    least = np.zeros(len(cost))
    least[parts + kept] = 1
    if count is not None:
        chosen = csr_array(np.append(np.zeros(parts), np.ones(candidates))[None, :])
        constraints = [*constraints, LinearConstraint(chosen, count, count)]
    whole = np.append(np.zeros(parts), np.ones(candidates))
    found = milp(
        cost, constraints=constraints, bounds=Bounds(least, 1), integrality=whole,
        options={"time_limit": time_limit_s, "mip_rel_gap": 0},
    )  # fmt: skip
    if found.x is None:
        if found.status == OUT_OF_TIME:
            raise DataError("out_of_time", seconds=time_limit_s)
        raise DataError("no_plan", count=count)
    bound = found.mip_dual_bound
    return (
        np.flatnonzero(found.x[parts:] > 0.5),
        float(found.fun if bound is None else bound),
        found.status != OUT_OF_TIME,
    )


def _distances(distance: ArrayLike) -> Numbers:
    away = _table(distance)
    refuse_rows("too_small", (np.isnan(away) | (away < 0)).any(axis=1), name="distance", least=0)
    return away


def _near(near: ArrayLike) -> NDArray[np.bool_]:
    found = _table(near)
    # A table of distances would be taken for one where everybody is near.
    refuse_rows("not_yes_or_no", ~np.isin(found, (0, 1)).all(axis=1), name="near")
    return found.astype(np.bool_)


def _table(given: ArrayLike) -> Numbers:
    try:
        found = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_distances", shape=()) from error
    if found.ndim != 2:
        raise DataError("not_distances", shape=found.shape)
    return found


def _sites(count: int, fixed: Sequence[int], candidates: int) -> Sites:
    kept = np.unique(np.asarray(fixed, dtype=np.intp))
    if (
        not float(count).is_integer()
        or not len(kept) <= count <= candidates
        or (kept < 0).any()
        or (kept >= candidates).any()
    ):
        raise DataError("sites_wrong", count=count, fixed=tuple(kept[:SHOWN].tolist()), candidates=candidates)
    return kept


def _reached(near: NDArray[np.bool_]) -> None:
    refuse_rows("out_of_reach", ~near.any(axis=1))


def _first(close: NDArray[np.bool_], sites: Sites) -> Sites:
    """The first of the sites that each demand is near, -1 for none."""
    if not len(sites):
        return np.full(len(close), NOBODY, dtype=np.intp)
    among = close[:, sites]
    return np.where(among.any(axis=1), sites[np.argmax(among, axis=1)], NOBODY)


def _none(rows: int, columns: int) -> csr_array:
    return csr_array((rows, columns), dtype=np.float64)

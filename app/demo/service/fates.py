"""What becomes of a case: by when it is due, how long it takes, and where it stands at a given time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cases.rules import CaseState
from app.cases.service import reference
from app.demo.service.draws import Floats, Indices
from app.demo.service.office import DAY, SPAN, WORKING, Seconds, after, dates
from app.demo.service.rhythm import in_season

STATES = tuple(CaseState)
NEVER = np.iinfo(np.int64).max

DECLINED, VOID, MERGED = 0.025, 0.006, 0.012
"""Shares that end without being handled."""

LATE = 0.055
LATE_BY = 1.0
"""Share that overruns its limit, and by how much of it on average."""

ON_TIME, ON_TIME_SIGMA = 0.68, 0.45
"""Median share of the limit that the others take, as a lognormal, and its sigma."""

AT_ONCE = 0.45
"""Share of what a grid officer may handle on the spot and does."""

SUSPENDED = 0.05
SUSPENDED_DAYS = (10, 240)
ARCHIVED_AFTER = 15 * DAY
"""A closed case can be reopened so long."""

STAGES = (0.05, 0.12, 0.22, 0.36, 0.84)
"""Shares of a case's time by which it is confirmed, registered, dispatched, acknowledged, handled."""

OPEN = (
    CaseState.REPORTED,
    CaseState.CONFIRMING,
    CaseState.REGISTERED,
    CaseState.DISPATCHED,
    CaseState.HANDLING,
    CaseState.HANDLED,
)
SUSPENDABLE = 2 * DAY
"""Only what has at least so long until it is due may be suspended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limit of each category: seconds, whether they are working ones, and whether it may be handled at once.

    `seasonal` holds those that a season replaces: the category, the season, the seconds, whether they are working.
    """

    amount: Seconds
    working: NDArray[np.bool_]
    at_once: NDArray[np.bool_]
    seasonal: tuple[tuple[int, Mapping[str, str], int, bool], ...]

    def of(self, reported: Seconds, category: Indices) -> tuple[Seconds, NDArray[np.bool_]]:
        """The limit of each case by the day on which it is reported."""
        amount, working = self.amount[category], self.working[category]
        days, index = dates(reported)
        for which, season, instead, by_office in self.seasonal:
            chosen = (category == which) & in_season(season, days)[index]
            amount[chosen], working[chosen] = instead, by_office
        return amount, working


@dataclass(frozen=True, slots=True)
class Fates:
    """One case a row: local seconds, `NEVER` where `closed` has not come; `state` an index of `STATES`."""

    due: Seconds
    closed: Seconds
    state: Indices


def limits(categories: Sequence[str]) -> Limits:
    """The limits of the filing conditions."""
    seasons = {row["code"]: row for row in reference("seasons")}
    rows = {row["category"]: row for row in reference("filing_conditions")}
    chosen = [rows[code] for code in categories]
    return Limits(
        np.array([int(row["limit"]) * SPAN[row["limit_unit"]] for row in chosen], dtype=np.int64),
        np.array([row["limit_unit"] in WORKING for row in chosen]),
        np.array([row["self_handle"] == "yes" for row in chosen]),
        tuple(
            (
                i,
                seasons[row["season"]],
                int(row["season_limit"]) * SPAN[row["season_unit"]],
                row["season_unit"] in WORKING,
            )
            for i, row in enumerate(chosen)
            if row["season"]
        ),
    )


def decide(
    reported: Seconds,
    category: Indices,
    by_officer: NDArray[np.bool_],
    *,
    limit: Limits,
    now: int,
    rng: np.random.Generator,
) -> Fates:
    """The fate of each case, seen at a local time.

    Parameters
    ----------
    by_officer
        Whether a grid officer reported it.
    """
    count = len(reported)
    amount, working = limit.of(reported, category)
    at_once = by_officer & limit.at_once[category] & (rng.random(count) < AT_ONCE)
    share = _shares(at_once, rng)
    due = after(reported, amount, working)
    ended = after(reported, (amount * share).astype(np.int64), working)
    stops, stopped = _stop(reported, ended, due - reported, rng)
    ended = ended + stopped
    unhandled = _unhandled(rng.random(count))
    ended = np.where(unhandled >= 0, reported + (ended - reported) // 8 + 600, ended)
    stopped = np.where(unhandled >= 0, 0, stopped)
    state = _standing(reported, ended, stops, stopped, now)
    over = ended <= now
    state = np.where(over & (unhandled >= 0), unhandled, state)
    due = due + np.where(over | (stops + stopped <= now), stopped, 0)
    return Fates(due=due, closed=np.where(over, ended, NEVER), state=state)


def _shares(at_once: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """The share of its limit that each case takes."""
    count = len(at_once)
    in_time = np.minimum(
        rng.lognormal(np.log(ON_TIME), ON_TIME_SIGMA, count), 0.995 - 0.2 * rng.random(count)
    )
    late = 1.0 + rng.exponential(LATE_BY, count)
    share = np.where(rng.random(count) < LATE, late, in_time)
    return np.where(at_once, 0.02 + 0.1 * rng.random(count), share)


def _stop(
    reported: Seconds, ended: Seconds, allowed: Seconds, rng: np.random.Generator
) -> tuple[Seconds, Seconds]:
    """When each case is suspended, and for how many seconds; 0 for most."""
    count = len(reported)
    low, high = SUSPENDED_DAYS
    days = low + (high - low) * rng.random(count) ** 2
    chosen = (rng.random(count) < SUSPENDED) & (allowed >= SUSPENDABLE)
    begin = reported + ((ended - reported) * (0.3 + 0.4 * rng.random(count))).astype(np.int64)
    # Suspended before it is late: afterwards nobody grants it.
    begin = np.minimum(begin, reported + (allowed * 0.9).astype(np.int64))
    return begin, np.where(chosen, (days * DAY).astype(np.int64), 0)


def _unhandled(u: Floats) -> Indices:
    """The state of what ends without being handled, -1 for the rest."""
    edges = np.cumsum([DECLINED, VOID, MERGED])
    ends = [STATES.index(state) for state in (CaseState.DECLINED, CaseState.VOID, CaseState.MERGED)]
    return np.array([*ends, -1])[np.searchsorted(edges, u, side="right")]


def _standing(reported: Seconds, ended: Seconds, stops: Seconds, stopped: Seconds, now: int) -> Indices:
    """Where each case stands by the share of its time that has passed, whatever it will end as."""
    running = np.maximum(ended - stopped - reported, 1)
    passed = np.where(now >= stops + stopped, now - stopped, np.minimum(now, stops)) - reported
    stage = np.searchsorted(np.array(STAGES), passed / running, side="right")
    state = np.array([STATES.index(name) for name in OPEN])[stage]
    waiting = (stopped > 0) & (now >= stops) & (now < stops + stopped)
    state = np.where(waiting, STATES.index(CaseState.SUSPENDED), state)
    state = np.where(ended <= now, STATES.index(CaseState.CLOSED), state)
    return np.where(ended + ARCHIVED_AFTER <= now, STATES.index(CaseState.ARCHIVED), state)

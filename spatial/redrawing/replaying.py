"""Last year's cases replayed on a plan: the officers of each cell take them one by one, in their working hours."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatial.errors import DataError
from spatial.given import SHOWN, Numbers, numbers, one_of, positive, refuse_rows, whole
from spatial.grouping import cells_of, share, sums

FIRST = ("reported", "due")
HOURS_A_DAY = 24.0
ROUNDING_H = 1e-9
"""An hour so much late is rounding: a few microseconds."""

Queue = list[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of the cases; arrays in their order, then one row for each cell, by its code.

    Parameters
    ----------
    begun_at, done_at
        When work on a case began and ended: hours, or instants where instants were given.
    waited_hours
        Working hours from the report to the beginning.
    late
        Whether it was done after it was due.
    cells
        The codes of the cells.
    cases, missed, missed_share
        How many each had, how many of them late.
    mean_wait, most_wait
        Working hours.
    use
        Effort of its cases as a share of its officers' working hours between the first report of all and the last;
        above 1, it had more to do than could be done. NaN where all were reported at one instant.
    late_in_all, mean_wait_in_all, use_in_all
        The same over all cells.
    """

    begun_at: NDArray[Any]
    done_at: NDArray[Any]
    waited_hours: Numbers
    late: NDArray[np.bool_]
    cells: tuple[Hashable, ...]
    cases: NDArray[np.int64]
    missed: NDArray[np.int64]
    missed_share: Numbers
    mean_wait: Numbers
    most_wait: Numbers
    use: Numbers
    late_in_all: int
    mean_wait_in_all: float
    use_in_all: float


def replay(
    cell_of_case: Sequence[Hashable],
    reported_at: ArrayLike,
    due_at: ArrayLike,
    effort_hours: ArrayLike,
    *,
    officers: int | Mapping[Hashable, int],
    hours_per_day: float,
    first: str = "reported",
    opens_at: float = 8.0,
) -> Replayed:
    """Let the officers of each cell work off its cases.

    Parameters
    ----------
    cell_of_case
        The cell that each case lies in under the plan.
    reported_at, due_at
        Instants (datetime64, local time), or hours from a midnight.
    effort_hours
        Working hours that a case takes one officer, at least 0: data of the category.
    officers
        How many each cell has, at least 1.
    hours_per_day
        Working hours of a day, up to 24.
    first
        Which case a free officer takes: "reported", the one that was reported first; "due", the one that is due first.
    opens_at
        Hour of the day at which work begins.

    Raises
    ------
    DataError
        `not_instants`, `officers_missing`, `not_one_of`, `not_positive`, `not_within`, `other_count`, and what
        `numbers` raises.

    Notes
    -----
    A model for holding two plans beside each other under the same assumptions, no prediction. It assumes: every day
    is a working day with the same hours; officers work on the cases of their own cell alone, one at a time and without
    interruption but for the night; all are equally quick; ways take no time beyond the effort; a case can be begun as
    soon as it is reported. An event for each case and a heap for each cell: n log n. With one officer, reports by a
    Poisson process and equal efforts, the mean wait tends to that of M/D/1, ρE / 2(1 − ρ) (Pollaczek 1930, Khinchine
    1932). Of equal cases the one that stands first is taken.
    """
    effort = numbers("effort_hours", effort_hours, least=0)
    arrived, instants = _hours("reported_at", reported_at, len(effort))
    due, _ = _hours("due_at", due_at, len(effort))
    positive("hours_per_day", hours_per_day)
    if hours_per_day > HOURS_A_DAY or not 0 <= opens_at <= HOURS_A_DAY:
        raise DataError("not_within", name="hours_per_day", value=hours_per_day, least=0, most=HOURS_A_DAY)
    day = _Day(opens_at, hours_per_day)
    cells, cell = cells_of(cell_of_case, len(effort))
    servers = _officers(officers, cells)
    worked = day.worked(arrived)
    key = worked if one_of("first", first, FIRST) == "reported" else due
    begun = np.empty(len(effort))
    order = np.lexsort((np.arange(len(effort)), arrived, cell))
    for rows in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1) if len(order) else []:
        begun[rows] = _served(worked[rows], effort[rows], key[rows], servers[cell[rows[0]]])
    done = day.clock(begun + effort)
    late = done > due + ROUNDING_H
    waited = begun - worked
    count = np.bincount(cell, minlength=len(cells))
    missed = np.bincount(cell[late], minlength=len(cells))
    most = np.zeros(len(cells))
    np.maximum.at(most, cell, waited)
    work = sums(cell, effort, len(cells))
    time = np.array(servers, dtype=np.float64) * (float(np.ptp(worked)) if len(worked) else 0.0)
    return Replayed(
        _told(day.clock(begun, opening=True), instants), _told(done, instants), waited, late, cells, count, missed,
        share(missed.astype(float), count.astype(float)), share(sums(cell, waited, len(cells)), count.astype(float)),
        most, share(work, time), int(late.sum()), float(waited.mean()) if len(waited) else float("nan"),
        float(work.sum() / time.sum()) if time.sum() else float("nan"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Day:
    """Working hours, the same on every day."""

    opens_at: float
    hours: float

    def worked(self, clock: Numbers) -> Numbers:
        """Working hours from the first midnight up to an hour of the clock."""
        days = np.floor((clock - self.opens_at) / HOURS_A_DAY)
        within = np.clip(clock - self.opens_at - days * HOURS_A_DAY, 0, self.hours)
        return np.asarray(days * self.hours + within)

    def clock(self, worked: Numbers, *, opening: bool = False) -> Numbers:
        """The hour of the clock after so many working hours; what ends with a day ends on its evening, what begins
        then begins on the next morning."""
        days = np.floor(worked / self.hours) if opening else np.ceil(worked / self.hours) - 1
        return np.asarray(self.opens_at + days * HOURS_A_DAY + (worked - days * self.hours))


def _served(arrived: Numbers, effort: Numbers, key: Numbers, servers: int) -> Numbers:
    """When work on each case of a cell begins, in working hours; cases in the order of their reports."""
    begun = np.empty(len(arrived))
    free = [float(arrived[0])] * servers
    waiting: Queue = []
    came, takes, ranks = arrived.tolist(), effort.tolist(), key.tolist()
    upto, count, now = 0, len(came), came[0]
    for _ in range(count):
        now = max(now, free[0])
        if not waiting:
            now = max(now, came[upto])
        while upto < count and came[upto] <= now:
            heapq.heappush(waiting, (ranks[upto], upto))
            upto += 1
        _, case = heapq.heappop(waiting)
        begun[case] = now
        heapq.heapreplace(free, now + takes[case])
    return begun


def _hours(name: str, values: ArrayLike, count: int) -> tuple[Numbers, np.datetime64 | None]:
    """Hours from a midnight, and that midnight where instants were given."""
    given = np.asarray(values)
    if given.dtype == object:
        raise DataError("not_instants", name=name)
    if not np.issubdtype(given.dtype, np.datetime64):
        return numbers(name, given, count=count), None
    refuse_rows("not_finite", np.isnat(given), name=name)
    midnight = np.datetime64("1970-01-01T00:00:00")
    hours = (given.astype("datetime64[us]") - midnight) / np.timedelta64(1, "h")
    return numbers(name, hours, count=count), midnight


def _told(hours: Numbers, midnight: np.datetime64 | None) -> NDArray[Any]:
    if midnight is None:
        return hours
    return np.asarray(midnight + np.rint(hours * 3_600_000_000).astype("timedelta64[us]"))


def _officers(officers: int | Mapping[Hashable, int], cells: tuple[Hashable, ...]) -> list[int]:
    if not isinstance(officers, Mapping):
        return [whole("officers", officers, least=1)] * len(cells)
    missing = [cell for cell in cells if cell not in officers]
    if missing:
        raise DataError("officers_missing", count=len(missing), cells=tuple(missing[:SHOWN]))
    return [whole("officers", officers[cell], least=1) for cell in cells]

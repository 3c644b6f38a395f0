"""Cases replayed: small ones worked out by head, many beside the theory of queues."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.errors import DataError
from spatial.redrawing import replay

NEVER = 1e9


def clocked(cells: Any, reported: Any, due: Any, effort: Any, **more: Any) -> Any:
    """Replayed on days that are all work."""
    return replay(
        cells, reported, due, effort, officers=more.pop("officers", 1), hours_per_day=24, opens_at=0, **more
    )


def test_one_after_the_other() -> None:
    found = clocked(["a"] * 3, [0, 1, 10], [2, 3, NEVER], [2, 2, 1])
    assert found.begun_at.tolist() == [0, 2, 10] and found.done_at.tolist() == [2, 4, 11]
    assert found.waited_hours.tolist() == [0, 1, 0] and found.late.tolist() == [False, True, False]
    assert found.missed.tolist() == [1] and found.mean_wait.tolist() == [pytest.approx(1 / 3)]
    assert found.use.tolist() == [0.5] and found.most_wait.tolist() == [1]


def test_two_officers_and_two_that_come_at_once() -> None:
    found = clocked(["a"] * 4, [5, 5, 5, 6], [NEVER] * 4, [4, 1, 1, 1], officers=2)
    assert found.begun_at.tolist() == [5, 5, 6, 7]


def test_who_is_due_first() -> None:
    """All three wait at 1 for the one that is being worked on; work on it is not broken off."""
    given_ = ["a"] * 3, [0, 0.25, 0.5], [NEVER, 9, 2.5], [1, 2, 1]
    assert clocked(*given_).begun_at.tolist() == [0, 1, 3]
    due = clocked(*given_, first="due")
    assert due.begun_at.tolist() == [0, 2, 1] and not due.late.any()


def test_nights() -> None:
    """From 9 to 17: what is left in the evening goes on in the morning, and a night is no waiting."""
    found = replay(["a"] * 3, [16, 20, 34], [33, 34, 41], [2, 1, 7], officers=1, hours_per_day=8, opens_at=9)
    assert found.begun_at.tolist() == [16, 34, 35] and found.done_at.tolist() == [34, 35, 58]
    assert found.waited_hours.tolist() == [0, 1, 1] and found.late.tolist() == [True, True, True]
    evening = replay(["a"] * 2, [9, 9], [17, 41], [8, 8], officers=1, hours_per_day=8, opens_at=9)
    assert (
        evening.done_at.tolist() == [17, 41]
        and evening.begun_at.tolist() == [9, 33]
        and not evening.late.any()
    )


def test_instants_come_back_as_instants() -> None:
    reported = np.array(["2026-03-01T16:00", "2026-03-01T23:30"], dtype="datetime64[s]")
    found = replay(
        ["a", "b"], reported, reported, [3, 0.5], officers={"a": 1, "b": 2}, hours_per_day=8, opens_at=10
    )
    assert found.done_at.astype("datetime64[m]").tolist() == np.array(
        ["2026-03-02T11:00", "2026-03-02T10:30"], dtype="datetime64[m]"
    ).tolist()  # fmt: skip
    assert found.cells == ("a", "b") and found.cases.tolist() == [1, 1]


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_waits_as_the_theory_of_queues_says(load: float) -> None:
    """M/D/1: the mean wait is ρE / 2(1 − ρ). Four standard errors of the means of batches."""
    rng = np.random.default_rng(3)
    n = 120_000
    found = clocked(
        np.zeros(n, dtype=int), np.cumsum(rng.exponential(1, n)), np.full(n, NEVER), np.full(n, load)
    )
    batches = found.waited_hours.reshape(60, -1).mean(axis=1)
    error = batches.std(ddof=1) / np.sqrt(len(batches))
    assert abs(found.mean_wait_in_all - load * load / 2 / (1 - load)) < 4 * error
    assert found.use_in_all == pytest.approx(load, rel=0.02)


def one_by_one(cells: Any, reported: Any, due: Any, effort: Any, officers: int, first: str) -> list[float]:
    """The same by looking at every case that waits whenever somebody is free."""
    begun = [0.0] * len(cells)
    for cell in set(cells):
        waiting = [at for at in range(len(cells)) if cells[at] == cell]
        free = [min(reported[at] for at in waiting)] * officers
        while waiting:
            now = max(min(free), min(reported[at] for at in waiting))
            there = [at for at in waiting if reported[at] <= now]
            key = due if first == "due" else reported
            case = min(there, key=lambda at: (key[at], reported[at], at))
            begun[case] = now
            free[free.index(min(free))] = now + effort[case]
            waiting.remove(case)
    return begun


HOURS = st.integers(0, 20).map(float)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.sampled_from("ab"), HOURS, HOURS, HOURS), min_size=1, max_size=12),
    officers=st.integers(1, 3),
    first=st.sampled_from(["reported", "due"]),
)
def test_no_case_begins_otherwise_than_one_by_one(rows: Any, officers: int, first: str) -> None:
    cells, reported, due, effort = (list(column) for column in zip(*rows, strict=True))
    found = clocked(cells, reported, due, effort, officers=officers, first=first)
    assert found.begun_at.tolist() == one_by_one(cells, reported, due, effort, officers, first)


def test_a_hundred_thousand_cases_in_a_moment() -> None:
    rng = np.random.default_rng(0)
    n = 100_000
    reported = np.sort(rng.uniform(0, 8760, n))
    begin = time.perf_counter()
    cells, effort = rng.integers(0, 610, n), rng.uniform(0.5, 3, n)
    replay(cells, reported, reported + 48, effort, officers=1, hours_per_day=8, first="due")
    assert time.perf_counter() - begin < 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"effort_hours": [1, -1]}, "too_small"),
        ({"effort_hours": [1, float("nan")]}, "not_finite"),
        ({"due_at": [1]}, "other_count"),
        ({"reported_at": [None, 1]}, "not_instants"),
        ({"reported_at": np.array(["NaT", "2026-01-01"], dtype="datetime64[s]")}, "not_finite"),
        ({"officers": 0}, "not_within"),
        ({"officers": {"a": 1}}, "officers_missing"),
        ({"hours_per_day": 25}, "not_within"),
        ({"hours_per_day": 0}, "not_positive"),
        ({"first": "last"}, "not_one_of"),
    ],
)
def test_what_cannot_be_replayed(change: dict[str, Any], code: str) -> None:
    asked: dict[str, Any] = {
        "cell_of_case": ["a", "b"], "reported_at": [0, 1], "due_at": [2, 2], "effort_hours": [1, 1],
        "officers": 1, "hours_per_day": 8,
    }  # fmt: skip
    with pytest.raises(DataError) as raised:
        replay(**(asked | change))
    assert raised.value.code == code


def test_no_case() -> None:
    found = replay([], [], [], [], officers=1, hours_per_day=8)
    assert found.cells == () and found.late_in_all == 0 and np.isnan(found.mean_wait_in_all)

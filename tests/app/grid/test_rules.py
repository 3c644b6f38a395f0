"""Codes that nobody had, households that keep their sum, days that are left."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ConflictError
from app.grid.rules import apportion, days_left, new_codes

COMMUNITY = "530199001002"
FIRST = date(2026, 1, 1)


def codes(*numbers: int) -> set[str]:
    return {f"{COMMUNITY}{number:03d}" for number in numbers}


def test_codes_go_on_after_the_highest_and_fill_what_was_left_out_only_then() -> None:
    ask = {"old": f"{COMMUNITY}001", "extends_parent": True}
    assert new_codes(COMMUNITY, codes(1, 2, 7), 2, **ask) == (f"{COMMUNITY}008", f"{COMMUNITY}009")
    assert new_codes(COMMUNITY, codes(1, 998), 3, **ask) == (
        f"{COMMUNITY}999", f"{COMMUNITY}002", f"{COMMUNITY}003",
    )  # fmt: skip
    with pytest.raises(ConflictError, match="cell_codes_used_up"):
        new_codes(COMMUNITY, codes(*range(1, 999)), 2, **ask)


def test_codes_of_a_city_go_by_the_old_name() -> None:
    found = new_codes("boston", {"Back Bay", "Back Bay-1"}, 2, old="Back Bay", extends_parent=False)
    assert found == ("Back Bay-2", "Back Bay-3")


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_households_keep_their_sum_and_miss_their_share_by_less_than_one(
    total: int, weights: list[int]
) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_no_weight_shares_nothing_out() -> None:
    with pytest.raises(ValueError, match="0"):
        apportion(3, [0, 0])


def spans() -> st.SearchStrategy[tuple[date, date | None]]:
    first = st.integers(0, 30)
    return st.tuples(first, st.one_of(st.none(), st.integers(1, 15))).map(
        lambda one: (
            FIRST + timedelta(days=one[0]),
            None if one[1] is None else FIRST + timedelta(days=one[0] + one[1]),
        )
    )


@given(spans(), st.lists(spans(), max_size=5))
def test_days_that_are_left_are_those_that_nobody_has_taken(
    days: tuple[date, date | None], taken: list[tuple[date, date | None]]
) -> None:
    def holds(span: tuple[date, date | None], day: date) -> bool:
        return span[0] <= day and (span[1] is None or day < span[1])

    left = list(days_left(days, taken))
    for n in range(60):
        day = FIRST + timedelta(days=n)
        wanted = holds(days, day) and not any(holds(one, day) for one in taken)
        assert sum(holds(one, day) for one in left) == wanted
    assert all(last is None or first < last for first, last in left)

"""A row follows another: worked out by hand, day by day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.cases.rules.validity import Held, succeed


def day(number: int) -> date:
    return date(2026, 11, number)


TODAY = day(15)


def row(number: int, since: int, until: int | None, content: str = "a") -> Held:
    return Held(number, day(since), None if until is None else day(until), content)


@pytest.mark.parametrize(
    ("held", "since", "until", "content", "expected"),
    [
        ([], None, None, "a", (False, {}, [])),
        ([row(1, 1, None)], None, None, "a", (True, {}, [])),
        ([row(1, 1, None)], 1, None, "a", (True, {}, [])),
        ([row(1, 1, None)], None, None, "b", (False, {1: 15}, [])),
        ([row(1, 1, None)], 20, None, "b", (False, {1: 20}, [])),
        ([row(1, 15, None)], None, None, "b", (False, {1: 15}, [])),
        ([row(1, 20, None)], 18, None, "b", (False, {1: 20}, [])),
        ([row(1, 1, 10)], None, None, "b", (False, {}, [])),
        ([row(1, 1, None)], 18, 20, "b", (False, {1: 18}, [(1, 20, None)])),
        ([row(1, 1, 25)], 18, 20, "b", (False, {1: 18}, [(1, 20, 25)])),
        ([row(1, 1, 19)], 18, 20, "b", (False, {1: 18}, [])),
        ([row(1, 1, 18), row(2, 18, None)], 10, 20, "b", (False, {1: 10, 2: 18}, [(2, 20, None)])),
        ([row(1, 25, None)], 18, 20, "b", (False, {}, [])),
        ([row(1, 15, 15), row(2, 15, None)], None, None, "b", (False, {2: 15}, [])),
        ([row(1, 1, None)], None, 20, "a", (False, {1: 15}, [(1, 20, None)])),
    ],
)
def test_succession(
    held: list[Held], since: int | None, until: int | None, content: str, expected: tuple[Any, Any, Any]
) -> None:
    done = succeed(
        held, None if since is None else day(since), None if until is None else day(until), content, TODAY
    )
    ends = {number: end.day for number, end in done.ends.items()}
    tails = [(h.id, since.day, None if until is None else until.day) for h, since, until in done.tails]
    assert (done.same, ends, tails) == expected

"""抽查: drawn by chance, and the same for anybody who draws again."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from app.screens.rules.drawing import drawn

DAY = date(2026, 11, 27)
IDS = range(1, 101)


def test_the_same_day_and_account_draw_the_same() -> None:
    first = drawn(IDS, DAY, 5, 10)
    assert first == drawn(reversed(IDS), DAY, 5, 10)
    assert len(set(first)) == 10
    assert first != drawn(IDS, DAY, 6, 10)
    assert first != drawn(IDS, DAY + timedelta(days=1), 5, 10)


def test_what_was_looked_at_makes_room_and_moves_nothing_else() -> None:
    first = drawn(IDS, DAY, 5, 10)
    after = drawn([one for one in IDS if one != first[0]], DAY, 5, 10)
    assert after[:9] == first[1:]
    assert after[9] not in first


def test_fewer_than_asked_for_are_all_drawn() -> None:
    assert sorted(drawn([3, 1, 2], DAY, 5, 10)) == [1, 2, 3]
    assert drawn([], DAY, 5, 10) == []


def test_every_case_has_the_same_chance() -> None:
    counts = Counter(one for n in range(2000) for one in drawn(IDS, DAY + timedelta(days=n), 5, 10))
    assert set(counts) == set(IDS)
    # 200 expected of each, with a standard deviation of 13.4.
    assert min(counts.values()) > 140 and max(counts.values()) < 260

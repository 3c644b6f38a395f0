"""一页: who is named as the worst, and the drawing of the last days."""

from __future__ import annotations

from datetime import date, timedelta

from app.screens.rules.brief import LEAST_CASES, MOST_NAMED, trend, worst

FIRST = date(2026, 11, 14)


def place(number: int, open_: int, overdue: int) -> dict[str, int]:
    return {"id": number, "open": open_, "overdue": overdue}


def test_the_worst_have_the_greatest_share_and_enough_cases_to_compare() -> None:
    rows = [place(1, LEAST_CASES - 1, LEAST_CASES - 1), place(2, 40, 10), place(3, 200, 60), place(4, 30, 0)]
    named = worst(rows)
    assert [one["id"] for one in named] == [3, 2]
    assert named[0]["share"] == 0.3


def test_no_more_than_five_and_those_alike_by_how_many_are_late() -> None:
    rows = [place(n, 20 * n, 2 * n) for n in range(1, 9)]
    assert [one["id"] for one in worst(rows)] == [8, 7, 6, 5, 4]
    assert len(worst(rows)) == MOST_NAMED


def test_bars_and_points_are_on_one_scale_that_begins_at_nothing() -> None:
    days = [(FIRST + timedelta(days=n), n, 4 - n) for n in range(5)]
    drawing = trend(days, width=100, height=40, gap=0.5)
    assert drawing.most == 4
    assert [bar.height for bar in drawing.bars] == [0, 10, 20, 30, 40]
    assert [bar.closed_y for bar in drawing.bars] == [0, 10, 20, 30, 40]
    assert (drawing.bars[0].x, drawing.bars[0].width) == (5, 10)
    assert drawing.line == "10,0 30,10 50,20 70,30 90,40"
    assert all(bar.y + bar.height == 40 for bar in drawing.bars)


def test_days_without_cases_are_flat() -> None:
    flat = trend([(FIRST, 0, 0)], height=40)
    assert (flat.bars[0].height, flat.bars[0].closed_y, flat.most) == (0, 40, 0)
    assert trend([]).line == ""

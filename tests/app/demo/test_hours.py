"""Working time laid end to end is that of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from app.cases.rules.deadlines import due_at
from app.cases.rules.limits import Limit, LimitUnit
from app.cases.service.timetable import timetable
from app.demo.service.hours import Hours

START = datetime(2026, 1, 20, tzinfo=UTC)


@pytest.mark.parametrize("code", ["office", "sub_centre", "patrol"])
def test_so_much_work_later_is_when_the_rules_say_it_is_due(code: str) -> None:
    """Over Spring Festival with its make-up days, from instants inside and outside the hours."""
    calendar = timetable().calendars[code]
    hours = Hours(calendar, date(2026, 1, 1), date(2026, 12, 31))
    for step in range(400):
        begin = START + timedelta(minutes=97 * step)
        limit = Limit(Fraction(1 + step % 70, 4), LimitUnit.WORKING_HOURS)
        found = hours.after(int(begin.timestamp()), float(limit.amount) * 3600)
        assert found == int(due_at(calendar, begin, limit).timestamp()), begin


def test_no_work_at_all_is_the_next_second_of_work() -> None:
    hours = Hours(timetable().calendars["office"], date(2026, 3, 9), date(2026, 3, 20))
    saturday = int(datetime(2026, 3, 14, 3, 0, tzinfo=UTC).timestamp())
    monday = int(datetime(2026, 3, 16, 0, 0, 1, tzinfo=UTC).timestamp())
    assert hours.after(saturday, 0) == monday
    assert hours.worked(saturday) == hours.worked(saturday + 3600) == 5 * 8 * 3600

"""When simulated people are at work: a calendar laid end to end, so that an hour of work ahead is found at once.

By this they act; by when they have to is for the clocks of the rules to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from itertools import accumulate

from app.cases.rules.calendars import Calendar

ONE_DAY = timedelta(days=1)


class Hours:
    """The working time of a calendar from one day to another, in whole seconds since 1970."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
        spans = [span for day in days for span in calendar.day(day).spans]
        self.begins = [int(span.begin_at.timestamp()) for span in spans]
        self.ends = [int(span.end_at.timestamp()) for span in spans]
        lengths = (end - begin for begin, end in zip(self.begins, self.ends, strict=True))
        self.before = [0, *accumulate(lengths)]

    def worked(self, at: int) -> int:
        """Working seconds from the first day to an instant."""
        place = bisect_right(self.begins, at) - 1
        if place < 0:
            return 0
        return self.before[place] + min(at, self.ends[place]) - self.begins[place]

    def after(self, at: int, seconds: float) -> int:
        """The instant by which so much more has been worked; for no time the next at which somebody works."""
        wanted = self.worked(at) + max(int(seconds), 1)
        place = min(bisect_left(self.before, wanted) - 1, len(self.begins) - 1)
        return self.begins[place] + wanted - self.before[place]

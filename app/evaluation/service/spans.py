"""The bounds of a period."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.errors import InvalidError

LONGEST = timedelta(days=400)


def span(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """A period that can be counted.

    Raises
    ------
    InvalidError
        `period_unusable`: it does not begin before it ends, or is longer than 400 days.
    """
    if not since < until or until - since > LONGEST:
        raise InvalidError("period_unusable", since=since.isoformat(), until=until.isoformat())
    return since, until

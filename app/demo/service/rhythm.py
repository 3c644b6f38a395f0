"""When cases happen: how many on a day, of which category, from which source, at what hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cases.service import reference
from app.demo.service.draws import Floats, Indices, Table
from app.demo.service.office import DAY, day_number

YEARS = 2
GROWTH = 40.0
"""How many times as many cases come in at the end as at the beginning: from a pilot to the whole district."""

RESTLESS = 0.09
"""Spread of the days that nothing explains, as the sigma of a lognormal."""

STORM_DAYS = 0.22
"""Share of the rainy season's days that have heavy rain."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The rhythm of a span of days; days count from its first, categories and sources as their tables do."""

    first: int
    shares: Floats
    by_day: Table
    by_week: Table
    by_hour: Table
    sources: int
    last_hour: float

    def times(self, days: Indices, rng: np.random.Generator) -> tuple[Indices, Indices, Indices]:
        """Local seconds, category and source of one case a row, in the order of time.

        Parameters
        ----------
        days
            Day of each case, ascending.
        """
        category = self.by_day.draw(days, rng.random(len(days)))
        weekday = (self.first + days) % 7
        source = self.by_week.draw(category * 7 + weekday, rng.random(len(days)))
        row = category * self.sources + source
        u = rng.random(len(days))
        on_last = days == len(self.shares) - 1
        u = np.where(on_last, u * self.by_hour.share_until(self.last_hour)[row], u)
        hour = self.by_hour.draw_within(row, u)
        local = (self.first + days) * DAY + (hour * 3600).astype(np.int64)
        order = np.argsort(local, kind="stable")
        return local[order], category[order], source[order]


def span(until: date) -> tuple[date, int]:
    """The first of the days and how many they are: two years, the last day included."""
    after = until + timedelta(days=1)
    leap = (after.month, after.day) == (2, 29)
    first = after.replace(year=after.year - YEARS, day=28 if leap else after.day)
    return first, (until - first).days + 1


def rhythm(
    categories: Sequence[str], until: date, rng: np.random.Generator, now: datetime | None = None
) -> Rhythm:
    """The rhythm of some categories over two years.

    Parameters
    ----------
    now
        The district's own time, naive, on the last day; nothing is reported after it. None: the day is over.
    """
    first, days = span(until)
    rows = _by_code(reference("category_rhythms"), "category", categories)
    sources = reference("source_rhythms")
    shares = _source_shares(categories, sources)
    week = np.array([[1.0] * 5 + [float(s["saturday"]), float(s["sunday"])] for s in sources])
    weights = np.array([float(row["weight"]) for row in rows]) * _seasons(categories, first, days, rng, rows)
    weekday = (day_number(first) + np.arange(days)) % 7
    weights *= (shares @ week).T[weekday]
    weights *= GROWTH ** (np.arange(days) / days)[:, None]
    weights *= rng.lognormal(0.0, RESTLESS, days)[:, None]
    by_hour = Table(_hours(rows, sources))
    last_hour = 24.0 if now is None else now.hour + now.minute / 60
    seen = (by_hour.share_until(last_hour).reshape(len(rows), -1) * shares).sum(axis=1)
    totals = weights.sum(axis=1)
    totals[-1] = (weights[-1] * seen).sum()
    return Rhythm(
        first=day_number(first),
        shares=totals / totals.sum(),
        by_day=Table(weights),
        by_week=Table((shares[:, None, :] * week.T[None, :, :]).reshape(len(rows) * 7, -1)),
        by_hour=by_hour,
        sources=len(sources),
        last_hour=last_hour,
    )


def _by_code(rows: Sequence[Row], field: str, codes: Sequence[str]) -> list[Row]:
    found = {row[field]: row for row in rows}
    return [found[code] for code in codes]


def _source_shares(categories: Sequence[str], sources: Sequence[Row]) -> Floats:
    weights = np.array([float(source["weight"]) for source in sources])
    fits = np.array(
        [[code.startswith(tuple(source["reports"].split())) for source in sources] for code in categories]
    )
    shares: Floats = fits * weights
    return shares / shares.sum(axis=1, keepdims=True)


def _hours(rows: Sequence[Row], sources: Sequence[Row]) -> Floats:
    profiles = {
        row["code"]: np.array([float(row[f"h{hour:02}"]) for hour in range(24)])
        for row in reference("hour_profiles")
    }
    what = np.array([profiles[row["hours"]] for row in rows])
    who = np.array([profiles[row["hours"]] for row in sources])
    return (what[:, None, :] * who[None, :, :]).reshape(-1, 24)


def in_season(season: Row, days: Sequence[date]) -> NDArray[np.bool_]:
    """Whether each day is in a season; one that begins later in the year than it ends goes over the new year."""
    begin, end = season["begin"], season["end"]
    marks = [f"{day:%m-%d}" for day in days]
    if begin <= end:
        return np.array([begin <= mark <= end for mark in marks])
    return np.array([mark >= begin or mark <= end for mark in marks])


def _seasons(
    categories: Sequence[str], first: date, days: int, rng: np.random.Generator, rows: Sequence[Row]
) -> Floats:
    dates = [first + timedelta(days=day) for day in range(days)]
    on = {season["code"]: in_season(season, dates) for season in reference("seasons")}
    column = {code: i for i, code in enumerate(categories)}
    factors = np.ones((days, len(categories)))
    for effect in reference("season_effects"):
        if effect["category"] in column:
            factors[on[effect["season"]], column[effect["category"]]] *= float(effect["factor"])
    rain = np.where(rng.random(days) < STORM_DAYS, rng.gamma(2.0, 0.5, days), 0.0) * on.get("rain", 0.0)
    storm = np.array([float(row["storm"]) for row in rows])
    result: Any = factors * np.maximum(1.0 + (storm - 1.0) * rain[:, None], 0.1)
    return result

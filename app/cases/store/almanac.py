"""Calendars as the reference data write them, with the announced holidays 法定节假日 of the library.

The library `chinesecalendar` holds the State Council's notices 放假通知 day by day, make-up days 调休 among them, and
no year that is not announced.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from chinese_calendar import constants

from app.cases.rules.calendars import Calendar, DayOverride, NamedDay
from app.cases.rules.opening import WEEKDAYS, DayHours, Season, WeekHours, checked, parse_hours
from app.errors import InvalidError, UnavailableError
from app.settings import ROOT

FOLDER = ROOT / "data" / "reference"
EVERY = "*"
"""In `calendar_days.csv`: every calendar that follows a country's holidays."""

LAST_SURE = (12, 24)
"""The last week of a year belongs to the notice of the next one: that of 2019 settled 29 to 31 December 2018."""

Row = dict[str, str]
Numbered = tuple[int, Row]


@dataclass(frozen=True, slots=True)
class KnownDays:
    """What is announced: days off, days worked in exchange, and the last day of which that can be said.

    `known_until` is None where no holidays are followed.
    """

    holidays: tuple[NamedDay, ...] = ()
    make_up_days: tuple[NamedDay, ...] = ()
    known_until: date | None = None


def known_days(country: str, years: Iterable[int] | None = None) -> KnownDays:
    """The announced holidays of a country.

    Parameters
    ----------
    country
        ISO 3166 code; `CN` is known. Empty for no holidays at all.
    years
        Years to look at; those that nobody has announced have none. None for all.

    Raises
    ------
    InvalidError
        `country_unknown`.
    """
    if not country:
        return KnownDays()
    if country != "CN":
        raise InvalidError("country_unknown", value=country)
    wanted = None if years is None else set(years)
    last = max(day.year for day in constants.holidays)
    return KnownDays(
        _named(constants.holidays, wanted), _named(constants.workdays, wanted), date(last, *LAST_SURE)
    )


@cache
def calendars(folder: Path = FOLDER) -> Mapping[str, Calendar]:
    """The calendars of `calendars.csv`, by code; read once a process.

    Parameters
    ----------
    folder
        Where the files are: `calendars.csv`, `calendar_hours.csv`, and `calendar_days.csv` where there is one.

    Raises
    ------
    InvalidError
        `calendar_row_unusable`: a row that cannot be read, by its number; `country_unknown`.
    UnavailableError
        `reference_missing`.
    """
    return from_rows(
        list(_rows(folder / "calendars.csv")),
        list(_rows(folder / "calendar_hours.csv")),
        list(_rows(folder / "calendar_days.csv", optional=True)),
    )


def from_rows(
    rows: Sequence[Numbered], hours: Sequence[Numbered], days: Sequence[Numbered]
) -> dict[str, Calendar]:
    """Calendars by code, from the rows of the three tables, each with its number; of one code the last row counts.

    Raises
    ------
    InvalidError
        `calendar_row_unusable`: a row that cannot be read, by its number; `country_unknown`.
    """
    weeks = _weeks(hours)
    found = {}
    for number, row in rows:
        with _naming("calendars", number):
            known = known_days(row["country"])
            until = date.fromisoformat(row["known_until_on"]) if row["known_until_on"] else known.known_until
            names = {row["code"], EVERY} if row["country"] else {row["code"]}
        worked, settled = _settled([(line, day) for line, day in days if day.get("calendar") in names])
        with _naming("calendars", number):
            found[row["code"]] = Calendar(
                row["code"],
                row["zone"],
                weeks[row["code"]],
                known.holidays,
                known.make_up_days + worked,
                settled,
                until,
            )
    return found


def _named(days: Mapping[date, str], years: set[int] | None) -> tuple[NamedDay, ...]:
    return tuple(
        NamedDay(day, constants.Holiday(value).chinese, value)
        for day, value in sorted(days.items())
        if years is None or day.year in years
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """Hours of some weekdays, from a day to the day after their last."""

    weekdays: tuple[int, ...]
    hours: DayHours
    since: date
    until: date


def _weeks(rows: Sequence[Numbered]) -> Mapping[str, tuple[WeekHours, ...]]:
    """The weeks of each calendar; seasonal ones come first, since of those that hold on a day the first is taken."""
    read: dict[tuple[str, str, str], list[_Span]] = {}
    for number, row in rows:
        with _naming("calendar_hours", number):
            key = (row["calendar"], row["season_begin"], row["season_end"])
            if key[1] or key[2]:
                Season.parse(key[1], key[2])
            since, until = _validity(row)
            span = _Span(tuple(_weekdays(row["weekdays"])), parse_hours(row["hours"]), since, until)
            read.setdefault(key, []).append(span)
    found: dict[str, tuple[WeekHours, ...]] = {}
    for key in sorted(read, key=lambda key: (key[0], not key[1], key)):
        with _naming("calendar_hours", next(n for n, row in rows if row["calendar"] == key[0])):
            found[key[0]] = (*found.get(key[0], ()), *_in_time(key, read[key]))
    return found


def _in_time(key: tuple[str, str, str], spans: Sequence[_Span]) -> Iterator[WeekHours]:
    """A week for each stretch of time in which no hours change; a weekday has those of the rows that began last."""
    season = Season.parse(key[1], key[2]) if key[1] or key[2] else None
    days = sorted({day for span in spans for day in (span.since, span.until)})
    for begin, end in pairwise(days):
        held = [span for span in spans if span.since <= begin < span.until]
        if held:
            week = tuple(_of_day(weekday, held) for weekday in range(WEEKDAYS))
            yield WeekHours(
                week,
                season,
                None if begin == date.min else begin,
                None if end == date.max else end - timedelta(days=1),
            )


def _of_day(weekday: int, held: Iterable[_Span]) -> DayHours:
    found = [span for span in held if weekday in span.weekdays]
    last = max((span.since for span in found), default=None)
    return checked(tuple(hours for span in found if span.since == last for hours in span.hours))


def _validity(row: Row) -> tuple[date, date]:
    since, until = row.get("valid_from_on"), row.get("valid_to_on")
    return (
        date.fromisoformat(since) if since else date.min,
        date.fromisoformat(until) if until else date.max,
    )


def _weekdays(text: str) -> Iterator[int]:
    """`1-5` or `6 7`: Monday is 1; given back from 0."""
    for part in text.split():
        first, _, last = part.partition("-")
        numbers = range(int(first), int(last or first) + 1)
        if not numbers or not {*numbers} <= {*range(1, WEEKDAYS + 1)}:
            raise ValueError(text)
        yield from (number - 1 for number in numbers)


def _settled(rows: Iterable[Numbered]) -> tuple[tuple[NamedDay, ...], tuple[DayOverride, ...]]:
    """Single days: those that are open at the hours of a normal weekday, and those with hours of their own.

    A row counts if it holds on its day: withdrawn before, it never was; withdrawn later, the day was as it said.
    """
    worked, settled = [], []
    for number, row in rows:
        with _naming("calendar_days", number):
            on, names = date.fromisoformat(row["on"]), (row["name"], row["name_en"])
            since, until = _validity(row)
            if not since <= on < until:
                continue
            if row["state"] not in {"open", "closed"} or (row["state"] == "closed" and row["hours"]):
                raise ValueError(row["state"])
            if row["state"] == "open" and not row["hours"]:
                worked.append(NamedDay(on, *names))
            else:
                settled.append(DayOverride(on, parse_hours(row["hours"]), *names))
    return tuple(worked), tuple(settled)


def _rows(path: Path, *, optional: bool = False) -> Iterator[Numbered]:
    """Rows with their line, from 2 on; spaces around a field do not count."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                yield number, {name: (value or "").strip() for name, value in row.items() if name}
    except FileNotFoundError as error:
        if not optional:
            raise UnavailableError("reference_missing", path=str(path)) from error


@contextmanager
def _naming(table: str, number: int) -> Iterator[None]:
    """Whatever is wrong with a row is said with its file and its line."""
    try:
        yield
    except (KeyError, ValueError, InvalidError) as error:
        raise InvalidError("calendar_row_unusable", path=f"{table}.csv", row=number) from error

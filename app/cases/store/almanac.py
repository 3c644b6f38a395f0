"""Calendars as the reference data write them, with the announced holidays 法定节假日 of the library.

The library `chinesecalendar` holds the State Council's notices 放假通知 day by day, make-up days 调休 among them, and
no year that is not announced.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

from chinese_calendar import constants

from app.cases.rules.calendars import Calendar, DayOverride, NamedDay
from app.cases.rules.opening import WEEKDAYS, DayHours, Season, WeekHours, parse_hours
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
    weeks = _weeks(folder / "calendar_hours.csv")
    days = list(_rows(folder / "calendar_days.csv", optional=True))
    path = folder / "calendars.csv"
    found = {}
    for number, row in _rows(path):
        with _naming(path, number):
            known = known_days(row["country"])
            until = date.fromisoformat(row["known_until_on"]) if row["known_until_on"] else known.known_until
            names = {row["code"], EVERY} if row["country"] else {row["code"]}
        own = [(line, day) for line, day in days if day.get("calendar") in names]
        worked, settled = _settled(folder / "calendar_days.csv", own)
        with _naming(path, number):
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


def _weeks(path: Path) -> Mapping[str, tuple[WeekHours, ...]]:
    """Rows of one calendar, season and validity make one week; seasonal ones come first."""
    keys = ("calendar", "season_begin", "season_end", "valid_from_on", "valid_to_on")
    read: list[tuple[tuple[str, ...], Numbered]] = []
    for number, row in _rows(path):
        with _naming(path, number):
            read.append((tuple(row[key] for key in keys), (number, row)))
    # Of weeks that hold on one day the first is taken: a season before the whole year, new hours before old ones.
    read.sort(key=lambda item: item[0])
    read.sort(key=lambda item: item[0][3], reverse=True)
    read.sort(key=lambda item: (item[0][0], not item[0][1]))
    found: dict[str, tuple[WeekHours, ...]] = {}
    for key, group in groupby(read, key=lambda item: item[0]):
        week = _week(path, key, [numbered for _, numbered in group])
        found[key[0]] = (*found.get(key[0], ()), week)
    return found


def _week(path: Path, key: tuple[str, ...], rows: list[Numbered]) -> WeekHours:
    days: list[DayHours] = [()] * WEEKDAYS
    _, begin, end, since, until = key
    for number, row in rows:
        with _naming(path, number):
            hours = parse_hours(row["hours"])
            for weekday in _weekdays(row["weekdays"]):
                days[weekday] += hours
    with _naming(path, rows[0][0]):
        return WeekHours(
            tuple(days),
            Season.parse(begin, end) if begin or end else None,
            date.fromisoformat(since) if since else None,
            date.fromisoformat(until) if until else None,
        )


def _weekdays(text: str) -> Iterator[int]:
    """`1-5` or `6 7`: Monday is 1; given back from 0."""
    for part in text.split():
        first, _, last = part.partition("-")
        numbers = range(int(first), int(last or first) + 1)
        if not numbers or not {*numbers} <= {*range(1, WEEKDAYS + 1)}:
            raise ValueError(text)
        yield from (number - 1 for number in numbers)


def _settled(path: Path, rows: list[Numbered]) -> tuple[tuple[NamedDay, ...], tuple[DayOverride, ...]]:
    """Days of the file: those that are open at the hours of a normal weekday, and those with hours of their own."""
    worked, settled = [], []
    for number, row in rows:
        with _naming(path, number):
            on, names = date.fromisoformat(row["on"]), (row["name"], row["name_en"])
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
def _naming(path: Path, number: int) -> Iterator[None]:
    """Whatever is wrong with a row is said with its file and its line."""
    try:
        yield
    except (KeyError, ValueError, InvalidError) as error:
        raise InvalidError("calendar_row_unusable", path=path.name, row=number) from error

"""The world of a simulated district, found in its database: conditions and calendars as they are edited there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from app.cases import store as cases
from app.cases.rules.conditions import Condition
from app.cases.rules.opening import Season
from app.cases.service import categories, reference
from app.cases.service.timetable import timetable_of
from app.cases.store import conditions
from app.demo.service.cast import cast
from app.demo.service.pictures import pictures
from app.demo.service.rhythm import span
from app.demo.service.world import Terms, World
from app.staffing.service import add_reference_units

OWNERS = ("drainage", "water_supply", "telecoms", "power", "gas")
"""Units that own what stands in the streets."""

REMEMBERED = timedelta(days=30)
"""Texts and pictures of cases that ended longer ago are forgotten: of a million cases they would be half the size."""


def scene(connection: Connection, district: Row[Any], until: date, now: datetime, seed: int) -> World:
    """The world in which cases are played.

    Raises
    ------
    UnavailableError
        As `reference`, `pictures`.
    """
    units = add_reference_units(connection, district.id, simulated=True)
    since = span(until)[0] - timedelta(days=2)
    people = cast(connection, district.id, since)
    before, after = pictures(connection, _photographer(people.district), district.timezone)
    seasons = {row["code"]: Season.parse(row["begin"], row["end"]) for row in reference("seasons")}
    terms: dict[str, Terms] = {}
    default: dict[str, int | None] = {}
    codes = _codes(connection, district.id)
    for row in conditions.conditions(connection, district.id):
        code = codes[row.category_id]
        if code not in terms:
            terms[code] = _terms(connection, district.id, row, seasons)
            default[code] = units.get(row.default_unit)
    return World(
        terms=terms,
        units=default,
        owners=[units[code] for code in OWNERS if code in units],
        cast=people,
        table=timetable_of(connection, district.id),
        before=before,
        after=after,
        timezone=district.timezone,
        since=since,
        now=now,
        remembered_from=now - REMEMBERED,
        seed=seed,
    )


def _photographer(people: Any) -> int:
    account = people["inspector"][0].account
    assert account is not None  # the cast have accounts
    return int(account)


def _codes(connection: Connection, district_id: int) -> dict[int, str]:
    ids = cases.category_ids(connection, district_id)
    return {ids[str(row["code"])]: str(row["code"]) for row in categories() if row["code"] in ids}


def _terms(connection: Connection, district_id: int, row: Row[Any], seasons: dict[str, Season]) -> Terms:
    def on(season: bool) -> Condition:
        found = conditions.condition(connection, district_id, row.number, season=season)
        assert found is not None  # its row was just read
        return found

    season = seasons.get(row.season)
    return Terms(on(False)) if season is None else Terms(on(False), season, on(True))

"""What simulated people know when they act: conditions, units, each other, calendars, pictures, phrases."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from app.cases.rules.conditions import Condition
from app.cases.rules.deciding import Asker
from app.cases.rules.loops import Loop
from app.cases.rules.opening import Season
from app.cases.rules.timing import OFFICE, Timetable
from app.cases.service import reference
from app.demo.service.hours import Hours


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts: account, post, and what the rules ask about them."""

    account: int | None
    post: int | None
    asker: Asker


PLATFORM = Person(None, None, Asker(None, platform=True))
NOBODY = Person(None, None, Asker(None))
"""A resident who has no account."""

People = Mapping[str, Sequence[Person]]
"""By role."""


@dataclass(frozen=True, slots=True)
class Place:
    """The people of an area, from its number to its last one, and the unit that answers for it."""

    first: int
    last: int
    people: People
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who there is: of the district, of each subdistrict and community in the order of their numbers, of each unit."""

    district: People
    subdistricts: Sequence[Place]
    communities: Sequence[Place]
    units: Mapping[int, People]
    command: int

    def subdistrict(self, area_no: int) -> Place | None:
        """The subdistrict in which an area lies."""
        return _within(self.subdistricts, area_no)

    def community(self, area_no: int) -> Place | None:
        """The community in which an area lies."""
        return _within(self.communities, area_no)


def _within(places: Sequence[Place], area_no: int) -> Place | None:
    at = bisect_right(places, area_no, key=lambda place: place.first) - 1
    return places[at] if at >= 0 and area_no <= places[at].last else None


@dataclass(frozen=True, slots=True)
class Terms:
    """The condition of a category: as it usually is, and as it is in its season."""

    usual: Condition
    season: Season | None = None
    seasonal: Condition | None = None

    def on(self, day: date) -> Condition:
        """The condition as it is on a day."""
        if self.season is not None and self.seasonal is not None and self.season.holds(day):
            return self.seasonal
        return self.usual


def spoken() -> dict[str, list[str]]:
    """What simulated people say, by kind, or by the step that it belongs to."""
    found: dict[str, list[str]] = {}
    for row in reference("phrases"):
        found.setdefault(row["of"] if row["kind"] == "phrase" else row["kind"], []).append(row["text"])
    return found


@dataclass(frozen=True)
class World:
    """Everything that a case is played with.

    Parameters
    ----------
    terms, units
        By the code of a category: its condition, and the unit that handles it, None where that is the territory's own.
    owners
        Units of which one owns what has to be found out, such as a manhole cover.
    before, after
        Ids of pictures.
    now
        When the play is looked at: nothing happens after it.
    remembered_from
        Texts and pictures of cases that ended before are forgotten, as retention would have it: their hashes stay.
    """

    terms: Mapping[str, Terms]
    units: Mapping[str, int | None]
    owners: Sequence[int]
    cast: Cast
    table: Timetable
    before: Sequence[int]
    after: Sequence[int]
    timezone: str
    since: date
    now: datetime
    remembered_from: datetime
    seed: int
    phrases: Mapping[str, Sequence[str]] = field(default_factory=spoken)

    @cached_property
    def hours(self) -> Mapping[str, Hours]:
        """The working hours of desks, by loop, of offices and of patrols."""
        last = self.now.date().replace(year=self.now.year + 1, day=1)
        codes = {
            **{loop.value: code for loop, code in self.table.desks.items()},
            OFFICE: OFFICE,
            "patrol": "patrol",
        }
        return {name: Hours(self.table.calendars[code], self.since, last) for name, code in codes.items()}

    @property
    def zone(self) -> ZoneInfo:
        """The district's time."""
        return ZoneInfo(self.timezone)


LOOPS: Mapping[str, Loop] = {
    "grid_officer": Loop.COMMUNITY,
    "building_head": Loop.COMMUNITY,
    "resident_code": Loop.COMMUNITY,
    "supervisor": Loop.SUBDISTRICT,
    "recheck": Loop.SUBDISTRICT,
}
"""With whose desk a report of a source begins; that of all others with the district's."""

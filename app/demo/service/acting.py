"""Who acts in a simulated case, and when: drawn for each case, the same whatever the others do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from app.cases.rules.conditions import OWNER
from app.cases.rules.deciding import MoveError
from app.cases.rules.limits import LimitUnit
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Move
from app.demo.service.game import Game, Report
from app.demo.service.shares import DAY, HOUR, MINUTE, OFFICE_DAY
from app.demo.service.world import Person, Place, World

ACCEPTORS = {
    Loop.COMMUNITY: "community_desk", Loop.SUBDISTRICT: "subcentre_operator", Loop.DISTRICT: "acceptor",
}  # fmt: skip
DISPATCHERS = {
    Loop.COMMUNITY: "community_desk", Loop.SUBDISTRICT: "subcentre_operator", Loop.DISTRICT: "dispatcher",
}  # fmt: skip


class Acting:
    """Who does something with a case, when, and with what.

    Parameters
    ----------
    draws
        Numbers in [0, 1), enough of them.
    share
        How much of its limit the handling takes.
    twin
        The case of the category that was reported last before; None where there is none.
    """

    def __init__(
        self,
        world: World,
        game: Game,
        draws: Iterator[float],
        share: float,
        twin: Report | None,
        category: str,
    ) -> None:
        self.world, self.hours, self.game, self.share, self.twin = world, world.hours, game, share, twin
        self.draw = draws.__next__
        self.terms, self.own_unit = world.terms[category], world.units[category]
        self.place = world.cast.community(game.report.area_no)
        self.street = world.cast.subdistrict(game.report.area_no)
        self.unit = 0

    def of_loop(self, roles: Mapping[Loop, str]) -> Person:
        """Somebody of the desk of the case's loop."""
        loop = self.game.case.loop
        return self.one(self._people(loop)[roles[loop]])

    def _people(self, loop: Loop) -> Mapping[str, Sequence[Person]]:
        place: Place | None = {Loop.COMMUNITY: self.place, Loop.SUBDISTRICT: self.street}.get(loop)
        return self.world.cast.district if place is None else place.people

    def one(self, people: Sequence[Person]) -> Person:
        """One of some people: always the same one for a case, so that nobody checks what they have done."""
        return people[self.game.report.id % len(people)]

    @property
    def acceptor(self) -> Person:
        """Whose desk it is."""
        return self.of_loop(ACCEPTORS)

    @property
    def dispatcher(self) -> Person:
        """Who gives it to units."""
        return self.of_loop(DISPATCHERS)

    @property
    def head(self) -> Person:
        """Who is above the desk."""
        if self.game.case.loop is Loop.DISTRICT or self.street is None:
            return self.one(self.world.cast.district["duty_officer"])
        return self.one(self.street.people["subcentre_head"])

    def patrol(self, number: int = 0) -> Person:
        """Somebody who goes there: an officer, outside communities an inspector; another one for another number."""
        people = (
            self.world.cast.district["inspector"] if self.place is None else self.place.people["grid_officer"]
        )
        return people[(self.game.report.id + number) % len(people)]

    @property
    def desk_of_unit(self) -> Person:
        """Who signs for the unit."""
        return self.world.cast.units[self.unit]["unit_dispatcher"][0]

    @property
    def crew(self) -> Person:
        """Who does the work."""
        return self.one(self.world.cast.units[self.unit]["handler"])

    # When, and with what

    @property
    def now(self) -> int:
        """When the last move was made."""
        return self.game.at

    def within(self, minutes: float, name: str | None = None) -> int:
        """So many minutes of work later on average, by the desk of the loop or other hours."""
        return self.hours[name or self.game.case.loop.value].after(self.now, self.wait(minutes))

    def wait(self, minutes: float) -> float:
        """A waiting time in seconds, as the next of many that come by chance."""
        return -math.log(1.0 - self.draw()) * minutes * MINUTE + 20

    def words(self, kind: str) -> str:
        """Something that people say."""
        found = self.world.phrases[kind]
        return found[int(self.draw() * len(found))]

    def picture(self, *, after: bool) -> list[int]:
        """A picture."""
        found = self.world.after if after else self.world.before
        return [found[self.game.report.id % len(found)]]

    def move(
        self, who: Person, move: Move, at: int, given: Mapping[str, Any] | None = None, **facts: Any
    ) -> None:
        """As `Game.move`."""
        self.game.move(who, move, at, given, **facts)

    def attempt(self, who: Person, move: Move, at: int, given: Mapping[str, Any]) -> bool:
        """A move for which it may be too late by then; whether it was made."""
        try:
            self.game.move(who, move, at, given)
        except MoveError:
            return False
        return True

    @cached_property
    def limit_s(self) -> float:
        """The limit in seconds of work, or of the wall where it runs day and night."""
        limit = self.game.limit
        unit = {
            LimitUnit.WORKING_DAYS: OFFICE_DAY, LimitUnit.WORKING_HOURS: HOUR,
            LimitUnit.URGENT_HOURS: HOUR, LimitUnit.CALENDAR_DAYS: DAY,
        }[limit.unit]  # fmt: skip
        return float(limit.amount) * unit

    @property
    def long(self) -> float:
        """The limit in days of the office."""
        wall = self.game.limit.unit is LimitUnit.CALENDAR_DAYS
        return self.limit_s / (DAY if wall else OFFICE_DAY)

    def reach(self, share: float) -> int:
        """When the unit has used such a share of the limit since it was given the case, or since the clock went on."""
        seconds = max(share - self.used, 0.0) * self.limit_s
        if self.game.limit.unit.by_hours:
            return self.hours["office"].after(self.begun, seconds)
        return int(self.begun + seconds)

    def _unit_for(self, default: str) -> int:
        if default == OWNER and self.world.owners:
            return self.world.owners[self.game.report.id % len(self.world.owners)]
        territory = self.street.unit if self.street is not None else None
        return self.own_unit or territory or self.world.cast.command

    def _given_to(self, unit: int) -> None:
        self.unit, self.begun, self.used = unit, self.now, 0.0

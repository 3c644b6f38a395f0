"""The paths of simulated cases through the table: who does what when is drawn; what comes of it the rules say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from app.cases.rules.conditions import OWNER, Risk
from app.cases.rules.deciding import REOPENING, MoveError
from app.cases.rules.limits import LimitUnit
from app.cases.rules.loops import ORDER, Loop, below
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState
from app.demo.service.game import Game, Report, instant
from app.demo.service.world import LOOPS, NOBODY, PLATFORM, Person, Place, World

MINUTE, HOUR, DAY = 60, 3_600, 86_400
OFFICE_DAY = 8 * HOUR
SOON = 3 * DAY
"""Only what was reported as short a time ago is taken for the same."""

DECLINED, VOID, MERGED = 0.025, 0.006, 0.012
"""Shares that end without being handled."""

LATE, LATE_BY = 0.045, 1.0
"""Share that overruns its limit, and by how much of it on average."""

ON_TIME, ON_TIME_SIGMA = 0.68, 0.45
"""Median share of the limit that the others take, as a lognormal, and its sigma."""

AT_ONCE = 0.45
"""Share of what a grid officer may handle on the spot and does."""

CONFIRMED, FALSE = 0.15, 0.1
"""Shares of what residents and hotlines tell that is looked at first, and of those that are not so."""

ORDERED = 0.25
"""Share of severe and serious dangers that go out by telephone first 先处置后补录."""

ONE_KEY = 0.3
"""Share that is accepted, registered and dispatched with one key."""

ESCALATED, DELEGATED = 0.015, 0.35
"""Shares of lower loops' cases that go up, and of hotlines' cases that go down to the subdistrict."""

RETURNED, UPHELD, TWICE = 0.035, 0.55, 0.2
"""Shares that are sent back, of those that are upheld, and of those that the next unit sends back as well."""

HELPED = 0.012
EXTENDED, GRANTED = 0.05, 0.8
"""Shares of cases of a day and more for which more time is asked, and of those that get it."""

SUSPENDED, SUSPENDED_DAYS = 0.05, (10, 240)
"""Share of cases of two days and more that are suspended 挂账, for how many days."""

REWORKED = 0.045
REMINDED, SUPERVISED = 0.3, 0.3
"""Shares of late cases that somebody is reminded of 催办, and of very late ones that are taken up above 督办."""

CALLED_BACK, SOLVED, SATISFIED = 0.4, 0.93, 0.87
"""Shares of residents' cases that are called back, of those that call it solved, and that are satisfied."""

REOPENED, APPEALED, FORCED = 0.008, 0.003, 0.04
"""Shares of closed cases that come back, that a unit appeals against; of suspended ones that are closed by force."""

TOLD_BY_PEOPLE = frozenset({"hotline_12345", "hotline_12319", "resident_code", "building_head", "media"})
ANSWERED = frozenset({"hotline_12345", "hotline_12319", "higher_platform"})
"""Sources that have to be answered 答复来源."""

DONE = ("已到场处理，现场恢复，照片附后。", "已处置完毕，请核查。", "已整改到位，照片附后。")
AGREED, OTHERWISE = "同意。", "不同意，请按期办理。"
WHY_UP, WHY_DOWN = "超出本级处置能力", "属地处置更便捷"


class Path:
    """The path of one case.

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

    # Who acts

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

    # The steps

    def walk(self) -> None:
        """All of it, until it is over or now comes."""
        if not self.reported() or not self.filed():
            return
        self.to_unit()
        if self.game.case.state is not CaseState.HANDLED:
            self.worked_on()
        self.checked()
        self.ended()

    def reported(self) -> bool:
        """1 上报, 核实; whether it goes on."""
        report = self.game.report
        people, seat = REPORTERS.get(report.source, ("acceptor", "reporter"))
        loop = max(LOOPS.get(report.source, Loop.DISTRICT), self.terms.usual.lowest_loop, key=ORDER.index)
        if self.place is None or self.street is None:
            loop = Loop.DISTRICT
        who = self._reporter(people)
        self.game.begin(who, seat, loop, self.picture(after=False) if seat == "patrol" else [])
        if report.source in TOLD_BY_PEOPLE and self.draw() < CONFIRMED:
            return self.confirmed()
        return True

    def _reporter(self, role: str) -> Person:
        if role == "":
            return NOBODY
        if role == "grid_officer":
            return self.patrol()
        if role == "supervisor" and self.street is not None:
            return self.one(self.street.people["supervisor"])
        return self.one(
            self.world.cast.district["inspector" if role in {"supervisor", "inspector"} else role]
        )

    def confirmed(self) -> bool:
        """核实: somebody looks, and finds it so or not."""
        officer = self.patrol(1)
        self.move(self.acceptor, Move.REQUEST_CONFIRMATION, self.within(5), {"confirmer": officer.account})
        if self.draw() < FALSE:
            self.move(officer, Move.CONFIRM_FALSE, self.within(40, "patrol"), {"reason": "现场未发现"})
            self.move(self.acceptor, Move.DECLINE, self.within(6), {"reason": "现场未发现"})
            return False
        self.move(
            officer, Move.CONFIRM_TRUE, self.within(40, "patrol"), {"evidence": self.picture(after=False)}
        )
        return True

    def filed(self) -> bool:
        """受理, and what is not filed ends here."""
        u = self.draw()
        if u < DECLINED:
            self.move(self.acceptor, Move.DECLINE, self.within(6), {"reason": self.words("decline_reason")})
        elif u < DECLINED + VOID:
            self.move(self.head, Move.VOID, self.within(20), {"reason": "误报作废"})
        elif u < DECLINED + VOID + MERGED and self.twin is not None and self.now - self.twin.at < SOON:
            other, ref = self.twin.id, self.twin.ref
            at = self.within(8)
            self.move(self.acceptor, Move.MERGE, at, {"into": other}, into_number=ref)
            self.game.links.append(("merged_into", other, self.game.case.version))
        else:
            return True
        return False

    def to_unit(self) -> None:
        """2 立案, 派遣: by telephone first, on the spot, with one key or step by step."""
        report = self.game.report
        condition = self.terms.on(instant(report.at).astimezone(self.world.zone).date())
        if report.source == "grid_officer" and condition.self_handle and self.draw() < AT_ONCE:
            both = {"before": self.picture(after=False), "after": self.picture(after=True)}
            given = {"condition": condition.number, **both}
            at = int(self.now + self.wait(12))
            self.move(self.patrol(), Move.SELF_HANDLE, at, given, condition=condition)
            return
        if condition.risk in {Risk.SEVERE, Risk.SERIOUS} and self.draw() < ORDERED:
            unit, told = self._unit_for(condition.default_unit), int(self.now + self.wait(4))
            given = {"unit": unit, "condition": condition.number, "ordered_at": instant(told).isoformat()}
            at = max(self.within(15), told + MINUTE)
            self.move(self.acceptor, Move.PHONE_ORDER, at, given, condition=condition)
            self._given_to(unit)
            return
        self._up()
        one_key = self.draw() < ONE_KEY and self.game.case.loop is not Loop.DISTRICT
        if not one_key:
            self.move(self.acceptor, Move.ACCEPT, self.within(5))
        given = {"condition": condition.number}
        at = self.now + 1 if not one_key else self.within(6)
        self.move(self.acceptor, Move.REGISTER, at if one_key else self.within(4), given, condition=condition)
        if report.source in ANSWERED and self.street is not None and self.draw() < DELEGATED:
            self._down(condition.lowest_loop)
        unit = self._unit_for(condition.default_unit)
        said = {} if self.draw() > 0.1 else {"opinion": self.words("dispatch")}
        self.move(
            self.dispatcher,
            Move.DISPATCH,
            self.now + 1 if one_key else self.within(5),
            {"unit": unit, **said},
        )
        self._given_to(unit)
        if self.draw() < RETURNED:
            self.returned()

    def _up(self) -> None:
        if self.game.case.loop is not Loop.DISTRICT and self.draw() < ESCALATED:
            self.move(self.acceptor, Move.ESCALATE, self.within(10), {"reason": WHY_UP})

    def _down(self, lowest: Loop) -> None:
        to = below(self.game.case.loop)
        if to is not None and ORDER.index(to) >= ORDER.index(lowest):
            self.move(self.dispatcher, Move.DELEGATE, self.within(4), {"reason": WHY_DOWN})

    def _unit_for(self, default: str) -> int:
        if default == OWNER and self.world.owners:
            return self.world.owners[self.game.report.id % len(self.world.owners)]
        territory = self.street.unit if self.street is not None else None
        return self.own_unit or territory or self.world.cast.command

    def _given_to(self, unit: int) -> None:
        self.unit, self.begun, self.used = unit, self.now, 0.0

    def returned(self) -> None:
        """退回: upheld or refused; after the second one it is ruled on."""
        at = self.reach(0.02 + 0.15 * self.draw())
        if not self.attempt(self.desk_of_unit, Move.SEND_BACK, at, {"reason": self.words("return_reason")}):
            return
        if self.draw() > UPHELD:
            self.move(self.dispatcher, Move.REFUSE_RETURN, self.within(15), {"opinion": OTHERWISE})
            return
        self.move(self.dispatcher, Move.UPHOLD_RETURN, self.within(15), {"opinion": AGREED})
        first, again = self.unit, self.draw() < TWICE
        self._give_to_another(first)
        if not again:
            return
        at = self.reach(0.02 + 0.1 * self.draw())
        if not self.attempt(self.desk_of_unit, Move.SEND_BACK, at, {"reason": self.words("return_reason")}):
            return
        self.move(self.dispatcher, Move.UPHOLD_RETURN, self.within(15), {"opinion": AGREED})
        ruling = {"unit": first, "reason": "两次退回，裁定由首派单位办理"}
        self.move(self.head, Move.ADJUDICATE, self.within(60), ruling)
        self._given_to(first)

    def _give_to_another(self, first: int) -> None:
        territory = self.street.unit if self.street is not None else None
        other = territory if territory not in {None, first} else self.world.cast.command
        assert other is not None  # a command centre there always is
        self.move(self.dispatcher, Move.DISPATCH, self.within(10), {"unit": other})
        self._given_to(other)

    def worked_on(self) -> None:
        """3 签收, 二次派遣, 先控, 协办, 延期, 挂账, 反馈."""
        condition = self.game.condition
        assert condition is not None  # it was registered
        urgent = not condition.limit.unit.by_hours
        crew = self.crew
        at = int(self.now + self.wait(4)) if urgent else self.within(18, "office")
        if self.draw() < 0.5:
            self.move(self.desk_of_unit, Move.ACKNOWLEDGE, at, {"crew": crew.account})
        else:
            self.move(self.desk_of_unit, Move.ACKNOWLEDGE, at)
            then = int(self.now + self.wait(3)) if urgent else self.within(10, "office")
            self.move(self.desk_of_unit, Move.ASSIGN_INSIDE, then, {"crew": crew.account})
        if condition.control is not None:
            self._controlled(crew)
        if self.draw() < HELPED:
            self._helped()
        if self.long >= 1:
            self._given_time()
        if self.share > 1 and self.draw() < REMINDED:
            self.move(
                self.dispatcher,
                Move.REMIND,
                self.reach(1.0 + 0.1 * self.draw()),
                {"opinion": "已临近到期，请抓紧办理。"},
            )
        if self.share > 2 and self.draw() < SUPERVISED:
            self._supervised()
        if self.game.case.state is not CaseState.HANDLING:
            return
        done = {"evidence": self.picture(after=True), "opinion": DONE[int(self.draw() * len(DONE))]}
        self.move(crew, Move.GIVE_FEEDBACK, self.reach(self.share), done)

    def _controlled(self, crew: Person) -> None:
        condition = self.game.condition
        assert condition is not None and condition.control is not None  # asked before
        control = condition.control
        whole = float(control.amount) * (OFFICE_DAY if control.unit is LimitUnit.WORKING_DAYS else HOUR)
        seconds = whole * (0.2 + 0.7 * self.draw())
        by_hours = control.unit.by_hours
        at = self.hours["office"].after(self.begun, seconds) if by_hours else int(self.begun + seconds)
        self.move(crew, Move.CONTROL, at, {"evidence": self.picture(after=False)})

    def _helped(self) -> None:
        others = [unit for unit in self.world.owners if unit != self.unit]
        if not others:
            return
        other = others[self.game.report.id % len(others)]
        self.move(self.dispatcher, Move.CO_HANDLE, self.within(20), {"co_units": [other]})
        helper = self.world.cast.units[other]["unit_dispatcher"][0]
        self.move(helper, Move.CO_FEEDBACK, self.within(60, "office"), {"opinion": "已协助到场。"})

    def _given_time(self) -> None:
        """延期 and 挂账; whoever is late asks for more time more often."""
        if self.draw() < EXTENDED * (4 if self.share > 1 else 0.7):
            asked = {
                "reason": self.words("extension_reason"),
                "amount": str(max(int(self.game.limit.amount) // 2, 1)),
            }
            at = self.reach(0.3 + 0.3 * self.draw())
            answered = self.attempt(self.desk_of_unit, Move.REQUEST_EXTENSION, at, asked)
            if answered and self.draw() < GRANTED:
                self.move(self.head, Move.GRANT_EXTENSION, self.within(40))
            elif answered:
                self.move(self.head, Move.REFUSE_EXTENSION, self.within(40), {"opinion": OTHERWISE})
        if self.long >= 2 and self.draw() < SUSPENDED:
            self._suspended()

    def _suspended(self) -> None:
        used = 0.3 + 0.3 * self.draw()
        at = self.reach(used)
        review = instant(at).astimezone(self.world.zone).date() + timedelta(days=3 + int(25 * self.draw()))
        asked = {
            "reason": self.words("suspension_reason"), "interim": "已设置围护和警示，专人看护。",
            "evidence": self.picture(after=False), "review_on": review.isoformat(),
        }  # fmt: skip
        self.move(self.desk_of_unit, Move.REQUEST_SUSPENSION, at, asked)
        self.move(self.head, Move.GRANT_SUSPENSION, self.within(60))
        low, high = SUSPENDED_DAYS
        days = low + (high - low) * self.draw() ** 2
        if self.draw() < FORCED:
            self.move(
                self.head,
                Move.FORCE_CLOSE,
                int(self.now + days * DAY),
                {"reason": "列入专项治理，另行立项。"},
            )
            return
        back = self.hours["office"].after(int(self.now + days * DAY), 60)
        self.move(self.desk_of_unit, Move.RESUME, back, {"reason": "条件已具备，恢复办理。"})
        self.used, self.begun = used, self.now

    def _supervised(self) -> None:
        at = self.reach(1.2 + 0.5 * self.draw())
        overseer = self.one(self.world.cast.district["supervision_officer"])
        self.move(overseer, Move.SUPERVISE, at, {"reason": "超期未结，请说明原因并限期办结。"})
        self.move(
            self.desk_of_unit,
            Move.REPLY_SUPERVISION,
            self.within(90, "office"),
            {"opinion": "已安排专人办理。"},
        )

    def checked(self) -> None:
        """4 核查: passed, or reworked first; small things that were handled on the spot are checked by sample."""
        if self.game.case.state is not CaseState.HANDLED:
            return
        at_once = self.unit == 0
        if at_once and self.draw() > 0.2:
            return
        checker = self.patrol(2)
        if not at_once and self.draw() < REWORKED:
            given = {"reason": self.words("verification_failure"), "evidence": self.picture(after=False)}
            self.move(checker, Move.VERIFY_FAIL, self.within(70, "patrol"), given)
            again = {"evidence": self.picture(after=True), "opinion": "已返工到位。"}
            self.move(self.crew, Move.GIVE_FEEDBACK, self.within(90, "office"), again)
        passed = {"evidence": self.picture(after=True), "opinion": "现场核查，问题已解决，同意结案。"}
        self.move(checker, Move.VERIFY_PASS, self.within(60, "patrol"), passed)

    def ended(self) -> None:
        """5 结案, 回访, 答复, 重开, 申诉, 归档."""
        source = self.game.report.source
        if self.game.case.state is CaseState.HANDLED:
            self.move(self.acceptor, Move.CLOSE, self.within(12), {"closing_condition": True})
        told = source in TOLD_BY_PEOPLE and self.draw() < CALLED_BACK
        if told:
            heard = {"solved": self.draw() < SOLVED, "satisfied": self.draw() < SATISFIED}
            self.move(self.acceptor, Move.CALL_BACK, self.within(240), heard)
        if source in ANSWERED:
            self.move(
                self.acceptor,
                Move.REPLY_SOURCE,
                self.within(60),
                {"opinion": "已办结，结果已告知反映人。", "final": True},
            )
        if self.unit and self.draw() < REOPENED:
            self.again()
        if self.unit and self.draw() < APPEALED:
            self.move(
                self.desk_of_unit,
                Move.APPEAL,
                self.within(600, "office"),
                {"reason": "超期时段为他单位原因。"},
            )
            answer = Move.UPHOLD_APPEAL if self.draw() < 0.4 else Move.REJECT_APPEAL
            self.move(self.head, answer, self.within(400, "office"), {"opinion": "已复核。"})
        assert self.game.closed_at is not None  # it was closed
        at = self.game.closed_at + int(REOPENING.total_seconds()) + 1 + int(self.draw() * 10 * MINUTE)
        self.move(PLATFORM, Move.ARCHIVE, at)

    def again(self) -> None:
        """重开: what was closed comes back, and is handled once more."""
        self.move(self.acceptor, Move.REOPEN, self.within(900), {"reason": "反映人不认可，问题复发。"})
        self.move(self.dispatcher, Move.DISPATCH, self.within(8), {"unit": self.unit})
        self._given_to(self.unit)
        self.move(self.desk_of_unit, Move.ACKNOWLEDGE, self.within(18, "office"), {"crew": self.crew.account})
        done = {"evidence": self.picture(after=True), "opinion": DONE[0]}
        self.move(self.crew, Move.GIVE_FEEDBACK, self.reach(0.5), done)
        self.move(
            self.patrol(2),
            Move.VERIFY_PASS,
            self.within(60, "patrol"),
            {"evidence": self.picture(after=True)},
        )
        self.move(self.acceptor, Move.CLOSE, self.within(12), {"closing_condition": True})


ACCEPTORS = {
    Loop.COMMUNITY: "community_desk", Loop.SUBDISTRICT: "subcentre_operator", Loop.DISTRICT: "acceptor",
}  # fmt: skip
DISPATCHERS = {
    Loop.COMMUNITY: "community_desk", Loop.SUBDISTRICT: "subcentre_operator", Loop.DISTRICT: "dispatcher",
}  # fmt: skip
REPORTERS: Mapping[str, tuple[str, str]] = {
    "grid_officer": ("grid_officer", "patrol"),
    "supervisor": ("supervisor", "patrol"),
    "inspector": ("inspector", "patrol"),
    "recheck": ("supervisor", "patrol"),
    "resident_code": ("", "reporter"),
    "building_head": ("", "reporter"),
}
"""Who types a report of a source in, and in which seat; those of all others the command centre's acceptors."""

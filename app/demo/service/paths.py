"""The paths of simulated cases through the table: who does what when is drawn; what comes of it the rules say."""

from __future__ import annotations

from collections.abc import Mapping

from app.cases.rules.conditions import Risk
from app.cases.rules.deciding import REOPENING
from app.cases.rules.loops import ORDER, Loop, below
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState
from app.demo.service.game import instant
from app.demo.service.handling import Handling
from app.demo.service.shares import (
    ANSWERED,
    APPEALED,
    AT_ONCE,
    CALLED_BACK,
    CONFIRMED,
    DECLINED,
    DELEGATED,
    DONE,
    ESCALATED,
    FALSE,
    MERGED,
    MINUTE,
    ONE_KEY,
    ORDERED,
    REOPENED,
    RETURNED,
    REWORKED,
    SATISFIED,
    SOLVED,
    SOON,
    TOLD_BY_PEOPLE,
    VOID,
    WHY_DOWN,
    WHY_UP,
)
from app.demo.service.world import LOOPS, NOBODY, PLATFORM, Person


class Path(Handling):
    """The path of one case: all six steps, until it is over or now comes."""

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
        appeal = {"reason": "超期时段为他单位原因。"}
        appealed = self.unit and self.draw() < APPEALED
        if appealed and self.attempt(self.desk_of_unit, Move.APPEAL, self.within(600, "office"), appeal):
            answer = Move.UPHOLD_APPEAL if self.draw() < 0.4 else Move.REJECT_APPEAL
            self.move(self.head, answer, self.within(400, "office"), {"opinion": "已复核。"})
        assert self.game.closed_at is not None  # it was closed
        at = self.game.closed_at + int(REOPENING.total_seconds()) + 1 + int(self.draw() * 10 * MINUTE)
        self.move(PLATFORM, Move.ARCHIVE, at)

    def again(self) -> None:
        """重开: what was closed comes back, and is handled once more."""
        why = {"reason": "反映人不认可，问题复发。"}
        if not self.attempt(self.acceptor, Move.REOPEN, self.within(900), why):
            return
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


REPORTERS: Mapping[str, tuple[str, str]] = {
    "grid_officer": ("grid_officer", "patrol"),
    "supervisor": ("supervisor", "patrol"),
    "inspector": ("inspector", "patrol"),
    "recheck": ("supervisor", "patrol"),
    "resident_code": ("", "reporter"),
    "building_head": ("", "reporter"),
}
"""Who types a report of a source in, and in which seat; those of all others the command centre's acceptors."""

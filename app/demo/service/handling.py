"""处理反馈 of a simulated case, with all that may come between."""

from __future__ import annotations

from datetime import timedelta

from app.cases.rules.limits import LimitUnit
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState
from app.demo.service.acting import Acting
from app.demo.service.game import instant
from app.demo.service.shares import (
    AGREED,
    DAY,
    DONE,
    EXTENDED,
    FORCED,
    GRANTED,
    HELPED,
    HOUR,
    OFFICE_DAY,
    OTHERWISE,
    REMINDED,
    SUPERVISED,
    SUSPENDED,
    SUSPENDED_DAYS,
    TWICE,
    UPHELD,
)
from app.demo.service.world import Person


class Handling(Acting):
    """What the unit does that has a case: signs for it or sends it back, asks for time, handles it."""

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
        if self.game.case.state is not CaseState.HANDLING:
            return
        if self.share > 1 and self.draw() < REMINDED:
            self.move(
                self.dispatcher,
                Move.REMIND,
                self.reach(1.0 + 0.1 * self.draw()),
                {"opinion": "已临近到期，请抓紧办理。"},
            )
        if self.share > 2 and self.draw() < SUPERVISED:
            self._supervised()
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

"""需要你决定: exactly what somebody may decide, and of ruling and closing by force only what is ripe for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.accounts.rules import Role
from app.cases.rules.changing import CaseNow
from app.cases.rules.deciding import Asker
from app.cases.rules.loops import Loop
from app.cases.rules.moves import TABLE, Asked
from app.cases.rules.states import CaseState
from app.screens.rules.decisions import WORDS, Matter, Open, decided_by, matters

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
ME, OTHER, UNIT = 7, 8, 3


def asker(role: Role, account: int = ME, *, within: bool = True) -> Asker:
    return Asker(account, frozenset({role.value}), frozenset({UNIT}), within=within)


def case(asked: Asked | None = None, by: int = OTHER, **more: object) -> CaseNow:
    pending = {} if asked is None else {asked: by}
    given = {"state": CaseState.HANDLING, "loop": Loop.DISTRICT, "unit": UNIT, "pending": pending, **more}
    return CaseNow(**given)  # type: ignore[arg-type]


def found(now: CaseNow, who: Asker, *, unruled: bool = False, stuck: bool = False) -> dict[str, list[str]]:
    told = matters(Open(now, unruled, stuck), who, NOW)
    return {matter.value: [move.value for move in moves] for matter, moves in told}


@pytest.mark.parametrize(
    ("asked", "matter"),
    [
        (Asked.RETURN, Matter.RETURN),
        (Asked.EXTENSION, Matter.EXTENSION),
        (Asked.SUSPENSION, Matter.SUSPENSION),
        (Asked.UP, Matter.UP),
    ],
)
def test_what_was_asked_is_decided_by_the_duty_officer_of_the_loop(asked: Asked, matter: Matter) -> None:
    now = case(asked)
    assert found(now, asker(Role.DUTY_OFFICER)) == {matter.value: [move.value for move in WORDS[matter]]}
    assert found(now, asker(Role.SUBCENTRE_HEAD)) == {}, "it is not their loop"
    assert found(now, asker(Role.DUTY_OFFICER, within=False)) == {}
    assert found(now, asker(Role.LEADER)) == {}


def test_nobody_decides_of_what_they_have_asked() -> None:
    assert found(case(Asked.EXTENSION, by=ME), asker(Role.DUTY_OFFICER)) == {}


def test_a_return_is_the_dispatchers_and_no_more_than_that() -> None:
    assert list(found(case(Asked.RETURN), asker(Role.DISPATCHER))) == [Matter.RETURN]
    assert found(case(Asked.EXTENSION), asker(Role.DISPATCHER)) == {}


def test_a_ruling_is_due_where_nobody_has_ruled() -> None:
    now, who = case(returns=2), asker(Role.DUTY_OFFICER)
    assert found(now, who, unruled=True) == {Matter.RULING: ["adjudicate"]}
    assert found(now, who) == {}
    assert found(case(returns=1), who, unruled=True) == {}, "the table of moves has the last word"


def test_closing_by_force_is_thought_of_where_time_is_used_up_twice() -> None:
    who = asker(Role.DUTY_OFFICER)
    assert found(case(), who) == {}
    assert found(case(), who, stuck=True) == {Matter.FORCE_CLOSE: ["force_close"]}
    assert found(case(handled_by=frozenset({ME})), who, stuck=True) == {}, (
        "whoever handled it does not close it"
    )


def test_one_case_may_wait_for_several_words() -> None:
    told = found(case(Asked.EXTENSION, returns=2), asker(Role.DUTY_OFFICER), unruled=True, stuck=True)
    assert list(told) == [Matter.EXTENSION, Matter.RULING, Matter.FORCE_CLOSE]


def test_every_question_to_a_desk_or_its_head_is_answered_by_one_of_these() -> None:
    answered = {TABLE[move].answers for moves in WORDS.values() for move in moves}
    # 督办 is answered by the unit, 内部核验 inside it, and an appeal is of a case that has ended.
    assert set(Asked) - answered == {Asked.SUPERVISION, Asked.INSIDE, Asked.APPEAL}


def test_loops_in_which_roles_decide() -> None:
    assert decided_by(frozenset({Role.DUTY_OFFICER})) == ["district"]
    assert decided_by(frozenset({Role.SUBCENTRE_HEAD})) == ["community", "subdistrict"]
    assert decided_by(frozenset({Role.LEADER, Role.HANDLER})) == []

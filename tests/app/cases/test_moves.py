"""Every state × move × role × loop is in the table or refused by name; and what the rules say of some whole stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from app.accounts.rules import Role
from app.cases.rules import CaseState as S
from app.cases.rules import workflow
from app.cases.rules.changing import CaseNow
from app.cases.rules.deciding import Asker, MoveError, Reason, available, decide
from app.cases.rules.loops import Loop, Seat, roles_of
from app.cases.rules.moves import EDGES, TABLE, Asked, Guard, Move
from app.settings import ROOT

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ME, OTHER, UNIT, ELSEWHERE = 7, 8, 30, 31
VALUES: Mapping[str, Any] = {
    "unit": UNIT,
    "condition": "C01",
    "co_units": (ELSEWHERE,),
    "confirmer": 5,
    "checker": 6,
}


def case(state: S = S.REPORTED, loop: Loop = Loop.SUBDISTRICT, **facts: Any) -> CaseNow:
    return CaseNow(state, loop, **facts)


def filled(move: Move) -> dict[str, Any]:
    """What a move needs, filled in."""
    return {name: VALUES.get(name, "x") for name in TABLE[move].needs}


def favourable(state: S, move: Move, loop: Loop) -> CaseNow:
    """A case at which nothing but state, seat and loop speaks against a move."""
    edge = TABLE[move]
    return CaseNow(
        state,
        loop,
        version=3,
        reporter=ME,
        unit=UNIT,
        co_units=frozenset({UNIT}),
        lowest_loop=Loop.COMMUNITY,
        self_handling=True,
        automatic=True,
        inner_check=move is Move.SUBMIT_INSIDE,
        pending={edge.answers: OTHER} if edge.answers else {},
        returns=2,
        merged_at=NOW,
        closed_at=NOW - (timedelta(days=16) if Guard.PAST_THE_WINDOW in edge.guards else timedelta(days=1)),
        last_move=Move.ACCEPT,
        last_by=ME,
        last_at=NOW,
        before=CaseNow(state, loop, version=2),
    )


CELLS = [(s, m, r, loop) for s, m, r, loop in product(S, Move, [*Role, None], Loop) if m is not Move.REPORT]


def test_every_cell_is_legal_or_refused_by_name(
    record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing else happens, and what happens is what table and seats say, counted in another way."""
    found: Counter[str] = Counter()
    for state, move, role, loop in CELLS:
        asker = (
            Asker(None, platform=True) if role is None else Asker(ME, frozenset({role}), frozenset({UNIT}))
        )
        try:
            outcome = decide(favourable(state, move, loop), asker, move, filled(move), NOW)
        except MoveError as refused:
            assert refused.reason in set(Reason)
            found[refused.reason.value] += 1
            continue
        edge = TABLE[move]
        assert outcome.after.state == (edge.target or state)
        assert outcome.after.version == 4
        found["legal"] += 1
    legal = sum(
        len(edge.sources)
        * sum(
            1
            for loop in Loop
            for role in [*Role, None]
            if any(
                (role is None and seat is Seat.PLATFORM)
                or (role is not None and role in roles_of(seat, loop))
                for seat in edge.seats
            )
            and not (edge.move is Move.ESCALATE and loop is Loop.DISTRICT)
            and not (edge.move is Move.DELEGATE and loop is Loop.COMMUNITY)
            and not (role is None and edge.move is Move.UNDO)
        )
        for edge in EDGES
    )
    assert found["legal"] == legal
    assert sum(found.values()) == len(CELLS) == 12 * 59 * 22 * 3
    record_property("cells", len(CELLS))
    record_property("legal", legal)
    with capsys.disabled():
        print(f"\n{len(CELLS)} cells, {legal} legal, refused: {dict(found)}")


def test_every_move_has_one_line_and_every_guard_is_used() -> None:
    assert set(TABLE) == set(Move) - {Move.REPORT}
    assert len(EDGES) == len(TABLE)
    assert {guard for edge in EDGES for guard in edge.guards} == set(Guard)
    asked = {edge.asks for edge in EDGES if edge.asks}
    assert asked == {edge.answers for edge in EDGES if edge.answers} == set(Asked)


def test_every_state_is_reached_and_left_but_the_ends() -> None:
    reached = {S.REPORTED} | {edge.target for edge in EDGES if edge.target}
    assert reached == set(S)
    left = {s for edge in EDGES for s in edge.sources if edge.target not in {None, s}}
    assert set(S) - left == {S.ARCHIVED, S.DECLINED, S.VOID}


def test_the_document_says_what_the_table_says() -> None:
    assert (ROOT / "docs/workflow.md").read_text(encoding="utf-8") == workflow.document(), (
        "run ./panlong docs"
    )


def reason(
    now: CaseNow, asker: Asker, move: str, given: Mapping[str, Any], at: datetime = NOW
) -> Reason | None:
    try:
        decide(now, asker, move, given, at)
    except MoveError as refused:
        return refused.reason
    return None


def asker(role: Role, account: int = ME, *units: int) -> Asker:
    return Asker(account, frozenset({role}), frozenset(units))


CREW, LEAD = asker(Role.HANDLER, ME, UNIT), asker(Role.UNIT_DISPATCHER, OTHER, UNIT)
INNER = case(S.HANDLING, Loop.DISTRICT, unit=UNIT, crew=ME, inner_check=True)
DONE = {"evidence": [1]}


def test_a_unit_that_checks_its_own_work_lets_a_second_person_look() -> None:
    assert reason(INNER, CREW, "give_feedback", DONE) is Reason.CHECKED_INSIDE
    assert reason(INNER, LEAD, "give_feedback", DONE) is Reason.CHECKED_INSIDE
    assert reason(INNER, LEAD, "pass_inside", {}) is Reason.NOT_ASKED
    handed_in = decide(INNER, CREW, "submit_inside", DONE, NOW).after
    assert handed_in.state is S.HANDLING
    assert handed_in.pending == {Asked.INSIDE: ME}
    assert reason(handed_in, asker(Role.UNIT_DISPATCHER, ME, UNIT), "pass_inside", {}) is Reason.OWN_REQUEST
    assert reason(handed_in, CREW, "pass_inside", {}) is Reason.WRONG_SEAT
    failed = decide(handed_in, LEAD, "fail_inside", {"reason": "没有清干净"}, NOW).after
    assert failed.state is S.HANDLING
    assert failed.crew == ME
    assert not failed.pending
    passed = decide(handed_in, LEAD, "pass_inside", {}, NOW).after
    assert passed.state is S.HANDLED
    assert passed.handled_by == {ME, OTHER}  # neither of them verifies it
    assert not passed.pending


def test_whoever_is_given_the_work_anew_hands_in_anew() -> None:
    handed_in = decide(INNER, CREW, "submit_inside", DONE, NOW).after
    assert not decide(handed_in, LEAD, "assign_inside", {"crew": 9}, NOW).after.pending
    assert not decide(handed_in, CREW, "return_inside", {"reason": "x"}, NOW).after.pending


def test_a_unit_without_an_inner_check_gives_feedback_at_once() -> None:
    plain = replace(INNER, inner_check=False)
    assert reason(plain, CREW, "give_feedback", DONE) is None
    assert reason(plain, CREW, "submit_inside", DONE) is Reason.NOT_CHECKED_INSIDE
    alone = replace(INNER, crew=None)  # the desk itself did it
    assert reason(alone, LEAD, "give_feedback", DONE) is None
    assert reason(alone, CREW, "give_feedback", DONE) is Reason.CHECKED_INSIDE


HANDLED = case(S.HANDLED, unit=UNIT, handled_by=frozenset({ME}))
ASKED = case(S.HANDLING, Loop.DISTRICT, unit=UNIT, pending={Asked.EXTENSION: ME})


@pytest.mark.parametrize(
    ("now", "who", "move", "given", "why"),
    [
        (case(), asker(Role.SUBCENTRE_OPERATOR), "explode", {}, Reason.UNKNOWN_MOVE),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "report", {}, Reason.UNKNOWN_MOVE),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "close", {}, Reason.WRONG_STATE),
        (case(), asker(Role.ACCEPTOR), "register", {"condition": "C01"}, Reason.WRONG_SEAT),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "register", {}, Reason.FIELDS_MISSING),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "register", {"condition": ""}, Reason.FIELDS_MISSING),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "register", {"condition": "C01", "due": 1}, Reason.FIELDS_UNKNOWN),
        (case(), asker(Role.SUBCENTRE_OPERATOR), "register", {"condition": "C01"}, None),
        (case(S.DISPATCHED, Loop.DISTRICT, unit=UNIT), asker(Role.UNIT_DISPATCHER, ME, ELSEWHERE), "acknowledge", {},
         Reason.WRONG_UNIT),
        (case(S.DISPATCHED, Loop.DISTRICT, unit=UNIT), asker(Role.UNIT_DISPATCHER, ME, UNIT), "acknowledge", {}, None),
        (HANDLED, asker(Role.SUPERVISOR), "verify_pass", {"evidence": "x"}, Reason.OWN_HANDLING),
        (HANDLED, asker(Role.SUPERVISOR, OTHER), "verify_pass", {"evidence": "x"}, None),
        (HANDLED, asker(Role.SUBCENTRE_OPERATOR), "close", {"closing_condition": "x"}, Reason.OWN_HANDLING),
        (ASKED, asker(Role.DUTY_OFFICER), "grant_extension", {}, Reason.OWN_REQUEST),
        (ASKED, asker(Role.DUTY_OFFICER, OTHER), "grant_extension", {}, None),
        (ASKED, asker(Role.DUTY_OFFICER, OTHER), "grant_suspension", {}, Reason.NOT_ASKED),
        (ASKED, asker(Role.UNIT_DISPATCHER, ME, UNIT), "give_feedback", {"evidence": "x"}, Reason.ALREADY_ASKED),
        (replace(ASKED, pending={}, extensions=2), asker(Role.UNIT_DISPATCHER, ME, UNIT), "request_extension",
         {"reason": "x", "amount": 4}, Reason.TOO_OFTEN),
        (replace(ASKED, pending={}, extensible=False), asker(Role.UNIT_DISPATCHER, ME, UNIT), "request_extension",
         {"reason": "x", "amount": 4}, Reason.TOO_LATE),
        (replace(ASKED, pending={}, may_return=False), asker(Role.UNIT_DISPATCHER, ME, UNIT), "send_back",
         {"reason": "x"}, Reason.TOO_LATE),
        (case(S.REGISTERED, lowest_loop=Loop.SUBDISTRICT), asker(Role.SUBCENTRE_HEAD), "delegate", {"reason": "x"},
         Reason.NOT_ADMITTED),
        (case(S.REGISTERED, lowest_loop=Loop.SUBDISTRICT), asker(Role.SUBCENTRE_HEAD), "delegate",
         {"reason": "x", "admission": "2026-17"}, None),
        (case(S.REGISTERED, lowest_loop=Loop.COMMUNITY), asker(Role.SUBCENTRE_HEAD), "delegate", {"reason": "x"}, None),
        (case(S.REGISTERED), asker(Role.SUBCENTRE_HEAD), "delegate", {"reason": "x"}, Reason.NOT_ADMITTED),
        (case(loop=Loop.DISTRICT), asker(Role.DUTY_OFFICER), "escalate", {"reason": "x"}, Reason.HIGHEST_LOOP),
        (case(loop=Loop.COMMUNITY), asker(Role.COMMUNITY_DESK), "delegate", {"reason": "x"}, Reason.LOWEST_LOOP),
        (case(S.CLOSED, closed_at=NOW - timedelta(days=16)), asker(Role.SUBCENTRE_HEAD), "reopen", {"reason": "x"},
         Reason.TOO_LATE),
        (case(S.CLOSED, closed_at=NOW - timedelta(days=14)), asker(Role.SUBCENTRE_HEAD), "reopen", {"reason": "x"},
         None),
        (case(S.CLOSED, closed_at=NOW - timedelta(days=14)), Asker(None, platform=True), "archive", {},
         Reason.TOO_EARLY),
        (case(S.CLOSED, closed_at=NOW - timedelta(days=1), unit=UNIT, appealed=True),
         asker(Role.UNIT_DISPATCHER, ME, UNIT), "appeal", {"reason": "x"}, Reason.TOO_OFTEN),
        (case(S.REGISTERED, returns=1), asker(Role.SUBCENTRE_HEAD), "adjudicate", {"unit": 1, "reason": "x"},
         Reason.NOT_RETURNED_TWICE),
        (case(), Asker(None, platform=True), "accept", {}, Reason.NOT_AUTOMATIC),
        (case(automatic=True), Asker(None, platform=True), "accept", {}, None),
        (case(), Asker(None, platform=True), "register", {"condition": "C01"}, Reason.NOT_AUTOMATIC),
        (case(S.REGISTERED), Asker(None, platform=True), "dispatch", {"unit": UNIT}, Reason.NOT_AUTOMATIC),
        (case(automatic=True), Asker(None, platform=True), "decline", {"reason": "x"}, Reason.WRONG_SEAT),
        (case(automatic=True), asker(Role.GRID_OFFICER), "accept", {}, Reason.WRONG_SEAT),
        (case(reporter=ME), asker(Role.GRID_OFFICER), "self_handle",
         {"condition": "C01", "before": "x", "after": "y"}, Reason.NOT_SELF_HANDLED),
        (case(reporter=OTHER, self_handling=True), asker(Role.GRID_OFFICER), "self_handle",
         {"condition": "C01", "before": "x", "after": "y"}, Reason.NOT_OWN_REPORT),
        (case(S.MERGED, merged_at=NOW - timedelta(hours=25)), asker(Role.SUBCENTRE_OPERATOR), "unmerge", {},
         Reason.TOO_LATE),
        (case(last_move=Move.ACCEPT, last_by=ME, last_at=NOW - timedelta(minutes=3)),
         asker(Role.SUBCENTRE_OPERATOR), "undo", {}, Reason.NOTHING_TO_UNDO),
        (case(last_move=Move.ACCEPT, last_by=OTHER, last_at=NOW), asker(Role.SUBCENTRE_OPERATOR), "undo", {},
         Reason.NOTHING_TO_UNDO),
        (case(last_move=Move.COMMENT, last_by=ME, last_at=NOW), asker(Role.SUBCENTRE_OPERATOR), "undo", {},
         Reason.NOTHING_TO_UNDO),
        (case(S.HANDLING, Loop.DISTRICT, unit=UNIT, co_units=frozenset({ELSEWHERE})),
         asker(Role.UNIT_DISPATCHER, ME, UNIT), "co_feedback", {"opinion": "x"}, Reason.WRONG_UNIT),
        (case(S.HANDLING, Loop.DISTRICT, unit=UNIT, co_units=frozenset({ELSEWHERE})),
         asker(Role.UNIT_DISPATCHER, ME, ELSEWHERE), "co_feedback", {"opinion": "x"}, None),
        (case(S.HANDLING, Loop.DISTRICT, unit=UNIT, co_units=frozenset({ELSEWHERE})),
         asker(Role.UNIT_DISPATCHER, ME, ELSEWHERE), "give_feedback", {"evidence": "x"}, Reason.WRONG_UNIT),
    ],
)  # fmt: skip
def test_refusals(now: CaseNow, who: Asker, move: str, given: dict[str, Any], why: Reason | None) -> None:
    assert reason(now, who, move, given) == why


def test_a_return_upheld_twice_can_be_ruled_on_and_the_ruling_is_final() -> None:
    desk, head = asker(Role.DISPATCHER, 1), asker(Role.DUTY_OFFICER, 2)
    now = case(S.REGISTERED, Loop.DISTRICT, condition="C01")
    for unit in (UNIT, ELSEWHERE):
        theirs = asker(Role.UNIT_DISPATCHER, 3, unit)
        now = decide(now, desk, "dispatch", {"unit": unit}, NOW).after
        now = decide(now, theirs, "send_back", {"reason": "不属本单位职责"}, NOW).after
        assert now.pending == {Asked.RETURN: 3}
        assert reason(now, theirs, "send_back", {"reason": "x"}) is Reason.ALREADY_ASKED
        now = decide(now, desk, "uphold_return", {"opinion": "属实"}, NOW).after
        assert (now.state, now.unit, now.pending) == (S.REGISTERED, None, {})
    now = decide(now, head, "adjudicate", {"unit": UNIT, "reason": "裁定"}, NOW).after
    assert reason(now, asker(Role.UNIT_DISPATCHER, 3, UNIT), "send_back", {"reason": "x"}) is Reason.TOO_OFTEN


def test_the_platform_registers_and_dispatches_where_the_report_allows_it_and_never_again() -> None:
    """Each of the three steps has to be allowed anew: what a move leaves behind allows nothing."""
    platform = Asker(None, platform=True)
    now = case(reporter=ME, automatic=True)
    for move in ("accept", "register", "dispatch"):
        now = decide(replace(now, automatic=True), platform, move, filled(Move(move)), NOW).after
        assert not now.automatic
        assert reason(now, platform, "register", {"condition": "C01"}) in {
            Reason.NOT_AUTOMATIC, Reason.WRONG_STATE,
        }  # fmt: skip
    assert (now.state, now.unit, now.version) == (S.DISPATCHED, UNIT, 3)


def test_what_somebody_can_do_is_what_is_not_refused() -> None:
    """The buttons: for the desk at a new case, for the unit that has it, for nobody."""
    new = {edge.move for edge in available(case(), asker(Role.SUBCENTRE_OPERATOR), NOW)}
    words = "accept request_confirmation register decline merge phone_order reply_source escalate delegate comment"
    assert new == {Move(word) for word in f"{words} attach link_root".split()}
    theirs = asker(Role.UNIT_DISPATCHER, ME, UNIT)
    given = case(S.HANDLING, Loop.DISTRICT, unit=UNIT)
    assert Move.GIVE_FEEDBACK in {edge.move for edge in available(given, theirs, NOW)}
    assert Move.GIVE_FEEDBACK not in {
        edge.move for edge in available(replace(given, unit=ELSEWHERE), theirs, NOW)
    }
    assert available(case(S.ARCHIVED), theirs, NOW) == []


@pytest.mark.parametrize("loop", list(Loop))
def test_each_loop_runs_all_six_steps(loop: Loop) -> None:
    """Reported, registered, dispatched, handled, verified, closed: by different people, at the loop's own desks."""

    def who(seat: Seat, account: int) -> Asker:
        return Asker(account, frozenset({min(roles_of(seat, loop))}), frozenset({UNIT}))

    now = case(loop=loop, reporter=1)
    for seat, account, move, state in (
        (Seat.ACCEPTOR, 2, "accept", S.REPORTED),
        (Seat.ACCEPTOR, 2, "register", S.REGISTERED),
        (Seat.DISPATCHER, 3, "dispatch", S.DISPATCHED),
        (Seat.UNIT, 4, "acknowledge", S.HANDLING),
        (Seat.CREW, 5, "give_feedback", S.HANDLED),
        (Seat.CHECKER, 6, "verify_fail", S.HANDLING),
        (Seat.CREW, 5, "give_feedback", S.HANDLED),
        (Seat.CHECKER, 6, "verify_pass", S.HANDLED),
        (Seat.ACCEPTOR, 2, "close", S.CLOSED),
    ):
        now = decide(now, who(seat, account), move, filled(Move(move)), NOW).after
        assert now.state == state
    now = decide(now, Asker(None, platform=True), "archive", {}, NOW + timedelta(days=15, seconds=1)).after
    assert now.state is S.ARCHIVED
    assert available(now, who(Seat.HEAD, 9), NOW) == []

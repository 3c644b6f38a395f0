"""What comes of a case by itself, and when: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.cases.rules import CaseState as S
from app.cases.rules.changing import CaseNow
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Asked, Move
from app.cases.rules.timers import MOVES, TOLD, Timer, TimerKind, timers
from app.cases.rules.timing import Stage, TimedMove, clocks
from app.cases.service.timetable import timetable

KUNMING = ZoneInfo("Asia/Shanghai")
LIMIT = {"condition": "C01", "limit": ["4", "working_hours"], "calendar": "office"}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of November 2026 on the wall of Kunming; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=KUNMING).astimezone(UTC)


def row(move: Move, when: datetime, target: S, *, loop: Loop = Loop.SUBDISTRICT, **given: Any) -> TimedMove:
    return TimedMove(0, move, when, loop, target, given, 7)


def come(case: CaseNow, rows: Sequence[TimedMove], now: datetime) -> list[tuple[str, str, datetime]]:
    found = timers(case, rows, clocks(rows, timetable()), KUNMING, now)
    return [(timer.kind.value, timer.stage.value, timer.at) for timer in found]


HANDLING = [
    row(Move.REPORT, at(23, 9), S.REPORTED),
    row(Move.REGISTER, at(23, 9), S.REGISTERED, **LIMIT),
    row(Move.DISPATCH, at(23, 9), S.DISPATCHED, **LIMIT),
    row(Move.ACKNOWLEDGE, at(23, 9), S.HANDLING),
]


def test_four_working_hours_from_nine_on_a_monday() -> None:
    """Hours of the office: 08:00 to 12:00, 14:00 to 18:00."""
    case = CaseNow(S.HANDLING, Loop.SUBDISTRICT, version=4)
    assert come(case, HANDLING, at(23, 9)) == [
        ("near_due", "handling", at(23, 12)),
        ("due", "handling", at(23, 15)),
        ("late", "handling", at(23, 17)),
        ("severe", "handling", at(24, 9)),
    ]
    assert come(case, HANDLING, at(28, 9)) == come(case, HANDLING, at(23, 9)), "whenever one looks"


def test_what_has_ended_has_none() -> None:
    rows = [*HANDLING, row(Move.GIVE_FEEDBACK, at(23, 10), S.HANDLED), row(Move.CLOSE, at(23, 11), S.CLOSED)]
    closed = CaseNow(S.CLOSED, Loop.SUBDISTRICT, closed_at=at(23, 11))
    assert come(closed, rows, at(24, 9)) == [("archive", "check", at(23, 11) + timedelta(days=15, seconds=1))]
    appealed = CaseNow(S.CLOSED, Loop.SUBDISTRICT, closed_at=at(23, 11), pending={Asked.APPEAL: 1})
    assert come(appealed, rows, at(24, 9)) == []
    assert come(CaseNow(S.ARCHIVED, Loop.SUBDISTRICT, closed_at=at(23, 11)), rows, at(24, 9)) == []


def test_a_suspended_case_has_its_review_date_alone() -> None:
    rows = [
        *HANDLING,
        row(Move.REQUEST_SUSPENSION, at(23, 10), S.HANDLING, review_on="2026-11-27"),
        row(Move.REFUSE_SUSPENSION, at(23, 11), S.HANDLING),
        row(Move.REQUEST_SUSPENSION, at(23, 14), S.HANDLING, review_on="2026-11-30"),
        row(Move.GRANT_SUSPENSION, at(23, 14, 30), S.SUSPENDED),
    ]
    assert come(CaseNow(S.SUSPENDED, Loop.SUBDISTRICT), rows, at(24, 9)) == [
        ("resume", "handling", at(30, 0))
    ]


def test_a_desk_that_lets_a_case_lie_loses_it_after_twice_its_limit() -> None:
    """A quarter of an hour for taking it up; nearly due ten minutes before."""
    rows = [row(Move.REPORT, at(23, 9), S.REPORTED)]
    wanted = [
        ("near_due", "acceptance", at(23, 9, 5)),
        ("due", "acceptance", at(23, 9, 15)),
        ("late", "acceptance", at(23, 9, 22) + timedelta(seconds=30)),
        ("severe", "acceptance", at(23, 9, 30)),
        ("escalate", "acceptance", at(23, 9, 30)),
    ]
    assert come(CaseNow(S.REPORTED, Loop.SUBDISTRICT), rows, at(23, 9)) == wanted
    highest = CaseNow(S.REPORTED, Loop.DISTRICT)
    assert "escalate" not in [kind for kind, _, _ in come(highest, rows, at(23, 9))]


def test_the_head_has_the_desks_time_to_rule_on_a_case_that_came_back_twice() -> None:
    rows = [
        *HANDLING[:3],
        row(Move.SEND_BACK, at(23, 9, 10), S.DISPATCHED),
        row(Move.UPHOLD_RETURN, at(23, 9, 20), S.REGISTERED),
        row(Move.DISPATCH, at(23, 9, 30), S.DISPATCHED, **LIMIT),
        row(Move.SEND_BACK, at(23, 9, 40), S.DISPATCHED),
        row(Move.UPHOLD_RETURN, at(23, 10), S.REGISTERED),
    ]
    case = CaseNow(S.REGISTERED, Loop.SUBDISTRICT, returns=2)
    found = come(case, rows, at(23, 10))
    assert ("returned_twice", "dispatch", at(23, 10)) in found
    assert ("escalate", "dispatch", at(23, 10, 15)) in found
    ruled = [*rows, row(Move.ADJUDICATE, at(23, 10, 5), S.DISPATCHED, **LIMIT)]
    kinds = {
        kind for kind, _, _ in come(CaseNow(S.DISPATCHED, Loop.SUBDISTRICT, returns=2), ruled, at(23, 11))
    }
    assert not kinds & {"returned_twice", "escalate"}


def test_a_move_of_the_platform_carries_one_id_however_often_it_is_tried() -> None:
    timer = Timer(TimerKind.ARCHIVE, Stage.CHECK, at(23, 9))
    assert timer.client_id(5) == Timer(TimerKind.ARCHIVE, Stage.CHECK, at(23, 9)).client_id(5)
    others = {timer.client_id(6), Timer(TimerKind.ARCHIVE, Stage.CHECK, at(23, 10)).client_id(5)}
    assert timer.client_id(5) not in others and len(others) == 2


@pytest.mark.parametrize("kind", list(TimerKind))
def test_each_kind_notes_or_moves(kind: TimerKind) -> None:
    assert (kind in TOLD) != (kind in MOVES)

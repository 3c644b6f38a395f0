"""What clocks show to people: one lamp 灯 of a case with the time that is left, and each clock with its segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from app.cases.rules.clocks import ClockReading, Lamp
from app.cases.rules.limits import LimitUnit
from app.cases.rules.states import OPEN_STATES, CaseState
from app.cases.rules.timing import StageClock, current

MARKS = {
    Lamp.GREEN: "normal",
    Lamp.YELLOW: "near",
    Lamp.RED: "overdue",
    Lamp.DOUBLE_RED: "overdue",
    Lamp.GREY: "paused",
}
"""The shape of each lamp."""

ENDED, NO_LIMIT = "ended", "no_limit"
NEAR = timedelta(minutes=90)
"""临期 of a case that came with its own deadline."""

WIDTH = 1000
"""Of the bar of a clock, from its start to where it is due, or to now."""


@dataclass(frozen=True, slots=True)
class Face:
    """The lamp of a case.

    Parameters
    ----------
    lamp, mark
        A lamp, `ended` or `no_limit`; the shape that it is drawn as.
    left
        Until it is due, negative after that; None where it is not.
    stage
        The stage that runs; None for a case that came with its own deadline.
    near_at
        From when on it is nearly due 临期; None where nothing runs.
    """

    lamp: str
    mark: str
    due_at: datetime | None = None
    left: timedelta | None = None
    stage: str | None = None
    provisional: bool = False
    near_at: datetime | None = None


def face(state: str, due_at: datetime | None, clocks: Sequence[StageClock], now: datetime) -> Face:
    """The lamp of a case by its log and its situation's timetable; of one without clocks, by its deadline."""
    known = CaseState(state)
    clock = current(clocks, known) if known in OPEN_STATES else None
    if clock is None:
        return row_face(state, due_at, None, now)
    shown = clock.read(now)
    due = None if shown.paused else shown.due_at
    left = None if due is None else due - now
    near = None if due is None else shown.near_at
    return Face(shown.lamp.value, MARKS[shown.lamp], due, left, clock.stage.value, shown.provisional, near)


def row_face(state: str, due_at: datetime | None, near_at: datetime | None, now: datetime) -> Face:
    """The lamp of a case by what its row keeps of its clock, for lists."""
    known = CaseState(state)
    if known not in OPEN_STATES:
        return Face(ENDED, "closed")
    if known is CaseState.SUSPENDED:
        return Face(Lamp.GREY.value, MARKS[Lamp.GREY])
    if due_at is None:
        return Face(NO_LIMIT, "normal")
    left = due_at - now
    near = near_at or due_at - NEAR
    lamp = Lamp.RED if left < timedelta() else Lamp.YELLOW if now >= near else Lamp.GREEN
    return Face(lamp.value, MARKS[lamp], due_at, left, near_at=near)


def explained(found: Sequence[StageClock], now: datetime) -> list[dict[str, Any]]:
    """Every clock, the newest first, with its segments and the lines by which it is due."""
    return [_explained(clock, clock.read(now)) for clock in reversed(found)]


def amount(value: Fraction, unit: LimitUnit) -> tuple[str, str]:
    """An amount of a limit as people read it: the word for its unit, and the number; minutes under an hour."""
    hours = unit in {LimitUnit.URGENT_HOURS, LimitUnit.WORKING_HOURS}
    if hours and value < 1 and value.denominator != 1:
        return f"minutes_{unit.value}", f"{float(value * 60):.0f}"
    return unit.value, f"{float(value):.1f}".removesuffix(".0")


def _explained(clock: StageClock, shown: ClockReading) -> dict[str, Any]:
    end = max([shown.read_at, *([shown.due_at] if shown.due_at is not None else [])])
    whole = max((end - shown.started_at).total_seconds(), 1.0)

    def across(at: datetime) -> float:
        return round((at - shown.started_at).total_seconds() / whole * WIDTH, 1)

    return {
        "stage": clock.stage.value,
        "calendar": clock.calendar,
        "lamp": ENDED if clock.ended else shown.lamp.value,
        "mark": ("overdue" if shown.overdue else "closed") if clock.ended else MARKS[shown.lamp],
        "ended": clock.ended,
        "overdue": shown.overdue,
        "shown": shown,
        "unit": shown.limit.unit.value,
        "total": amount(shown.total, shown.limit.unit),
        "used": amount(shown.used, shown.limit.unit),
        "due_x": None if shown.due_at is None else across(shown.due_at),
        "segments": [
            {
                "part": part,
                "who": part.whose.partition(":")[0],
                "which": part.whose.partition(":")[2],
                "x": across(part.begin_at),
                "width": max(across(part.end_at) - across(part.begin_at), 2.0),
                "used": amount(part.used, shown.limit.unit),
            }
            for part in shown.segments
        ],
        "steps": [
            {"step": step, "used": amount(step.used, shown.limit.unit) if step.used else None}
            for step in (shown.due.steps if shown.due is not None else ())
        ],
    }

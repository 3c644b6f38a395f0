"""The clocks of a case, from its log: which stage begins, stands and ends with which move.

Everything comes from the log and its facts, so that a replay gives what was stored, to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.cases.rules.calendars import Calendar
from app.cases.rules.clock_events import ClockEvent, EventKind
from app.cases.rules.clocks import ClockReading, fold
from app.cases.rules.conditions import Risk, limit_of
from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Move
from app.cases.rules.states import CaseState


class Stage(StrEnum):
    """A stretch of a case's way with a limit of its own."""

    ACCEPTANCE = "acceptance"
    CONFIRMATION = "confirmation"
    DISPATCH = "dispatch"
    ACKNOWLEDGEMENT = "acknowledgement"
    CONTROL = "control"
    HANDLING = "handling"
    CHECK = "check"


DESK_STAGES = frozenset(
    {Stage.ACCEPTANCE, Stage.CONFIRMATION, Stage.DISPATCH, Stage.ACKNOWLEDGEMENT, Stage.CHECK}
)
"""Stages whose limits are the platform's, by the calendar of the desk; the others have those of the condition."""

OFFICE = "office"
"""The calendar of a unit that has none of its own."""


@dataclass(frozen=True, slots=True)
class TimedMove:
    """One row of the log, as far as clocks need it; `given` has its facts in it."""

    version: int
    move: str
    at: datetime
    loop: Loop
    target: CaseState
    given: Mapping[str, Any]
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Timetable:
    """What clocks are read by: calendars by code, limits of desk stages (ordinary, urgent), each loop's calendar.

    Parameters
    ----------
    later
        What holds from an instant on, in the order of time; only limits and desks differ.
    """

    calendars: Mapping[str, Calendar]
    limits: Mapping[tuple[Stage, bool], Limit]
    desks: Mapping[Loop, str]
    later: tuple[tuple[datetime, Timetable], ...] = ()

    def on(self, at: datetime) -> Timetable:
        """What holds at an instant: a clock keeps the limit and the calendar with which it began."""
        return next((table for begin, table in reversed(self.later) if begin <= at), self)


@dataclass(frozen=True, slots=True)
class StageClock:
    """A clock of a case: the calendar that it is read by, and what has happened to it."""

    stage: Stage
    calendar: Calendar
    events: tuple[ClockEvent, ...]

    def read(self, now: datetime) -> ClockReading:
        """What it shows at an instant.

        Raises
        ------
        InvalidError, ConflictError
            As `clocks.fold`.
        """
        return fold(self.events, self.calendar, now)

    @property
    def ended(self) -> bool:
        """Whether the stage is over."""
        return any(event.kind is EventKind.STOP for event in self.events)


@dataclass(slots=True)
class Running:
    """The clocks while the log is read: what has ended, and what runs.

    Who has the whole log takes `clocks`; this is for who makes it row by row, and takes nothing back.
    """

    table: Timetable
    done: list[StageClock] = field(default_factory=list)
    running: dict[Stage, StageClock] = field(default_factory=dict)
    limit: Limit | None = None
    control: Limit | None = None
    risk: Risk | None = None
    controlled: bool = False
    given_at: datetime | None = None
    asked: Any = None

    def follow(self, row: TimedMove) -> None:
        """The next row of the log does to the clocks what it does."""
        step = STEPS.get(row.move)
        if step is not None:
            step(self, row)

    @property
    def found(self) -> list[StageClock]:
        """Every clock so far, in the order in which they began."""
        return sorted([*self.done, *self.running.values()], key=lambda clock: clock.events[0].at)

    def current(self, state: CaseState) -> StageClock | None:
        """What `current` finds among them."""
        for stage in BY_STATE.get(state, (Stage.HANDLING,)):
            if stage in self.running:
                return self.running[stage]
        over = [clock for clock in self.done if clock.stage is Stage.HANDLING]
        return over[-1] if over and state not in WAITING else None

    def start(self, stage: Stage, at: datetime, calendar: str, limit: Limit | None, whose: str) -> None:
        """A clock begins; one of that stage that has not ended is over."""
        self.stop(at, stage)
        if limit is not None:
            clock = StageClock(stage, self.table.calendars[calendar], (ClockEvent.start(at, limit, whose),))
            self.running[stage] = clock

    def desk(self, stage: Stage, row: TimedMove) -> None:
        """A desk's clock begins, by the calendar of the loop."""
        table = self.table.on(row.at)
        limit = table.limits.get((stage, self.urgent))
        self.start(stage, row.at, table.desks[row.loop], limit, f"desk:{row.loop.value}")

    @property
    def urgent(self) -> bool:
        """特急: a danger that is not yet made safe, or a severe risk."""
        return self.risk is Risk.SEVERE or (self.control is not None and not self.controlled)

    def add(self, stage: Stage, *events: ClockEvent) -> None:
        """Something happens to a clock that runs; to one that does not, nothing."""
        clock = self.running.get(stage)
        if clock is not None:
            self.running[stage] = replace(clock, events=clock.events + events)

    def stop(self, at: datetime, *stages: Stage) -> None:
        """Stages are done."""
        for stage in stages:
            clock = self.running.pop(stage, None)
            if clock is not None:
                self.done.append(replace(clock, events=(*clock.events, ClockEvent.stop(at))))

    def resume_handling(self, at: datetime, whose: str) -> None:
        """After a rework: the clock that was stopped by the feedback had only been standing."""
        for place, clock in reversed(list(enumerate(self.done))):
            if clock.stage is Stage.HANDLING:
                del self.done[place]
                stood = ClockEvent.pause(clock.events[-1].at, "handled", "checker")
                self.running[Stage.HANDLING] = replace(
                    clock, events=(*clock.events[:-1], stood, ClockEvent.resume(at, whose, "rework"))
                )
                return


def clocks(rows: Iterable[TimedMove], table: Timetable) -> list[StageClock]:
    """Every clock of a case, in the order in which they began.

    Parameters
    ----------
    rows
        The log, in its order; a move that was taken back counts as never made.
    """
    run = Running(table)
    for row in _less_undone(rows):
        run.follow(row)
    return run.found


def current(found: Sequence[StageClock], state: CaseState) -> StageClock | None:
    """The clock by which a case is due now; of one that is over, the clock of its handling."""
    wanted = BY_STATE.get(state, (Stage.HANDLING,))
    open_ones = [clock for clock in found if clock.stage in wanted and not clock.ended]
    if open_ones:
        return min(open_ones, key=lambda clock: wanted.index(clock.stage))
    over = [clock for clock in found if clock.stage is Stage.HANDLING]
    return over[-1] if over and state not in WAITING else None


WAITING = frozenset({CaseState.REPORTED, CaseState.CONFIRMING, CaseState.REGISTERED})
BY_STATE: Mapping[CaseState, tuple[Stage, ...]] = {
    CaseState.REPORTED: (Stage.ACCEPTANCE,),
    CaseState.CONFIRMING: (Stage.CONFIRMATION,),
    CaseState.REGISTERED: (Stage.DISPATCH,),
    CaseState.DISPATCHED: (Stage.CONTROL, Stage.HANDLING),
    CaseState.HANDLING: (Stage.CONTROL, Stage.HANDLING),
    CaseState.SUSPENDED: (Stage.HANDLING,),
    CaseState.HANDLED: (Stage.CHECK,),
}
"""The clocks that count in a state, the pressing one first."""


def _less_undone(rows: Iterable[TimedMove]) -> list[TimedMove]:
    kept: list[TimedMove] = []
    for row in rows:
        if row.move == Move.UNDO and kept:
            kept.pop()
        else:
            kept.append(row)
    return kept


def _unit(row: TimedMove) -> str:
    return f"unit:{row.unit}"


def _reported(run: Running, row: TimedMove) -> None:
    if row.target is CaseState.REPORTED:
        run.desk(Stage.ACCEPTANCE, row)


def _asked_to_confirm(run: Running, row: TimedMove) -> None:
    run.add(Stage.ACCEPTANCE, ClockEvent.pause(row.at, "confirming", "patrol"))
    run.desk(Stage.CONFIRMATION, row)


def _confirmed(run: Running, row: TimedMove) -> None:
    run.stop(row.at, Stage.CONFIRMATION)
    run.add(Stage.ACCEPTANCE, ClockEvent.resume(row.at, f"desk:{row.loop.value}"))


def _under(run: Running, row: TimedMove) -> None:
    """The limits of a condition."""
    run.limit, run.control = limit_of(row.given, "limit"), limit_of(row.given, "control")
    run.risk = Risk(row.given["risk"]) if row.given.get("risk") else None


def _registered(run: Running, row: TimedMove) -> None:
    _under(run, row)
    run.stop(row.at, Stage.ACCEPTANCE, Stage.CONFIRMATION)
    run.desk(Stage.DISPATCH, row)


def _reclassified(run: Running, row: TimedMove) -> None:
    """Another condition, another limit; a due time that has passed stays where it was."""
    _under(run, row)
    clock = run.running.get(Stage.HANDLING)
    if clock is None or run.limit is None or clock.read(row.at).overdue:
        return
    begin = replace(clock.events[0], limit=run.limit)
    rest = [e for e in clock.events[1:] if e.limit is None or e.limit.unit is run.limit.unit]
    run.running[Stage.HANDLING] = replace(clock, events=(begin, *rest))


def _dispatched(run: Running, row: TimedMove) -> None:
    """To a unit: its clocks begin; one that stood since an upheld return goes on."""
    run.stop(row.at, Stage.ACCEPTANCE, Stage.CONFIRMATION, Stage.DISPATCH)
    run.desk(Stage.ACKNOWLEDGEMENT, row)
    calendar = row.given.get("calendar", OFFICE)
    handling = run.running.get(Stage.HANDLING)
    if handling is None:
        run.start(Stage.HANDLING, run.given_at or row.at, calendar, run.limit, _unit(row))
        if run.control is not None and not run.controlled:
            run.start(Stage.CONTROL, run.given_at or row.at, calendar, run.control, _unit(row))
    elif handling.events[-1].kind is EventKind.PAUSE:
        for stage in (Stage.HANDLING, Stage.CONTROL):
            run.add(stage, ClockEvent.resume(row.at, _unit(row), "dispatched"))
    else:
        # 裁定: it is somebody else's time from here, and the clock does not notice.
        run.add(Stage.HANDLING, ClockEvent.hand(row.at, _unit(row), "ruling"))
    run.given_at = None


def _ordered(run: Running, row: TimedMove) -> None:
    """先处置后补录: the clock began when somebody was told, and what is entered later can only make it stricter."""
    _under(run, row)
    told = row.given.get("ordered_at")
    run.given_at = min(row.at, datetime.fromisoformat(told)) if told else row.at
    _dispatched(run, row)


def _acknowledged(run: Running, row: TimedMove) -> None:
    run.stop(row.at, Stage.ACKNOWLEDGEMENT)


def _controlled(run: Running, row: TimedMove) -> None:
    run.controlled = True
    run.stop(row.at, Stage.CONTROL)


def _handled(run: Running, row: TimedMove) -> None:
    run.controlled = True
    run.stop(row.at, Stage.CONTROL, Stage.HANDLING, Stage.ACKNOWLEDGEMENT)
    run.desk(Stage.CHECK, row)


def _self_handled(run: Running, row: TimedMove) -> None:
    _under(run, row)
    run.stop(row.at, Stage.ACCEPTANCE)
    run.desk(Stage.CHECK, row)


def _failed(run: Running, row: TimedMove) -> None:
    run.stop(row.at, Stage.CHECK)
    run.resume_handling(row.at, _unit(row))


def _sent_back(run: Running, row: TimedMove) -> None:
    run.add(Stage.HANDLING, ClockEvent.hand(row.at, f"desk:{row.loop.value}", "returned"))


def _upheld(run: Running, row: TimedMove) -> None:
    """退回成立: all the time since that unit was given it is given back, and the clocks stand until the next has it."""
    run.stop(row.at, Stage.ACKNOWLEDGEMENT)
    for stage in (Stage.HANDLING, Stage.CONTROL):
        clock = run.running.get(stage)
        if clock is None:
            continue
        begun = [e.at for e in clock.events if e.kind in {EventKind.START, EventKind.RESUME}][-1]
        desk = f"desk:{row.loop.value}"
        run.add(
            stage,
            ClockEvent.credit(begun, row.at, desk, "return_upheld"),
            ClockEvent.pause(row.at, "to_dispatch", desk),
        )
    run.desk(Stage.DISPATCH, row)


def _refused_return(run: Running, row: TimedMove) -> None:
    run.add(Stage.HANDLING, ClockEvent.hand(row.at, _unit(row), "return_refused"))


def _asked_extension(run: Running, row: TimedMove) -> None:
    run.asked = row.given.get("amount")


def _extended(run: Running, row: TimedMove) -> None:
    clock = run.running.get(Stage.HANDLING)
    if clock is not None and clock.events[0].limit is not None and run.asked is not None:
        more = Limit(Fraction(str(run.asked)), clock.events[0].limit.unit)
        run.add(Stage.HANDLING, ClockEvent.extend(row.at, more, "extended"))


def _suspended(run: Running, row: TimedMove) -> None:
    for stage in (Stage.HANDLING, Stage.CONTROL):
        run.add(stage, ClockEvent.pause(row.at, "suspended", _unit(row)))


def _resumed(run: Running, row: TimedMove) -> None:
    for stage in (Stage.HANDLING, Stage.CONTROL):
        run.add(stage, ClockEvent.resume(row.at, _unit(row), "resumed"))


def _checked(run: Running, row: TimedMove) -> None:
    run.stop(row.at, Stage.CHECK)


def _ended(run: Running, row: TimedMove) -> None:
    run.stop(row.at, *Stage)


def _moved_between_loops(run: Running, row: TimedMove) -> None:
    """The next desk has its own hours and its whole time."""
    for stage in (Stage.ACCEPTANCE, Stage.DISPATCH):
        clock = run.running.get(stage)
        if clock is None:
            continue
        run.desk(stage, row)
        if clock.events[-1].kind is EventKind.PAUSE:
            # Still being confirmed: the next desk's time stands as the last one's did.
            run.add(stage, ClockEvent.pause(row.at, clock.events[-1].why, clock.events[-1].whose))


def _reopened(run: Running, row: TimedMove) -> None:
    run.controlled = False
    run.desk(Stage.DISPATCH, row)


STEPS: Mapping[str, Callable[[Running, TimedMove], None]] = {
    Move.REPORT: _reported,
    Move.UNMERGE: _reported,
    Move.REQUEST_CONFIRMATION: _asked_to_confirm,
    Move.CONFIRM_TRUE: _confirmed,
    Move.CONFIRM_FALSE: _confirmed,
    Move.REGISTER: _registered,
    Move.RECLASSIFY: _reclassified,
    Move.DISPATCH: _dispatched,
    Move.ADJUDICATE: _dispatched,
    Move.PHONE_ORDER: _ordered,
    Move.ACKNOWLEDGE: _acknowledged,
    Move.CONTROL: _controlled,
    Move.GIVE_FEEDBACK: _handled,
    Move.PASS_INSIDE: _handled,
    Move.SELF_HANDLE: _self_handled,
    Move.VERIFY_PASS: _checked,
    Move.VERIFY_FAIL: _failed,
    Move.SEND_BACK: _sent_back,
    Move.UPHOLD_RETURN: _upheld,
    Move.REFUSE_RETURN: _refused_return,
    Move.REQUEST_EXTENSION: _asked_extension,
    Move.GRANT_EXTENSION: _extended,
    Move.GRANT_SUSPENSION: _suspended,
    Move.RESUME: _resumed,
    Move.REOPEN: _reopened,
    Move.ESCALATE: _moved_between_loops,
    Move.DELEGATE: _moved_between_loops,
    **dict.fromkeys((Move.CLOSE, Move.FORCE_CLOSE, Move.DECLINE, Move.VOID, Move.MERGE), _ended),
}
"""What each move does to the clocks; those that are not here do nothing to them."""

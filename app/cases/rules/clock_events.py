"""What happens to a stage clock, and the stretches of time that come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from app.cases.rules.limits import Limit
from app.cases.rules.localtime import instant
from app.errors import ConflictError


class EventKind(StrEnum):
    """What may happen to a clock."""

    START = "start"
    PAUSE = "pause"
    """停表, for instance 挂账."""

    RESUME = "resume"
    EXTEND = "extend"
    """A granted extension 延期; asked and refused ones are no events of the clock."""

    CREDIT = "credit"
    """Time given back, for instance after an upheld return 退回成立: it does not count."""

    HAND = "hand"
    """Whose time it is changes, and nothing else: a return 退回 that nobody has judged yet."""

    STOP = "stop"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One event of a clock; made by the functions named after the kinds.

    Parameters
    ----------
    kind
        What happened.
    at
        When, with a zone; kept in UTC.
    limit
        What is given (start, extend).
    begin_at, end_at
        The time that is given back (credit), not after `at`.
    whose
        Whose time begins here (start, pause, resume, hand), or whose the credited time was; empty leaves it as it was.
    why
        What the time stands for.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    ConflictError
        `clock_order`: a credit that ends before it begins, or after it was given.
    """

    kind: EventKind
    at: datetime
    limit: Limit | None = None
    begin_at: datetime | None = None
    end_at: datetime | None = None
    whose: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", instant(self.at))
        if self.begin_at is not None and self.end_at is not None:
            object.__setattr__(self, "begin_at", instant(self.begin_at))
            object.__setattr__(self, "end_at", instant(self.end_at))
            if not self.begin_at <= self.end_at <= self.at:
                raise ConflictError("clock_order", kind=str(self.kind), at=self.at.isoformat())

    @classmethod
    def start(cls, at: datetime, limit: Limit, whose: str = "", why: str = "") -> Self:
        """The limit begins to run."""
        return cls(EventKind.START, at, limit, whose=whose, why=why)

    @classmethod
    def pause(cls, at: datetime, why: str = "", whose: str = "") -> Self:
        """The clock stands from here on."""
        return cls(EventKind.PAUSE, at, whose=whose, why=why)

    @classmethod
    def resume(cls, at: datetime, whose: str = "", why: str = "") -> Self:
        """It runs again."""
        return cls(EventKind.RESUME, at, whose=whose, why=why)

    @classmethod
    def extend(cls, at: datetime, limit: Limit, why: str = "") -> Self:
        """So much more is given, in the unit of the first limit."""
        return cls(EventKind.EXTEND, at, limit, why=why)

    @classmethod
    def credit(
        cls, begin: datetime, end: datetime, whose: str = "", why: str = "", *, at: datetime | None = None
    ) -> Self:
        """The time from begin to end is given back; it was decided at `at`, or else at its end."""
        return cls(EventKind.CREDIT, at or end, begin_at=begin, end_at=end, whose=whose, why=why)

    @classmethod
    def hand(cls, at: datetime, whose: str, why: str = "") -> Self:
        """From here on it is somebody else's time; the clock does not notice."""
        return cls(EventKind.HAND, at, whose=whose, why=why)

    @classmethod
    def stop(cls, at: datetime) -> Self:
        """The stage is done."""
        return cls(EventKind.STOP, at)


class Counting(StrEnum):
    """Whether a stretch of time counts towards the limit."""

    RUNNING = "running"
    PAUSED = "paused"
    CREDITED = "credited"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a clock's time; `end_at` is None for the one that goes on."""

    begin_at: datetime
    end_at: datetime | None
    counting: Counting
    whose: str
    why: str


ALLOWED = {
    None: {EventKind.START},
    Counting.RUNNING: {EventKind.PAUSE, EventKind.HAND, EventKind.EXTEND, EventKind.STOP, EventKind.CREDIT},
    Counting.PAUSED: {EventKind.RESUME, EventKind.HAND, EventKind.EXTEND, EventKind.STOP, EventKind.CREDIT},
}
"""What may happen while a clock has not begun, runs, or stands; once stopped, time may still be given back."""


def in_order(events: Iterable[ClockEvent], now: datetime) -> list[ClockEvent]:
    """The events that had happened by now, in their order.

    Raises
    ------
    InvalidError
        `instant_without_zone`.
    ConflictError
        `clock_order`: one that cannot happen there; `clock_not_started`: there is none.
    """
    until = instant(now)
    known = sorted((event for event in events if event.at <= until), key=lambda event: event.at)
    if not known:
        raise ConflictError("clock_not_started", at=until.isoformat())
    state: Counting | None = None
    allowed = ALLOWED[state]
    for event in known:
        if event.kind not in allowed:
            raise ConflictError("clock_order", kind=str(event.kind), at=event.at.isoformat())
        if event.kind in {EventKind.START, EventKind.RESUME}:
            allowed = ALLOWED[Counting.RUNNING]
        elif event.kind is EventKind.PAUSE:
            allowed = ALLOWED[Counting.PAUSED]
        elif event.kind is EventKind.STOP:
            allowed = {EventKind.CREDIT}
    return known


def stretches(events: Sequence[ClockEvent]) -> list[Stretch]:
    """The time since the start, piece by piece; the last one is open, also after a stop."""
    pieces: list[Stretch] = []
    for event in events:
        if event.kind in {EventKind.EXTEND, EventKind.CREDIT}:
            continue
        if pieces:
            pieces[-1] = replace(pieces[-1], end_at=event.at)
        if event.kind is EventKind.STOP:
            break
        pieces.append(_next(pieces, event))
    else:
        return _less(pieces, events)
    # What would have come: a clock that was stopped in time still has a due time.
    pieces[-1] = replace(pieces[-1], end_at=None)
    return _less(pieces, events)


def _next(pieces: list[Stretch], event: ClockEvent) -> Stretch:
    before = pieces[-1] if pieces else Stretch(event.at, None, Counting.RUNNING, "", "")
    counting = {
        EventKind.PAUSE: Counting.PAUSED,
        EventKind.HAND: before.counting,
    }.get(event.kind, Counting.RUNNING)
    return Stretch(event.at, None, counting, event.whose or before.whose, event.why)


def _less(pieces: list[Stretch], events: Sequence[ClockEvent]) -> list[Stretch]:
    """The pieces with what was credited cut out of them; of time given back twice, the second time finds nothing."""
    for event in events:
        if event.kind is EventKind.CREDIT:
            pieces = [part for piece in pieces for part in _cut(piece, event)]
    return pieces


def _cut(piece: Stretch, credit: ClockEvent) -> Iterator[Stretch]:
    begin = max(piece.begin_at, credit.begin_at or credit.at)
    end = credit.end_at or credit.at
    end = end if piece.end_at is None else min(end, piece.end_at)
    if piece.counting is not Counting.RUNNING or begin >= end:
        yield piece
        return
    if piece.begin_at < begin:
        yield replace(piece, end_at=begin)
    yield Stretch(begin, end, Counting.CREDITED, credit.whose or piece.whose, credit.why)
    if piece.end_at is None or end < piece.end_at:
        yield replace(piece, begin_at=end)

"""One case, played by the rules: each move is decided by the table like a person's, and written down like theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from app.cases.rules.changing import CaseNow
from app.cases.rules.clock_events import EventKind
from app.cases.rules.clocks import reached_at
from app.cases.rules.conditions import Condition
from app.cases.rules.deadlines import due_at
from app.cases.rules.deciding import decide
from app.cases.rules.extensions import against_asking
from app.cases.rules.fields import FIELDS, Kind
from app.cases.rules.folding import LoggedMove, first
from app.cases.rules.limits import Limit
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Move
from app.cases.rules.states import OPEN_STATES
from app.cases.rules.timing import OFFICE, Running, Stage, StageClock, TimedMove
from app.demo.service.world import Person

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RETURN_SHARE = 4
SALT = 16


class NotYetError(Exception):
    """The next move lies after now: the case stands where it is."""


@dataclass(frozen=True, slots=True)
class Report:
    """A case as it is reported: what, from which source, where, when (seconds since 1970), with which words."""

    id: int
    ref: str
    category: int
    source: str
    area_no: int
    at: int
    description: str


@dataclass(slots=True)
class Row:
    """A row of the log, with the texts and pictures that lie beside it."""

    version: int
    move: str
    source: str | None
    target: str
    loop: str
    unit: int | None
    person: Person
    seats: Sequence[str]
    given: dict[str, Any]
    facts: dict[str, Any]
    at: int
    texts: Sequence[tuple[str, str, bytes]]
    files: Sequence[tuple[int, str]]


class Game:
    """A case on its way, and its log.

    Parameters
    ----------
    now
        Seconds since 1970 after which nothing happens.
    running
        Clocks that have not begun.
    salts
        Sixteen bytes for each text.
    """

    def __init__(self, report: Report, now: int, running: Running, salts: Iterator[bytes]) -> None:
        self.report, self.now, self.running, self.salts = report, now, running, salts
        self.rows: list[Row] = []
        self.links: list[tuple[str, int, int]] = []
        self.at = report.at
        self.condition: Condition | None = None
        self.condition_id: int | None = None
        self.closed_at: int | None = None
        self.due_at: datetime | None = None
        self._clock: tuple[Any, datetime | None] = ((), None)
        self._dues: dict[int, datetime] = {}
        self.case: CaseNow

    def begin(self, person: Person, seat: str, loop: Loop, files: Sequence[int]) -> None:
        """It is reported."""
        report = self.report
        given, texts = self._kept({"description": report.description})
        facts = {"loop": loop.value, "category": report.category, "source": report.source}
        at = instant(report.at)
        self.case = first(LoggedMove(Move.REPORT, person.account, {**given, **facts}, at))
        pictures = [(file, "evidence") for file in files]
        self._write(Move.REPORT, None, person, [seat], given, facts, texts, pictures)

    def move(
        self, person: Person, move: Move, at: int, given: Mapping[str, Any] | None = None, **facts: Any
    ) -> None:
        """Somebody makes a move.

        Raises
        ------
        NotYetError
            It lies after now.
        MoveError
            The rules refuse it.
        """
        at = max(at, self.at + 1)
        if at > self.now:
            raise NotYetError
        given = given or {}
        when = instant(at)
        known = {**FACTS.get(move, {}), **facts}
        if move in UNDER_A_CONDITION:
            condition = facts.pop("condition")
            known = {**known, **condition.facts}
            del known["condition"]
            self.condition, self.condition_id = condition, condition.id
        case = self._of_the_moment(move, when)
        outcome = decide(case, person.asker, move, given, when, known)
        kept, texts = self._kept(given)
        files = [(file, name) for name in given if FIELDS[name] is Kind.FILES for file in given[name]]
        before, self.case, self.at = self.case, outcome.after, at
        if self.case.state in OPEN_STATES:
            self.closed_at = None
        elif before.state in OPEN_STATES:
            self.closed_at = at
        seats = sorted(seat.value for seat in outcome.seats)
        self._write(move, before.state.value, person, seats, kept, known, texts, files)

    def _of_the_moment(self, move: Move, at: datetime) -> CaseNow:
        """The case with what the platform finds out for a moment, where a move asks for it."""
        if move is Move.SELF_HANDLE:
            return replace(self.case, self_handling=True)
        clock = self.running.running.get(Stage.HANDLING)
        if move not in {Move.SEND_BACK, Move.REQUEST_EXTENSION} or clock is None:
            return self.case
        reading = clock.read(at)
        return replace(
            self.case,
            may_return=reading.used * RETURN_SHARE <= reading.limit.amount,
            extensible=against_asking(reading, reading.limit) is None,
        )

    def _kept(self, given: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[str, str, bytes]]]:
        """What the log keeps of what was given, and the texts that lie beside it."""
        kept, texts = dict(given), []
        for name, value in given.items():
            if isinstance(value, str) and FIELDS.get(name, Kind.TEXT) is Kind.TEXT:
                salt = next(self.salts)
                kept[name] = {"sha256": hashlib.sha256(salt + value.encode()).hexdigest()}
                texts.append((name, value, salt))
        return kept, texts

    def _write(
        self,
        move: Move,
        source: str | None,
        person: Person,
        seats: Sequence[str],
        given: dict[str, Any],
        facts: dict[str, Any],
        texts: Sequence[tuple[str, str, bytes]],
        files: Sequence[tuple[int, str]],
    ) -> None:
        case, at = self.case, instant(self.at)
        self.running.follow(
            TimedMove(case.version, move, at, case.loop, case.state, {**given, **facts}, case.unit)
        )
        self.due_at = self._due(at)
        facts["due_at"] = None if self.due_at is None else self.due_at.isoformat()
        self.rows.append(
            Row(
                case.version,
                move.value,
                source,
                case.state.value,
                case.loop.value,
                case.unit,
                person,
                seats,
                given,
                facts,
                self.at,
                texts,
                files,
            )
        )

    def _due(self, at: datetime) -> datetime | None:
        """By when the case is due; a clock to which nothing has happened says what it said before."""
        clock = self.running.current(self.case.state)
        if clock is None:
            return None
        events, said = clock.events, self._clock
        if events != said[0]:
            self._clock = said = (events, self._read(clock, at))
        return said[1]

    def _read(self, clock: StageClock, at: datetime) -> datetime | None:
        begun, *after = clock.events
        # A clock that has run from its start, to its end or so far, is due when its limit is used up.
        if not after or (len(after) == 1 and after[0].kind is EventKind.STOP):
            if id(begun) not in self._dues:
                assert begun.limit is not None  # a clock starts with its limit
                self._dues[id(begun)] = due_at(clock.calendar, begun.at, begun.limit)
            return self._dues[id(begun)]
        return reached_at(clock.events, clock.calendar, at, Fraction(1))

    def near_at(self) -> datetime | None:
        """From when the case is nearly due, while it is open."""
        if self.case.state not in OPEN_STATES:
            return None
        clock = self.running.current(self.case.state)
        return None if clock is None else clock.read(instant(self.at)).near_at

    @property
    def limit(self) -> Limit:
        """The limit of the condition under which it is registered."""
        assert self.condition is not None  # it is asked for once it is registered
        return self.condition.limit


UNDER_A_CONDITION = frozenset({Move.REGISTER, Move.RECLASSIFY, Move.PHONE_ORDER, Move.SELF_HANDLE})
FACTS: Mapping[Move, Mapping[str, Any]] = {
    move: {"calendar": OFFICE} for move in (Move.DISPATCH, Move.ADJUDICATE, Move.PHONE_ORDER)
}
"""What the platform adds to moves that give a case to a unit."""


def instant(seconds: int) -> datetime:
    """Seconds since 1970 as an instant."""
    return EPOCH + timedelta(seconds=seconds)

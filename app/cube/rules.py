"""What of a case is kept in memory, as numbers, and which cases somebody means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, IntFlag, StrEnum

from app.cases.rules.loops import Loop
from app.cases.rules.states import OPEN_STATES, STEPS, CaseState

STATES = tuple(CaseState)
LOOPS = tuple(Loop)
OPEN = tuple(state in OPEN_STATES for state in STATES)
STEP = tuple(STEPS[state] or 0 for state in STATES)
"""By number of a state: whether it is open, and its step, 0 for the ends apart from the loop."""


class Mark(IntEnum):
    """Marks of time 时限标识, as the map draws them."""

    CLOSED = 0
    PAUSED = 1
    OVERDUE = 2
    NEAR = 3
    NORMAL = 4


class Flag(IntFlag):
    """What a case is besides."""

    VERIFIED = 1
    RETURN_ASKED = 2
    HEAD_ASKED = 4
    """An extension, a suspension, an appeal or the way up waits for the one in charge."""

    SUPERVISED = 8
    """督办 that was not answered yet."""

    URGENT = 16
    MOST_URGENT = 32
    """急 and 特急, as lists say it."""

    RETURNED = 64
    EXTENDED = 128
    REPEATED = 256
    """反复: another case was at this place before."""


class Tab(StrEnum):
    """The tabs of the queue."""

    ALL = "all"
    TODO = "todo"
    NEAR = "near"
    OVERDUE = "overdue"
    TO_VERIFY = "to_verify"
    SUPERVISED = "supervised"
    FOLLOWED = "followed"


GROUPS: Mapping[str, tuple[Mark, ...]] = {
    "open": (Mark.PAUSED, Mark.OVERDUE, Mark.NEAR, Mark.NORMAL),
    "overdue": (Mark.OVERDUE,),
    "near": (Mark.NEAR,),
    "closed": (Mark.CLOSED,),
    "all": tuple(Mark),
}
"""Groups of states by name; the same that lists of cases are asked for."""


class Fill(StrEnum):
    """填色指标: what is told of each cell by a share of two numbers."""

    RATE = "rate"
    """每千户案件数: the cases that are meant, on 1,000 households."""

    RECENT = "recent"
    """每千户近期上报: what was reported in the last `RECENT_DAYS`, whatever its state, on 1,000 households."""

    LATE = "late"
    """超期占比: what is overdue, of what is open."""

    REPEATED = "repeated"
    """反复占比: what came again at one place, of what was reported, whatever its state."""


SCALE: Mapping[Fill, int] = {Fill.RATE: 1000, Fill.RECENT: 1000, Fill.LATE: 100, Fill.REPEATED: 100}
"""A value is so many times the share: cases on 1,000 households, or a percentage."""

RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Within:
    """Only what lies in cells of one class of a fill.

    Parameters
    ----------
    least, most
        The lowest value, and the one that is too high (the lowest itself where both are the same); None for `least`:
        the cells of which no value is known.
    """

    fill: Fill
    least: float | None = None
    most: float = float("inf")


ENDED_AT_LAST = 2**63 - 1
"""Never, in microseconds."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The cases that somebody means.

    Parameters
    ----------
    now
        What counts as overdue was due before it.
    states
        A key of `GROUPS`, or one stored state.
    categories, ids
        Only these; None for all.
    per_cell
        Only in cells that have at least and at most so many of the cases that are meant; None for every cell.
    within
        Only in cells of a class of what fills them; None for every cell.
    areas
        Ranges of area numbers, both ends included, one of which it lies in; None for everywhere.
    units
        Only what these have; None for all.
    since, until
        Reported at or after, and before.
    where
        `outside` every cell, `unlocated` 待定位, or empty.
    ring
        Corners of a drawn area, lon and lat in degrees (EPSG:4490), the last one joined to the first; None: anywhere.
    """

    now: datetime
    states: str = "open"
    tab: Tab = Tab.ALL
    step: int | None = None
    categories: tuple[int, ...] | None = None
    areas: tuple[tuple[int, int], ...] | None = None
    units: tuple[int, ...] | None = None
    per_cell: tuple[int, int] | None = None
    within: Within | None = None
    ids: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    where: str = ""
    ring: tuple[tuple[float, float], ...] | None = None

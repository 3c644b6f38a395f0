"""The columns: sorted by place as far as they were read at once, behind that a tail of what has come since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.copying import Rows
from app.cube.rules import ENDED_AT_LAST, OPEN, STATES, Mark
from app.cube.service.places import NOWHERE, grid, keys
from app.cube.store import CELL, ROW

Positions = NDArray[np.intp]
Mask = NDArray[np.bool_]

ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_OPEN = np.array(OPEN)
_SUSPENDED = [state.value for state in STATES].index("suspended")

DERIVED = {"key": "u8", "column": "i4", "row": "i4", "day": "i4", "mark": "i1", "code": "i1"}
"""What follows from a row: its place as whole numbers, its day in the district's zone, its mark of time, and that with
its state as one number."""

KEPT = [name for name in ROW.names or () if name not in {"x", "y"}]


def instant(at: datetime) -> int:
    """An instant as the columns hold it: microseconds since 2000 in UTC."""
    return (at - ORIGIN) // MICROSECOND


def moment(value: int) -> datetime | None:
    """The instant of a column; None for never."""
    return None if value >= ENDED_AT_LAST else ORIGIN + value * MICROSECOND


class Days:
    """Days of a zone, numbered from the first of January 2000, each with the hours that clocks had there."""

    def __init__(self, zone: str, most: int = 40_000) -> None:
        place = ZoneInfo(zone)
        first = datetime(2000, 1, 1)
        self.first = first.date()
        self.begins = np.array(
            [instant((first + timedelta(days=n)).replace(tzinfo=place).astimezone(UTC)) for n in range(most)]
        )

    def of(self, at: NDArray[np.int64]) -> NDArray[np.int32]:
        """The days of instants."""
        return (np.searchsorted(self.begins, at, side="right") - 1).astype(np.int32)

    def beginning(self, at: int) -> int:
        """The day that begins at an instant; -1 where none does."""
        day = int(np.searchsorted(self.begins, at))
        return day if day < len(self.begins) and self.begins[day] == at else -1


def marks(
    state: NDArray[np.int16], due: NDArray[np.int64], near: NDArray[np.int64], now: int
) -> NDArray[np.int8]:
    """The mark of time that each case has at an instant."""
    late, soon = due < now, near <= now
    found = np.where(late, Mark.OVERDUE, np.where(soon, Mark.NEAR, Mark.NORMAL)).astype(np.int8)
    found[state == _SUSPENDED] = Mark.PAUSED
    found[~_OPEN[state]] = Mark.CLOSED
    return found


def codes(state: NDArray[np.int16], mark: NDArray[np.int8]) -> NDArray[np.int8]:
    """States and marks of time, each pair one number."""
    return (state * len(Mark) + mark).astype(np.int8)


class Counts(Protocol):
    """Counts of the cases that are kept beside the columns, and up with them."""

    def add(self, columns: Columns, at: Positions, by: int, marks: NDArray[np.int8] | None = None) -> bool:
        """Count cases in, or out by -1, under their marks or others; False where there is no room for them."""


class Columns:
    """All cases, a column of numbers each; whoever reads them holds the gate.

    Parameters
    ----------
    rows
        The cases, in any order.
    helping
        Case ids with units that help.
    cells
        The cells of today, by id.
    """

    def __init__(
        self, rows: Rows, helping: Iterable[tuple[int, int]], days: Days, cells: Rows | None = None
    ) -> None:
        self.days = days
        self.cells = np.empty(0, CELL) if cells is None else cells
        made = self._made(rows)
        order = np.argsort(made["key"], kind="stable")
        self._at = {name: column[order] for name, column in made.items()}
        self.sorted = self.count = len(rows)
        self.ghosts = False
        self._middles: tuple[NDArray[np.int64], ...] | None = None
        self._numbered()
        self.helpers: dict[int, tuple[int, ...]] = {}
        area = made["area"]
        self.areas = (int(area.min()), int(area.max())) if len(rows) else (0, 0)
        self._help(helping)
        self.now = 0
        self.counts: Counts | None = None

    def __getitem__(self, name: str) -> NDArray[np.generic]:
        return self._at[name][: self.count]

    @property
    def tail(self) -> int:
        """How many cases stand behind the sorted ones."""
        return self.count - self.sorted

    def positions(self, ids: Iterable[int]) -> Positions:
        """Where cases with some ids stand; those that are not there are left out."""
        return self.found(np.fromiter(ids, np.int64))[1]

    def found(self, ids: NDArray[np.int64]) -> tuple[Mask, Positions]:
        """Which of some ids there are, and where these stand, in their order."""
        at = np.full(len(ids), -1, np.intp)
        if len(self._ids):
            place = np.searchsorted(self._ids, ids)
            place[place == len(self._ids)] = 0
            there = self._ids[place] == ids
            at[there] = self._order[place[there]]
        if self._late:
            at = np.array(
                [self._late.get(one, old) for one, old in zip(ids.tolist(), at.tolist(), strict=True)],
                np.intp,
            )
        return at >= 0, at[at >= 0]

    def middles(self, wall: Mask | None) -> tuple[NDArray[np.int64], ...]:
        """Of the sorted cases that are seen: how many there are up to each row, and the sums of their places."""
        if wall is None and self._middles is not None:
            return self._middles
        end = self.sorted
        # A row that was left by its case is no place.
        seen = (self["area"][:end] >= 0 if wall is None else wall).astype(np.int64)
        found = []
        for part in (seen, seen * self._at["column"][:end], seen * self._at["row"][:end]):
            sums = np.zeros(end + 1, np.int64)
            np.cumsum(part, out=sums[1:])
            found.append(sums)
        if wall is None:
            self._middles = tuple(found)
        return tuple(found)

    def tell_time(self, now: int) -> None:
        """Let the marks be those of an instant."""
        if now == self.now:
            return
        turned = marks(self["state"], self["due"], self["near"], now)
        if self.counts is not None:
            at = np.flatnonzero(self["mark"] != turned)
            self._count(at, -1)
            self._count(at, 1, turned[at])
        self._at["mark"][: self.count] = turned
        self._at["code"][: self.count] = codes(self["state"], self["mark"])
        self.now = now

    def put(self, rows: Rows, helping: Iterable[tuple[int, int]]) -> None:
        """Let cases be as they are now; those that are not known yet go to the tail.

        One whose place has changed stands there too, and leaves a row that means nothing where it was.
        """
        made = self._made(rows)
        made["mark"] = marks(made["state"], made["due"], made["near"], self.now)
        made["code"] = codes(made["state"], made["mark"])
        for case in rows["id"].tolist():
            self.helpers.pop(case, None)
        self._help(helping)
        for n, case in enumerate(rows["id"].tolist()):
            found = self.positions([case])
            if len(found) and self["key"][found[0]] == made["key"][n]:
                self._count(found, -1)
                for name, column in made.items():
                    self._at[name][found[0]] = column[n]
                self._count(found, 1)
                area = int(made["area"][n])
                self.areas = (min(self.areas[0], area), max(self.areas[1], area))
                continue
            if len(found):
                self._forget(int(found[0]), case)
            self._append({name: column[n] for name, column in made.items()})

    def _made(self, rows: Rows) -> dict[str, NDArray[np.generic]]:
        columns, lines = grid(rows["x"], rows["y"])
        key = keys(columns, lines)
        key[np.isnan(rows["x"])] = NOWHERE
        made = {name: np.ascontiguousarray(rows[name]) for name in KEPT}
        return {
            **made,
            "key": key,
            "column": columns.astype(np.int32),
            "row": lines.astype(np.int32),
            "day": self.days.of(rows["reported"]),
            **{name: np.zeros(len(rows), np.int8) for name in ("mark", "code")},
        }

    def _numbered(self) -> None:
        self._order = np.argsort(self["id"], kind="stable")
        self._ids = self["id"][self._order]
        self._late: dict[int, int] = {}

    def _help(self, helping: Iterable[tuple[int, int]]) -> None:
        for case, unit in helping:
            self.helpers[case] = (*self.helpers.get(case, ()), unit)

    def _append(self, row: dict[str, np.generic]) -> None:
        if self.count == len(self._at["id"]):
            room = max(1024, self.count // 64)
            self._at = {
                name: np.concatenate((column, np.empty(room, column.dtype)))
                for name, column in self._at.items()
            }
        for name, value in row.items():
            self._at[name][self.count] = value
        self._late[int(row["id"])] = self.count
        self.areas = (min(self.areas[0], int(row["area"])), max(self.areas[1], int(row["area"])))
        self.count += 1
        self._count(np.array([self.count - 1]), 1)

    def _count(self, at: Positions, by: int, turned: NDArray[np.int8] | None = None) -> None:
        if self.counts is not None and not self.counts.add(self, at, by, turned):
            self.counts = None

    def _forget(self, position: int, case: int) -> None:
        """Leave a row that belongs to nobody: no area has its number, so nobody sees it."""
        self.ghosts = True
        self._middles = None
        self._count(np.array([position]), -1)
        self._at["area"][position] = -1
        self._at["id"][position] = 0
        for name in ("unit", "handler", "reporter", "checker", "confirmer", "cell"):
            self._at[name][position] = 0
        if case in self._late:
            del self._late[case]
        else:
            at = int(np.searchsorted(self._ids, case))
            self._ids = self._ids.copy()
            self._ids[at] = self._ids[at - 1] if at else -1


Values = Columns | Mapping[str, NDArray[np.generic]]
"""Columns by name: those of now, or some of them as they were at an earlier instant."""

"""One question, and everything that is answered to it, from one state of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cases.store.queue import Turn
from app.cube.rules import LOOPS, STATES, Fill, Flag, Wanted
from app.cube.service import counting, ordering, past
from app.cube.service.binning import Gathered, Sums
from app.cube.service.columns import Columns, Mask, Values, instant, moment
from app.cube.service.facets import Picked, facets_of, pick
from app.cube.service.filling import filled, in_sight
from app.cube.service.keeper import Cube
from app.cube.service.selecting import Chosen, choose, seen, sees_all
from app.db import Actor

EVERYTHING = Actor(territory="everything")
"""Stands for all who see every case: they share answers."""

NOBODY = Turn(me=0)
"""Nobody's turn."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks about which cases.

    Parameters
    ----------
    actor
        Only what they see is counted.
    turn, followed
        For whom the tabs are.
    past
        截至: the instant as of which states and due times are meant; None for now.
    """

    actor: Actor
    wanted: Wanted
    turn: Turn = NOBODY
    followed: tuple[int, ...] = ()
    past: datetime | None = None


class Answer:
    """What is known of the cases that a question means. Only as long as the columns are held."""

    def __init__(
        self, columns: Columns, values: Values, existed: Mask | None, question: Question, now: int
    ) -> None:
        self.columns, self.values, self.question = columns, values, question
        self.now, self._existed = now, existed

    @cached_property
    def chosen(self) -> Chosen:
        """The cases that are meant, found when something first asks for them."""
        asked, wall = self.question, seen(self.columns, self.question.actor)
        if self._existed is not None:
            wall = self._existed if wall is None else wall & self._existed
        return choose(self.columns, self.values, wall, asked.wanted, asked.turn, asked.followed, self.today)

    @cached_property
    def _sums(self) -> Sums:
        return Sums(self.columns, self.values, self.chosen.wall, self.chosen.shown)

    @cached_property
    def _picked(self) -> Picked | None:
        """Where the question is a facet of everything there is."""
        facet = pick(self.question.wanted, self.columns.days)
        if (
            facet is None
            or self.values is not self.columns
            or not sees_all(self.columns, self.question.actor)
        ):
            return None
        kept = facets_of(self.columns)
        return Picked(self.columns, facet, kept) if kept.has(facet) else None

    @property
    def at(self) -> datetime:
        """The instant that the marks are of."""
        found = moment(self.now)
        assert found is not None
        return found

    @property
    def today(self) -> int:
        """The number of the day of that instant."""
        return int(self.columns.days.of(np.array([self.now]))[0])

    @property
    def total(self) -> int:
        """How many cases are meant."""
        return len(self.chosen.at)

    def figures(self) -> dict[str, int]:
        """The row of figures."""
        return counting.figures(self.columns, self.values, self.chosen, self.today)

    def tabs(self) -> dict[str, int]:
        """How many cases each tab has."""
        asked = self.question
        return counting.tabs(self.columns, self.values, self.chosen, asked.turn, asked.followed)

    def steps(self) -> list[int]:
        """How many are at each step."""
        return counting.steps(self.values, self.chosen)

    def marks(self) -> dict[str, int]:
        """How many have each mark of time."""
        return counting.by_mark(self.values, self.chosen)

    def by(self, column: str) -> dict[int, int]:
        """How many there are of each number of a column."""
        return counting.by_number(self.values[column], self.chosen.at)

    def by_cell(self) -> dict[int, int]:
        """How many there are in each cell, whatever number of them is asked for."""
        return counting.by_number(self.values["cell"], self.chosen.anywhere)

    def fill(self, fill: Fill, actor: Actor) -> dict[int, tuple[int, int]]:
        """Above and below of each cell that an actor sees and that has a value, whatever class is asked for.

        Parameters
        ----------
        actor
            Who asks: those who see the same cases share an answer, and may not see the same cells.
        """
        found = filled(fill, self.columns, self.values, self.chosen.wide, self.chosen.anywhere, self.today)
        return found.of(in_sight(self.columns, actor, self.question.wanted.areas))

    def flagged(self, flag: Flag) -> int:
        """How many have a flag."""
        return int(((self.values["flags"][self.chosen.at] & flag) != 0).sum())

    def days(self) -> tuple[date, list[int], list[int]]:
        """The first day of the histogram, and of each day how many were reported and how many of them are late."""
        found = counting.by_day(self.columns, self.values, self.chosen.undated, self.today)
        return self.columns.days.first + timedelta(days=found.first), found.reported, found.overdue

    def page(self, order: str, after: ordering.Place | None, limit: int) -> tuple[list[int], str | None]:
        """Ids of the cases of a page of the list, in order, and the place after it where there are more."""
        at, places = ordering.page(self.columns, self.values, self.chosen.at, order, after, limit + 1)
        ids = [int(one) for one in self.columns["id"][at[:limit]]]
        return ids, ordering.text_of(places[limit - 1]) if len(places) > limit else None

    def tile(self, z: int, x: int, y: int, bins: int) -> list[Gathered]:
        """The marks of a tile."""
        picked = self._picked
        if picked is not None and picked.fits(z, bins):
            return picked.tile(z, x, y, bins)
        return self._sums.tile(z, x, y, bins)

    def stood(self, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
        """How cases stand at the instant of the question, for lists of the past."""
        found, at = self.columns.found(np.array(ids, np.int64))
        known = [one for one, there in zip(ids, found.tolist(), strict=True) if there]
        return {
            case: {
                "state": STATES[int(self.values["state"][n])].value,
                "loop": LOOPS[int(self.values["loop"][n])].value,
                "unit_id": int(self.values["unit"][n]) or None,
                "due_at": moment(int(self.values["due"][n])),
                "near_at": moment(int(self.values["near"][n])),
            }
            for case, n in zip(known, at.tolist(), strict=True)
        }

    def of_one(self) -> dict[str, NDArray[Any]]:
        """The columns that a mark of one case is told from."""
        return {
            "id": self.columns["id"],
            **{name: self.values[name] for name in ("category", "state", "mark")},
        }

    def at_position(self, position: int) -> dict[str, int]:
        """What a mark of one case says of it."""
        return {name: int(column[position]) for name, column in self.of_one().items()}


@contextmanager
def ask(cube: Cube, question: Question, versions: tuple[int, ...], *, look: bool = True) -> Iterator[Answer]:
    """The answer to a question, as long as the block lasts.

    Parameters
    ----------
    versions
        How often imports and areas have changed, of `data_versions`.
    look
        Whether the last tenth of a second has to be in it too.
    """
    with cube.at(question.wanted.now, versions, look=look) as columns:
        whole = sees_all(columns, question.actor)
        key: Any = (cube.serial, replace(question, actor=EVERYTHING if whole else question.actor.view))
        found = cube.known.get(key)
        if found is None:
            values: Values = columns
            now, existed = columns.now, None
            if question.past is not None:
                now = instant(question.past)
                values, existed = past.values(cube.url, cube.district_id, columns, question.past)
            found = Answer(columns, values, existed, question, now)
            cube.known.put(key, found)
        yield found

"""What fills the cells of the map: of each cell a share of two numbers, and which cells lie in a class of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.cube.rules import OPEN, RECENT_DAYS, SCALE, Fill, Flag, Mark, Within
from app.cube.service.columns import Columns, Mask, Positions, Values
from app.db import Actor
from app.notify.rules import ranges

_OPEN = np.array(OPEN)
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands above and below the line, by id of the cell; 0 below where there is nothing to take a share of."""

    fill: Fill
    above: Numbers
    below: Numbers

    @property
    def known(self) -> Mask:
        """Which cells have a value."""
        return np.asarray(self.below > 0)

    def within(self, wanted: Within) -> Mask:
        """Which cells lie in a class; no case outside every cell does."""
        if wanted.least is None:
            fits = ~self.known
        else:
            # The screen reckons in the same order and with the same numbers, so that both draw the line at one place.
            value = SCALE[self.fill] * self.above / np.maximum(self.below, 1)
            single = wanted.least == wanted.most
            fits = (
                self.known
                & (value >= wanted.least)
                & ((value == wanted.least) if single else (value < wanted.most))
            )
        fits[0] = False
        return np.asarray(fits)

    def of(self, cells: NDArray[np.int32]) -> dict[int, tuple[int, int]]:
        """Above and below of some cells, those left out that have no value."""
        told = cells[self.known[cells]]
        return {int(cell): (int(self.above[cell]), int(self.below[cell])) for cell in told}


def filled(
    fill: Fill, columns: Columns, values: Values, base: Mask | None, shown: Positions, today: int
) -> Filled:
    """A fill, of the cases that somebody means.

    Parameters
    ----------
    base
        Under every filter but those of state, tab and step; None: all there are.
    shown
        Where those stand that are shown.
    today
        The number of the day that is asked about.
    """
    cell, state = values["cell"], values["state"]
    most = 1 + max(int(cell.max(initial=0)), int(columns.cells["id"].max(initial=0)))

    def count(of: Mask | Positions) -> Numbers:
        return np.bincount(cell[of], minlength=most)

    def inside(some: Mask) -> Mask:
        return some if base is None else some & base

    households = np.zeros(most, np.int64)
    households[columns.cells["id"]] = columns.cells["households"]
    if fill is Fill.RATE:
        return Filled(fill, count(shown), households)
    if fill is Fill.RECENT:
        day = columns["day"]
        return Filled(fill, count(inside((day > today - RECENT_DAYS) & (day <= today))), households)
    if fill is Fill.LATE:
        return Filled(fill, count(inside(values["mark"] == Mark.OVERDUE)), count(inside(_OPEN[state])))
    if values is not columns:
        # The log's columns do not keep when a case was tied to an earlier one: of the past nothing is claimed.
        return Filled(fill, np.zeros(most, np.int64), np.zeros(most, np.int64))
    every = inside(np.ones(columns.count, bool))
    return Filled(fill, count(every & ((values["flags"] & Flag.REPEATED) != 0)), count(every))


def in_sight(columns: Columns, actor: Actor, areas: tuple[tuple[int, int], ...] | None) -> NDArray[np.int32]:
    """Ids of the cells that an actor sees, of those that lie in some ranges of numbers; None: everywhere.

    Whoever serves a unit knows the map of the district (`all_areas_seen` of the database).
    """
    no = columns.cells["no"]
    seen = (
        np.ones(len(no), bool)
        if actor.units
        else _in(no, [(low, high - 1) for low, high in ranges(actor.territory)])
    )
    inside = seen if areas is None else seen & _in(no, areas)
    return np.asarray(columns.cells["id"][inside])


def _in(no: NDArray[np.int64], areas: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> Mask:
    found = np.zeros(len(no), bool)
    for first, last in areas:
        found |= (no >= first) & (no <= last)
    return found

"""The elements of a kind, a column of numbers each, sorted by place; and which of them somebody sees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.copying import Rows
from app.cube.service.places import NOWHERE, grid, keys
from app.db import Actor
from app.notify.rules import ranges
from app.registry.rules.kinds import ElementKind
from app.tiles.elements.rules import KINDS, SORTS, Sort
from app.tiles.elements.store import ORIGIN

Mask = NDArray[np.bool_]
Numbers = NDArray[Any]


class Columns:
    """The elements of one kind; behind those that have a place are those that have none.

    Parameters
    ----------
    rows
        As `store.read` gives them.
    """

    def __init__(self, rows: Rows) -> None:
        column, row = grid(rows["x"], rows["y"])
        key = keys(column, row)
        key[np.isnan(rows["x"])] = NOWHERE
        order = np.argsort(key, kind="stable")
        self.key, self.column, self.row = key[order], column[order], row[order]
        self.placed = int(np.searchsorted(self.key, NOWHERE))
        self._at = {name: np.ascontiguousarray(rows[name][order]) for name in rows.dtype.names or ()}

    def __len__(self) -> int:
        return len(self.key)

    def __getitem__(self, name: str) -> Numbers:
        return self._at[name]

    def seen(self, actor: Actor, day: date, part: slice) -> Mask:
        """Which of a part there are on a day for an actor: the wall of the database again (`elements_seen`)."""
        on = (day - ORIGIN).days
        valid = (self["from"][part] <= on) & (self["to"][part] > on)
        return valid & _mine(actor, self["area"][part], self["unit"][part])

    def drawn(self, actor: Actor, day: date, part: slice) -> Mask:
        """Which of a part may be drawn too: where something lies is told to nobody who does not see what it lies in."""
        return self.seen(actor, day, part) & _mine(actor, self["site_area"][part], self["site_unit"][part])

    def of(self, sorts: Collection[Sort], part: slice) -> Mask:
        """Which of a part are of some sorts."""
        wanted = np.array([sort in sorts for sort in SORTS])
        return wanted[self["sort"][part]]


def _mine(actor: Actor, area: Numbers, unit: Numbers) -> Mask:
    found = np.isin(unit, actor.units) if actor.units else np.zeros(len(area), bool)
    for low, high in ranges(actor.territory):
        found |= (area >= low) & (area < high)
    return found


def by_kind(rows: Rows) -> dict[ElementKind, Columns]:
    """The columns of each kind."""
    kind_of = np.array([list(ElementKind).index(KINDS[sort]) for sort in SORTS])
    kind = kind_of[rows["sort"]]
    return {
        each: Columns(rows[kind == list(ElementKind).index(each)])
        for each in ElementKind
        if each is not ElementKind.PERSON
    }

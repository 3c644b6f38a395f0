"""The order of the list: a page of it, after a place in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.cube.rules import ENDED_AT_LAST, Flag, Mark
from app.cube.service.columns import Columns, Positions, Values

RANK = np.array([4, 3, 0, 1, 2], np.int64)
"""By mark: overdue, nearly due, in time, suspended, ended."""

DUE, NEW = "due", "new"
ORDERS = (DUE, NEW)
MOST_URGENT_FIRST = -1

Place = tuple[int, int, int]
"""Rank, instant and id of a case in a list."""


def page(
    columns: Columns, values: Values, at: Positions, order: str, after: Place | None, limit: int
) -> tuple[Positions, list[Place]]:
    """Positions of the cases of a page and their places, in order; what is late first, or the newest.

    特急 goes before everything else that is open.
    """
    rank, when = _keys(columns, values, at, order)
    ids = columns["id"][at].astype(np.int64)
    if order == NEW:
        ids = -ids
    if after is not None:
        first, second, third = after
        later = (rank > first) | ((rank == first) & ((when > second) | ((when == second) & (ids > third))))
        at, rank, when, ids = at[later], rank[later], when[later], ids[later]
    if len(at) > 4 * limit:
        at, rank, when, ids = _nearest(at, rank, when, ids, limit)
    best = np.lexsort((ids, when, rank))[:limit]
    places = [(int(rank[n]), int(when[n]), int(ids[n])) for n in best]
    return at[best], places


def _keys(
    columns: Columns, values: Values, at: Positions, order: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if order == NEW:
        return np.zeros(len(at), np.int64), -columns["reported"][at].astype(np.int64)
    mark = values["mark"][at]
    rank = RANK[mark]
    urgent = ((values["flags"][at] & Flag.MOST_URGENT) != 0) & (mark != Mark.CLOSED)
    return np.where(urgent, MOST_URGENT_FIRST, rank), values["due"][at].astype(np.int64)


def _nearest(
    at: Positions, rank: NDArray[np.int64], when: NDArray[np.int64], ids: NDArray[np.int64], limit: int
) -> tuple[Positions, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Those that can be on the page: a partition costs less than to sort a million."""
    lowest = rank.min()
    while int((rank <= lowest).sum()) < limit and lowest < rank.max():
        lowest += 1
    before = rank < lowest
    same = np.flatnonzero(rank == lowest)
    need = limit - int(before.sum())
    if len(same) > need:
        edge = np.partition(when[same], need - 1)[need - 1]
        same = same[when[same] <= edge]
    keep = np.concatenate((np.flatnonzero(before), same))
    return at[keep], rank[keep], when[keep], ids[keep]


def text_of(place: Place) -> str:
    """A place as an address carries it."""
    return "~".join(map(str, place))


def place_of(text: str) -> Place:
    """The place that a text names.

    Raises
    ------
    ValueError
        It names none.
    """
    rank, when, number = (int(part) for part in text.split("~"))
    if not (-1 <= rank <= 4 and abs(when) <= ENDED_AT_LAST and abs(number) < 2**53):
        raise ValueError(text)
    return rank, when, number

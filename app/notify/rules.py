"""Who hears of a move: the wall of the database again, on numbers alone, so that no viewer needs a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Audience:
    """Where a case lies and whose it is: all that decides who sees it (`cases_seen`).

    Parameters
    ----------
    areas
        Numbers of the areas.
    units
        Ids of the units that have it or help with it.
    accounts
        Who handles it or has reported it.
    """

    areas: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    accounts: frozenset[int] = frozenset()


NOBODY = Audience()


@dataclass(frozen=True, slots=True)
class Sight:
    """What those see who share it: a territory as ranges of area numbers, the last one left out, and units."""

    territory: tuple[tuple[int, int], ...] = ()
    units: frozenset[int] = frozenset()

    def covers(self, audience: Audience) -> bool:
        """Whether they see a case by where it lies or whose unit it is."""
        if self.units and not self.units.isdisjoint(audience.units):
            return True
        return any(low <= area < high for area in audience.areas for low, high in self.territory)


def ranges(territory: str) -> tuple[tuple[int, int], ...]:
    """The ranges of a territory as PostgreSQL writes an int8multirange: `{[1,5),[9,12)}`."""
    return tuple((int(low), int(high)) for low, high in re.findall(r"\[(\d+),(\d+)\)", territory))


@dataclass(frozen=True, slots=True)
class Change:
    """A case as it is after a committed move.

    Parameters
    ----------
    xid
        Number of the transaction that moved it.
    shown
        What whoever sees the case is told: no more than a list shows.
    now, before
        Who sees it, and who saw it before that move.
    """

    xid: int
    case_id: int
    version: int
    shown: dict[str, Any]
    now: Audience
    before: Audience

    @property
    def gone(self) -> dict[str, Any]:
        """What whoever saw the case is told when it has left their sight."""
        return {"case_id": self.case_id, "version": self.version, "gone": True}


def told(change: Change, sight: Sight) -> dict[str, Any] | None:
    """What those who share a sight are told of a change; None where it is none of their business."""
    if sight.covers(change.now):
        return change.shown
    return change.gone if sight.covers(change.before) else None


def told_one(change: Change, account: int) -> dict[str, Any] | None:
    """The same for what somebody sees as the one who handles or has reported it."""
    if account in change.now.accounts:
        return change.shown
    return change.gone if account in change.before.accounts else None


def folded(changes: Iterable[Change]) -> list[Change]:
    """Of each case one change: the last, told to all who saw the case before any of them."""
    found: dict[int, Change] = {}
    for change in changes:
        known = found.get(change.case_id)
        found[change.case_id] = change if known is None else _joined(known, change)
    return list(found.values())


def _joined(one: Change, other: Change) -> Change:
    last = one if one.version > other.version else other
    before = Audience(
        one.before.areas | other.before.areas,
        one.before.units | other.before.units,
        one.before.accounts | other.before.accounts,
    )
    return Change(last.xid, last.case_id, last.version, last.shown, last.now, before)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a screen has come: a history of the database and a snapshot in it (see `store.reader`)."""

    epoch: str
    following: int
    running: frozenset[int]

    @classmethod
    def of(cls, epoch: str, snapshot: str) -> Place:
        """The place of a snapshot as PostgreSQL writes it: `10:20:10,14`."""
        _, following, *running = (int(number) for number in re.findall(r"\d+", snapshot))
        return cls(epoch, following, frozenset(running))


def segments(sights: Sequence[Sight]) -> tuple[list[int], list[tuple[int, ...]]]:
    """The area numbers cut where any territory begins or ends: the cuts, and which sights cover what follows each.

    Who sees an area is then found by bisection, however many territories there are.
    """
    edges: dict[int, tuple[list[int], list[int]]] = {}
    for number, sight in enumerate(sights):
        for low, high in sight.territory:
            edges.setdefault(low, ([], []))[0].append(number)
            edges.setdefault(high, ([], []))[1].append(number)
    cuts, covering, open_now = [], [], dict[int, int]()
    for cut in sorted(edges):
        begins, ends = edges[cut]
        for number in ends:
            open_now[number] -= 1
            if not open_now[number]:
                del open_now[number]
        for number in begins:
            open_now[number] = open_now.get(number, 0) + 1
        cuts.append(cut)
        covering.append(tuple(open_now))
    return cuts, covering

"""The hub of a process: committed moves come in once, and go out to every open screen that may see them.

It asks nobody: who hears of a move is decided from numbers on it. Screens with one sight share a group, and its frames
are put into bytes once. Everything in here happens in the thread of the event loop.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.notify.rules import Audience, Change, Place, Sight, folded, segments, told, told_one
from app.notify.service.remembering import Remembered
from app.notify.service.streams import Screen, Stream, message, moves
from app.notify.store import Cursor

FOLDED_S = 0.2
"""A group gets a frame at most so often: with a look at the log each 0.1 s, a move waits no longer than 0.25 s here."""

BEAT_S = 15.0
"""Each screen hears so often that the line stands, and how far it has come."""

REMEMBERED = 10_000
"""Changes that are kept for screens that come back."""

MOST_PER_PERSON = 32
"""Streams of one account; one more ends the oldest."""

Told = dict[int, dict[str, Any]]


@dataclass(eq=False, slots=True)
class Group:
    """Screens with one sight.

    Parameters
    ----------
    mark
        What its ids end with: a screen whose sight is another when it comes back has to read everything anew.
    waiting
        By case, what they are told next.
    own
        What single ones are told beside it, as those who handle or have reported a case.
    """

    sight: Sight
    mark: str
    streams: set[Stream] = field(default_factory=set)
    waiting: Told = field(default_factory=dict)
    own: dict[Stream, Told] = field(default_factory=dict)
    told_at: float = 0.0


class Hub:
    """Open screens, and the last changes.

    Parameters
    ----------
    cursor
        How far the log was read when `changes` were, its last ones.
    whole
        Whether there are none before `changes`.
    processes
        How many processes serve, each with about as many screens as this one.
    """

    def __init__(
        self, cursor: Cursor, changes: Iterable[Change] = (), *, whole: bool = True, processes: int = 1
    ) -> None:
        self.cursor = cursor
        self.processes = processes
        self.remembered = Remembered(changes)
        self.forgotten = 0 if whole or not self.remembered else self.remembered.lowest
        self.groups: dict[Sight, Group] = {}
        self.by_account: dict[int, list[Stream]] = {}
        self.beat_at = 0.0
        self._cuts: tuple[list[int], list[tuple[int, ...]], list[Group], dict[int, list[Group]]] | None = None

    @property
    def streams(self) -> list[Stream]:
        """All open screens."""
        return [stream for group in self.groups.values() for stream in group.streams]

    @property
    def crowd(self) -> dict[str, int]:
        """About how many screens are open: by that each knows how often it may read its lists again."""
        return {"screens": self.processes * sum(len(group.streams) for group in self.groups.values())}

    def join(self, screen: Screen, wake: Callable[[], None]) -> Stream:
        """Open a screen: from now on it hears of every move, and first of those that it has missed."""
        stream = Stream(screen, wake)
        group = self.groups.get(stream.sight)
        if group is None:
            group = self.groups[stream.sight] = Group(stream.sight, _mark(stream.sight))
            self._cuts = None
        elif group.waiting or group.own:
            self._send(group)  # or the one who comes in would hear it twice: it is among what was missed
        group.streams.add(stream)
        mine = self.by_account.setdefault(stream.account, [])
        mine.append(stream)
        if len(mine) > MOST_PER_PERSON:
            mine[0].end()
        stream.put(b"retry: 1000\n" + self._first(stream, group))
        return stream

    def leave(self, stream: Stream) -> None:
        """Forget a screen."""
        group = self.groups.get(stream.sight)
        if group is None or stream not in group.streams:
            return
        group.streams.discard(stream)
        group.own.pop(stream, None)
        if not group.streams:
            del self.groups[stream.sight]
            self._cuts = None
        mine = self.by_account[stream.account]
        mine.remove(stream)
        if not mine:
            del self.by_account[stream.account]

    def publish(self, changes: list[Change], cursor: Cursor) -> None:
        """Take in what was committed up to a place in the log."""
        self.cursor = cursor
        for change in changes:
            self.remembered.add(change)
        while len(self.remembered) > REMEMBERED:
            self.forgotten = max(self.forgotten, self.remembered.drop().xid)
        for change in folded(changes):
            self._spread(change)

    def start_anew(self, cursor: Cursor) -> None:
        """Tell every screen to read its lists anew: more has happened than can be told, or in another history."""
        self.cursor = cursor
        self.remembered.clear()
        self.forgotten = Place.of(cursor.epoch, cursor.done).following
        for group in self.groups.values():
            group.waiting.clear()
            group.own.clear()
            self._give(group, message("resync", self.crowd, self._id(group)))

    def flush(self, now: float) -> None:
        """Send what waits to groups that have not heard for a while, and now and then a beat to all."""
        for group in self.groups.values():
            if (group.waiting or group.own) and now - group.told_at >= FOLDED_S:
                group.told_at = now
                self._send(group)
        if now - self.beat_at >= BEAT_S:
            self.beat_at = now
            crowd = self.crowd
            for group in self.groups.values():
                if not group.waiting and not group.own:
                    self._give(group, message("beat", crowd, self._id(group)))

    def end(self) -> None:
        """Let every screen go."""
        for stream in self.streams:
            stream.end()

    def _id(self, group: Group) -> str:
        return f"{self.cursor.text}~{group.mark}"

    def _first(self, stream: Stream, group: Group) -> bytes:
        """What a screen hears first: what it has missed, or that it has to read everything."""
        since, mark = stream.screen.since, self._id(group)
        if not since:
            return message("hello", self.crowd, mark)
        kept, _, own = since.rpartition("~")
        place = self._place(kept)
        if place is None or own != group.mark:
            return message("resync", self.crowd, mark)
        missed = folded(self.remembered.after(place))
        found = ((told(c, stream.sight), told_one(c, stream.account)) for c in missed)
        # Who loses sight of a case by one way and keeps it by another still sees it.
        cases = [min(filter(None, pair), key=lambda case: "gone" in case) for pair in found if any(pair)]
        return (moves(cases, None) if cases else b"") + message(
            "hello", {"resumed": True, **self.crowd}, mark
        )

    def _place(self, kept: str) -> Place | None:
        """The place of a screen that comes back; None where it is not known what has happened since."""
        cursor = Cursor.of(kept)
        if cursor is None or cursor.epoch != self.cursor.epoch or cursor.upto is not None:
            return None
        place = Place.of(cursor.epoch, cursor.done)
        known = place.following > self.forgotten and all(xid > self.forgotten for xid in place.running)
        return place if known else None

    def _spread(self, change: Change) -> None:
        seeing = self._covering(change.now)
        for group in seeing:
            group.waiting[change.case_id] = change.shown
        losing = self._covering(change.before) - seeing
        for group in losing:
            group.waiting[change.case_id] = change.gone
        for account in change.now.accounts | change.before.accounts:
            for stream in self.by_account.get(account, ()):
                group = self.groups[stream.sight]
                case = None if group in seeing else told_one(change, account)
                if case is not None:
                    group.own.setdefault(stream, {})[change.case_id] = case

    def _covering(self, audience: Audience) -> set[Group]:
        cuts, covering, groups, by_unit = self._cut()
        found = {group for unit in audience.units for group in by_unit.get(unit, ())}
        for area in audience.areas:
            at = bisect_right(cuts, area) - 1
            if at >= 0:
                found.update(groups[number] for number in covering[at])
        return found

    def _cut(self) -> tuple[list[int], list[tuple[int, ...]], list[Group], dict[int, list[Group]]]:
        if self._cuts is None:
            groups = list(self.groups.values())
            by_unit: dict[int, list[Group]] = {}
            for group in groups:
                for unit in group.sight.units:
                    by_unit.setdefault(unit, []).append(group)
            self._cuts = (*segments([group.sight for group in groups]), groups, by_unit)
        return self._cuts

    def _send(self, group: Group) -> None:
        mark = self._id(group)
        shared = moves(group.waiting.values(), mark) if group.waiting else b""
        if group.own:
            first = moves(group.waiting.values(), None) if group.waiting else b""
            for stream, cases in group.own.items():
                stream.put(first + moves(cases.values(), mark))
        if shared:
            for stream in group.streams - group.own.keys():
                stream.put(shared)
        group.waiting, group.own = {}, {}

    def _give(self, group: Group, frame: bytes) -> None:
        for stream in group.streams:
            stream.put(frame)


def _mark(sight: Sight) -> str:
    parts = repr((sight.territory, sorted(sight.units))).encode()
    return hashlib.blake2b(parts, digest_size=4).hexdigest()

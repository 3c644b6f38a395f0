"""One open screen: who looks at it, and what waits to be sent to it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.db import Actor
from app.notify.rules import Sight, ranges

HAND_OVER = "panlong.live"
"""Where the environment of a request holds the function that takes a screen over from a view that let it in."""

MOST_WAITING = 256 * 1024
"""Bytes that wait for a screen at most; one that reads more slowly is let go, and resumes when it can."""

MOST_IN_FRAME = 500
"""Cases in one frame at most; beyond that a screen had better read its lists anew."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Whom a stream is for.

    Parameters
    ----------
    actor
        Who looks at it, as they were when it was opened.
    token
        Digest of the session or token that let them in.
    since
        The last id that the browser saw (`Last-Event-ID`); empty where it saw none.
    """

    actor: Actor
    token: bytes
    since: str = ""

    @property
    def sight(self) -> Sight:
        """What they see by place and unit."""
        return Sight(ranges(self.actor.territory), frozenset(self.actor.units))


class Stream:
    """What waits for a screen. Made and used in the thread of the event loop alone."""

    __slots__ = ("_size", "_wake", "account", "ended", "frames", "screen", "sight")

    def __init__(self, screen: Screen, wake: Callable[[], None]) -> None:
        self.screen, self.sight, self._wake = screen, screen.sight, wake
        self.account = screen.actor.account_id or 0
        self.frames: deque[bytes] = deque()
        self.ended = False
        self._size = 0

    def put(self, frame: bytes) -> None:
        """Let a frame wait; a screen for which too much waits is let go."""
        self._size += len(frame)
        if self._size > MOST_WAITING:
            self.end()
            return
        self.frames.append(frame)
        self._wake()

    def take(self) -> bytes:
        """All that waits, as one piece."""
        taken = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames.clear()
        self._size = 0
        return taken

    def end(self) -> None:
        """Let the screen go."""
        self.ended = True
        self._wake()


def message(event: str, content: Any, mark: str | None = None) -> bytes:
    """A message as a stream of events carries it, with the id from which a screen resumes."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return b"event: %b\ndata: %b\n%b\n" % (
        event.encode(),
        body.encode(),
        b"" if mark is None else id_line(mark),
    )


def id_line(mark: str) -> bytes:
    """The line that gives a screen an id."""
    return b"id: %b\n" % mark.encode()


def moves(cases: Iterable[dict[str, Any]], mark: str | None) -> bytes:
    """A frame of moved cases; beyond what a frame holds, word that there is too much."""
    listed = list(cases)
    return message("resync", {}, mark) if len(listed) > MOST_IN_FRAME else message("moves", listed, mark)

"""What each process of the server has to do, known to all of them, so that none is busy for two while another is idle.

A connection stays with the process that took it, and which one takes it is chance: of eight, six or all may be with one
process. So whoever has clearly more to do than another asks, with an answer, that the connection be opened anew.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from ctypes import c_longlong

MUCH = 2
"""So many requests more than the process with the fewest are too many."""

BETWEEN_S = 0.02
"""From one connection given away to the next: what it changes is seen first."""


class Shares:
    """The requests that wait or are served, process by process. Made before the processes part, joined by each.

    Parameters
    ----------
    count
        How many processes there are. With one there is nothing to share.
    """

    def __init__(self, count: int) -> None:
        self._lock = multiprocessing.Lock()
        self._pids = multiprocessing.RawArray(c_longlong, count)
        self._busy = multiprocessing.RawArray(c_longlong, count)
        self._mine: int | None = None
        self._given_at = 0.0

    def join(self) -> None:
        """Take the place of this process, that of one which has ended if need be."""
        with self._lock:
            for place, pid in enumerate(self._pids):
                if not pid or not _lives(pid):
                    self._pids[place], self._busy[place] = os.getpid(), 0
                    self._mine = place
                    return

    def add(self, requests: int) -> None:
        """So many more requests, or fewer, than before."""
        if self._mine is not None:
            self._busy[self._mine] += requests

    def gives_away(self) -> bool:
        """Whether the connection of the request that is answered now had better be another process's."""
        if self._mine is None or self._busy[self._mine] < MUCH:
            return False
        least = min(busy for busy, pid in zip(self._busy, self._pids, strict=True) if pid)
        now = time.monotonic()
        if self._busy[self._mine] - least < MUCH or now - self._given_at < BETWEEN_S:
            return False
        self._given_at = now
        return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):  # or its number is now a process of somebody else
        return False
    return True


_of_this_server: list[Shares] = []


def part(count: int) -> None:
    """Called before a server's processes part: what they share from then on."""
    _of_this_server[:] = [Shares(count)]


def joined() -> Shares:
    """What this process shares with the others of its server, if there are any."""
    shares = _of_this_server[0] if _of_this_server else Shares(1)
    shares.join()
    return shares

"""Waiting for the other side, but not for ever: one look a second at all who wait, not a timer for each of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")

LOOK_S = 1.0


class Patience:
    """Tasks that wait, and until when. Made and used in the thread of one event loop.

    Notes
    -----
    A timer for each piece that is sent or received took a seventh of the time of a busy server; how exactly a silence
    of many seconds is measured matters to nobody.
    """

    def __init__(self) -> None:
        self._until: dict[asyncio.Task[Any], float] = {}
        self._tired: set[asyncio.Task[Any]] = set()
        self._looks = False

    async def within(self, seconds: float, waited: Awaitable[T]) -> T:
        """What is waited for, if it comes within so many seconds, or one more. A task waits for one thing at a time.

        Raises
        ------
        TimeoutError
            It did not come.
        """
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None  # only a task can wait
        self._until[task] = loop.time() + seconds
        if not self._looks:
            self._looks = True
            loop.call_later(LOOK_S, self._look, loop)
        try:
            return await waited
        except asyncio.CancelledError:
            # Whoever is ended from elsewhere too is ended, not late.
            if task in self._tired and task.uncancel() == 0:
                raise TimeoutError from None
            raise
        finally:
            del self._until[task]
            self._tired.discard(task)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, until in self._until.items():
            if until <= now and task not in self._tired:
                self._tired.add(task)
                task.cancel()
        self._looks = bool(self._until)
        if self._looks:
            loop.call_later(LOOK_S, self._look, loop)

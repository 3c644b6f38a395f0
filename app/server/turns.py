"""Turns: few requests are served at once, in the order in which they came; a long one makes room for the next."""

from __future__ import annotations

import asyncio
from types import TracebackType

LONG_S = 0.03
"""Whatever takes longer no longer keeps others waiting."""


class Turns:
    """So many short things at once. Made and used in the thread of one event loop.

    Parameters
    ----------
    most
        How many have their turn at once, those that became long not counted.

    Notes
    -----
    Eight requests of ten milliseconds that share a core are all answered after eighty; one after the other, the first
    is answered after ten and the last is no later. Only who comes behind a long one would wait longer, hence `LONG_S`.
    """

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)

    def turn(self) -> Turn:
        """One turn, for `async with`."""
        return Turn(self._free)


class Turn:
    """The turn of one request: it begins when it is its turn, and ends with it or once it takes long."""

    __slots__ = ("_free", "_long")

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free

    async def __aenter__(self) -> None:
        await self._free.acquire()
        self._long: asyncio.TimerHandle | None = asyncio.get_running_loop().call_later(LONG_S, self._end)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._long is not None:
            self._long.cancel()
            self._end()

    def _end(self) -> None:
        self._long = None
        self._free.release()

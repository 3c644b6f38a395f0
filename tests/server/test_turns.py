"""Turns: in order, one at a time, and none that takes long keeps the others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.server.turns import LONG_S, Turns


def run(play: Callable[[], Awaitable[Any]]) -> Any:
    """What `play` gives, in a thread of its own: a browser's driver keeps a loop running in the tests' thread."""

    async def within_time() -> Any:
        async with asyncio.timeout(5):
            return await play()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(within_time())).result()


def served(most: int, lasting: list[float]) -> list[tuple[str, int]]:
    """What begins and ends in which order, of requests that come at once and last so many seconds."""

    async def play() -> list[tuple[str, int]]:
        turns, said = Turns(most), []

        async def one(number: int) -> None:
            async with turns.turn():
                said.append(("begins", number))
                await asyncio.sleep(lasting[number])
                said.append(("ends", number))

        await asyncio.gather(*(one(number) for number in range(len(lasting))))
        return said

    found: list[tuple[str, int]] = run(play)
    return found


@pytest.mark.parametrize("most", [1, 2])
def test_short_ones_are_served_in_order(most: int) -> None:
    said = served(most, [0.005] * 5)
    assert [number for what, number in said if what == "begins"] == [0, 1, 2, 3, 4]
    at_once = 0
    for what, _ in said:
        at_once += 1 if what == "begins" else -1
        assert at_once <= most


def test_a_long_one_makes_room_once() -> None:
    said = served(1, [LONG_S * 6, 0.001, 0.001])
    assert said[:2] == [("begins", 0), ("begins", 1)]
    assert said[-1] == ("ends", 0)
    # It gave its turn back once: the other two do not overlap.
    assert said.index(("ends", 1)) < said.index(("begins", 2))


def test_whoever_goes_away_takes_no_turn_along() -> None:
    async def play() -> str:
        turns = Turns(1)

        async def forever() -> None:
            async with turns.turn():
                await asyncio.Event().wait()

        async def fails() -> None:
            async with turns.turn():
                raise RuntimeError("failed")

        with pytest.raises(RuntimeError):
            await fails()
        at_work, waits = asyncio.ensure_future(forever()), asyncio.ensure_future(forever())
        await asyncio.sleep(0)
        waits.cancel()
        at_work.cancel()
        await asyncio.gather(at_work, waits, return_exceptions=True)
        async with turns.turn():
            return "served"

    assert run(play) == "served"

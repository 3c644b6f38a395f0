"""Waiting that ends: for who waits, for others who end it, and for a thousand at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.server import patience
from app.server.patience import Patience


@pytest.fixture(autouse=True)
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patience, "LOOK_S", 0.02)
        yield


def run(play: Callable[[Patience], Awaitable[Any]]) -> Any:
    """What `play` gives, in a thread of its own: a browser's driver keeps a loop running in the tests' thread."""

    async def within_time() -> Any:
        async with asyncio.timeout(5):
            return await play(Patience())

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(within_time())).result()


async def _never() -> None:
    await asyncio.Event().wait()


async def _soon(value: int) -> int:
    await asyncio.sleep(0.01)
    return value


def test_what_comes_in_time_is_given() -> None:
    assert run(lambda one: one.within(1, _soon(7))) == 7


def test_what_does_not_come_is_told_and_the_task_goes_on() -> None:
    async def play(one: Patience) -> int:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await one.within(0.01, _never())
        await asyncio.sleep(0.05)
        current = asyncio.current_task()
        assert current is not None and not current.cancelling()
        return await one.within(1, _soon(8))

    assert run(play) == 8


def test_a_fault_of_what_is_waited_for_goes_through() -> None:
    async def broken() -> None:
        await asyncio.sleep(0)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        run(lambda one: one.within(1, broken()))


@pytest.mark.parametrize("late", [False, True])
def test_a_task_that_is_ended_from_elsewhere_is_not_late(late: bool) -> None:
    async def play(one: Patience) -> None:
        seconds = 0.0 if late else 60.0
        task = asyncio.ensure_future(one.within(seconds, _never()))
        await asyncio.sleep(0.005)
        if late:
            one._look(asyncio.get_running_loop())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    run(play)


def test_each_of_many_gives_up_in_its_own_time() -> None:
    async def play(one: Patience) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()

        async def waits(seconds: float) -> float:
            with pytest.raises(TimeoutError):
                await one.within(seconds, _never())
            return loop.time() - begun - seconds

        over = await asyncio.gather(*(waits(0.05 + number / 5000) for number in range(1000)))
        assert min(over) >= 0 and max(over) < 1

    run(play)

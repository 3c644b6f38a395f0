"""One open screen as the server sees it: a task that sleeps until something waits for it."""

from __future__ import annotations

import asyncio

from app.notify.service import Hub, Screen
from app.server.bridge import Headers, Receive, Send
from app.server.patience import Patience

FLUSH_S = 0.05
SEND_S = 5.0
"""A screen that takes nothing for so long is let go: it may have vanished without a word."""


async def stream(
    hub: Hub, screen: Screen, head: tuple[int, Headers], receive: Receive, send: Send, patience: Patience
) -> None:
    """Keep a screen open until it goes, its person may no longer look, or the server stops."""
    waiting = asyncio.Event()
    mine = hub.join(screen, waiting.set)
    leaving = asyncio.ensure_future(_left(receive))
    leaving.add_done_callback(lambda _: mine.end())
    headers = [(name, value) for name, value in head[1] if name != b"content-length"]
    try:
        start = {"type": "http.response.start", "status": head[0], "headers": headers}
        await patience.within(SEND_S, send(start))
        while not mine.ended:
            await waiting.wait()
            waiting.clear()
            if mine.frames:
                piece = {"type": "http.response.body", "body": mine.take(), "more_body": True}
                await patience.within(SEND_S, send(piece))
        await patience.within(SEND_S, send({"type": "http.response.body", "body": b"", "more_body": False}))
    except TimeoutError:
        pass
    finally:
        leaving.cancel()
        hub.leave(mine)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

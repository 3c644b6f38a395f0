"""The front of the server: open screens are looked after here, everything else goes over the bridge."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import sys
from contextlib import suppress
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.accounts.service import visiting
from app.factory import LARGEST_REQUEST, create_app
from app.notify.rules import Change
from app.notify.service import HAND_OVER, Hub, Screen
from app.notify.service.hub import REMEMBERED
from app.notify.store import Cursor
from app.server import sharing
from app.server.bridge import Bridge, Exchange, GoneError, Receive, Scope, Send
from app.server.kept import Kept
from app.server.reading import DATABASE_ERRORS, Reader
from app.server.sharing import Shares
from app.server.streaming import FLUSH_S, stream
from app.settings import processes
from app.web.i18n import negotiate, translate
from app.web.keeping import KEEP, Note

log = logging.getLogger(__name__)

THREADS = 8
"""Requests that a process serves at once; as many connections does the pool hold for them. More of them would leave the
event loop, which answers all of them, less of the time that one process has."""


STANDING_S = 1.0
VIEWS_EACH = 5
"""Sessions of open screens are looked at each second, posts and territories of a fifth of the people each time."""

SWITCH_S = 0.001
"""The event loop, which all screens wait for, gets its turn among the threads that serve requests so often."""

MOST_SCREENS = 8_000
READY_S = 10.0


class Front:
    """An application and its open screens, as a server that speaks ASGI calls them."""

    def __init__(self, app: Flask, shares: Shares | None = None) -> None:
        self.app = app
        self.bridge = Bridge(app, THREADS, LARGEST_REQUEST, self._most, shares or Shares(1))
        self.kept = Kept()
        self.hub: Hub | None = None
        self.ready = asyncio.Event()
        self.stopping = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = self.kept.find(scope)
        if told is not None:
            await _whole(send, *told)
            return
        screens: list[Screen] = []
        notes: list[Note] = []
        exchange: Exchange | None = None
        try:
            exchange = await self.bridge.ask(scope, receive, {HAND_OVER: screens.append, KEEP: notes.append})
            if notes and exchange.answer is not None:
                self.kept.keep(scope, notes[0], exchange.answer)
            if screens and exchange.answer is not None and exchange.answer.status == 200:
                head = exchange.answer.status, exchange.answer.headers
                await exchange.close()
                exchange = None
                await self._stream(screens[0], head, scope, receive, send)
            else:
                await exchange.send(send)
        except GoneError as gone:
            if exchange is None:
                await _refuse(scope, send, gone.status)
        finally:
            if exchange is not None:
                await exchange.close()

    async def _stream(self, screen: Screen, head: Any, scope: Scope, receive: Receive, send: Send) -> None:
        if self.stopping or scope["method"] == "HEAD":
            await _whole(send, head[0], head[1], b"")
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self.ready.wait()
        if self.hub is None or len(self.hub.streams) >= MOST_SCREENS:
            raise GoneError(503)
        await stream(self.hub, screen, head, receive, send, self.bridge.patience)

    def _most(self, method: str, path: str) -> int:
        """How long a body a route takes; none takes less than any request may hold."""
        known = path.encode("latin-1").decode("utf-8", "replace")
        with suppress(HTTPException, RequestRedirect):
            endpoint, _ = self.app.url_map.bind("localhost").match(known, method)
            most = getattr(self.app.view_functions[endpoint], "most_bytes", None)
            return max(int(most or 0), LARGEST_REQUEST)
        return LARGEST_REQUEST

    async def _live(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        url = str(self.app.config["DATABASE_URL"])
        reader = Reader(
            url,
            lambda cursor, known: loop.call_soon_threadsafe(self._begin, cursor, known),
            lambda found, cursor: loop.call_soon_threadsafe(self._hear, found, cursor),
        )
        await receive()
        loop.add_signal_handler(signal.SIGUSR1, self._stop)
        tasks = [loop.create_task(self._flush()), loop.create_task(self._watch(url))]
        reader.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._stop()
        for task in tasks:
            task.cancel()
        reader.stopped.set()
        self.bridge.pool.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})

    def _begin(self, cursor: Cursor, known: list[Change]) -> None:
        self.hub = Hub(cursor, known, whole=len(known) < REMEMBERED, processes=processes())
        self.ready.set()

    def _hear(self, found: list[Change] | None, cursor: Cursor) -> None:
        if self.hub is None:
            return
        if found is None:
            self.hub.start_anew(cursor)
        else:
            self.hub.publish(found, cursor)
        self.hub.flush(asyncio.get_running_loop().time())

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            if self.hub is not None:
                self.hub.flush(asyncio.get_running_loop().time())

    async def _watch(self, url: str) -> None:
        """End the streams of those who may no longer look. With the database away nobody moves anything either."""
        turn = 0
        while True:
            await asyncio.sleep(STANDING_S)
            streams = [] if self.hub is None else self.hub.streams
            shown = {(one.screen.token, one.screen.actor) for one in streams}
            if not shown:
                continue
            turn += 1
            # A share each time: all of them at once would be felt by whoever moves a case just then.
            due = {
                actor.account_id or 0
                for _, actor in shown
                if (actor.account_id or 0) % VIEWS_EACH == turn % VIEWS_EACH
            }
            try:
                kept = await asyncio.to_thread(visiting.standing, url, shown, views=due)
            except DATABASE_ERRORS:
                continue
            for one in streams:
                if (one.screen.token, one.screen.actor) not in kept:
                    one.end()

    def _stop(self) -> None:
        self.stopping = True
        self.ready.set()
        if self.hub is not None:
            self.hub.end()


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """Say why there is no answer, to one who may have gone."""
    tags = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1").split(",")
    title = translate(negotiate([tag.split(";")[0].strip() for tag in tags]), "error.http_other")
    code = f"http_{status}"
    content = {"type": f"urn:panlong:problem:{code}", "code": code, "status": status, "title": title}
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await _whole(send, status, headers, json.dumps(content, ensure_ascii=False).encode())


async def _whole(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def create_front() -> Front:
    """The front of the application of this process's settings."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    sys.setswitchinterval(SWITCH_S)
    made = Front(create_app(), sharing.joined())
    gc.freeze()  # what lives as long as the process is not looked at again
    return made

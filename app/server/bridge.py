"""From the server to the application: a request becomes a WSGI call in a thread, once all of it is here.

A slow sender or reader holds no thread: a body is gathered first, on disk where it is long, and a long answer is taken
piece by piece as the reader takes it.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from app.server.patience import Patience
from app.server.sharing import Shares
from app.server.turns import Turns

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

IN_MEMORY = 1 << 20
"""Longer bodies lie on disk while they come."""

PIECE = 1 << 16
"""Bytes of an answer that are taken from the application at once."""

SILENT_S = 30.0
"""A sender that says nothing, and a reader that takes nothing for so long, is given up."""

MOST_SPOOLED = 1 << 30
"""Bytes of bodies that are held at once; a request beyond it is asked to come again."""

DRAINED = 512 << 20
"""Bytes of a body that nobody wants which are read and thrown away, so that its sender hears why."""


CLOSE = (b"connection", b"close")

AT_ONCE = 1
"""Short requests that are served at once: a process has one core, which its part of the database works on, too."""


class GoneError(Exception):
    """There is no request to answer: the other side went away, or fell silent; or it has to come again.

    Parameters
    ----------
    status
        What it is told, if it still listens.
    """

    def __init__(self, status: int = 400) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Answer:
    """What the application said, as far as it has been taken; what is whole has been closed already."""

    status: int
    headers: Headers
    first: bytes
    rest: Iterator[bytes] | None
    close: Callable[[], None]


@dataclass(slots=True)
class Bridge:
    """A WSGI application behind a server that speaks ASGI.

    Parameters
    ----------
    app
        The application.
    threads
        Requests in it at once.
    least
        Longest body that every method and path take.
    most
        Longest body that a method and path take.
    shares
        What this process and the others of its server have to do.
    """

    app: Callable[..., Any]
    threads: int
    least: int
    most: Callable[[str, str], int]
    shares: Shares = field(default_factory=lambda: Shares(1))
    patience: Patience = field(default_factory=Patience)
    pool: ThreadPoolExecutor = field(init=False)
    turns: Turns = field(default_factory=lambda: Turns(AT_ONCE))
    spooled: int = 0

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(self.threads, "request")

    async def ask(self, scope: Scope, receive: Receive, extra: dict[str, Any]) -> Exchange:
        """Gather a request and let the application answer it; `extra` goes into its environment.

        Raises
        ------
        GoneError
            The sender went away.
        """
        exchange = Exchange(self, receive)
        try:
            environ = await exchange.gather(scope)
            loop = asyncio.get_running_loop()
            self.shares.add(1)
            try:
                async with self.turns.turn():
                    exchange.answer = await loop.run_in_executor(
                        self.pool, exchange.context.run, _call, self.app, {**environ, **extra}
                    )
            finally:
                self.shares.add(-1)
        except BaseException:
            await exchange.close()
            raise
        return exchange


def _spool() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(IN_MEMORY)


@dataclass(slots=True)
class Exchange:
    """One request and its answer."""

    bridge: Bridge
    receive: Receive
    context: Context = field(default_factory=copy_context)
    body: IO[bytes] = field(default_factory=_spool)
    size: int = 0
    spooled: int = 0
    http_1: bool = False
    whole: bool = False
    answer: Answer | None = None

    async def gather(self, scope: Scope) -> dict[str, Any]:
        """The environment of a request, with all of its body that the application would take."""
        environ = environment(scope)
        length = environ.get("CONTENT_LENGTH", "")
        most = self.bridge.least
        if not length.isdecimal() or int(length) > most:
            most = self.bridge.most(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        framed = length or "HTTP_TRANSFER_ENCODING" in environ or scope["http_version"] == "2"
        if not framed:
            self.whole = True
        elif not length.isdecimal() or int(length) <= most:
            await self._fill(most)
            if self.size > most or (not length and self.size):
                environ["CONTENT_LENGTH"] = str(self.size)
        elif "HTTP_EXPECT" in environ:
            self.whole = True  # it waits to be asked for its body, which nobody will
        environ.pop("HTTP_TRANSFER_ENCODING", None)  # it has come as a whole
        self.body.seek(0)
        environ["wsgi.input"] = self.body
        self.http_1 = scope["http_version"] == "1.1"  # later ones take many requests on one connection
        return environ

    async def _fill(self, most: int) -> None:
        while not self.whole and self.size <= most:
            piece = await self._piece()
            self.size += len(piece)
            self.spooled += len(piece)
            self.bridge.spooled += len(piece)
            if self.bridge.spooled > MOST_SPOOLED:
                log.warning("bodies of requests hold %s bytes", self.bridge.spooled)
                raise GoneError(503)
            self.body.write(piece)

    async def _piece(self) -> bytes:
        try:
            message = await self.bridge.patience.within(SILENT_S, self.receive())
        except TimeoutError as error:
            raise GoneError(408) from error
        if message["type"] != "http.request":
            raise GoneError
        self.whole = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    async def send(self, send: Send) -> None:
        """Send the answer, as fast as it is taken."""
        answer = self.answer
        if answer is None:
            return
        await self._drain()
        headers = [*answer.headers, CLOSE] if self._parts() else answer.headers
        await self._within(send({"type": "http.response.start", "status": answer.status, "headers": headers}))
        piece, loop = answer.first, asyncio.get_running_loop()
        while answer.rest is not None:
            if piece:
                await self._within(send({"type": "http.response.body", "body": piece, "more_body": True}))
            piece = await loop.run_in_executor(self.bridge.pool, self.context.run, _more, answer)
        await self._within(send({"type": "http.response.body", "body": piece, "more_body": False}))

    def _parts(self) -> bool:
        return self.http_1 and self.bridge.shares.gives_away()

    async def _within(self, sending: Awaitable[None]) -> None:
        try:
            await self.bridge.patience.within(SILENT_S, sending)
        except TimeoutError as error:
            raise GoneError from error

    async def _drain(self) -> None:
        thrown = 0
        while not self.whole and thrown < DRAINED:
            thrown += len(await self._piece())

    async def close(self) -> None:
        """Give back what the request held."""
        self.bridge.spooled -= self.spooled
        self.spooled = 0
        self.body.close()
        if self.answer is not None and self.answer.rest is not None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.bridge.pool, self.context.run, self.answer.close)


def environment(scope: Scope) -> dict[str, Any]:
    """The WSGI environment of a request, without its body."""
    raw = scope.get("raw_path")
    path = unquote_to_bytes(raw.split(b"?")[0]) if raw else scope["path"].encode()
    server = scope.get("server") or ("localhost", None)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").upper(), raw_value.decode("latin-1")
        if "_" in name:
            continue  # it would pass for the header with hyphens
        key = name.replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ


def _call(app: Callable[..., Any], environ: dict[str, Any]) -> Answer:
    said: list[Any] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        said[:] = [int(status[:3]), headers]
        return written.append

    pieces = app(environ, start_response)
    close = getattr(pieces, "close", lambda: None)
    rest = iter(pieces)
    try:
        first = b"".join(written) + _some(rest)
    except BaseException:
        close()
        raise
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in said[1]]
    over = len(first) < PIECE
    if over:
        close()  # here, and not by a second way through the threads: most answers are short
    return Answer(said[0], headers, first, None if over else rest, close)


def _some(pieces: Iterator[bytes]) -> bytes:
    """The next pieces together, at least `PIECE` bytes unless they end."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size >= PIECE:
            break
    return found[0] if len(found) == 1 else b"".join(found)


def _more(answer: Answer) -> bytes:
    piece = _some(answer.rest or iter(()))
    if len(piece) < PIECE:
        answer.rest = None
        answer.close()
    return piece

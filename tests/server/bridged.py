"""A small application behind the bridge, for `granian tests.server.bridged:create --factory --interface asgi`."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from app.server import sharing
from app.server.bridge import Bridge, Exchange, GoneError

MOST, MOST_LONG = 1 << 20, 64 << 20
PAUSES_S = {"/slow": 0.3, "/short": 0.02}


def _pieces(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield bytes([number % 251]) * 50_000


class Counted:
    """An answer that counts how often such ones were made, and how often closed."""

    made: ClassVar[int] = 0
    closed: ClassVar[int] = 0

    def __init__(self, count: int) -> None:
        type(self).made += 1
        self.pieces = _pieces(count)

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        """What a server owes every answer, once."""
        type(self).closed += 1


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    """Says what it got, or sends what it is asked for."""
    path = environ["PATH_INFO"]
    if path == "/large":
        count = int(environ["QUERY_STRING"])
        start_response("200 OK", [("Content-Length", str(count * 50_000)), ("Content-Type", "image/x")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else _pieces(count)
    if path == "/counted":
        start_response("200 OK", [("Content-Type", "image/x")])
        return Counted(int(environ["QUERY_STRING"]))
    if path == "/counts":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps([Counted.made, Counted.closed]).encode()]
    if path == "/broken":
        raise RuntimeError("broken")
    if path in PAUSES_S:
        time.sleep(PAUSES_S[path])
    if path == "/nothing":
        start_response("204 No Content", [])
        return []
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > (MOST_LONG if path.startswith("/long") else MOST):
        start_response("413 Request Entity Too Large", [("Content-Type", "text/plain")])
        return [b"too long"]
    found, size = hashlib.sha256(), 0
    while piece := environ["wsgi.input"].read(1 << 16):
        found.update(piece)
        size += len(piece)
    kept = {k: v for k, v in environ.items() if isinstance(v, str)}
    body = json.dumps(
        {"environ": kept, "size": size, "sha256": found.hexdigest(), "process": os.getpid()}
    ).encode()
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    )
    return [body]


def _most(_: str, path: str) -> int:
    return MOST_LONG if path.startswith("/long") else MOST


def create() -> Callable[..., Any]:
    """The application as a server that speaks ASGI calls it."""
    bridge = Bridge(application, 4, MOST, _most, sharing.joined())

    async def front(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError(scope["type"])
        exchange: Exchange | None = None
        try:
            exchange = await bridge.ask(scope, receive, {})
            await exchange.send(send)
        except GoneError:
            pass
        finally:
            if exchange is not None:
                await exchange.close()

    return front

"""Somebody whose screen is open: a client of the stream of moves, that notes what it hears and when."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.cli import serving
from app.settings import settings
from tests.people import PASSWORD, Person


class Site:
    """A real server on a database, which can be stopped and started again at its address."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.given = url, replace(settings(), var=folder, workspace="live")
        self.port = 0
        self.cookies: dict[str, str] = {}
        self.start()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        with serving.lock(self.given):
            server, self.process = serving.start(self.given, self.url, "127.0.0.1", self.port)
        self.address = server.url

    def stop(self) -> float:
        """Seconds that stopping took."""
        begun = time.monotonic()
        serving.stop(self.given)
        self.process.wait(20)
        return time.monotonic() - begun


def ask(
    address: str, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    """One request at a real server."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer, answer.read()


def sign_in(address: str, person: Person) -> str:
    """Sign in at a real server; the cookie."""
    content = {"username": person.username, "password": PASSWORD}
    if person.code is not None:
        content["code"] = person.code
    plain = {"Content-Type": "application/json"}
    for _ in range(20):
        answer, body = ask(address, "POST", "/api/v1/session", plain, json.dumps(content))
        if answer.status != 429:
            break
        time.sleep(0.5)  # many people come at once from one address: each waits their turn
    assert answer.status == 201, body
    return str(answer.headers["Set-Cookie"]).split(";")[0]


@dataclass(slots=True)
class Watcher:
    """An open screen."""

    address: str
    cookie: str
    since: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    line: socket.socket | None = None

    def open(self) -> Watcher:
        """Open it, and wait until it stands."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        connection.connect()
        self.line = connection.sock
        headers = {"Cookie": self.cookie, "Accept": "text/event-stream"}
        if self.since:
            headers["Last-Event-ID"] = self.since
        connection.request("GET", "/live", headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, (answer.status, answer.read())
        assert answer.headers.get_content_type() == "text/event-stream"
        threading.Thread(target=self._read, args=(answer,), daemon=True).start()
        self.wait(lambda: any(m["event"] in {"hello", "resync"} for m in self.messages))
        return self

    def _read(self, answer: http.client.HTTPResponse) -> None:
        fields: dict[str, str] = {}
        try:
            while line := answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name == "id":
                    self.since = value
                if name:
                    fields[name] = value
                    continue
                if "event" in fields:
                    heard = {
                        "event": fields["event"],
                        "data": json.loads(fields["data"]),
                        "at": time.monotonic(),
                    }
                    self.messages.append(heard)
                fields = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        finally:
            answer.close()
            self.ended.set()

    @property
    def cases(self) -> list[dict[str, Any]]:
        """What it heard of cases, in order."""
        return [case for message in self.messages if message["event"] == "moves" for case in message["data"]]

    def of(self, case: int) -> list[dict[str, Any]]:
        """What it heard of one case."""
        return [heard for heard in self.cases if heard["case_id"] == case]

    def wait(self, condition: Callable[[], object], seconds: float = 5) -> None:
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.messages[-5:]
            time.sleep(0.005)

    def close(self) -> None:
        """Close the screen."""
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)
            self.ended.wait(5)
            self.line.close()

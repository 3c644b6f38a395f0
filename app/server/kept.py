"""Tiles that were made before, given again without a thread: to who may see them, as long as nothing has changed.

An answer is given again when three things hold: its asker was let in by the guard within the last second
(`visiting.REMEMBERED_S`), sees what the first asker saw, and the data are as they were when somebody looked, `LOOK_S`
ago or little more. Whatever fails goes the usual way, which looks at all three anew.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Any

from app.accounts.rules import SessionState
from app.accounts.service import visiting
from app.server.bridge import Answer, Headers, Scope
from app.web.keeping import Note

PATH = b"/tiles/"
LOOK_S = 0.25
"""After it one request looks anew; the others are answered meanwhile, for as long again at most."""

MOST_BYTES = 64 << 20
MOST_SEATS = 20_000
NOT_PLAIN = frozenset({b"authorization", b"content-length", b"transfer-encoding", b"range"})
OF_A_BODY = frozenset({b"content-type", b"content-length", b"content-encoding"})

Key = tuple[Any, bytes, bytes]
Told = tuple[int, Headers, bytes]


class Kept:
    """The answers that one process keeps. Only for the thread of its event loop."""

    def __init__(self) -> None:
        self._seats: dict[tuple[bytes, str], str] = {}
        self._looked: dict[str, tuple[Any, float]] = {}
        self._looking: dict[str, float] = {}
        self._answers: OrderedDict[Key, tuple[Note, Headers, bytes, bytes]] = OrderedDict()
        self._bytes = 0

    def find(self, scope: Scope) -> Told | None:
        """The answer to a request; None where it has to be asked for."""
        asked = _plain(scope)
        if asked is None:
            return None
        path, cookie, tag = asked
        address = _address(scope)
        token = self._seats.get((cookie, address))
        visitor = None if token is None else visiting.remembered(token, address)
        if visitor is None or visitor.state is not SessionState.LIVE or visitor.unfinished:
            return None
        found = self._answers.get((visitor.actor.view, path, scope["query_string"]))
        if found is None or not visitor.may(found[0].permission):
            return None
        note, headers, body, known = found
        if self._looked[note.kind][0] != note.stamp or self._is_old(note.kind):
            return None
        if tag and tag == known:
            return 304, [one for one in headers if one[0] not in OF_A_BODY], b""
        return 200, headers, body

    def _is_old(self, kind: str) -> bool:
        """Whether this request has to look at the data anew."""
        now, at = time.monotonic(), self._looked[kind][1]
        if now - at <= LOOK_S or (now - at <= 2 * LOOK_S and self._looking.get(kind, 0.0) > at):
            return False
        self._looking[kind] = now
        return True

    def keep(self, scope: Scope, note: Note, answer: Answer) -> None:
        """Keep an answer that its view has told about."""
        stamp, at = self._looked.get(note.kind, (None, 0.0))
        if at < note.at:
            self._looked[note.kind] = note.stamp, note.at
        elif stamp != note.stamp:
            return  # another request has seen a later state meanwhile
        asked = _plain(scope)
        told = dict(answer.headers)
        if asked is None or b"set-cookie" in told:
            return
        path, cookie, _ = asked
        if len(self._seats) >= MOST_SEATS:
            self._seats.clear()
        self._seats[cookie, _address(scope)] = note.token
        if answer.status != 200 or answer.rest is not None or told.get(b"content-encoding") != b"gzip":
            return
        key = (note.view, path, scope["query_string"])
        self._forget(key)
        self._answers[key] = note, answer.headers, answer.first, told.get(b"etag", b"")
        self._bytes += len(answer.first)
        while self._bytes > MOST_BYTES:
            self._forget(next(iter(self._answers)))

    def _forget(self, key: Key) -> None:
        found = self._answers.pop(key, None)
        if found is not None:
            self._bytes -= len(found[2])


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _plain(scope: Scope) -> tuple[bytes, bytes, bytes] | None:
    """Path, cookie and tag of a request as browsers send it for a tile; None of any other."""
    path = scope.get("raw_path") or scope["path"].encode()
    if scope["method"] != "GET" or not path.startswith(PATH):
        return None
    found = {b"cookie": b"", b"if-none-match": b"", b"accept-encoding": b""}
    for name, value in scope["headers"]:
        if name in NOT_PLAIN or found.get(name):
            return None
        if name in found:
            found[name] = value
    zips = found[b"accept-encoding"]
    if b"gzip" not in zips or b";" in zips or not found[b"cookie"]:
        return None
    return path, found[b"cookie"], found[b"if-none-match"]

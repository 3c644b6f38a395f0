"""What the front gives again: to whom, and until when."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from app.accounts.rules import Permission, SessionState
from app.accounts.service import visiting
from app.accounts.service.secrets import digest
from app.accounts.service.visiting import Visitor
from app.db import Actor
from app.server.bridge import Answer, Scope
from app.server.kept import LOOK_S, MOST_BYTES, Kept
from app.web.keeping import Note

ME = Visitor(
    "token", Actor(1, ("duty_officer",), "{[1,9)}"), 1, "me", "Me", False, None, SessionState.LIVE, None,
    frozenset({Permission.READ_CASES}),
)  # fmt: skip
HEAD = [
    (b"content-type", b"x"),
    (b"content-encoding", b"gzip"),
    (b"content-length", b"5"),
    (b"etag", b'W/"1"'),
]


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, Any]:
    """Who has been let in, and when."""
    found: dict[bytes, Any] = {digest("token") + b"1.2.3.4": (time.monotonic(), ME)}
    monkeypatch.setattr(visiting, "_remembered", found)
    return found


def asked(path: str = "/tiles/cases/9/1/1.mvt", method: str = "GET", **more: str) -> Scope:
    headers = {
        "cookie": "c",
        "accept-encoding": "gzip, br",
        **{k.replace("_", "-"): v for k, v in more.items()},
    }
    return {
        "method": method, "path": path, "query_string": b"state=all", "client": ("1.2.3.4", 5),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip


def note(stamp: object = 1, ago: float = 0.0) -> Note:
    return Note("cases", stamp, time.monotonic() - ago, "token", ME.actor.view, Permission.READ_CASES)


def answer(body: bytes = b"tile!", **more: Any) -> Answer:
    said: dict[str, Any] = {"status": 200, "headers": HEAD, "first": body, "rest": None, **more}
    return Answer(close=lambda: None, **said)


@pytest.fixture
def kept() -> Kept:
    found = Kept()
    found.keep(asked(), note(), answer())
    return found


def test_what_was_answered_is_answered_again(kept: Kept) -> None:
    assert kept.find(asked()) == (200, HEAD, b"tile!")


def test_a_browser_that_has_it_is_told_so_without_a_body(kept: Kept) -> None:
    assert kept.find(asked(if_none_match='W/"1"')) == (304, [(b"etag", b'W/"1"')], b"")
    assert kept.find(asked(if_none_match='W/"0"')) == (200, HEAD, b"tile!")


@pytest.mark.parametrize(
    "other",
    [
        asked(method="HEAD"),
        asked("/tiles/cases/9/1/2.mvt"),
        asked("/api/v1/view"),
        asked(cookie="another"),
        asked(authorization="Bearer x"),
        asked(accept_encoding="br"),
        asked(accept_encoding="gzip;q=0"),
        asked(content_length="3"),
        {**asked(), "query_string": b"state=open"},
        {**asked(), "client": ("1.2.3.5", 5)},
        {**asked(), "headers": [*asked()["headers"], (b"cookie", b"another")]},
    ],
)
def test_anything_else_is_asked_for(kept: Kept, other: Scope) -> None:
    assert kept.find(other) is None


@pytest.mark.parametrize(
    "now",
    [
        replace(ME, state=SessionState.LOCKED),
        replace(ME, unfinished="password"),
        replace(ME, permissions=frozenset()),
        replace(ME, actor=replace(ME.actor, territory="{[1,5)}")),
        None,
    ],
)
def test_who_may_no_longer_see_it_is_not_given_it(kept: Kept, known: dict[bytes, Any], now: object) -> None:
    known[digest("token") + b"1.2.3.4"] = (time.monotonic(), now)
    assert kept.find(asked()) is None


def test_a_session_is_asked_about_each_second_and_at_once_where_it_was_ended(
    kept: Kept, known: dict[bytes, Any]
) -> None:
    known[digest("token") + b"1.2.3.4"] = (time.monotonic() - visiting.REMEMBERED_S, ME)
    assert kept.find(asked()) is None
    known[digest("token") + b"1.2.3.4"] = (time.monotonic(), ME)
    visiting.forget("token")
    assert kept.find(asked()) is None


def test_the_data_are_looked_at_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept()
    kept.keep(asked(), note(ago=LOOK_S), answer())
    assert kept.find(asked()) is None
    kept.keep(asked("/tiles/cases/9/9/9.mvt"), note(), answer())
    assert kept.find(asked()) == (200, HEAD, b"tile!")  # somebody has looked, and nothing had changed


def test_one_looks_and_the_others_are_not_kept_waiting() -> None:
    kept = Kept()
    kept.keep(asked(), note(ago=1.5 * LOOK_S), answer())
    assert kept.find(asked()) is None
    assert kept.find(asked()) == (200, HEAD, b"tile!")


def test_nobody_is_answered_where_the_one_who_looks_takes_long() -> None:
    kept = Kept()
    kept.keep(asked(), note(ago=2 * LOOK_S), answer())
    assert [kept.find(asked()) for _ in range(2)] == [None, None]


def test_what_has_changed_is_not_given_again(kept: Kept) -> None:
    kept.keep(asked("/tiles/cases/9/9/9.mvt"), note(stamp=2), answer())
    assert kept.find(asked()) is None
    kept.keep(asked(), note(stamp=1, ago=0.1), answer())  # a slow answer from before the change
    assert kept.find(asked()) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"status": 404},
        {"rest": iter((b"",))},
        {"headers": HEAD[:1]},
        {"headers": [*HEAD, (b"set-cookie", b"x")]},
    ],
)
def test_what_is_not_a_whole_packed_tile_is_not_kept(odd: dict[str, Any]) -> None:
    kept = Kept()
    kept.keep(asked(), note(), answer(**odd))
    assert kept.find(asked()) is None


def test_what_was_kept_longest_goes_first(kept: Kept) -> None:
    kept.keep(asked("/tiles/cases/9/9/9.mvt"), note(), answer(bytes(MOST_BYTES)))
    assert kept.find(asked()) is None
    assert kept.find(asked("/tiles/cases/9/9/9.mvt")) is not None

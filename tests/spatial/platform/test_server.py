"""The platform over HTTP: whatever answers, a layer comes whole or not at all, and the token is told to nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest

import spatial as sp
from spatial.errors import PlatformError
from spatial.layers import LAYERS, VERSION
from spatial.layers.arrow import ROWS, schema
from spatial.platform import Server
from spatial.remedies import REMEDIES

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "pl_secret-of-a-test"
DISTRICT = {
    "code": "1",
    "name": "镇",
    "timezone": "Asia/Shanghai",
    "metric_srid": 4543,
    "simulated": True,
    "id": 7,
}
UNITS = [
    {"code": "a", "name": "甲", "kind": "department", "parent": None, "area": None, "simulated": True},
    {"code": "b", "name": "乙", "kind": "crew", "parent": "a", "area": None, "simulated": True},
]

Answer = tuple[int, dict[str, str], bytes]


def units(told: int | None = 2) -> bytes:
    """A layer of two units, with the number of rows that is told at its end."""
    sink = pa.BufferOutputStream()
    of = schema(LAYERS["units"], "2026-11-23T06:32:00+00:00")
    with pa.ipc.new_stream(sink, of) as writer:
        writer.write_batch(pa.RecordBatch.from_pylist(UNITS, schema=of))
        if told is not None:
            writer.write_batch(
                pa.RecordBatch.from_pylist([], schema=of), custom_metadata={ROWS: str(told).encode()}
            )
    return sink.getvalue().to_pybytes()


def problem(status: int, code: str) -> Answer:
    return status, {}, json.dumps({"code": code, "title": "so", "status": status}).encode()


@dataclass
class Told:
    """What a server answers by path, and what it was asked."""

    answers: dict[str, Answer]
    tokens: set[str | None] = field(default_factory=set)
    address: str = ""

    def say(self, path: str, status: int, body: bytes, **head: str) -> None:
        self.answers[path] = (status, head, body)


@pytest.fixture
def told() -> Iterator[Told]:
    """A server that answers like the platform until it is told otherwise."""
    known = {"version": VERSION, "items": []}
    ways = Told(
        {
            "/api/v1/layers": (200, {}, json.dumps(known).encode()),
            "/api/v1/district": (200, {}, json.dumps(DISTRICT).encode()),
            "/api/v1/layers/units.arrow": (200, {}, units()),
        }
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            ways.tokens.add(self.headers.get("Authorization"))
            status, head, body = ways.answers.get(self.path.partition("?")[0], (404, {}, b"<html>"))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **head}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    ways.address = f"http://127.0.0.1:{server.server_port}"
    yield ways
    server.shutdown()
    server.server_close()
    thread.join()


def fails(code: str, ask: Callable[[], object]) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        ask()
    assert caught.value.code == code, caught.value
    assert TOKEN not in str(caught.value) + repr(caught.value)
    assert REMEDIES[code][0] in str(caught.value)
    return caught.value


def test_a_whole_layer_is_taken(told: Told) -> None:
    frame = Server(told.address, TOKEN).units()
    assert frame["name"].tolist() == ["甲", "乙"]
    assert frame.attrs["panlong"]["as_of"] == "2026-11-23T06:32:00+00:00"
    assert told.tokens == {f"Bearer {TOKEN}"}


def test_half_a_layer_is_none(told: Told) -> None:
    whole = units()
    for cut in (*range(0, len(whole), 97), len(whole) - 1, len(whole) - 8):
        told.say("/api/v1/layers/units.arrow", 200, whole[:cut], **{"Content-Length": str(len(whole))})
        fails("stream_cut", Server(told.address, TOKEN).units)


def test_a_layer_that_ends_well_too_early_is_none(told: Told) -> None:
    """A length that fits and a stream that ends as streams do: what is missing is only known by what it says itself."""
    for body in (units(None), units(3), b""):
        told.say("/api/v1/layers/units.arrow", 200, body)
        fails("stream_cut", Server(told.address, TOKEN).units)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (problem(401, "sign_in_needed"), "token_refused"),
        (problem(401, "token_expired"), "token_expired"),
        (problem(403, "not_permitted"), "not_permitted"),
        (problem(404, "area_missing_coded"), "area_unknown"),
        (problem(404, "http_404"), "version_differs"),
        (problem(400, "parameter_invalid"), "question_refused"),
        (problem(503, "too_slow"), "server_failed"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "not_a_platform"),
        ((200, {}, b"[]"), "not_a_platform"),
        ((500, {}, b"<html>"), "not_a_platform"),
        ((302, {"Location": "http://127.0.0.2/"}, b""), "not_a_platform"),
        ((200, {}, json.dumps({"version": VERSION + 1, "items": []}).encode()), "version_differs"),
    ],
)
def test_what_answers_is_named(told: Told, answer: Answer, code: str) -> None:
    told.answers["/api/v1/layers"] = answer
    fails(code, lambda: Server(told.address, TOKEN))


def test_nobody_answers(told: Told) -> None:
    fails("server_unreachable", lambda: Server("http://127.0.0.1:1", TOKEN))
    with pytest.raises(PlatformError) as error:  # it speaks no TLS
        Server(told.address.replace("http:", "https:"), TOKEN)
    assert error.value.code in {"certificate_untrusted", "server_unreachable"}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://grid.example.cn", "server_not_secure"),
        ("ftp://grid.example.cn", "address_wrong"),
        ("https://", "address_wrong"),
        ("https://name:word@grid.example.cn", "address_wrong"),
        ("https://grid.example.cn/map", "address_wrong"),
        ("https://grid.example.cn:none", "address_wrong"),
    ],
)
def test_addresses_that_are_not_asked(address: str, code: str) -> None:
    error = fails(code, lambda: Server(address, TOKEN))
    assert "word" not in str(error)


def test_a_token_shows_itself_to_the_server_alone(told: Told) -> None:
    server = Server(told.address, TOKEN)
    assert TOKEN not in repr(server) + repr(vars(server)) + str(server._session.auth)
    for wrong in ("", "a b", "a\nb", "令牌"):
        fails(
            "token_refused" if wrong else "token_missing", lambda wrong=wrong: sp.connect(told.address, wrong)
        )  # type: ignore[misc]


def test_every_error_has_a_remedy_in_two_languages() -> None:
    raised = {
        code
        for path in (ROOT / "spatial").rglob("*.py")
        for code in re.findall(r'PlatformError\(\s*"([a-z_]+)"', path.read_text("utf-8"))
    }
    assert raised <= set(REMEDIES)
    for chinese, english in REMEDIES.values():
        assert re.search(r"[\u4e00-\u9fff]", chinese) and not re.search(r"[\u4e00-\u9fff]", english)

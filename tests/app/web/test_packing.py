"""Static files: packed as the browser takes them, the same content and the same tag whichever way."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web import packing

TEXT = b"export const answer = 42;\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "long.js").write_bytes(TEXT)
    (tmp_path / "short.js").write_bytes(TEXT[:100])
    (tmp_path / "picture.png").write_bytes(TEXT)
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask("app", static_folder=str(folder), static_url_path="/static")
    packing.register(app)
    return app.test_client()


def got(client: FlaskClient, path: str, method: str = "GET", **given: Any) -> TestResponse:
    """An answer that is over, as a server ends it."""
    answer = client.open(path, method=method, buffered=True, **given)
    answer.close()
    return answer


@pytest.mark.parametrize(
    ("takes", "way", "unpack"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ],
)
def test_a_script_leaves_packed(client: FlaskClient, takes: str, way: str, unpack: object) -> None:
    answer = got(client, "/static/long.js", headers={"Accept-Encoding": takes})
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, way)
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(TEXT) / 5
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert unpack(answer.data) == TEXT  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "takes"), [("long.js", "identity"), ("short.js", "br"), ("picture.png", "br")]
)
def test_what_is_not_worth_it_leaves_as_it_is(
    client: FlaskClient, folder: Path, name: str, takes: str
) -> None:
    answer = got(client, f"/static/{name}", headers={"Accept-Encoding": takes})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (folder / name).read_bytes()


def test_a_copy_that_still_holds_is_not_sent_again(client: FlaskClient, folder: Path) -> None:
    packed = {"Accept-Encoding": "br"}
    tag = got(client, "/static/long.js", headers=packed).headers["ETag"]
    for headers in (packed, {"Accept-Encoding": "identity"}):
        again = got(client, "/static/long.js", headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    (folder / "long.js").write_bytes(TEXT + b"// changed\n")
    changed = got(client, "/static/long.js", headers={**packed, "If-None-Match": tag})
    assert brotli.decompress(changed.data).endswith(b"// changed\n")


def test_what_was_packed_at_set_up_is_sent_unless_the_file_is_newer(
    client: FlaskClient, folder: Path
) -> None:
    packing.pack(folder)
    assert sorted(path.name for path in folder.glob("*.br")) == ["long.js.br"]
    answer = got(client, "/static/long.js", headers={"Accept-Encoding": "br"})
    assert answer.data == (folder / "long.js.br").read_bytes()
    newer = (folder / "long.js.br").stat().st_mtime_ns + 1_000_000_000
    (folder / "long.js").write_bytes(TEXT[:-26])
    os.utime(folder / "long.js", ns=(newer, newer))
    answer = got(client, "/static/long.js", headers={"Accept-Encoding": "br"})
    assert brotli.decompress(answer.data) == TEXT[:-26]


@pytest.mark.parametrize("name", ["missing.js", "../secret.js"])
def test_what_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    assert got(client, f"/static/{name}", headers={"Accept-Encoding": "br"}).status_code == 404


def test_only_the_head_is_sent_where_that_is_asked_for(client: FlaskClient) -> None:
    answer = got(client, "/static/long.js", method="HEAD", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Encoding"] == "br"

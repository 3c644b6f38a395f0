"""The shelf in a store that speaks S3, against a small one of our own."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.errors import UnavailableError
from app.files.store import s3
from app.files.store.s3 import S3Shelf, s3_shelf
from app.files.store.shelf import Shelf, the_shelf
from app.settings import FilesSettings

NAME = "ab/cd/abcd.jpg"


class Store(BaseHTTPRequestHandler):
    """Objects by their path; a store that is `full` takes none."""

    objects: dict[str, bytes]
    puts: int
    full: bool
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", size: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if size is None else size))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if type(self).full:
            self.answer(507, b"<Error><Code>XMinioStorageFull</Code><Message>full</Message></Error>")
            return
        type(self).puts += 1
        type(self).objects[self.path] = body
        self.answer(200)

    def do_HEAD(self) -> None:
        found = type(self).objects.get(self.path)
        self.answer(404 if found is None else 200, size=len(found or b""))

    def do_GET(self) -> None:
        found = type(self).objects.get(self.path)
        if found is None:
            self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>")
            return
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        self.answer(206 if start else 200, found[start:])

    def do_DELETE(self) -> None:
        type(self).objects.pop(self.path, None)
        self.answer(204)


@pytest.fixture
def store() -> Iterator[type[Store]]:
    yield type("OwnStore", (Store,), {"objects": {}, "puts": 0, "full": False})


@pytest.fixture
def given(store: type[Store]) -> Iterator[FilesSettings]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), store)
    thread = Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    yield FilesSettings(Path("unused"), "district", address, None, "id", "secret", "files")
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shelf(given: FilesSettings) -> Iterator[S3Shelf]:
    found = s3_shelf(given)
    yield found
    found.client.close()


def test_put_and_open(shelf: S3Shelf, store: type[Store]) -> None:
    plain: Shelf = shelf
    assert not plain.exists(NAME)
    plain.put(NAME, b"content")
    plain.put(NAME, b"content")
    assert store.puts == 1, "the same content is not sent again"
    assert store.objects == {"/district/files/ab/cd/abcd.jpg": b"content"}
    with plain.open(NAME) as stream:
        assert stream.read() == b"content"
    with plain.open(NAME, 3) as stream:
        assert stream.read() == b"tent"
    plain.remove(NAME)
    plain.remove(NAME)
    assert not plain.exists(NAME)
    with pytest.raises(UnavailableError, match="file_gone"):
        plain.open(NAME)


def test_a_store_that_is_full(shelf: S3Shelf, store: type[Store], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    store.full = True
    with pytest.raises(UnavailableError) as error:
        shelf.put(NAME, b"content")
    assert error.value.code == "files_unwritable"
    assert error.value.facts == {"path": f"s3://district/files/{NAME}", "reason": "XMinioStorageFull"}
    assert not store.objects


def test_a_store_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "TRIES", 1)
    shelf = s3_shelf(FilesSettings(Path("unused"), "district", "http://127.0.0.1:9", None, "id", "secret"))
    for call, code in (
        (lambda: shelf.put(NAME, b"x"), "files_unwritable"),
        (lambda: shelf.open(NAME), "files_unreadable"),
    ):
        with pytest.raises(UnavailableError) as error:
            call()
        assert error.value.code == code
        assert "127.0.0.1:9" in error.value.facts["reason"]
    shelf.client.close()


def test_no_address() -> None:
    with pytest.raises(UnavailableError, match="files_unwritable"):
        s3_shelf(FilesSettings(Path("unused"), "district", "no address"))


def test_the_package_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "boto3", None)
    monkeypatch.setenv("PANLONG_S3_BUCKET", "never-asked")
    with pytest.raises(UnavailableError) as error:
        the_shelf()
    assert error.value.code == "s3_missing"
    assert "panlong[s3]" in error.value.facts["remedy"]


def test_the_secret_is_not_shown(given: FilesSettings) -> None:
    assert "secret=" not in repr(given)

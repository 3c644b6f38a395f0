"""A stream is read no further than needed, and what is kept is the same however often it is sent."""

from __future__ import annotations

import itertools
import tracemalloc
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from app.errors import InvalidError
from app.files.rules import CHUNK_BYTES, Kind
from app.files.rules.kinds import MB
from app.files.service import clean
from tests.app.files import samples

KUNMING = ZoneInfo("Asia/Shanghai")


class Endless:
    """A stream that begins like a picture and goes on for 200 MB."""

    def __init__(self, head: bytes, size: int = 200 * MB, most: int = CHUNK_BYTES) -> None:
        self.head, self.left, self.most, self.given = head, size, most, 0

    def read(self, size: int, /) -> bytes:
        size = min(size, self.left, self.most)
        self.left -= size
        self.given += size
        found, self.head = self.head[:size], self.head[size:]
        return found + bytes(size - len(found))


def refused(stream: object, **options: int) -> str:
    with pytest.raises(InvalidError) as error:
        clean(stream, zone=KUNMING, **options)  # type: ignore[arg-type]
    return error.value.code


@pytest.mark.parametrize(("head", "limit"), [(samples.jpeg(), 20 * MB), (samples.film(), 50 * MB)])
@pytest.mark.parametrize("most", [CHUNK_BYTES, 1 << 14])
def test_too_large(head: bytes, limit: int, most: int) -> None:
    stream = Endless(head, most=most)
    tracemalloc.start()
    assert refused(stream) == "file_too_large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert limit < stream.given <= limit + CHUNK_BYTES
    assert peak < 2.3 * limit


def test_given_up_at_once() -> None:
    stream = Endless(b"PK\x03\x04")
    assert refused(stream) == "file_kind"
    assert stream.given == CHUNK_BYTES
    stream = Endless(samples.jpeg(), most=10)
    assert refused(stream, limit=50_000) == "file_too_large"
    assert stream.given <= 50_010


def test_empty_and_small() -> None:
    assert refused(BytesIO(b"")) == "file_empty"
    assert refused(BytesIO(b"\xff\xd8\xff")) == "file_broken"
    for data in (samples.jpeg(), samples.film(), samples.HEIC):
        assert refused(BytesIO(data), limit=len(data) - 1) == "file_too_large"
        assert clean(BytesIO(data), zone=KUNMING, limit=len(data)).content


@pytest.mark.parametrize("data", [samples.jpeg(), samples.film(), samples.HEIC])
def test_a_byte_at_a_time(data: bytes) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(1)

    assert clean(Slow(data), zone=KUNMING) == clean(BytesIO(data), zone=KUNMING)


def test_what_is_kept() -> None:
    picture, film = (clean(BytesIO(data), zone=KUNMING) for data in (samples.HEIC, samples.film()))
    assert (picture.kind, len(picture.small), picture.duration_s) == (Kind.JPEG, 2, None)
    assert (film.kind, film.small, film.duration_s) == (Kind.MP4, {}, 2.0)
    for one, other in itertools.combinations((picture.sha256, film.sha256, picture.original_sha256), 2):
        assert one != other

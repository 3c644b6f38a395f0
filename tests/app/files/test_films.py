"""Films: checked by their boxes, and nothing left in them but picture and sound."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from app.errors import InvalidError
from app.files.rules import Position, clean_film
from app.files.rules.boxes import boxes
from tests.app.files import samples


def refused(data: bytes) -> tuple[str, object]:
    with pytest.raises(InvalidError) as error:
        clean_film(data)
    return error.value.code, error.value.facts.get("found", error.value.facts.get("reason"))


def test_cleaned() -> None:
    data = samples.film()
    film = clean_film(data)
    assert (film.width, film.height, film.duration_s) == (64, 48, 2.0)
    assert film.facts.position == Position(*samples.PLACE, 1895.5)
    assert film.facts.taken_at == datetime(2026, 3, 4, 19, 30, tzinfo=UTC)
    assert len(film.content) == len(data), "offsets stay true"
    assert b"PICTURE1PICTURE2SOUND" in film.content
    for said in (
        samples.CAMERA,
        samples.MODEL,
        b"25.03",
        b"GPS",
        b"JUNK",
        b"mebx",
        b"udta",
        b"uuid",
        b"meta",
    ):
        assert said in data
        assert said not in film.content
    assert [box.name for box in boxes(film.content, 0, len(data))] == [b"ftyp", b"mdat", b"free", b"moov"]
    assert clean_film(film.content).content == film.content
    assert clean_film(data).content == film.content


def test_turned() -> None:
    film = clean_film(samples.film(turned=True))
    assert (film.width, film.height) == (48, 64)


def test_kinds_of_films() -> None:
    assert clean_film(samples.film(codec=b"hvc1")).duration_s == 2.0
    assert refused(samples.film(codec=b"av01")) == ("file_kind", "av01")
    assert refused(samples.film(extra=samples.box(b"moof", b""))) == ("file_kind", "mp4_fragments")
    assert refused(samples.film().replace(b"vide", b"text")) == ("file_kind", "mp4a")


def test_too_long() -> None:
    assert clean_film(samples.film(seconds=180)).duration_s == 180
    assert refused(samples.film(seconds=181))[0] == "film_too_long"
    lying = samples.film(seconds=181).replace(samples.numbers(1000, 181_000), samples.numbers(1000, 1000))
    assert refused(lying)[0] == "film_too_long", "the samples tell"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (samples.film(moov=False), "no_moov"),
        (samples.film(extra=samples.film()), "moov"),
        (samples.film(place=b"<script>alert(1)</script>"), "script"),
        (samples.film(extra=samples.box(b"free", b"<!DOCTYPE html><html>")), "script"),
        (samples.film(extra=b"PK\x03\x04\x14\0\0\0evil.txt"), "zip"),
        (samples.film(extra=b"<html><body>hello"), "markup"),
        (samples.film(extra=b"%PDF-1.4 and so on"), "pdf"),
        (samples.film().replace(b"url \0\0\0\1", b"url \0\0\0\0"), "reference"),
    ],
)
def test_hostile(data: bytes, found: str) -> None:
    assert refused(data) == ("file_hostile", found)


def test_truncated() -> None:
    data = samples.film()
    for end in range(8, len(data)):
        assert refused(data[:end])[0] in {"file_broken", "file_hostile"}, end


def test_samples_elsewhere() -> None:
    data = samples.film()
    at = data.index(b"PICTURE1")
    assert refused(data.replace(samples.numbers(1, at), samples.numbers(1, 8)))[0] == "file_broken"
    assert (
        refused(data.replace(samples.numbers(0, 2, 8, 8), samples.numbers(0, 2, 8, 1 << 30)))[0]
        == "file_broken"
    )
    assert (
        refused(data.replace(samples.numbers(0, 2, 8, 8), samples.numbers(0, 1 << 31, 8, 8)))[0]
        == "file_broken"
    )


def test_any_bytes() -> None:
    """Whatever is changed: a film or an error of ours, and never a longer or shorter one."""
    draw = random.Random(530103)
    data = samples.film()
    cleaned = 0
    for _ in range(3000):
        changed = bytearray(data)
        for _ in range(draw.randint(1, 6)):
            changed[draw.randrange(len(changed))] = draw.choice((0, 1, 0x7F, 0xFF, draw.randrange(256)))
        try:
            film = clean_film(bytes(changed))
        except InvalidError:
            continue
        cleaned += 1
        assert len(film.content) == len(data)
    assert cleaned > 100

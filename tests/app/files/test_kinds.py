"""A file is what its first bytes say."""

from __future__ import annotations

import hashlib

import pytest

from app.errors import InvalidError
from app.files.rules import PREVIEW, Kind, kind_of, name_of
from app.files.rules.kinds import MOST_BYTES
from tests.app.files import samples


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (samples.jpeg(), Kind.JPEG),
        (samples.written(samples.drawn(), "png"), Kind.PNG),
        (samples.written(samples.drawn(), "webp"), Kind.WEBP),
        (samples.HEIC, Kind.HEIC),
        (samples.film(), Kind.MP4),
        (samples.film(first=b"mp42"), Kind.MP4),
        (samples.box(b"ftyp", b"mif1", bytes(4), b"mif1heic"), Kind.HEIC),
    ],
)
def test_ours(head: bytes, kind: Kind) -> None:
    assert kind_of(head[:4096]) is kind
    assert MOST_BYTES[kind] >= 20_000_000


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (samples.written(samples.drawn(), "gif"), "gif"),
        (samples.written(samples.drawn(), "bmp"), "bmp"),
        (samples.written(samples.drawn(), "tiff"), "tiff"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"MZ\x90\0", "program"),
        (b"\x1aE\xdf\xa3\x9fB", "matroska"),
        (samples.box(b"ftyp", b"avif", bytes(4), b"mif1heic"), "avif"),
        (samples.box(b"ftyp", b"qt  ", bytes(4), b"qt  "), "quicktime"),
        (samples.box(b"ftyp", b"\0\0\0\0", bytes(4)), "unknown"),
        (b"hello", "unknown"),
        (b"\xff", "unknown"),
    ],
)
def test_not_ours(head: bytes, found: str) -> None:
    with pytest.raises(InvalidError) as error:
        kind_of(head)
    assert error.value.code == "file_kind"
    assert error.value.facts["found"] == found


@pytest.mark.parametrize(
    "head",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xef\xbb\xbf  \n<?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><html>",
        b"GIF89a=1;<script>",
        b"<?php phpinfo();",
        b"#!/bin/sh\n",
    ],
)
def test_disguised(head: bytes) -> None:
    with pytest.raises(InvalidError, match="file_hostile"):
        kind_of(head)


def test_names() -> None:
    digest = hashlib.sha256(b"x").digest()
    digits = digest.hex()
    assert name_of(digest, Kind.JPEG) == f"{digits[:2]}/{digits[2:4]}/{digits}.jpg"
    assert name_of(digest, Kind.PNG, PREVIEW) == f"{digits[:2]}/{digits[2:4]}/{digits}.1600.jpg"

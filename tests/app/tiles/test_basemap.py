"""Another map below ours: what may be named, which origin that opens, and where in a file a tile lies."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import pytest
from flask import Flask

from app.errors import InvalidError, UnavailableError
from app.settings import basemap_settings
from app.tiles import rules, store
from app.web import headers

TIANDITU = "https://t0.tianditu.gov.cn/vec_w/wmts?LAYER=vec&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=abc"


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    """Entries of first tile, run, length, offset, as the specification has them written."""
    numbers = [len(entries), *(b[0] - a[0] for a, b in zip([(0,), *entries], entries, strict=False))]
    numbers += [entry[1] for entry in entries] + [entry[2] for entry in entries]
    for i, (_, _, _, offset) in enumerate(entries):
        before = entries[i - 1] if i else None
        numbers.append(0 if before and before[3] + before[2] == offset else offset + 1)
    return gzip.compress(b"".join(map(varint, numbers)), mtime=0)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Tiles of zooms 0 and 1: one by one, a run of two that look alike, and the last in a directory of its own."""
    leaf = directory([(4, 1, 4, 9)])
    root = directory([(0, 1, 4, 0), (1, 2, 5, 4), (4, 0, len(leaf), 0)])
    tiles = b"zeroalike" + b"last"
    at_leaves = rules.HEADER_BYTES + len(root)
    places = (127, len(root), 0, 0, at_leaves, len(leaf), at_leaves + len(leaf), len(tiles))
    fixed = struct.pack("<8Q3Q", *places, 4, 3, 3) + bytes([1, 2, 1, 2, 0, 1])
    content = b"PMTiles\x03" + fixed
    path = tmp_path / "ground.pmtiles"
    path.write_bytes(content.ljust(127, b"\0") + root + leaf + tiles)
    return path


def test_tiles_are_numbered_along_the_curve() -> None:
    first = [rules.tile_number(*zxy) for zxy in ((0, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 1), (1, 1, 0))]
    assert first == [0, 1, 2, 3, 4]
    numbers = {rules.tile_number(3, x, y) for x in range(8) for y in range(8)}
    assert numbers == set(range(21, 85))
    assert rules.tile_number(12, 3423, 1763) == 19078479  # the example of the specification


def test_tiles_are_found_also_in_leaves(archive: Path) -> None:
    assert store.basemap_tile(archive, 0, 0, 0) == (b"zero", "image/png")
    assert (
        store.basemap_tile(archive, 1, 0, 0)
        == store.basemap_tile(archive, 1, 0, 1)
        == (b"alike", "image/png")
    )
    assert store.basemap_tile(archive, 1, 1, 1) is None
    assert store.basemap_tile(archive, 1, 1, 0) == (b"last", "image/png")
    assert store.basemap_tile(archive, 2, 0, 0) is None


def test_other_files_are_refused(tmp_path: Path, archive: Path) -> None:
    with pytest.raises(UnavailableError, match="basemap_missing"):
        store.basemap_tile(tmp_path / "none.pmtiles", 0, 0, 0)
    vector = bytearray(archive.read_bytes())
    vector[99] = 1
    for content in (b"PK\x03\x04", bytes(vector)):
        with pytest.raises(InvalidError, match="basemap_file_invalid"):
            rules.read_header(content)


def test_nothing_is_laid_below_by_default() -> None:
    assert basemap_settings({}) is None


def test_an_address_opens_its_origin_and_no_other() -> None:
    given = basemap_settings({"PANLONG_BASEMAP": TIANDITU, "PANLONG_BASEMAP_CREDIT": "天地图"})
    assert given is not None
    assert (given.tiles, given.origin, given.file) == (TIANDITU, "https://t0.tianditu.gov.cn", None)
    assert given.last_zoom == 18


def test_a_file_opens_none() -> None:
    given = basemap_settings(
        {
            "PANLONG_BASEMAP": "/srv/kunming.pmtiles",
            "PANLONG_BASEMAP_CREDIT": "©",
            "PANLONG_BASEMAP_ZOOM": "16",
        }
    )
    assert given is not None
    assert (given.tiles, given.origin, given.file) == (None, None, Path("/srv/kunming.pmtiles"))
    assert given.last_zoom == 16


@pytest.mark.parametrize(
    ("address", "credit"),
    [
        (TIANDITU, ""),
        ("https://t0.tianditu.gov.cn/{z}/{x}", "x"),
        ("javascript:{z}{x}{y}", "x"),
        ("https://a.example;script-src *;/{z}/{x}/{y}", "x"),
        ("https://someone:secret@a.example/{z}/{x}/{y}", "x"),
        ("https://*.example/{z}/{x}/{y}", "x"),
        ("https://a.example/{z}/{x}/{y} b", "x"),
    ],
)
def test_what_cannot_be_is_named(address: str, credit: str) -> None:
    with pytest.raises(InvalidError, match="basemap_invalid"):
        basemap_settings({"PANLONG_BASEMAP": address, "PANLONG_BASEMAP_CREDIT": credit})


@pytest.mark.parametrize("origin", [None, "https://t0.tianditu.gov.cn"])
def test_the_policy_names_that_origin_twice_or_never(origin: str | None) -> None:
    app = Flask(__name__)
    headers.register(app, origin)
    app.add_url_rule("/", view_func=lambda: "")
    policy = app.test_client().get("/").headers["Content-Security-Policy"]
    foreign = [part.split()[0] for part in policy.split("; ") if "//" in part]
    assert foreign == ([] if origin is None else ["img-src", "connect-src"])
    assert policy.count("//") == len(foreign)

"""Which tiles there are, and PMTiles version 3, one file that holds the tiles of a map: where in it a tile lies.

Specification: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. Only bytes are looked at here; the store
reads the file.
"""

from __future__ import annotations

import gzip
import struct
from bisect import bisect_right
from dataclasses import dataclass

from app.errors import InvalidError

HEADER_BYTES = 127
LARGEST_DIRECTORY = 1 << 24
DEEPEST = 3

PICTURES = {2: "image/png", 3: "image/jpeg", 4: "image/webp"}
"""Kinds of tiles that can be laid below ours; 1, vector tiles, would need a look of their own."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the parts of a file begin, in bytes, and of what kind its tiles are."""

    root: tuple[int, int]
    leaves: int
    tiles: int
    gzipped: bool
    media: str
    first_zoom: int
    last_zoom: int


@dataclass(frozen=True, slots=True)
class Directory:
    """Entries in the order of their tiles: the first tile of each, how many it stands for, where it lies."""

    first: tuple[int, ...]
    run: tuple[int, ...]
    length: tuple[int, ...]
    offset: tuple[int, ...]

    def find(self, tile: int) -> tuple[int, int, bool] | None:
        """Offset and length of a tile, or of the directory that may hold it (then True); None where there is none."""
        at = bisect_right(self.first, tile) - 1
        if at < 0:
            return None
        if self.run[at] == 0:
            return self.offset[at], self.length[at], True
        return (self.offset[at], self.length[at], False) if tile < self.first[at] + self.run[at] else None


def read_header(content: bytes) -> Header:
    """The first 127 bytes of a file.

    Raises
    ------
    InvalidError
        `basemap_file_invalid`: it is no such file, or its tiles are no pictures.
    """
    if len(content) < HEADER_BYTES or content[:8] != b"PMTiles\x03":
        raise InvalidError("basemap_file_invalid")
    root, root_length, _, _, leaves, _, tiles, _ = struct.unpack_from("<8Q", content, 8)
    inner, outer, kind, first_zoom, last_zoom = content[97:102]
    if inner not in {1, 2} or outer not in {0, 1} or kind not in PICTURES:
        raise InvalidError("basemap_file_invalid")
    return Header((root, root_length), leaves, tiles, inner == 2, PICTURES[kind], first_zoom, last_zoom)


def read_directory(content: bytes, *, gzipped: bool) -> Directory:
    """A directory as it lies in the file."""
    numbers = _varints(gzip.decompress(content) if gzipped else content)
    count = numbers[0]
    columns = [numbers[1 + i * count : 1 + (i + 1) * count] for i in range(4)]
    tile, first = 0, list[int]()
    offset = list[int]()
    for i in range(count):
        tile += columns[0][i]
        first.append(tile)
        # Nought: it follows upon the entry before.
        offset.append(columns[3][i] - 1 if columns[3][i] else offset[i - 1] + columns[2][i - 1])
    return Directory(tuple(first), tuple(columns[1]), tuple(columns[2]), tuple(offset))


def _varints(content: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
    return found


def tile_number(z: int, x: int, y: int) -> int:
    """The number of a tile: all of lower zooms, then along the Hilbert curve of its own."""
    number = ((1 << 2 * z) - 1) // 3
    side = 1 << z
    half = side >> 1
    while half:
        right, low = int(x & half > 0), int(y & half > 0)
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return number


def packed(tile: bytes) -> bytes:
    """A tile that is made for one question, gzipped as quickly as can be.

    It is three hundredths larger than at a middle level, and made in a third of the time.
    """
    return gzip.compress(tile, 1, mtime=0)


LAST_ZOOM = 18


def check_tile(z: int, x: int, y: int) -> None:
    """Let only a tile pass that there is.

    Raises
    ------
    InvalidError
        `tile_invalid`.
    """
    if not (0 <= z <= LAST_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidError("tile_invalid", value=f"{z}/{x}/{y}")

"""Points as a Mapbox vector tile 2.1: the little of it that marks of cases need, of whole columns at once.

Encoders that are kept by others write any geometry, and take a hundred times as long for a tile as the counting.

Notes
-----
https://github.com/mapbox/vector-tile-spec/tree/master/2.1, a protocol buffer: a tile is its layers (field 3); a layer
its name (1), features (2), keys (3), values (4), extent (5) and version (15); a feature its id (1), tags (2), type (3)
and geometry (4); a value a string (1), an unsigned number (5) or a boolean (7). All features together are one row of
numbers, written by seven bits with those that are absent left out: cost is some array operations a tile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

NAME, FEATURE, KEY, VALUE, EXTENT, VERSION = 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
LAYER = 0x1A
ID, TAGS, KIND, GEOMETRY = 0x08, 0x12, 0x18, 0x22
STRING, UNSIGNED, BOOLEAN = 0x0A, 0x28, 0x38
POINT, MOVE_TO = 1, 9
"""A feature that is a point; the command that goes to one place."""

_HEAD = (FEATURE, 0, ID, 0, TAGS, 0)
_TAIL = (KIND, POINT, GEOMETRY, 0, MOVE_TO, 0, 0)
"""The numbers of every feature before its tags and behind them; those that are 0 differ."""

_TRUTHS = bytes((VALUE, 2, BOOLEAN, 0, VALUE, 2, BOOLEAN, 1))
"""The first two values of every layer."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What points carry under a key.

    Parameters
    ----------
    values
        Whole numbers from 0, or truths: one for each point.
    of
        Which points have it; None: all.
    words
        Of words the numbers are places in this list, which is one of a few that there are.
    """

    values: NDArray[Any]
    of: NDArray[np.bool_] | None = None
    words: Sequence[str] | None = None


def layer(name: str, x: Numbers, y: Numbers, ids: Numbers, tags: Mapping[str, Tag], extent: int) -> bytes:
    """A tile with one layer of points; nothing where there are none.

    Parameters
    ----------
    x, y
        Units of the tile from its north-western corner.
    ids
        Numbers of the features, 0 for one without.
    """
    if not len(x):
        return b""
    indexes, known = _valued(list(tags.values()))
    features = _features(indexes, [tag.of for tag in tags.values()], x, y, ids)
    told = b"".join(_key(key) for key in tags)
    body = _field(NAME, name.encode()) + features + told + known
    return _field(LAYER, body + bytes((EXTENT,)) + _varint(extent) + bytes((VERSION, 2)))


def _features(
    indexes: list[Numbers], has: list[NDArray[np.bool_] | None], x: Numbers, y: Numbers, ids: Numbers
) -> bytes:
    """A row of numbers for each feature: its length, its id, its tags in pairs, that it is a point, and its place."""
    first, rest = len(_HEAD), len(_HEAD) + 2 * len(indexes)
    row = np.empty((len(x), rest + len(_TAIL)), np.int64)
    row[:, :first], row[:, rest:] = _HEAD, _TAIL
    row[:, 3], row[:, -2], row[:, -1] = ids, x << 1, y << 1
    there = np.ones(row.shape, bool)
    there[:, 2:4] = (ids > 0)[:, None]
    for n, (index, of) in enumerate(zip(indexes, has, strict=True)):
        at = first + 2 * n
        row[:, at], row[:, at + 1] = n, index
        if of is not None:
            there[:, at : at + 2] = of[:, None]
    sizes = _sizes(row) * there
    row[:, 5] = sizes[:, first:rest].sum(axis=1)
    row[:, -4] = sizes[:, -3:].sum(axis=1)
    sizes[:, 5] = _sizes(row[:, 5])
    row[:, 1] = sizes[:, 2:].sum(axis=1)
    sizes[:, 1] = _sizes(row[:, 1])
    return _written(row[there], sizes[there])


def _valued(tags: Sequence[Tag]) -> tuple[list[Numbers], bytes]:
    """Of each tag the indexes of its values, and the values as a layer has them."""
    indexes: list[Numbers] = [tag.values for tag in tags]
    known, first = _TRUTHS, 2
    for n, tag in enumerate(tags):
        if tag.words is not None:
            used = (
                np.bincount(tag.values if tag.of is None else tag.values[tag.of], minlength=len(tag.words))
                > 0
            )
            indexes[n] = np.where(used, np.cumsum(used) + (first - 1), 0)[tag.values]
            said = [word for word, is_used in zip(tag.words, used.tolist(), strict=True) if is_used]
            known += b"".join(map(_word, said))
            first += len(said)
    whole = [n for n, tag in enumerate(tags) if tag.words is None and tag.values.dtype != bool]
    if whole:
        unique, inverse = np.unique(np.stack([tags[n].values for n in whole]), return_inverse=True)
        for n, index in zip(whole, inverse.reshape(len(whole), -1), strict=True):
            indexes[n] = index + first
        numbers = np.zeros((len(unique), 4), np.int64)
        numbers[:, 0], numbers[:, 2], numbers[:, 3] = VALUE, UNSIGNED, unique
        sizes = _sizes(numbers)
        numbers[:, 1] = 1 + sizes[:, 3]
        known += _written(numbers.ravel(), sizes.ravel())
    return indexes, known


def _sizes(values: Numbers) -> Numbers:
    """How many bytes numbers take by seven bits."""
    found = np.ones(values.shape, np.int64)
    most = int(values.max(initial=0))
    for bits in range(7, most.bit_length(), 7):
        found += values >> bits > 0
    return found


def _written(values: Numbers, sizes: Numbers) -> bytes:
    """Numbers by seven bits, the last ones first; all bytes of a number but its last have the highest bit."""
    begins = np.cumsum(sizes) - sizes
    found = np.empty(int(sizes.sum()), np.uint8)
    found[begins] = values & 0x7F | (sizes > 1) << 7
    for n in range(1, int(sizes.max(initial=0))):
        at = np.flatnonzero(sizes > n)
        found[begins[at] + n] = values[at] >> 7 * n & 0x7F | (sizes[at] > n + 1) << 7
    return found.tobytes()


@cache
def _key(name: str) -> bytes:
    return _field(KEY, name.encode())


@cache
def _word(word: str) -> bytes:
    return _field(VALUE, _field(STRING, word.encode()))


def _field(key: int, content: bytes) -> bytes:
    return bytes((key,)) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)

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

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Tag:
    """What points carry under a key.

    Parameters
    ----------
    values
        Words (of dtype object), whole numbers from 0, or truths: one for each point.
    of
        Which points have it; None: all.
    """

    values: NDArray[Any]
    of: NDArray[np.bool_] | None = None


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
    indexes, known = _valued(tags)
    pairs = [column for key, index in enumerate(indexes) for column in (np.full(len(x), key), index)]
    has = [tag.of for tag in tags.values() for _ in range(2)]
    features = _features(pairs, has, x, y, ids)
    told = b"".join(_field(KEY, key.encode()) for key in tags)
    body = _field(NAME, name.encode()) + features + told + known
    return _field(LAYER, body + bytes((EXTENT,)) + _varint(extent) + bytes((VERSION, 2)))


def _features(
    pairs: list[Numbers], has: list[NDArray[np.bool_] | None], x: Numbers, y: Numbers, ids: Numbers
) -> bytes:
    numbered, place = ids > 0, [np.full(len(x), MOVE_TO), x << 1, y << 1]
    tagged = sum((_sizes(column) * _where(of, x) for column, of in zip(pairs, has, strict=True)), 0 * x)
    placed = sum((_sizes(column) for column in place), 0 * x)
    # Five bytes say by what and how long: the fields of tags, of the kind and of the geometry.
    length = tagged + _sizes(tagged) + placed + 5 + (1 + _sizes(ids)) * numbered
    row: list[tuple[Numbers | int, NDArray[np.bool_] | None]] = [
        (FEATURE, None), (length, None), (ID, numbered), (ids, numbered), (TAGS, None), (tagged, None),
        *zip(pairs, has, strict=True), (KIND, None), (POINT, None), (GEOMETRY, None), (placed, None),
        *((column, None) for column in place),
    ]  # fmt: skip
    values = np.column_stack([np.broadcast_to(column, x.shape) for column, _ in row])
    return _written(values[np.column_stack([_where(of, x) for _, of in row])])


def _where(of: NDArray[np.bool_] | None, like: Numbers) -> NDArray[np.bool_]:
    return np.ones(like.shape, bool) if of is None else of


def _valued(tags: Mapping[str, Tag]) -> tuple[list[Numbers], bytes]:
    """Of each tag the indexes of its values, and the values as a layer has them, each once."""
    kinds = {name: tag.values.dtype.kind for name, tag in tags.items()}
    indexes: dict[str, Numbers] = {}
    known, first = b"", 0
    for of_kind, write in (("b", _truths), ("iu", _whole), ("O", _words)):
        names = [name for name, kind in kinds.items() if kind in of_kind]
        if not names:
            continue
        parts = [tags[name].values[_where(tags[name].of, tags[name].values)] for name in names]
        unique, inverse = np.unique(np.concatenate(parts), return_inverse=True)
        known += write(unique)
        ends = np.cumsum([len(part) for part in parts])
        for name, index in zip(names, np.split(inverse.ravel(), ends[:-1]), strict=True):
            full = np.zeros(len(tags[name].values), np.int64)
            full[_where(tags[name].of, full)] = index + first
            indexes[name] = full
        first += len(unique)
    return [indexes[name] for name in tags], known


def _truths(values: NDArray[Any]) -> bytes:
    return b"".join(bytes((VALUE, 2, BOOLEAN, bool(value))) for value in values)


def _whole(values: NDArray[Any]) -> bytes:
    numbers = values.astype(np.int64)
    columns = (np.full_like(numbers, VALUE), 1 + _sizes(numbers), np.full_like(numbers, UNSIGNED), numbers)
    return _written(np.column_stack(columns).ravel())


def _words(values: NDArray[Any]) -> bytes:
    return b"".join(_field(VALUE, _field(STRING, str(value).encode())) for value in values)


def _sizes(values: Numbers) -> Numbers:
    """How many bytes numbers take by seven bits."""
    found = np.ones(values.shape, np.int64)
    for bits in range(7, 63, 7):
        over = values >> bits > 0
        if not over.any():
            break
        found += over
    return found


def _written(values: Numbers) -> bytes:
    """Numbers by seven bits, the last ones first; all bytes of a number but its last have the highest bit."""
    sizes = _sizes(values)
    ends = np.cumsum(sizes)
    found = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    begins = ends - sizes
    for n in range(int(sizes.max(initial=0))):
        at = sizes > n
        found[begins[at] + n] = values[at] >> 7 * n & 0x7F | (sizes[at] > n + 1) << 7
    return found.tobytes()


def _field(key: int, content: bytes) -> bytes:
    return bytes((key,)) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)

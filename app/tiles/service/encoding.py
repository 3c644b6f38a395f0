"""Points as a Mapbox vector tile 2.1: the little of it that marks of cases need.

Encoders that are kept by others write any geometry, and take a hundred times as long for a tile as the counting.

Notes
-----
https://github.com/mapbox/vector-tile-spec/tree/master/2.1, a protocol buffer: a tile is its layers (field 3); a layer
its name (1), features (2), keys (3), values (4), extent (5) and version (15); a feature its id (1), tags (2), type (3)
and geometry (4); a value a string (1), an unsigned number (5) or a boolean (7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Value = str | int | bool

NAME, FEATURE, KEY, VALUE, EXTENT, VERSION = 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
LAYER = 0x1A
ID, TAGS, KIND, GEOMETRY = 0x08, 0x12, 0x18, 0x22
STRING, UNSIGNED, BOOLEAN = 0x0A, 0x28, 0x38
POINT, MOVE_TO = b"\x18\x01", 9
"""A feature that is a point; the command that goes to one place."""


@dataclass(frozen=True, slots=True)
class Point:
    """A feature.

    Parameters
    ----------
    id
        None for one without.
    x, y
        Units of the tile from its north-western corner.
    tags
        Words, whole numbers from 0, and truths.
    """

    id: int | None
    x: int
    y: int
    tags: Mapping[str, Value]


def layer(name: str, points: Iterable[Point], extent: int) -> bytes:
    """A tile with one layer of points; nothing where there are none."""
    keys: dict[str, int] = {}
    values: dict[tuple[type, Value], int] = {}
    features = bytearray()
    for point in points:
        tags = bytearray()
        for key, value in point.tags.items():
            tags += _varint(keys.setdefault(key, len(keys)))
            tags += _varint(values.setdefault((type(value), value), len(values)))
        place = bytes((MOVE_TO,)) + _varint(point.x << 1) + _varint(point.y << 1)
        number = b"" if point.id is None else bytes((ID,)) + _varint(point.id)
        features += _field(FEATURE, number + _field(TAGS, bytes(tags)) + POINT + _field(GEOMETRY, place))
    if not features:
        return b""
    told = b"".join(_field(KEY, key.encode()) for key in keys)
    known = b"".join(_field(VALUE, _value(value)) for _, value in values)
    body = _field(NAME, name.encode()) + bytes(features) + told + known
    return _field(LAYER, body + bytes((EXTENT,)) + _varint(extent) + bytes((VERSION, 2)))


def _value(value: Value) -> bytes:
    if isinstance(value, bool):
        return bytes((BOOLEAN, value))
    if isinstance(value, int):
        return bytes((UNSIGNED,)) + _varint(value)
    return _field(STRING, value.encode())


def _field(key: int, content: bytes) -> bytes:
    return bytes((key,)) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    if value < 0x80:
        return bytes((value,))
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)

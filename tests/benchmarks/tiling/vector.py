"""How many features a vector tile has, and what they count: read here anew, independent of what writes them."""

from __future__ import annotations

from collections.abc import Iterator

Field = tuple[int, int | bytes]


def features(tile: bytes) -> int:
    """How many features the layers of a tile have together."""
    return sum(number == 2 for _, layer in _fields(tile) for number, _ in _fields(_bytes(layer)))


def summed(tile: bytes, key: str) -> int:
    """The sum of a number that the features of a tile carry."""
    found = 0
    for _, raw in _fields(tile):
        layer = list(_fields(_bytes(raw)))
        keys = [_bytes(value).decode() for number, value in layer if number == 3]
        values = [dict(_fields(_bytes(value))).get(5, 0) for number, value in layer if number == 4]
        for number, feature in layer:
            if number == 2 and key in keys:
                tags = list(_numbers(_bytes(dict(_fields(_bytes(feature)))[2])))
                found += sum(
                    int(values[value])
                    for name, value in zip(tags[::2], tags[1::2], strict=True)
                    if keys[name] == key
                )
    return found


def _bytes(value: int | bytes) -> bytes:
    assert isinstance(value, bytes)
    return value


def _numbers(raw: bytes) -> Iterator[int]:
    at = 0
    while at < len(raw):
        value, at = _varint(raw, at)
        yield value


def _fields(raw: bytes) -> Iterator[Field]:
    """Fields of a protocol buffer message: number, and what it holds."""
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        if key & 7 == 0:
            value, at = _varint(raw, at)
            yield key >> 3, value
            continue
        length = {1: 8, 5: 4}.get(key & 7)
        if length is None:
            length, at = _varint(raw, at)
        yield key >> 3, raw[at : at + length]
        at += length


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (raw[at] & 0x7F) << shift
        shift += 7
        at += 1
        if raw[at - 1] < 0x80:
            return value, at

"""Boxes of ISO base media files (ISO/IEC 14496-12): HEIC and MP4 are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import InvalidError

MOST_BOXES = 10_000
"""In one box; more are there to keep a reader busy."""

NAME = re.compile(rb"[\xa9 -~]{4}")


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its name, and the bytes from its start, from its content and to its end."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes | bytearray, start: int, end: int, *, strict: bool = True) -> Iterator[Box]:
    """The boxes between two bytes, in their order.

    Parameters
    ----------
    strict
        Whether what is no box is an error; else the boxes end there.

    Raises
    ------
    InvalidError
        `file_broken`: bytes that are no box, or a box that ends after what holds it.
    """
    at, count = start, 0
    while end - at >= 8:
        size, name, body = int.from_bytes(data[at : at + 4]), bytes(data[at + 4 : at + 8]), at + 8
        if size == 1 and end - at >= 16:
            size, body = int.from_bytes(data[at + 8 : at + 16]), at + 16
        elif size == 0 and name != b"\0\0\0\0":
            size = end - at
        count += 1
        if size < body - at or size > end - at or not NAME.fullmatch(name) or count > MOST_BOXES:
            break
        yield Box(name, at, body, at + size)
        at += size
    # A list may end with a zero where the size of another box would stand.
    if strict and bytes(data[at : min(end, at + 64)]).strip(b"\0"):
        raise InvalidError("file_broken", reason="boxes")


def inside(data: bytes | bytearray, box: Box, *path: bytes, skip: int = 0) -> Iterator[Box]:
    """The boxes at the end of a path of names below a box; `skip` bytes stand before the first box inside it.

    Raises
    ------
    InvalidError
        `file_broken`.
    """
    for found in boxes(data, box.body + skip, box.end):
        if found.name == path[0]:
            if len(path) == 1:
                yield found
            else:
                yield from inside(data, found, *path[1:])


def number(data: bytes | bytearray, at: int, end: int, size: int = 4) -> int:
    """A big-endian number of `size` bytes that lies before `end`.

    Raises
    ------
    InvalidError
        `file_broken`: it would end after it.
    """
    if at + size > end:
        raise InvalidError("file_broken", reason="boxes")
    return int.from_bytes(data[at : at + size])

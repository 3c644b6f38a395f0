"""How large a picture is and where it ends, read without decoding it; and what lies behind its end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.errors import InvalidError
from app.files.rules.boxes import boxes, inside, number
from app.files.rules.kinds import MOST_PIXELS, MOST_SCANS, MOST_SIDE_PX, Kind

ENTROPY_ENDS = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}

STRANGERS = (
    ("zip", re.compile(rb"PK\x03\x04[\x0a-\x3f]\x00|PK\x05\x06\x00\x00\x00\x00")),
    ("pdf", re.compile(rb"%PDF-")),
    (
        "markup",
        re.compile(rb"<(!doctype|\?php|html[\s>]|head>|body[\s>]|script|svg[\s>]|iframe)", re.IGNORECASE),
    ),
    (
        "script",
        re.compile(
            rb"(\beval|\balert|\batob|\bfunction\s{0,9}\w{0,40})\s{0,9}\(|javascript:|document\.\w|window\.\w"
        ),
    ),
    ("archive", re.compile(rb"\ARar!|\A7z\xbc\xaf\x27\x1c")),
    ("program", re.compile(rb"\AMZ|\A\x7fELF|\A#!")),
)
"""What makes a picture a second file as well. Telephones do put films, second pictures and notes of their own behind a
picture: those are nobody's harm, and the new picture is made without them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Width and height of a picture in pixels as it is stored, where it ends, and whether it is kept without loss."""

    width: int
    height: int
    end: int
    lossless: bool = False


def frame_of(kind: Kind, data: bytes) -> Frame:
    """The frame of a picture.

    Raises
    ------
    InvalidError
        `file_broken`: it has no end or no size; `file_hostile`: another file lies behind its end, or it is made to keep
        a reader busy; `image_too_big`: more pixels than are decoded.
    """
    frame = {Kind.JPEG: _jpeg, Kind.PNG: _png, Kind.WEBP: _webp, Kind.HEIC: _heic}[kind](data)
    look_behind(data[frame.end :])
    if kind is Kind.HEIC and data[frame.end :].strip(b"\0"):
        raise InvalidError("file_broken", reason="boxes")
    check_size(frame.width, frame.height)
    return frame


def check_size(width: int, height: int) -> None:
    """Refuse what has no pixels, or more than are decoded.

    Raises
    ------
    InvalidError
        `file_broken`, `image_too_big`.
    """
    if width < 1 or height < 1:
        raise InvalidError("file_broken", reason="size")
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE_PX:
        raise InvalidError("image_too_big", width=width, height=height, most=MOST_PIXELS // 1_000_000)


def look_behind(rest: bytes) -> None:
    """Refuse what lies behind a picture's end and is a file or a script of its own.

    Raises
    ------
    InvalidError
        `file_hostile`, with what was found.
    """
    rest = rest.lstrip(b"\0 \t\r\n")
    for name, pattern in STRANGERS:
        if pattern.search(rest):
            raise InvalidError("file_hostile", found=name)


def _broken(reason: str) -> InvalidError:
    return InvalidError("file_broken", reason=reason)


def _jpeg(data: bytes) -> Frame:
    at, size, scans = 2, (0, 0), 0
    while at + 4 <= len(data) or data[at : at + 2] == b"\xff\xd9":
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise _broken("marker")
        if marker == 0xD9:
            return Frame(*size, end=at + 2)
        if marker in {0xFF, 0x01} or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        if length < 2:
            raise _broken("marker")
        if marker in START_OF_FRAME:
            if size != (0, 0):
                raise _broken("frames")
            size = int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + length
        if marker == 0xDA:
            scans += 1
            if scans > MOST_SCANS:
                raise InvalidError("file_hostile", found="scans")
            ends = ENTROPY_ENDS.search(data, at)
            if ends is None:
                raise _broken("truncated")
            at = ends.start()
    raise _broken("truncated")


def _png(data: bytes) -> Frame:
    if data[12:16] != b"IHDR":
        raise _broken("header")
    at = 8
    while at + 12 <= len(data):
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4])
        if name == b"IEND" and at <= len(data):
            return Frame(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]), at, lossless=True)
    raise _broken("truncated")


def _webp(data: bytes) -> Frame:
    end = 8 + int.from_bytes(data[4:8], "little")
    end += end % 2
    if end > len(data) or len(data) < 30:
        raise _broken("truncated")
    first, at, names = data[12:16], 12, set()
    while at + 8 <= end:
        names.add(data[at : at + 4])
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    lossless = b"VP8L" in names
    if first == b"VP8X":
        width, height = (1 + int.from_bytes(data[n : n + 3], "little") for n in (24, 27))
    elif first == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif first == b"VP8 ":
        width, height = (int.from_bytes(data[n : n + 2], "little") & 0x3FFF for n in (26, 28))
    else:
        raise _broken("header")
    return Frame(width, height, end, lossless)


def _heic(data: bytes) -> Frame:
    """The largest size that is written for an image: a picture of tiles has one for itself and one for its tiles."""
    tops = list(boxes(data, 0, len(data), strict=False))
    sizes = [
        (number(data, size.body + 4, size.end), number(data, size.body + 8, size.end))
        for meta in tops
        if meta.name == b"meta"
        for size in inside(data, meta, b"iprp", b"ipco", b"ispe", skip=4)
    ]
    if not sizes:
        look_behind(data[tops[-1].end :] if tops else b"")
        raise _broken("header")
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Frame(width, height, tops[-1].end)

"""Films (MP4) are not decoded: what their boxes say is checked, and what is no picture or sound is overwritten.

Every box keeps its size, so that all offsets stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import InvalidError
from app.files.rules.boxes import Box, boxes, number
from app.files.rules.facts import Facts, film_position, film_time
from app.files.rules.frames import look_behind
from app.files.rules.kinds import MOST_SECONDS
from app.files.rules.tracks import Track, read_track

KEPT = {
    b"": {b"ftyp", b"moov", b"mdat"},
    b"moov": {b"mvhd", b"trak", b"iods"},
    b"trak": {b"tkhd", b"edts", b"mdia"},
    b"edts": {b"elst"},
    b"mdia": {b"mdhd", b"hdlr", b"minf", b"elng"},
    b"minf": {b"vmhd", b"smhd", b"hdlr", b"dinf", b"stbl"},
    b"dinf": {b"dref"},
    b"stbl": {b"stsd", b"stts", b"ctts", b"stss", b"stsc", b"stsz", b"stco", b"co64", b"sdtp", b"sgpd", b"sbgp",
              b"cslg"},
    b"sample": {b"avcC", b"hvcC", b"colr", b"pasp", b"btrt", b"clap", b"fiel", b"dvcC", b"dvvC", b"mdcv", b"clli",
                b"amve", b"esds", b"damr", b"dOps", b"alac", b"dac3", b"dec3", b"dfLa"},
}  # fmt: skip
"""What is left of each box; everything else, `udta`, `meta` and `uuid` among it, becomes an empty `free`."""

TELLING = (b"udta", b"meta")
MOST_TOLD = 256 * 1024
SCRIPT = re.compile(rb"<(?:script|iframe|!doctype html|\?php)|javascript:|%PDF-1", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Film:
    """A cleaned film: its bytes, width and height as it is shown in pixels, length in seconds, and what it said."""

    content: bytes
    width: int
    height: int
    duration_s: float
    facts: Facts


def clean_film(data: bytes) -> Film:
    """A film without anything but picture and sound, and what it said of itself.

    Raises
    ------
    InvalidError
        `file_broken`, `file_kind` (no picture in it, another codec, a stream in fragments), `file_hostile` (no table of
        contents, scripts, data of another file), `film_too_long`.
    """
    tops = _tops(data)
    moov = next(box for box in tops if box.name == b"moov")
    tracks = [read_track(data, box) for box in boxes(data, moov.body, moov.end) if box.name == b"trak"]
    kept = [track for track in tracks if track.kind]
    seen = next((track for track in kept if track.kind == "picture"), None)
    if seen is None:
        raise InvalidError("file_kind", found=next((t.codec for t in tracks if t.codec), "sound"))
    head = next((box for box in boxes(data, moov.body, moov.end) if box.name == b"mvhd"), None)
    if head is None:
        raise InvalidError("file_broken", reason="boxes")
    created, length_s = times(data, head)
    duration_s = max(length_s, *(track.duration_s for track in kept))
    if duration_s > MOST_SECONDS:
        raise InvalidError("film_too_long", limit_s=int(MOST_SECONDS), found_s=min(int(duration_s), 10**9))
    taken_at, time_notes = film_time(created)
    position, notes = film_position(_told(data, tops, moov))
    content = bytearray(data)
    _empty(content, tops, b"", {track.start for track in kept})
    _silence(content, tops, (part for track in kept for part in track.samples))
    return Film(
        bytes(content),
        seen.width,
        seen.height,
        duration_s,
        Facts(taken_at, False, position, time_notes + notes),
    )


def _tops(data: bytes) -> list[Box]:
    """The boxes of a film, once it is known that it is one and nothing else."""
    tops = list(boxes(data, 0, len(data), strict=False))
    rest = data[tops[-1].end :] if tops else data
    look_behind(rest)
    found = SCRIPT.search(data)
    if found:
        raise InvalidError("file_hostile", found="script")
    if rest.strip(b"\0"):
        raise InvalidError("file_broken", reason="truncated")
    names = [box.name for box in tops]
    if b"moof" in names:
        raise InvalidError("file_kind", found="mp4_fragments")
    if names.count(b"moov") != 1:
        raise InvalidError("file_hostile", found="no_moov" if b"moov" not in names else "moov")
    return tops


def times(data: bytes, head: Box) -> tuple[int, float]:
    """When a film or track was made, in seconds since 1904, and its length in seconds, by its header."""
    long = number(data, head.body, head.end, 1) == 1
    size = 8 if long else 4
    scale = number(data, head.body + 4 + 2 * size, head.end)
    length = number(data, head.body + 8 + 2 * size, head.end, size)
    unknown = (1 << 8 * size) - 1
    return number(data, head.body + 4, head.end, size), length / scale if scale and length != unknown else 0.0


def _told(data: bytes, tops: list[Box], moov: Box) -> bytes:
    """All that the film says of itself in words."""
    below = list(boxes(data, moov.body, moov.end))
    deeper = [box for track in below if track.name == b"trak" for box in boxes(data, track.body, track.end)]
    told = [box for box in [*tops, *below, *deeper] if box.name in TELLING]
    return b"\0".join(data[box.body : min(box.end, box.body + MOST_TOLD)] for box in told[:20])


def _empty(content: bytearray, found: Iterable[Box], parent: bytes, tracks: set[int]) -> None:
    """Make a `free` box of zeros of every box that is not kept, and blank what is in those that are."""
    for box in found:
        if box.name not in KEPT[parent] or (box.name == b"trak" and box.start not in tracks):
            content[box.start + 4 : box.start + 8] = b"free"
            _zero(content, box.body, box.end)
        elif box.name in KEPT:
            _empty(content, list(boxes(content, box.body, box.end)), box.name, tracks)
        elif box.name in {b"mvhd", b"tkhd", b"mdhd"}:
            _zero(content, box.body + 4, box.body + (20 if content[box.body] == 1 else 12))
        elif box.name == b"hdlr":
            _zero(content, box.body + 12, box.end)  # the maker and the name of the handler
        elif box.name == b"stsd":
            for entry in boxes(content, box.body + 8, box.end):
                _empty_entry(content, entry)


def _empty_entry(content: bytearray, entry: Box) -> None:
    """Blank the maker's and the encoder's name in a description of samples."""
    if entry.name in Track.PICTURES:
        first = entry.body + 78
        _zero(content, entry.body + 8, min(entry.body + 24, entry.end))
        _zero(content, entry.body + 42, min(entry.body + 74, entry.end))
    else:
        version = number(content, entry.body + 8, entry.end, 2)
        first = entry.body + {1: 44, 2: 64}.get(version, 28)
    _empty(content, list(boxes(content, first, entry.end)), b"sample", set())


def _silence(content: bytearray, tops: list[Box], samples: Iterable[tuple[int, int]]) -> None:
    """Overwrite all media data that no kept track shows: tracks of positions, and files that hide there."""
    data = sorted((box.body, box.end) for box in tops if box.name == b"mdat")
    at = data[0][0] if data else 0
    for start, end in sorted(part for part in samples if part[0] < part[1]):
        while data and start >= data[0][1]:
            _zero(content, at, data.pop(0)[1])
            at = data[0][0] if data else 0
        if not data or start < data[0][0] or end > data[0][1]:
            raise InvalidError("file_broken", reason="truncated")
        _zero(content, at, start)
        at = max(at, end)
    for start, end in data:
        _zero(content, max(at, start), end)


def _zero(content: bytearray, start: int, end: int) -> None:
    if end > start:
        content[start:end] = bytes(end - start)

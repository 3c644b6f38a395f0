"""A track of a film: what it is, how long, and where its samples lie in the media data."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import ClassVar

from app.errors import InvalidError
from app.files.rules.boxes import Box, boxes, number
from app.files.rules.frames import check_size

MOST_ENTRIES = 1_000_000
"""Of a table of samples: three minutes of film and sound have some thousands."""


@dataclass(frozen=True, slots=True)
class Track:
    """A track.

    Parameters
    ----------
    start
        The byte at which its box begins.
    kind
        `picture` or `sound`; empty for one that is not kept: texts, positions, time codes, unknown codecs of sound.
    codec
        Name of its first codec.
    samples
        First byte, and the byte after the last, of each chunk of samples; of a kept track alone.
    """

    PICTURES: ClassVar[set[bytes]] = {b"avc1", b"avc3", b"hvc1", b"hev1", b"dvh1", b"dvhe", b"dva1", b"dvav"}
    SOUNDS: ClassVar[set[bytes]] = {b"mp4a", b"samr", b"sawb", b"Opus", b"alac", b"fLaC", b"ac-3", b"ec-3"}

    start: int
    kind: str
    codec: str = ""
    width: int = 0
    height: int = 0
    duration_s: float = 0.0
    samples: tuple[tuple[int, int], ...] = ()


def read_track(data: bytes, box: Box) -> Track:
    """What a `trak` box says.

    Raises
    ------
    InvalidError
        `file_broken`; `file_kind`: a picture in another codec than H.264 and HEVC; `file_hostile`: data in another
        file; `image_too_big`.
    """
    mdia = _only(data, box, b"mdia")
    handler = _only(data, mdia, b"hdlr")
    role = data[handler.body + 8 : handler.body + 12]
    if role not in {b"vide", b"soun"}:
        return Track(box.start, "")
    minf = _only(data, mdia, b"minf")
    stbl = _only(data, minf, b"stbl")
    entries = list(boxes(data, _only(data, stbl, b"stsd").body + 8, _only(data, stbl, b"stsd").end))
    codec = entries[0].name.decode("latin-1").strip() if entries else "unknown"
    names = {entry.name for entry in entries}
    if not names or not names <= (Track.PICTURES if role == b"vide" else Track.SOUNDS):
        if role == b"vide":
            raise InvalidError("file_kind", found=codec)
        return Track(box.start, "", codec)
    _all_in_this_file(data, minf)
    width, height = _shown(data, box, entries[0]) if role == b"vide" else (0, 0)
    return Track(
        box.start,
        "picture" if role == b"vide" else "sound",
        codec,
        width,
        height,
        _length_s(data, mdia, stbl),
        tuple(_chunks(data, stbl)),
    )


def _only(data: bytes, parent: Box, name: bytes) -> Box:
    """The one box of a name; of two a reader might take either."""
    found = [box for box in boxes(data, parent.body, parent.end) if box.name == name]
    if len(found) != 1:
        raise InvalidError("file_broken", reason=name.decode("latin-1"))
    return found[0]


def _all_in_this_file(data: bytes, minf: Box) -> None:
    """Refuse a film whose player would fetch the samples from an address."""
    table = _only(data, _only(data, minf, b"dinf"), b"dref")
    for entry in boxes(data, table.body + 8, table.end):
        if number(data, entry.body, entry.end) & 1 != 1:
            raise InvalidError("file_hostile", found="reference")


def _shown(data: bytes, box: Box, entry: Box) -> tuple[int, int]:
    """Width and height in pixels after the turn that the track asks for."""
    width, height = (number(data, entry.body + at, entry.end, 2) for at in (24, 26))
    check_size(width, height)
    head = _only(data, box, b"tkhd")
    matrix = head.body + (52 if data[head.body] == 1 else 40)
    turned = number(data, matrix, head.end) == 0 and number(data, matrix + 4, head.end) != 0
    return (height, width) if turned else (width, height)


def _length_s(data: bytes, mdia: Box, stbl: Box) -> float:
    """How long the samples of a track last together, whatever its header says."""
    head = _only(data, mdia, b"mdhd")
    scale = number(data, head.body + (20 if data[head.body] == 1 else 12), head.end)
    if scale == 0:
        raise InvalidError("file_broken", reason="mdhd")
    table = _table(data, _only(data, stbl, b"stts"), 4, 2)
    return sum(count * length for count, length in zip(table[::2], table[1::2], strict=True)) / scale


def _chunks(data: bytes, stbl: Box) -> list[tuple[int, int]]:
    """First and last byte of each chunk."""
    found = [box for box in boxes(data, stbl.body, stbl.end) if box.name in {b"stco", b"co64"}]
    if len(found) != 1:
        raise InvalidError("file_broken", reason="stco")
    starts = _table(data, found[0], 4, 1, 8 if found[0].name == b"co64" else 4)
    before = _sizes(data, _only(data, stbl, b"stsz"))
    runs = _table(data, _only(data, stbl, b"stsc"), 4, 3)
    firsts = [*runs[::3], len(starts) + 1]
    if runs and (firsts[0] != 1 or any(a >= b for a, b in pairwise(firsts[:-1]))):
        raise InvalidError("file_broken", reason="stsc")
    chunks, sample = [], 0
    for run, each in enumerate(runs[1::3]):
        for chunk in range(firsts[run], min(firsts[run + 1], len(starts) + 1)):
            size = before(sample + each) - before(sample)
            chunks.append((starts[chunk - 1], starts[chunk - 1] + size))
            sample += each
    return chunks


class _Sizes:
    """How many bytes the samples before one have together."""

    def __init__(self, same: int, sums: list[int]) -> None:
        self.same, self.sums = same, sums

    def __call__(self, sample: int) -> int:
        if self.same:
            return self.same * sample
        if sample >= len(self.sums):
            raise InvalidError("file_broken", reason="stsz")
        return self.sums[sample]


def _sizes(data: bytes, box: Box) -> _Sizes:
    same = number(data, box.body + 4, box.end)
    return _Sizes(same, [] if same else [0, *accumulate(_table(data, box, 8, 1))])


def _table(data: bytes, box: Box, at: int, columns: int, size: int = 4) -> list[int]:
    """The numbers of a table, whose count stands `at` bytes into its box."""
    count = number(data, box.body + at, box.end)
    first = box.body + at + 4
    if count > MOST_ENTRIES or first + count * columns * size > box.end:
        raise InvalidError("file_broken", reason=box.name.decode("latin-1"))
    return [int.from_bytes(data[n : n + size]) for n in range(first, first + count * columns * size, size)]

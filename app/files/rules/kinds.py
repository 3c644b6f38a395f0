"""What is taken and how much of it. A file is what its first bytes say, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.errors import InvalidError

MB = 1024 * 1024


class Kind(StrEnum):
    """A kind of file that is taken."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    MP4 = "mp4"


MOST_BYTES = {
    Kind.JPEG: 20 * MB,
    Kind.PNG: 20 * MB,
    Kind.WEBP: 20 * MB,
    Kind.HEIC: 20 * MB,
    Kind.MP4: 50 * MB,
}
MOST_PIXELS = 64_000_000
MOST_SIDE_PX = 30_000
MOST_SECONDS = 180.0
MOST_SCANS = 40
"""Of a progressive JPEG, which has about ten: each one costs a pass over all pixels."""

CHUNK_BYTES = 256 * 1024
"""How much of a stream is read at once, and so how much of too large a file at most beyond its limit."""

HEAD_BYTES = 4096
"""How much of a file tells its kind."""

KEPT_AS = {
    Kind.JPEG: ("jpg", "image/jpeg"),
    Kind.PNG: ("png", "image/png"),
    Kind.WEBP: ("webp", "image/webp"),
    Kind.MP4: ("mp4", "video/mp4"),
}
"""Ending and media type of what is kept; HEIC, which browsers do not show, becomes JPEG."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small copy of a picture: its longest side in pixels, and the JPEG quality."""

    side_px: int
    quality: int


THUMBNAIL = Small(320, 80)
PREVIEW = Small(1600, 85)

JPEG_QUALITY = 88
WEBP_QUALITY = 88

MARKS = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
)
FOREIGN = (
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"BM", "bmp"),
)
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
MP4_BRAND = re.compile(rb"iso[m2-9a-c]|mp4[12]|avc1|hvc1|M4V[ HP]|MSNV|dash|3g[p2][0-9a-h]|XAVC")
MARKUP = re.compile(rb"<(!--|!doctype|\?xml|\?php|html|head|body|script|svg|iframe)", re.IGNORECASE)


def kind_of(head: bytes) -> Kind:
    """The kind of a file by its first `HEAD_BYTES`.

    Raises
    ------
    InvalidError
        `file_kind`, with what was found; `file_hostile`: a page, a drawing with scripts or a program in place of a
        picture.
    """
    for mark, kind in MARKS:
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    markup = MARKUP.search(head.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:512])
    if markup:
        raise InvalidError("file_hostile", found=markup[1].decode().lower())
    if head.startswith(b"#!"):
        raise InvalidError("file_hostile", found="script")
    found = next((name for mark, name in FOREIGN if head.startswith(mark)), "unknown")
    raise InvalidError("file_kind", found=found)


def _by_brand(head: bytes) -> Kind:
    """What an ISO base media file (ISO/IEC 14496-12) says that it is."""
    end = min(int.from_bytes(head[:4]), len(head))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, end - 3, 4))}
    if brands & {b"avif", b"avis"}:
        raise InvalidError("file_kind", found="avif")
    if major in HEIC_BRANDS or (major in {b"mif1", b"msf1"} and brands & HEIC_BRANDS):
        return Kind.HEIC
    if any(MP4_BRAND.fullmatch(brand) for brand in brands):
        return Kind.MP4
    found = (
        "quicktime" if major == b"qt  " else re.sub(rb"[^a-z0-9]", b"", major.lower()).decode() or "unknown"
    )
    raise InvalidError("file_kind", found=found)


def name_of(sha256: bytes, kind: Kind, small: Small | None = None) -> str:
    """Under which name a content, or a small copy of it, is kept: `ab/cd/<hash>.jpg`, `ab/cd/<hash>.320.jpg`."""
    digits = sha256.hex()
    ending = KEPT_AS[kind][0] if small is None else f"{small.side_px}.jpg"
    return f"{digits[:2]}/{digits[2:4]}/{digits}.{ending}"

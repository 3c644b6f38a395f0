"""Pictures and films for the tests, made as they are asked for; each knows a place, a time and a camera."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

PLACE = (102.7183, 25.0389)
CAMERA = b"PANLONGCAM"
MODEL = b"SECRET-MODEL-9"
TAKEN = "2026:03:04 05:06:07"
BLUE, RED = (20, 60, 200), (200, 30, 40)

HEIC = zlib.decompress(
    base64.b64decode(
        "eNpdUs9rE0EUfrPb3aZUk6gRrGhMQaW0FKY/jDUHSU2iIE1aVMSDousmS0ayzZIsNd4MFlMPQkAQT9KT14IoqAjqQfTmRcU/oFT6"
        "Q+xBoaJ1fTM7CdLHvn3ffPO92XnvLQDss9wbTrHATECzmTXEsc0MC4C8twuuAb71FvOlisTgMNOFLTbKSmVxSDoJChCOyJof0RLI"
        "oSmHWwy5iK8xxqYtseS7u3FREDLUFGfMIfiPJFySqTEhDzrMtUEqSSdzKg7iJeaYZYwzmJsiKqeaQhRdhz+bGxsAIfUKZuxJkm3E"
        "87hA5QqVP9EXStLAzf4ThGzZmY/Vtfsri4+ePwsUaQwplb+g9yrK9TR5U319Bz+yyyyXKtNmqYbsdtBvIhVhVacgG5CU3meWDEdi"
        "3goqo2iC53nrshlhh9UYJ9VAIIChi1XKLt4Hephjt4ZCgOh1RdVmb+NiL6sULLkRNPNVU4yBN+ihnTf4vOJ9ZOHC0o+VV95q89eB"
        "xrL3+eXm5d/dq3/fNhbWLn06+PTat+9f3t1NRR6Hn9Rvffy6vEiv63NTmKn7nc9moR9XAdBISNyyG/00CQscQj9PdvKm8cYANBh0"
        "yOqsuUNtPM8vODWem5jMnUqNZwHOZlJnMucGs5PpzMTgMV5/UxUnRtBnmzsE7kR/wDOH6XA8QUcSdDRGjyQo4qMwQMcSlIqbif8E"
        "lJz/U2kghkh08E9UMpzvaPNRRKQ9AV3wvGNxrKyFj8P+Vq3kpOxvj8xRpOan5CzJD8h4z+eDH6S2C11rVzAC8A/2m5Aa"
    )
)
"""64 by 48 pixels, the left half blue, to be turned by 90 degrees; with the metadata of `exif`. Written once with
pillow-heif, whose encoder is no part of the project."""


def gps(lon: float = PLACE[0], lat: float = PLACE[1]) -> dict[int, Any]:
    """A GPS directory."""
    found: dict[int, Any] = {1: "N" if lat >= 0 else "S", 3: "E" if lon >= 0 else "W"}
    for tag, value in ((2, abs(lat)), (4, abs(lon))):
        minutes = value % 1 * 60
        found[tag] = (float(int(value)), float(int(minutes)), minutes % 1 * 60)
    return found | {5: b"\x00", 6: 1895.5, 11: 1.8, 31: 4.5}


def exif(where: dict[int, Any] | None = None, offset: str | None = "+08:00", turn: int = 1) -> Image.Exif:
    """Metadata of a camera; without a place where it is empty."""
    made = Image.Exif()
    made[0x010F], made[0x0110], made[0x0112] = CAMERA.decode(), MODEL.decode(), turn
    told = made.get_ifd(0x8769)
    told[0x9003] = TAKEN
    if offset:
        told[0x9011] = offset
    made.get_ifd(0x8825).update(gps() if where is None else where)
    return made


def drawn(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is blue and whose right half is red."""
    image = Image.new("RGB", size, RED)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] - 1), fill=BLUE)
    return image.convert(mode)


def written(image: Image.Image, name: str, **options: Any) -> bytes:
    """A picture as a file."""
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def jpeg(size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """A JPEG with all that a camera writes."""
    return written(drawn(size), "jpeg", **({"exif": exif(), "comment": CAMERA} | options))


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an ISO base media file."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, *parts: bytes, version: int = 0) -> bytes:
    """A box with a version."""
    return box(name, bytes([version, 0, 0, 0]), *parts)


def numbers(*values: int) -> bytes:
    """Numbers of four bytes."""
    return struct.pack(f">{len(values)}I", *values)


def track(
    role: bytes, codec: bytes, at: int, sizes: list[int], *, seconds: int = 2, turned: bool = False
) -> bytes:
    """A track whose samples lie one behind the other from a byte on, all in one chunk."""
    scale = 1000
    matrix = (
        numbers(0, 65536, 0, 0xFFFF0000, 0, 0, 0, 0, 1 << 30)
        if turned
        else numbers(65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    )
    head = full(b"tkhd", numbers(5, 6, 1, 0, seconds * scale), bytes(16), matrix, numbers(64 << 16, 48 << 16))
    if role == b"vide":
        rest = struct.pack(">HHIIIH32sHh", 64, 48, 0x480000, 0x480000, 0, 1, b"\x0a" + CAMERA, 24, -1)
        entry = box(
            codec,
            bytes(6),
            b"\0\1",
            bytes(4),
            CAMERA + b"\0\0",
            rest,
            box(b"avcC", b"\1\2\3"),
            box(b"uuid", MODEL),
        )
    else:
        entry = box(
            codec,
            bytes(6),
            b"\0\1",
            bytes(8),
            struct.pack(">HHHHI", 1, 16, 0, 0, 48000 << 16),
            box(b"esds", bytes(8)),
        )
    table = box(
        b"stbl",
        full(b"stsd", numbers(1), entry),
        full(b"stts", numbers(1, len(sizes), seconds * scale // len(sizes))),
        full(b"stsc", numbers(1, 1, len(sizes), 1)),
        full(b"stsz", numbers(0, len(sizes), *sizes)),
        full(b"stco", numbers(1, at)),
    )
    media = box(
        b"minf",
        full(b"vmhd", bytes(8)),
        box(b"dinf", full(b"dref", numbers(1), box(b"url ", b"\0\0\0\1"))),
        table,
    )
    named = full(b"hdlr", bytes(4), role, bytes(12), CAMERA + b"\0")
    length = full(b"mdhd", numbers(5, 6, scale, seconds * scale), bytes(4))
    return box(b"trak", head, box(b"mdia", length, named, media), box(b"udta", box(b"name", MODEL)))


def film(*, seconds: int = 2, codec: bytes = b"avc1", place: bytes = b"+25.0389+102.7183+1895.5/", turned: bool = False,
         extra: bytes = b"", first: bytes = b"isom", moov: bool = True) -> bytes:  # fmt: skip
    """A film of two pictures, a sound and a track of positions, all between data that nobody shows."""
    start = box(b"ftyp", first, bytes(4), first, b"avc1")
    media = b"JUNK-BEFORE" + b"PICTURE1PICTURE2" + b"SOUND" + b"GPS-TRACK-25.03" + b"JUNK-BEHIND"
    at = len(start) + 8 + len(b"JUNK-BEFORE")
    made = 3_855_497_400  # 2026-03-04 19:30:00 in UTC
    head = full(b"mvhd", numbers(made, made, 1000, seconds * 1000), bytes(80))
    tracks = [
        track(b"vide", codec, at, [8, 8], seconds=seconds, turned=turned),
        track(b"soun", b"mp4a", at + 16, [5], seconds=seconds),
        track(b"meta", b"mebx", at + 21, [15], seconds=seconds),
    ]
    told = box(
        b"udta", box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7), place), box(b"\xa9mak", CAMERA)
    )
    table = box(b"moov", head, *tracks, told, full(b"meta", MODEL)) if moov else b""
    return start + box(b"mdat", media) + box(b"uuid", bytes(16), MODEL) + table + extra

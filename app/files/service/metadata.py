"""Reads of a picture's metadata what is believed of it, before the picture is made anew without any."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base

from app.files.rules.facts import Facts, exif_position, exif_time

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    Warning,
)
"""What Pillow raises for metadata that are not as they should be; warnings are raised where a process asks for it."""

UPRIGHT = 1
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by its EXIF orientation."""


def read_facts(image: Image.Image, zone: tzinfo) -> tuple[Facts, int]:
    """What a picture says of where and when it was taken, and its orientation (1 to 8).

    Metadata that cannot be read spoil no picture: they are noted (`metadata_unreadable`) and thrown away.
    """
    try:
        exif = image.getexif()
        orientation = exif.get(Base.Orientation, UPRIGHT)
        told, gps = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
    except UNREADABLE:
        return Facts(notes=("metadata_unreadable",)), UPRIGHT
    return _judged(told, gps, zone), orientation if orientation in TURNS else UPRIGHT


def _judged(told: Mapping[int, Any], gps: Mapping[int, Any], zone: tzinfo) -> Facts:
    position, notes = exif_position(gps)
    taken, offset = told.get(Base.DateTimeOriginal), told.get(Base.OffsetTimeOriginal)
    taken_at, assumed, more = exif_time(taken, offset, zone)
    return Facts(taken_at, assumed, position, notes + more)

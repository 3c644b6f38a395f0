"""What a picture or film says of where and when it was made, judged before it is believed."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

NULL_ISLAND = 1e-4
"""Degrees around (0, 0) that no camera was at: there is nothing there but water, and defaults."""

WGS84 = {"", "wgs84", "worldgeodeticsystem1984", "cgcs2000"}
"""Datums, letters and digits alone, that are WGS84 to within the accuracy of a telephone."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before it nobody took digital pictures: what says so was never set."""

WRITTEN_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
WRITTEN_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
ISO_6709 = re.compile(
    rb"([+-]\d{2}(?:\.\d{1,12})?)([+-]\d{3}(?:\.\d{1,12})?)([+-]\d{1,6}(?:\.\d{1,12})?)?(?:CRS[A-Za-z0-9_]{1,20})?/"
)
LOCI = re.compile(rb"loci\0{4}..[^\0]{0,200}\0.(.{12})", re.DOTALL)
FILM_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Position:
    """Where something was made.

    Parameters
    ----------
    lon, lat
        Degrees, WGS84.
    altitude_m
        Metres above the sea.
    dop
        Dilution of precision: a number without a unit, the smaller the better.
    accuracy_m
        Metres by which the position may be wrong, as the device estimated.
    """

    lon: float
    lat: float
    altitude_m: float | None = None
    dop: float | None = None
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file said of itself before all of that was taken out of it.

    Parameters
    ----------
    taken_at, taken_at_assumed
        When; and whether the file left open in which zone, so that the district's was assumed.
    notes
        Codes of what was there and not believed: `position_null_island`, `position_out_of_range`,
        `position_unreadable`, `position_datum`, `time_unreadable`, `metadata_unreadable`, `colours_unreadable`,
        `first_frame_kept`.
    """

    taken_at: datetime | None = None
    taken_at_assumed: bool = False
    position: Position | None = None
    notes: tuple[str, ...] = ()


def judged(position: Position) -> tuple[Position | None, tuple[str, ...]]:
    """A position that can be one, else None and a note that says why not."""
    if not (abs(position.lon) <= 180 and abs(position.lat) <= 90):  # a NaN is not in range either
        return None, ("position_out_of_range",)
    if abs(position.lon) < NULL_ISLAND and abs(position.lat) < NULL_ISLAND:
        return None, ("position_null_island",)
    return position, ()


def exif_position(gps: Mapping[int, Any]) -> tuple[Position | None, tuple[str, ...]]:
    """The position in a GPS directory (EXIF 3.0, 4.6.6), its values by their tags; and notes."""
    if not {2, 4} <= set(gps):
        return None, ()
    if re.sub(r"[^a-z0-9]", "", _text(gps.get(18)).lower()) not in WGS84:
        return None, ("position_datum",)
    lat, lon = _degrees(gps[2], _text(gps.get(1)), "NS"), _degrees(gps[4], _text(gps.get(3)), "EW")
    if lat is None or lon is None:
        return None, ("position_unreadable",)
    altitude_m = _real(gps.get(6))
    below = gps.get(5) in {1, b"\x01", 3, b"\x03"}
    if altitude_m is not None and below:
        altitude_m = -altitude_m
    return judged(Position(lon, lat, altitude_m, _real(gps.get(11)), _real(gps.get(31))))


def exif_time(taken: Any, offset: Any, zone: tzinfo) -> tuple[datetime | None, bool, tuple[str, ...]]:
    """When a picture was taken, in UTC; whether in the zone of the district for want of its own; and notes.

    Parameters
    ----------
    taken, offset
        DateTimeOriginal and OffsetTimeOriginal; None where they are missing.
    zone
        The district's.
    """
    if not _text(taken).strip(" :0"):
        return None, False, ()
    found, shift = WRITTEN_TIME.fullmatch(_text(taken)), WRITTEN_OFFSET.fullmatch(_text(offset))
    try:
        own = shift and timezone(int(shift[1] + "1") * timedelta(hours=int(shift[2]), minutes=int(shift[3])))
        at = datetime(*map(int, found.groups()), tzinfo=own or zone).astimezone(UTC) if found else None  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        at = None
    if at is None or at < EARLIEST:
        return None, False, ("time_unreadable",)
    return at, own is None, ()


def film_position(told: bytes) -> tuple[Position | None, tuple[str, ...]]:
    """The position in a film's user data: `+25.0389+102.7183/` as in ISO 6709, or a box `loci` (TS 26.244)."""
    found = ISO_6709.search(told)
    if not found:
        box = LOCI.search(told)
        return judged(Position(*(n / 65536 for n in struct.unpack(">3i", box[1])))) if box else (None, ())
    return judged(Position(float(found[2]), float(found[1]), float(found[3]) if found[3] else None))


def film_time(seconds: int) -> tuple[datetime | None, tuple[str, ...]]:
    """When a film was made, from its seconds since 1904 (UTC); None for a clock that was never set."""
    if seconds == 0:
        return None, ()
    try:
        at = FILM_EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None, ("time_unreadable",)
    return (at, ()) if at >= EARLIEST else (None, ("time_unreadable",))


def _degrees(parts: Any, letter: str, letters: str) -> float | None:
    """Degrees of degrees, minutes and seconds; None where they, or the letter of their half of the earth, are not."""
    if (
        letter.upper() not in tuple(letters)
        or not isinstance(parts, tuple | list)
        or not 1 <= len(parts) <= 3
    ):
        return None
    values = [_real(part) for part in parts]
    found = 0.0
    for value, sixtieth in zip(values, (1, 60, 3600), strict=False):
        if value is None or value < 0:
            return None
        found += value / sixtieth
    return -found if letter.upper() == letters[1] else found


def _real(value: Any) -> float | None:
    """A number that is one: rationals of cameras may have zero below."""
    try:
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return found if math.isfinite(found) else None


def _text(value: Any) -> str:
    """A text of metadata, without what fills it up."""
    found = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
    return found.strip("\0 \t\r\n")

"""Where and when, judged before it is believed."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.files.rules import Position
from app.files.rules.facts import exif_position, exif_time, film_position, film_time
from tests.app.files import samples

KUNMING = ZoneInfo("Asia/Shanghai")


def test_a_position() -> None:
    found, notes = exif_position(samples.gps())
    assert found is not None
    assert (round(found.lon, 9), round(found.lat, 9)) == samples.PLACE
    assert (found.altitude_m, found.dop, found.accuracy_m) == (1895.5, 1.8, 4.5)
    assert notes == ()


@pytest.mark.parametrize("place", [(-70.5, -33.25), (-150.0, 0.0), (180.0, 90.0), (0.0, 51.5)])
def test_the_rest_of_the_world_and_the_sea(place: tuple[float, float]) -> None:
    found, _ = exif_position(samples.gps(*place))
    assert found is not None
    assert (round(found.lon, 9), round(found.lat, 9)) == place


def test_below_the_sea() -> None:
    found, _ = exif_position(samples.gps() | {5: b"\x01"})
    assert found is not None
    assert found.altitude_m == -1895.5


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (samples.gps(0, 0), "position_null_island"),
        ({4: (181.0, 0.0, 0.0)}, "position_out_of_range"),
        ({2: (90.0, 1.0, 0.0)}, "position_out_of_range"),
        ({2: (math.nan, 1.0, 0.0)}, "position_unreadable"),
        ({2: (math.inf, 1.0, 0.0)}, "position_unreadable"),
        ({2: "25"}, "position_unreadable"),
        ({2: ()}, "position_unreadable"),
        ({2: (-1.0, 1.0, 0.0)}, "position_unreadable"),
        ({1: "X"}, "position_unreadable"),
        ({3: None}, "position_unreadable"),
        ({18: "TOKYO"}, "position_datum"),
    ],
)
def test_not_a_position(change: dict[int, Any], note: str) -> None:
    assert exif_position(samples.gps() | change) == (None, (note,))


def test_no_position() -> None:
    assert exif_position({}) == (None, ())
    assert exif_position({29: "2026:03:04"}) == (None, ())
    assert exif_position(samples.gps() | {18: "WGS-84 "})[0] is not None


def test_a_time_with_its_own_zone() -> None:
    assert exif_time(samples.TAKEN, "+09:30", KUNMING) == (
        datetime(2026, 3, 3, 19, 36, 7, tzinfo=UTC),
        False,
        (),
    )


@pytest.mark.parametrize("offset", [None, "", "   :  "])
def test_a_time_without(offset: str | None) -> None:
    assert exif_time(samples.TAKEN, offset, KUNMING) == (datetime(2026, 3, 3, 21, 6, 7, tzinfo=UTC), True, ())


@pytest.mark.parametrize("taken", [None, "", "0000:00:00 00:00:00", "    :  :     :  :  "])
def test_no_time(taken: str | None) -> None:
    assert exif_time(taken, "+08:00", KUNMING) == (None, False, ())


@pytest.mark.parametrize(
    ("taken", "offset"),
    [
        ("2026:13:01 00:00:00", None),
        ("yesterday", None),
        ("1970:01:01 00:00:00", None),
        (samples.TAKEN, "+99:00"),
    ],
)
def test_not_a_time(taken: str, offset: str | None) -> None:
    assert exif_time(taken, offset, KUNMING) == (None, False, ("time_unreadable",))


def test_films() -> None:
    assert film_position(b"\0\x12\x15\xc7+25.0389+102.7183/")[0] == Position(102.7183, 25.0389)
    assert film_position(b"-33.5-070.25+0012.5CRSWGS_84/")[0] == Position(-70.25, -33.5, 12.5)
    assert film_position(b"+00.0000+000.0000/") == (None, ("position_null_island",))
    assert film_position(b"+99.0000+102.7183/") == (None, ("position_out_of_range",))
    loci = (
        b"loci"
        + bytes(4)
        + b"\x15\xc7"
        + b"here\0"
        + b"\0"
        + samples.numbers(102 << 16, 25 << 16, 1900 << 16)
    )
    assert film_position(loci)[0] == Position(102.0, 25.0, 1900.0)
    assert film_position(b"nothing") == (None, ())
    since = int((datetime(2026, 3, 4, tzinfo=UTC) - datetime(1904, 1, 1, tzinfo=UTC)) / timedelta(seconds=1))
    assert film_time(since) == (datetime(2026, 3, 4, tzinfo=UTC), ())
    assert film_time(0) == (None, ())
    assert film_time(5) == film_time(2**64 - 1) == (None, ("time_unreadable",))

"""Tiles that are written here, read by GDAL."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.tiles.service.encoding import Point, layer
from tests.vectors import marks

PLACES = [(0, 0), (1, 4095), (127, 128), (4095, 16_384 - 12_289)]


def test_points_come_back_with_all_that_they_carry(tmp_path: Path) -> None:
    sent = [
        Point(
            n + 2**40,
            x,
            y,
            {"count": n * 1000, "late": n % 2 == 0, "state": "挂账" * n, "case_id": n + 2**40},
        )
        for n, (x, y) in enumerate(PLACES)
    ]
    found = marks(tmp_path, layer("cases", sent, 4096), 9, 402, 219).sort_values("count")
    assert found["count"].tolist() == [0, 1000, 2000, 3000]
    assert found["late"].astype(bool).tolist() == [True, False, True, False]
    assert found["case_id"].tolist() == [n + 2**40 for n in range(4)]
    assert found["state"].fillna("").tolist() == ["挂账" * n for n in range(4)]
    # A tile of zoom 9 is 360/512 degrees wide, from the meridian of its number.
    assert found.geometry.x.tolist() == pytest.approx(
        [(402 + x / 4096) * 360 / 512 - 180 for x, _ in PLACES], abs=1e-6
    )


def test_a_truth_is_no_number(tmp_path: Path) -> None:
    found = marks(tmp_path, layer("cases", [Point(None, 5, 5, {"count": 1, "late": True})], 4096), 3, 1, 1)
    assert (found["count"].tolist(), found["late"].astype(int).tolist()) == ([1], [1])


def test_nothing_is_an_empty_tile() -> None:
    assert layer("cases", [], 4096) == b""

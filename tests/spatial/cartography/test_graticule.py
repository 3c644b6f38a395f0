"""Meridians and parallels."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.cartography import Window, graticule, window_for
from spatial.crs import transform
from spatial.errors import DataError

SRID = 4543


def around(lon: float, lat: float, half_m: float, width: float = 160, height: float = 120) -> Window:
    x, y = transform(np.array([[lon, lat]]), 4490, SRID)[0]
    return window_for(
        (x - half_m, y - half_m * height / width, x + half_m, y + half_m * height / width), width, height
    )


@pytest.mark.parametrize("half_m", [200, 3_000, 20_000, 150_000])
def test_a_few_round_lines_of_each_kind(half_m: float) -> None:
    lines = graticule(around(102.75, 25.06, half_m), SRID)
    for meridian in (True, False):
        kind = [line for line in lines if line.meridian is meridian]
        assert 1 <= len(kind) <= 9
        seconds = np.diff([line.degrees for line in kind]) * 3_600
        assert np.ptp(seconds) < 1e-6 if len(seconds) else True
        assert len({line.label for line in kind}) == len(kind)


def test_every_point_of_a_line_has_its_degrees() -> None:
    window = around(102.75, 25.06, 20_000)
    west, _, _, north = window.bounds
    for line in graticule(window, SRID):
        ground = np.column_stack(
            [west + line.line[:, 0] * window.scale / 1e3, north - line.line[:, 1] * window.scale / 1e3]
        )
        found = transform(ground, SRID, 4490)[:, 0 if line.meridian else 1]
        # A straight piece leaves a parallel by some centimetres on the ground.
        assert found == pytest.approx(np.full(len(found), line.degrees), abs=2e-5)
        assert (
            line.line.min() >= -1e-9
            and (line.line <= [window.width_mm + 1e-9, window.height_mm + 1e-9]).all()
        )


def test_labels_say_minutes_and_only_small_steps_seconds() -> None:
    labels = {line.label for line in graticule(around(102.75, 25.06, 20_000), SRID)}
    assert "102°40′E" in labels and not any("″" in one for one in labels)
    assert all("″" in line.label for line in graticule(around(102.75, 25.06, 200), SRID))
    south = window_for((500_000 - 3e3, 9e6 - 3e3, 500_000 + 3e3, 9e6 + 3e3), 100, 100)
    assert {line.label[-1] for line in graticule(south, 32733) if not line.meridian} == {"S"}


def test_less_than_one_line_is_no_question() -> None:
    with pytest.raises(DataError, match="not_within"):
        graticule(around(102.75, 25.06, 500), SRID, lines=0)

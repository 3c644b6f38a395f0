"""Tiles that are written here, read by GDAL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.tiles.service.encoding import Tag, layer
from tests.vectors import marks

PLACES = np.array([(0, 0), (1, 4095), (127, 128), (4095, 4095)])
NUMBERS = np.arange(4)
WORDS = ["", "待派遣", "closed", "never"]
NONE = np.zeros(4, np.int64)


def test_points_come_back_with_all_that_they_carry(tmp_path: Path) -> None:
    x, y = PLACES.T
    tags = {
        "count": Tag(NUMBERS * 1000),
        "late": Tag(NUMBERS % 2 == 0),
        "state": Tag(NUMBERS, None, ["挂账" * n for n in range(4)]),
        "case_id": Tag(NUMBERS + 2**40, NUMBERS > 0),
        "category": Tag(NUMBERS + 2**40),
    }
    body = layer("cases", x, y, NUMBERS + 2**40, tags, 4096)
    found = marks(tmp_path, body, 9, 402, 219).sort_values("count")
    assert found["count"].tolist() == [0, 1000, 2000, 3000]
    assert found["late"].astype(bool).tolist() == [True, False, True, False]
    assert found["category"].tolist() == [n + 2**40 for n in range(4)]
    assert found["case_id"].isna().tolist() == [True, False, False, False]
    assert found["case_id"].tolist()[1:] == [n + 2**40 for n in range(1, 4)]
    assert found["state"].fillna("").tolist() == ["挂账" * n for n in range(4)]
    # A tile of zoom 9 is 360/512 degrees wide, from the meridian of its number.
    assert found.geometry.x.tolist() == pytest.approx(
        [(402 + x / 4096) * 360 / 512 - 180 for x, _ in PLACES], abs=1e-6
    )


def test_a_truth_is_no_number(tmp_path: Path) -> None:
    one, true = np.ones(1, np.int64), np.ones(1, bool)
    found = marks(
        tmp_path, layer("cases", one, one, one * 0, {"count": Tag(one), "late": Tag(true)}, 4096), 3, 1, 1
    )
    assert (found["count"].tolist(), found["late"].astype(int).tolist()) == ([1], [1])


@given(
    points=st.lists(
        st.tuples(
            st.integers(0, 4095),
            st.integers(0, 4095),
            st.integers(0, 2**62),
            st.integers(0, 2**35),
            st.sampled_from(WORDS),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
        max_size=40,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_points_come_back(tmp_path_factory: pytest.TempPathFactory, points: list[Any]) -> None:
    x, y, ids, count, word, true, has = (np.array(part) for part in zip(*points, strict=True))
    tags = {
        "count": Tag(count),
        "late": Tag(true),
        "state": Tag(np.array([WORDS.index(one) for one in word.tolist()]), has, WORDS),
    }
    body = layer("cases", x, y, ids, tags, 4096)
    found = marks(tmp_path_factory.mktemp("tile"), body, 0, 0, 0)
    assert found["count"].tolist() == count.tolist()
    assert found["late"].astype(bool).tolist() == true.tolist()
    states = found["state"] if "state" in found else [None] * len(points)
    assert [one or "" for one in pd.Series(states).fillna("")] == np.where(has, word, "").tolist()


def test_nothing_is_an_empty_tile() -> None:
    nothing = np.empty(0, np.int64)
    assert layer("cases", nothing, nothing, nothing, {"count": Tag(nothing)}, 4096) == b""

"""Draws from many distributions at once."""

from __future__ import annotations

import numpy as np
import pytest

from app.demo.service.draws import Table

TABLE = Table(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 2.0]]))


@pytest.mark.parametrize(
    ("row", "u", "option"),
    [(0, 0.0, 0), (0, 0.2499, 0), (0, 0.25, 2), (0, 0.9999, 2), (1, 0.0, 1), (1, 0.5, 2)],
)
def test_a_uniform_number_finds_its_option(row: int, u: float, option: int) -> None:
    assert TABLE.draw(np.array([row]), np.array([u])).tolist() == [option]


def test_shares_are_kept() -> None:
    rows = np.repeat([0, 1], 50_000)
    drawn = TABLE.draw(rows, np.random.default_rng(3).random(len(rows)))
    counts = np.bincount(rows * 3 + drawn, minlength=6) / 50_000
    np.testing.assert_allclose(counts, [0.25, 0, 0.75, 0, 0.5, 0.5], atol=0.01)


def test_within_a_step_the_rest_says_how_far() -> None:
    found = TABLE.draw_within(np.array([0, 0, 1]), np.array([0.125, 0.625, 0.25]))
    np.testing.assert_allclose(found, [0.5, 2.5, 1.5])


@pytest.mark.parametrize(
    ("at", "shares"), [(0.0, [0, 0]), (0.5, [0.125, 0]), (2.0, [0.25, 0.5]), (3.0, [1, 1])]
)
def test_share_until_a_point(at: float, shares: list[float]) -> None:
    np.testing.assert_allclose(TABLE.share_until(at), shares)

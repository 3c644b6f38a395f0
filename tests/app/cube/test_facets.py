"""Tiles of facets, counted as they move, beside the same tiles counted from nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from app.cube.rules import OPEN, STATES, Tab, Wanted
from app.cube.service.answering import EVERYTHING, NOBODY
from app.cube.service.binning import Gathered, Sums
from app.cube.service.columns import Columns, Days, instant
from app.cube.service.facets import Picked, facets_of, pick
from app.cube.service.places import HALF_M
from app.cube.service.selecting import choose, seen
from app.cube.store import ROW

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
DAYS = Days("Asia/Shanghai")
WEST, NORTH = 11_434_000.0, 2_890_000.0
"""About Kunming, EPSG:3857."""

TILE = (9, int((WEST + HALF_M) / (2 * HALF_M) * 512), int((HALF_M - NORTH) / (2 * HALF_M) * 512))
ZOOMED = [(z, TILE[1] << z - 9, TILE[2] << z - 9) for z in (9, 10, 11)]


def rows(rng: np.random.Generator, ids: Any) -> Any:
    """Random cases, some of which have no place."""
    n = len(ids)
    found = np.zeros(n, ROW)
    found["id"] = ids
    found["category"] = rng.integers(1, 9, n)
    found["unit"] = rng.integers(0, 5, n)
    found["state"] = rng.integers(0, len(STATES), n)
    found["area"] = rng.integers(1, 50, n)
    ago = rng.integers(0, 40 * 86_400, n) * 1_000_000
    found["reported"] = instant(NOW) - ago
    due = instant(NOW) + rng.integers(-86_400, 86_400, n) * 1_000_000
    found["due"], found["near"] = due, due - 3_600_000_000
    size = 2 * HALF_M / 512
    found["x"] = (TILE[1] + rng.random(n) ** 2) * size - HALF_M
    found["y"] = HALF_M - (TILE[2] + rng.random(n)) * size
    found["x"][rng.random(n) < 0.02] = np.nan
    return found


def day(back: int) -> datetime:
    """The beginning of a day of the district."""
    return datetime(2026, 11, 25, tzinfo=UTC) - timedelta(days=back, hours=8)


FACETS = [
    Wanted(NOW, "all"),
    Wanted(NOW, "open"),
    Wanted(NOW, "overdue"),
    Wanted(NOW, "closed"),
    Wanted(NOW, "open", categories=(2, 3, 77)),
    Wanted(NOW, "all", units=(1,)),
    Wanted(NOW, "near", units=(0, 4)),
    Wanted(NOW, "all", since=day(9), until=day(8)),
    Wanted(NOW, "open", since=day(30)),
    Wanted(NOW, "all", until=day(12)),
]


def known(found: Gathered, columns: Columns) -> list[tuple[Any, ...]]:
    """The marks, in an order of their own; single cases by their ids."""
    ids = np.where(found.position >= 0, columns["id"][found.position], 0)
    parts = (found.late, found.count, found.near, found.closed, found.x, found.y, ids)
    return sorted(zip(*(part.tolist() for part in parts), strict=True))


def same(columns: Columns) -> int:
    """Compare every facet; how many marks there were."""
    marks = 0
    for wanted in FACETS:
        facet = pick(wanted, DAYS)
        assert facet is not None
        kept = facets_of(columns)
        assert kept.has(facet)
        picked = Picked(columns, facet, kept)
        wall = seen(columns, EVERYTHING_SEEN)
        chosen = choose(columns, columns, wall, wanted, NOBODY, (), 0)
        plain = Sums(columns, columns, chosen.wall, chosen.shown)
        for z, x, y in ZOOMED:
            assert picked.fits(z, 8)
            found = picked.tile(z, x, y, 8)
            assert known(found, columns) == known(plain.tile(z, x, y, 8), columns)
            marks += len(found.count)
    return marks


EVERYTHING_SEEN = type(EVERYTHING)(territory="{[1,50)}")


@pytest.mark.parametrize("seed", range(4))
def test_tiles_are_the_same_after_every_move(seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns = Columns(rows(rng, np.arange(1, 3001)), [], DAYS)
    columns.tell_time(instant(NOW))
    assert same(columns) > 500
    for turn in range(6):
        fresh = 3001 + 10 * turn
        moved = np.concatenate((rng.choice(3000, 20, replace=False) + 1, np.arange(fresh, fresh + 10)))
        now = rows(rng, moved)
        stays = rng.random(len(moved)) < 0.7
        # Most stay where they are: the others leave a row that means nothing.
        there, at = columns.found(moved)
        for n, position in zip(np.flatnonzero(there).tolist(), at.tolist(), strict=True):
            if stays[n] and columns["key"][position] < 1 << 62:
                now["x"][n] = (columns["column"][position] + 0.5) / 2**30 * 2 * HALF_M - HALF_M
                now["y"][n] = HALF_M - (columns["row"][position] + 0.5) / 2**30 * 2 * HALF_M
        columns.put(now, [])
        columns.tell_time(instant(NOW + timedelta(minutes=7 * turn)))
        assert same(columns) > 500


def test_a_place_and_a_value_that_nobody_had_before() -> None:
    rng = np.random.default_rng(9)
    columns = Columns(rows(rng, np.arange(1, 300)), [], DAYS)
    columns.tell_time(instant(NOW))
    same(columns)
    new = rows(rng, np.array([400, 401]))
    new["x"], new["unit"] = (0.0, new["x"][1] if new["x"][1] == new["x"][1] else WEST), (1, 10_000)
    columns.put(new, [])
    assert columns.counts is None
    same(columns)


def test_what_is_more_than_a_facet() -> None:
    more = [
        Wanted(NOW, "open", tab=Tab.OVERDUE), Wanted(NOW, "open", step=3), Wanted(NOW, "open", where="outside"),
        Wanted(NOW, "open", areas=((1, 9),)), Wanted(NOW, "open", categories=(1,), units=(1,)),
        Wanted(NOW, "open", since=NOW), Wanted(NOW, STATES[OPEN.index(True)].value),
        Wanted(NOW, "open", per_cell=(1, 2)),
    ]  # fmt: skip
    assert [pick(wanted, DAYS) for wanted in more] == [None] * len(more)

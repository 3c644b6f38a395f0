"""Simulated reports: their number, order, positions, words, and that nothing depends on the size of a piece."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from app.cases.service import categories, reference
from app.demo.service.cases import simulate_cases
from spatial.locate import Locator
from spatial.readers import CaseBatch

UNTIL = date(2026, 6, 30)
COUNT = 60_000


def simulate(cells: gpd.GeoDataFrame, **changes: object) -> list[CaseBatch]:
    options = {"count": 3000, "until": UNTIL, "timezone": "Asia/Shanghai", "seed": 5, **changes}
    return list(simulate_cases(cells, categories(), **options))  # type: ignore[arg-type]


def joined(batches: list[CaseBatch], column: str) -> np.ndarray:
    return np.concatenate([getattr(batch, column) for batch in batches])


def test_as_many_as_asked_for_in_the_order_of_time(cases: pd.DataFrame) -> None:
    assert cases["row"].tolist() == list(range(1, COUNT + 1))
    assert cases["reported_at"].is_monotonic_increasing
    assert cases["local"].min().date() == date(2024, 7, 1)
    assert cases["local"].max().date() == UNTIL


def test_references_count_from_one_in_every_year(cases: pd.DataFrame) -> None:
    assert cases["external_ref"].is_unique
    for year, refs in cases.groupby(cases["local"].dt.year)["external_ref"]:
        assert refs.iloc[0] == f"演-{year}-0000001"
        assert refs.iloc[-1] == f"演-{year}-{len(refs):07}"


@pytest.mark.parametrize("chunk_rows", [1, 777, 3000, 50_000])
def test_the_size_of_a_piece_changes_nothing(cells: gpd.GeoDataFrame, chunk_rows: int) -> None:
    count = 200 if chunk_rows == 1 else 3000
    whole = simulate(cells, count=count)
    pieces = simulate(cells, count=count, chunk_rows=chunk_rows)
    assert [len(piece.row) for piece in pieces[:-1]] == [chunk_rows] * (len(pieces) - 1)
    for column in ("row", "external_ref", "reported_at", "category", "lon", "lat", "description"):
        np.testing.assert_array_equal(joined(whole, column), joined(pieces, column))


def test_a_seed_gives_the_same_cases_and_another_gives_others(cells: gpd.GeoDataFrame) -> None:
    first, again, other = simulate(cells), simulate(cells), simulate(cells, seed=6)
    np.testing.assert_array_equal(joined(first, "lon"), joined(again, "lon"))
    assert not np.array_equal(joined(first, "reported_at"), joined(other, "reported_at"))


def test_shares_without_a_position_and_outside(cases: pd.DataFrame, cells: gpd.GeoDataFrame) -> None:
    located = cases.dropna(subset=["lon", "lat"])
    assert cases["lat"].isna().equals(cases["lon"].isna())
    assert 0.010 < 1 - len(located) / len(cases) < 0.014
    outside = Locator(cells.geometry.values, cells["code"])(located["lon"], located["lat"]) < 0
    # The notch of one cell is an outside too.
    assert 0.002 < outside.mean() < 0.004
    assert located.loc[outside, "address"].isna().all()
    assert located["lon"].between(102.69, 102.79).all() and located["lat"].between(25.02, 25.13).all()


def test_cells_are_unequal_and_spots_come_back(cases: pd.DataFrame, cells: gpd.GeoDataFrame) -> None:
    located = cases.dropna(subset=["lon"])
    counts = np.bincount(1 + Locator(cells.geometry.values, cells["code"])(located["lon"], located["lat"]))[
        1:
    ]
    assert counts.min() > 0
    assert np.sort(counts)[-5:].mean() > 4 * np.median(counts) > 0
    vending = located[located["category"] == "C23"]
    rounded = vending[["lon", "lat"]].round(3).value_counts(normalize=True)
    everything = located[["lon", "lat"]].round(3).value_counts(normalize=True)
    assert rounded.iloc[:10].sum() > 1.5 * everything.iloc[:10].sum()


def test_addresses_come_from_what_is_near(cases: pd.DataFrame) -> None:
    known = cases["address"].dropna()
    assert 0.2 < len(known) / len(cases) < 0.9
    assert known.str.fullmatch(r"(白云路|北京路)( \d+ 号附近|一带)|席子营小区 \d+ 幢旁").all()
    unlocated = cases.loc[cases["lon"].isna(), "address"].dropna()
    assert unlocated.str.endswith("一带").all() and len(unlocated) > 100


def test_nothing_personal(cases: pd.DataFrame) -> None:
    texts = pd.concat([cases["description"], cases["address"].dropna()]).unique()
    told = "\n".join(texts)
    assert not re.search(r"\d{5,}", told)
    assert not re.search(r"先生|女士|身份证|电话号|手机号|户主", told)
    assert max(len(text) for text in texts) <= 60


def test_only_known_codes(cases: pd.DataFrame) -> None:
    assert set(cases["category"]) <= {row["code"] for row in categories()}
    assert set(cases["source"]) == {row["code"] for row in reference("case_sources")}


def test_sources_report_what_they_can_see(cases: pd.DataFrame) -> None:
    for row in reference("source_rhythms"):
        seen = cases.loc[cases["source"] == row["source"], "category"]
        assert seen.str.startswith(tuple(row["reports"].split())).all()


def test_nothing_is_reported_after_now(cells: gpd.GeoDataFrame) -> None:
    now = datetime(2026, 6, 30, 2, 30, tzinfo=UTC)
    batches = simulate(cells, count=20_000, now=now)
    reported = joined(batches, "reported_at")
    assert len(reported) == 20_000
    assert reported.max() <= np.datetime64("2026-06-30T02:30")
    assert reported.max() > np.datetime64("2026-06-30T00:00")


def test_a_district_that_knows_neither_households_nor_ground(cells: gpd.GeoDataFrame) -> None:
    bare = cells.assign(households=None)
    batches = simulate(bare, timezone="America/New_York")
    assert np.equal(joined(batches, "address"), None).all()
    assert joined(batches, "reported_at").min() >= np.datetime64("2024-07-01T04:00")


def test_categories_that_are_not_wanted_never_come_up(cells: gpd.GeoDataFrame) -> None:
    wanted = [{"code": "C23"}, {"code": "unknown"}]
    options = {"count": 100, "until": UNTIL, "timezone": "Asia/Shanghai", "seed": 1}
    batches = list(simulate_cases(cells, wanted, **options))  # type: ignore[arg-type]
    assert set(joined(batches, "category")) == {"C23"}

"""A verb over districts: what it is given, whose a case is, whose a random number is, and what is refused."""

from __future__ import annotations

import pickle

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from spatial import partitions
from spatial.errors import CrsError, DataError, Fault, LayerError, SpatialError
from spatial.partitions import (
    cluster_cases,
    each,
    find_emerging,
    find_hot_spots,
    locate_cases,
    rate_cells,
    seed_of,
)
from tests.spatial.partitions.provinces import CODES, CRS, SIZE, SOUTH, WEST, YEAR, district, province


def one(district: str, *places: tuple[float, float]) -> gpd.GeoDataFrame:
    """Cases of a district, in squares' widths from the south-west corner of the first."""
    xy = np.array(places) * SIZE + (WEST, SOUTH)
    at = pd.to_datetime(["2024-05-01 09:00"] * len(places)).tz_localize("UTC")
    return gpd.GeoDataFrame(
        {"reported_at": at, "district": district}, geometry=gpd.points_from_xy(*xy.T, crs=CRS)
    )


def squares() -> gpd.GeoDataFrame:
    """Two districts of one square cell each, "9" west of "1"."""
    shapes = [shapely.box(WEST + k * SIZE, SOUTH, WEST + (k + 1) * SIZE, SOUTH + SIZE) for k in range(2)]
    columns = {"code": ["9", "1"], "households": [100, 0], "district": ["A", "B"]}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def test_a_district_is_answered_as_if_there_were_no_other():
    cases, cells = province(cells=9, cases=200)
    found = each(locate_cases, cases, cells)
    assert tuple(found.index.unique()) == CODES
    for code in CODES:
        alone = locate_cases(cases[cases["district"] == code], cells[cells["district"] == code])
        assert found.loc[code, "cell"].tolist() == alone["cell"].tolist()
        assert alone["cell"].notna().all()


def test_a_case_lies_in_its_own_districts_cells_or_in_none():
    """The first is recorded with A and lies in B, the second on the border of both."""
    cases = pd.concat([one("A", (1.5, 0.5), (1, 0.5), (0.5, 0.5)), one("B", (1, 0.5), (1.5, 0.5))])
    found = each(locate_cases, cases, squares())
    assert found.loc["A", "cell"].fillna("").tolist() == ["", "9", "9"]
    assert found.loc["B", "cell"].tolist() == ["1", "1"]
    rates = each(rate_cells, cases, squares())
    assert rates["cases"].tolist() == [2, 2]
    assert rates["per_1000"].tolist()[0] == 20
    assert np.isnan(rates["per_1000"].iloc[1])


def test_a_case_without_a_place_stays_and_lies_in_no_cell():
    cases = one("A", (0.5, 0.5), (0.5, 0.5))
    cases.loc[0, "geometry"] = None
    found = each(locate_cases, cases, squares().iloc[:1])
    assert found["cell"].isna().tolist() == [True, False]


def test_a_district_without_cases_has_rates_of_nought():
    rates = each(rate_cells, one("B", (1.5, 0.5)), squares())
    assert rates.loc["A", "cases"] == 0
    assert rates.loc["A", "per_1000"] == 0


def test_months_begin_at_local_midnight_and_all_are_told():
    cases, cells = district(0, "A", 9, 60)
    cases["reported_at"] = pd.Timestamp("2024-02-29 16:30", tz="UTC")
    found = find_hot_spots(cases, cells, since="2024-01-15", until="2024-04-01", permutations=9)
    by_month = found.groupby("period")["cases"].sum()
    assert {str(month.date()): count for month, count in by_month.items()} == {
        "2024-01-01": 0,
        "2024-02-01": 0,
        "2024-03-01": 60,
        "2024-04-01": 0,
    }
    assert found.loc[found["period"] != "2024-03-01", "p_permuted"].isna().all()


def test_a_month_is_shuffled_alike_whatever_other_months_are_asked_for():
    cases, cells = district(1, "A", 16, 400)
    year = find_hot_spots(cases, cells, **YEAR, permutations=99, seed=7)
    may = find_hot_spots(cases, cells, since="2024-05-01", until="2024-05-31", permutations=99, seed=7)
    assert_frame_equal(year[year["period"] == "2024-05-01"].reset_index(drop=True), may)
    again = find_hot_spots(cases, cells, **YEAR, permutations=99, seed=8)
    assert (again["p_permuted"] != year["p_permuted"]).any()


def test_random_numbers_go_by_the_districts_code_and_not_by_its_place():
    cases, cells = province(cells=9, cases=300)
    asked = {**YEAR, "every": "quarter", "permutations": 99}
    everybody = each(find_hot_spots, cases, cells, seed=3, **asked)
    last = cases["district"] == CODES[-1], cells["district"] == CODES[-1]
    alone = each(find_hot_spots, cases[last[0]], cells[last[1]], seed=3, **asked)
    assert_frame_equal(everybody.loc[[CODES[-1]]], alone)
    assert len({seed_of(seed, code) for seed in range(50) for code in CODES}) == 200


def test_seeds_do_not_change_with_the_version():
    assert [seed_of(0, "530103"), seed_of(1, "530103", "2024-05")] == [
        15360596847355345520,
        1008788585784682119,
    ]


def test_emerging_and_clusters_take_every_district():
    cases, cells = province(cells=9, cases=300)
    patterns = each(find_emerging, cases, cells, **YEAR)
    assert patterns["cases"].sum() == len(cases)
    nobody = each(find_emerging, cases.iloc[:0], cells, **YEAR)
    assert set(nobody["pattern"]) == {""}
    clusters = each(cluster_cases, cases, distance_m=800, days=30, least_count=5)
    assert clusters.groupby(level=0)["cluster"].max().min() >= 0
    assert len(clusters) == len(cases)


def of_one_kind(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Its answer has a column more for one of the districts."""
    return pd.DataFrame({"n": [len(layer)], **({"more": [1]} if len(layer) == 2 else {})})


@pytest.mark.parametrize(
    ("ask", "code", "facts"),
    [
        (
            lambda a, b: each(locate_cases, a.drop(columns="district"), b),
            "not_by_district",
            {"name": "cases"},
        ),
        (lambda a, b: each(locate_cases, a.assign(district=[None]), b), "district_missing", {"rows": (0,)}),
        (lambda a, b: each(locate_cases, a.assign(district=[530103]), b), "district_missing", {"count": 1}),
        (
            lambda a, b: each(locate_cases, a.assign(district="C"), b),
            "cells_missing_for",
            {"districts": ("C",)},
        ),
        (lambda a, b: each(locate_cases, a, b.assign(geometry=b.boundary)), "not_areas", {"district": "A"}),
        (lambda a, b: locate_cases(a, b.assign(code="1")), "not_distinct", {"values": ("1",)}),
        (lambda a, b: each(len, a), "not_a_table", {"district": "A", "found": "int"}),
        (
            lambda a, b: each(find_hot_spots, a, b, since="2024-02-01", until="2024-01-01"),
            "not_a_period",
            {"district": "A"},
        ),
        (lambda a, b: each(find_hot_spots, a, b, since="soon", until="2024-01-01"), "not_a_period", {}),
        (lambda a, b: each(find_hot_spots, a, b, **YEAR, every="hour"), "not_one_of", {"value": "hour"}),
        (lambda a, b: each(find_hot_spots, a, b, **YEAR, at="when"), "no_such_column", {"column": "when"}),
        (
            lambda a, b: each(find_hot_spots, a.assign(at=1), b, **YEAR, at="at"),
            "not_datetimes",
            {},
        ),
    ],
)
def test_what_is_wrong_has_a_name(ask, code, facts):
    cases, cells = one("A", (0.5, 0.5)), squares()
    with pytest.raises(DataError) as caught:
        ask(cases, cells)
    assert caught.value.code == code
    assert facts.items() <= caught.value.facts.items()


def test_layers_in_two_reference_systems_are_refused():
    with pytest.raises(CrsError) as caught:
        each(locate_cases, one("A", (0.5, 0.5)), squares().to_crs(4544))
    assert caught.value.code == "crs_mixed"


def test_an_error_of_a_district_names_it_and_survives_the_way_between_processes():
    cases = one("B", (1.5, 0.5)).assign(geometry=[shapely.box(0, 0, 1, 1)])
    with pytest.raises(DataError) as caught:
        each(locate_cases, cases, squares())
    assert caught.value.facts["district"] == "B"
    fault = LayerError([Fault("empty", 1, facts={"a": 1})], 5)
    for error in (caught.value, SpatialError("here", code="x"), fault):
        back = pickle.loads(pickle.dumps(error))
        assert (type(back), back.code, back.facts, str(back)) == (
            type(error),
            error.code,
            error.facts,
            str(error),
        )
    assert pickle.loads(pickle.dumps(fault)).faults == fault.faults


def test_without_the_extra_the_remedy_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "dask_geopandas", None)
    partitions.write(one("A", (0.5, 0.5)), tmp_path)
    with pytest.raises(SpatialError) as caught:
        partitions.read(tmp_path)
    assert caught.value.code == "cluster_missing"
    assert "panlong[cluster]" in caught.value.facts["remedy"]

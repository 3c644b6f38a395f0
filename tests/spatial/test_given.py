"""What a verb is given: each fault has its name, and the rows where it is."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from spatial.errors import CrsError, DataError
from spatial.given import distinct, numbers, one_of, places, positive, same_crs, share, whole


@pytest.mark.parametrize(
    ("call", "code", "facts"),
    [
        (lambda: numbers("cases", ["a", 1]), "not_numbers", {"name": "cases"}),
        (lambda: numbers("cases", [[1, 2]]), "not_one_dimensional", {"shape": (1, 2)}),
        (lambda: numbers("cases", [1, 2], count=3), "other_count", {"count": 2, "wanted": 3}),
        (lambda: numbers("cases", [1, np.nan, 2, np.inf]), "not_finite", {"rows": (1, 3), "count": 2}),
        (lambda: numbers("cases", [1, None]), "not_finite", {"rows": (1,)}),
        (lambda: numbers("cases", [1, -1], least=0), "too_small", {"rows": (1,), "least": 0}),
        (lambda: places("at", "here"), "not_numbers", {}),
        (lambda: places("at", [1, 2]), "not_coordinates", {"shape": (2,)}),
        (lambda: places("at", [[1, 2, 3]]), "not_coordinates", {"shape": (1, 3)}),
        (lambda: places("at", [[1, 2]], count=2), "other_count", {}),
        (lambda: places("at", [[1, 2], [np.nan, 2]]), "not_finite", {"rows": (1,)}),
        (lambda: one_of("kind", "x", ["a", "b"]), "not_one_of", {"value": "x", "wanted": ("a", "b")}),
        (lambda: positive("radius", 0), "not_positive", {"value": 0}),
        (lambda: positive("radius", np.nan), "not_positive", {}),
        (lambda: share("level", 1.5), "not_a_share", {"value": 1.5}),
        (lambda: share("level", 0), "not_a_share", {}),
        (lambda: share("level", np.nan), "not_a_share", {}),
        (lambda: whole("replicas", -1, least=0), "not_within", {"least": 0, "most": "∞"}),
        (lambda: whole("longest", 9, least=1, most=8), "not_within", {"most": 8}),
        (lambda: whole("longest", 1.5, least=1), "not_within", {"value": 1.5}),
        (lambda: distinct("codes", ["a", "b", "a"]), "not_distinct", {"values": ("a",), "count": 1}),
    ],
)
def test_each_fault_is_named(call: Any, code: str, facts: dict[str, Any]) -> None:
    with pytest.raises(DataError) as raised:
        call()
    assert raised.value.code == code
    assert facts.items() <= raised.value.facts.items()


def test_of_many_rows_the_first_are_named() -> None:
    with pytest.raises(DataError) as raised:
        numbers("cases", np.full(1000, np.nan))
    assert raised.value.facts["count"] == 1000 and raised.value.facts["rows"] == tuple(range(10))


def test_what_is_right_passes() -> None:
    assert numbers("cases", [1, 2]).dtype == np.float64
    assert numbers("cases", []).shape == (0,)
    assert places("at", []).shape == (0, 2)
    assert places("at", [[1, 2]]).tolist() == [[1.0, 2.0]]
    assert one_of("kind", "a", ["a"]) == "a" and positive("radius", 2.5) == 2.5
    assert share("level", 1) == 1 and whole("longest", 8, least=1, most=8) == 8
    distinct("codes", ["a", "b"])


def _layer(crs: Any) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(0, 0)], crs=crs)


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ({"cells": _layer(None)}, "crs_missing"),
        ({"cells": _layer(4490)}, "crs_not_metric"),
        ({"cells": _layer(4544), "cases": _layer(4490)}, "crs_not_metric"),
        ({"cells": _layer(4544), "cases": _layer(32648)}, "crs_mixed"),
    ],
)
def test_reference_systems_are_one_and_metric(layers: dict[str, Any], code: str) -> None:
    with pytest.raises(CrsError) as raised:
        same_crs(**layers)
    assert raised.value.code == code
    assert same_crs(cells=_layer(4544), cases=_layer(4544)).to_epsg() == 4544

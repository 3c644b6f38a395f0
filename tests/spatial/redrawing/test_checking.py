"""What is wrong with a plan is said all at once, and nothing is said of one that holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app.web.i18n import catalogue
from spatial.errors import CrsError, DataError, LayerError
from spatial.redrawing import check
from tests.spatial.redrawing.towns import cells, communities, houses, layer, square

Change = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


def with_shape(row: int, shape: Any) -> Change:
    def changed(plan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = plan.geometry.to_numpy().copy()
        shapes[row] = shape
        return layer(shapes, code=plan["code"])

    return changed


def with_code(row: int, code: Any) -> Change:
    def changed(plan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return plan.assign(code=[code if at == row else one for at, one in enumerate(plan["code"])])

    return changed


def codes(found: Any) -> set[str]:
    return {fault.code for fault in found}


def test_a_plan_that_holds() -> None:
    found = check(cells(), communities(), houses())
    assert found.holds and not found.notes
    found.refuse()


BOW = shapely.Polygon(shapely.get_coordinates(square(0, 0))[[0, 2, 1, 3, 0]])
TWO = shapely.MultiPolygon([square(0, 0, 0.5, 1), square(0.6, 0, 0.4, 1)])
FAULTS: list[tuple[Change, set[str]]] = [
    (with_code(0, None), {"plan_code_missing"}),
    (with_code(0, float("nan")), {"plan_code_missing"}),
    (with_code(0, "A01"), {"plan_code_twice"}),
    (with_shape(0, None), {"plan_shape_missing", "gap"}),
    (with_shape(0, shapely.Polygon()), {"plan_shape_missing", "gap"}),
    (with_shape(0, shapely.Point(0, 0)), {"plan_shape_kind", "gap"}),
    (with_shape(0, TWO), {"plan_not_one_piece", "gap"}),
    (with_shape(0, square(0, 0, 1.2, 1)), {"overlap"}),
    (with_shape(0, square(0, 0, 0.9, 1)), {"gap"}),
    (with_shape(2, square(1, 0, 1.2, 1)), {"overlap", "outside_parent", "plan_over_communities"}),
    (lambda plan: plan.iloc[:4], {"plan_community_left_out"}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), FAULTS)
def test_each_fault_is_named(change: Change, expected: set[str]) -> None:
    found = check(change(cells()), communities(), houses())
    assert codes(found.faults) == expected
    with pytest.raises(LayerError) as raised:
        found.refuse()
    assert raised.value.faults == found.faults


def test_a_shape_that_crosses_itself() -> None:
    found = check(with_shape(0, BOW)(cells()), communities(), houses())
    assert codes(found.faults) == {"area_shape_invalid", "gap"}


def test_a_building_that_a_border_cuts() -> None:
    """Five metres of a house over the border within A; as many over that between A and B are nobody's fault here."""
    built = layer(
        [square(0.8, 0.4, 0.25, 0.2), square(1.8, 0.4, 0.25, 0.2), square(0.2, 0.4, 0.8, 0.2)],
        code=["cut", "over", "beside"], households=[400, 400, 0],
    )  # fmt: skip
    found = check(cells(), communities(), built)
    (cut,) = found.faults
    assert (cut.code, cut.value, cut.facts["cells"]) == ("plan_building_cut", "cut", "A00, A10")
    assert cut.facts["area_m2"] == 100
    (over,) = (note for note in found.notes if note.code == "plan_building_over_communities")
    assert (over.value, over.facts["cells"]) == ("over", "A10, B00")


def test_households_are_notes() -> None:
    found = check(cells(), communities(), houses([0, 299, 300, 301, 499, 500, 501, 400]))
    assert found.holds
    assert [(note.code, note.value, note.facts["households"]) for note in found.notes] == [
        ("plan_no_households", "A00", 0),
        ("plan_households_below", "A01", 299),
        ("plan_households_above", "B10", 501),
    ]


def test_numbers_that_are_none_and_houses_outside() -> None:
    built = houses([400, np.nan, -1, 400, 400, 400, 400, 400])
    built.loc[3, "geometry"] = square(9, 9)
    found = check(cells(), communities(), built)
    wrong = [(fault.code, fault.value, fault.facts["number"]) for fault in found.faults]
    assert wrong == [
        ("plan_households_wrong", "house 01", "nan"),
        ("plan_households_wrong", "house 10", "-1.0"),
    ]
    assert ("plan_building_outside", "house 11") in [(note.code, note.value) for note in found.notes]


def test_everything_at_once() -> None:
    plan = with_code(1, "A00")(with_shape(4, square(2, 0, 0.9, 1))(cells()))
    found = check(plan, communities(), houses([np.nan] + [400] * 7))
    assert codes(found.faults) == {"plan_code_twice", "gap", "plan_households_wrong"}


def test_layers_in_two_systems() -> None:
    with pytest.raises(CrsError) as raised:
        check(cells(), communities().to_crs(4544), houses())
    assert raised.value.code == "crs_mixed"
    with pytest.raises(CrsError) as raised:
        check(cells().to_crs(4490), communities(), houses())
    assert raised.value.code == "crs_not_metric"


def test_communities_have_to_hold() -> None:
    with pytest.raises(DataError) as raised:
        check(cells(), layer([square(0, 0), square(1, 0)], code=["A", "A"]), houses())
    assert raised.value.code == "not_distinct"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_finding_has_its_sentence(locale: str) -> None:
    words = catalogue(locale)
    plans = [change(cells()) for change, _ in FAULTS]
    found = [check(plan, communities(), houses([0, np.nan, 1, 999, 400, 400, 400, 400])) for plan in plans]
    for fault in (fault for one in found for fault in (*one.faults, *one.notes)):
        assert words[f"fault.{fault.code}"].format(
            row=fault.row, field=fault.field, value=fault.value, **fault.facts
        )

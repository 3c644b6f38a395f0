"""Two plans side by side, in figures that are worked out by head."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.errors import DataError
from spatial.redrawing import compare
from spatial.redrawing.comparing import follow
from tests.spatial.redrawing.towns import cells, communities, houses, layer, points, square


def halves() -> object:
    """Community A in two cells, one above the other; B as it is."""
    old = cells()
    upper, lower = square(0, 1, 2, 1), square(0, 0, 2, 1)
    return layer([upper, lower, *old.geometry[4:]], code=["upper", "lower", *old["code"][4:]])


def test_the_same_plan_twice() -> None:
    found = compare(cells(), cells(), homes=houses(), communities=communities())
    assert found.before.households == 3200 and found.before.households_spread.variation == 0
    assert found.before.home_m == 0  # houses stand in the middle of their cells
    assert found.before.compactness == pytest.approx(np.pi / 4)
    assert found.before.within_bounds == 1 and found.before.contiguous and found.before.covers
    assert found.moved_households == 0 and found.moved_share == 0 and found.sums_equal
    assert found.follows == {code: code for code in cells()["code"]}


def test_cells_joined() -> None:
    """Each new cell follows one of its two; the people of the other move."""
    cases = points([[0.5, 0.5], [0.5, 0.5], [2.5, 0.5]], workload=[1.5, 0.5, 4.0])
    found = compare(cells(), halves(), homes=houses([500, 100, 300, 400, 1, 1, 1, 1]), cases=cases)
    assert found.follows["lower"] == "A00" and found.follows["upper"] == "A11"
    assert found.moved_households == 400 and found.moved_share == pytest.approx(400 / 1304)
    after = found.after.per_cell.set_index("code")
    assert after.loc["lower", "households"] == 800 and after.loc["upper", "households"] == 500
    assert after.loc["lower", "workload"] == 2 and found.after.workload == found.before.workload == 6
    assert after.loc["lower", "home_m"] == 50  # both houses are half a side from the common centre
    assert found.sums_equal and found.after.cells == 6
    assert found.after.least_compact == pytest.approx(4 * np.pi * 2 / 36)
    assert found.after.home_m == pytest.approx(50 * 1300 / 1304)


def test_ways_from_stations() -> None:
    """The station of a cell is the one nearest to its middle, so a house may be nearer to another one."""
    stations = points([[1.0, 0.5], [1.0, 1.5], [3.0, 1.0]])
    found = compare(cells(), halves(), homes=houses(), stations=stations)
    expected = (4 * 50 + 4 * np.hypot(50, 50)) / 8
    assert found.before.home_station_m == found.after.home_station_m == pytest.approx(expected)
    assert compare(cells(), cells(), homes=houses()).before.home_station_m is None
    with pytest.raises(DataError) as raised:
        compare(cells(), cells(), homes=houses(), stations=stations.iloc[:0])
    assert raised.value.code == "no_stations"


def test_what_a_plan_leaves_out_is_seen() -> None:
    less = cells().iloc[1:]
    found = compare(cells(), less, homes=houses(), cases=points([[0.5, 0.5]]), communities=communities())
    assert not found.sums_equal and not found.after.covers and found.before.covers
    assert (
        found.after.homes_outside == 400 and found.after.cases_outside == 1 and found.moved_households == 400
    )


def test_nobody_and_nothing() -> None:
    found = compare(cells(), cells(), homes=houses(0))
    assert np.isnan(found.moved_share) and np.isnan(found.before.home_m) and np.isnan(found.before.case_m)
    assert set(found.follows.values()) == {None} and found.sums_equal


def test_whom_a_cell_follows_keeps_most_people_together() -> None:
    """Greedily 0 would follow 0 (60), and 1 nobody; together 50 + 40 is more."""
    was, now = np.array([0, 1, 0]), np.array([0, 0, 1])
    assert follow(was, now, np.array([60.0, 50.0, 40.0]), 2, 2).tolist() == [1, 0]

"""Plans that `balance` makes: every rule that holds without exception is kept, and what is not kept is said."""

from __future__ import annotations

from collections import Counter
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.i18n import catalogue
from spatial.errors import DataError
from spatial.redrawing import Plan, Weights, balance, blocks, check, compare, move_border, present, split
from spatial.redrawing.graph import pieces
from tests.spatial.redrawing.towns import SOUTH, WEST, cells, communities, houses, layer, points, square


def rows_of_houses(
    columns: int, rows: int, households: Any, community: str = "T"
) -> tuple[Any, gpd.GeoDataFrame]:
    """A town of houses in rows, one in each square."""
    at = [(column, row) for column in range(columns) for row in range(rows)]
    shapes = [square(column + 0.3, row + 0.3, 0.4, 0.4) for column, row in at]
    outline = layer([square(0, 0, columns, rows)], code=[community])
    return outline, layer(
        shapes, code=[f"h{c}-{r}" for c, r in at], households=np.broadcast_to(households, len(at))
    )


def sound(plan: Plan, outlines: gpd.GeoDataFrame, built: gpd.GeoDataFrame) -> None:
    """No fault; each cell's blocks hang together within one community; sums are those of the buildings."""
    assert check(plan, outlines, built).faults == ()
    graph, own = plan.graph, np.array(plan.cell_of)
    kept = own[graph.a] == own[graph.b]
    assert len(np.unique(pieces(len(own), graph.a[kept], graph.b[kept]))) == len(plan.names)
    made = plan.cells()
    assert made["households"].sum() == built["households"].sum() and shapely.coverage_is_valid(
        made.geometry.to_numpy()
    )


def test_a_town_that_can_be_halved_is_halved() -> None:
    """Six by six houses of 50: two cells of 900 are its halves, four of 450 its quarters."""
    outline, built = rows_of_houses(6, 6, 50)
    made = blocks(outline, built)
    two = balance(made, count=2)
    assert two.cells()["households"].tolist() == [900, 900]
    assert np.allclose(two.cells().area, 180_000, rtol=1e-3)
    four = balance(made)
    assert four.cells()["households"].tolist() == [450] * 4 and not four.broken
    assert four.cells()["compactness"].to_numpy() == pytest.approx(np.pi / 4, rel=1e-3)
    sound(four, outline, built)


def test_codes_follow_the_standard() -> None:
    outline, built = rows_of_houses(6, 6, 50, community="530199001001")
    found = balance(blocks(outline, built)).cells()
    assert found["code"].tolist() == [f"53019900100100{at}" for at in range(1, 5)]
    north = found.geometry.centroid.y
    assert north[0] > north[2] and found.geometry.centroid.x[0] < found.geometry.centroid.x[1]
    assert found["was"].isna().all() and (found["moved"] == 0).all()


def test_a_border_in_steps_keeps_every_corner() -> None:
    """A stair over the diagonal: corners lie on the line between its ends and still bend it."""
    outline, built = rows_of_houses(4, 4, 50)
    made = blocks(outline, built)
    upper = made.index[[y > SOUTH + (x - WEST) for x, y in zip(made["x"], made["y"] + 1, strict=True)]]
    now = layer([square(0, 0, 4, 4)], code=["T001"])
    plan = split(present(blocks(outline, built, cells=now)), "T001")
    plan = move_border(plan, upper, to=plan.names[0])
    rest = [name for name in made.index if name not in set(upper)]
    plan = move_border(plan, rest[:-1], to=plan.names[1])
    assert shapely.coverage_is_valid(plan.cells().geometry.to_numpy())
    for row in plan.cells().itertuples():
        mine = made.geometry[[cell == row.code for cell in plan.cell_of]].to_numpy()
        assert shapely.equals(row.geometry, shapely.coverage_union_all(mine))


def test_what_is_good_stays() -> None:
    """Eight cells of 400 cannot be better; their codes and their shapes stay to the bit."""
    plan = balance(blocks(communities(), houses(), cells=cells()))
    found = plan.cells()
    assert found["same"].all() and found["moved"].sum() == 0 and not plan.broken
    before = cells().set_index("code").geometry
    for code, shape in zip(found["code"], found.geometry, strict=True):
        assert shapely.equals_identical(shapely.normalize(shape), shapely.normalize(before[code]))


def test_workload_is_shared_out() -> None:
    """All cases in the west: with households alone the halves are equal in area, with workload the west is smaller."""
    outline, built = rows_of_houses(8, 2, 50)
    cases = points([[0.5, 0.5], [1.5, 0.5]] * 20, workload=[2.0] * 40)
    made = blocks(outline, built, cases=cases)
    even = balance(made, count=2, weights=Weights(workload=0, travel=0)).cells()
    shared = balance(made, count=2, weights=Weights(workload=30, households=0, bounds=0, travel=0)).cells()
    assert even["workload"].tolist() in ([80, 0], [0, 80]) and shared["workload"].tolist() == [40, 40]
    assert made["workload"].sum() == 80 and made["cases"].sum() == 40


def test_little_change_is_a_weight() -> None:
    """Cells of 600 and 200 side by side. Who weighs change most keeps them; else they become equal."""
    outline, built = rows_of_houses(8, 2, 50)
    now = layer([square(0, 0, 6, 2), square(6, 0, 2, 2)], code=["T001", "T002"])
    made = blocks(outline, built, cells=now)
    changed, kept = (balance(made, count=2, weights=Weights(change=weight)) for weight in (0.5, 1e6))
    assert sorted(changed.cells()["households"]) == [400, 400] and changed.cells()["moved"].sum() == 200
    assert kept.cells()["same"].all() and kept.terms["change"] == 0 and changed.terms["change"] == 0.25
    assert set(changed.names) == {"T003", "T004"} and set(changed.cells()["was"]) == {"T001", "T002"}
    assert kept.cell_of == present(made).cell_of


def test_what_cannot_be_kept_is_said_with_its_reason() -> None:
    outline, built = rows_of_houses(4, 1, [700, 10, 10, 30])
    big = balance(blocks(outline, built), count=2)
    assert {(one.rule, one.why) for one in big.broken} == {
        ("households_above", "one_block"), ("households_below", "weighed")
    } or {(one.rule, one.why) for one in big.broken} == {
        ("households_above", "one_block"), ("households_below", "count_given")
    }  # fmt: skip
    few = balance(blocks(*rows_of_houses(4, 1, 60)))
    (one,) = few.broken
    assert (one.rule, one.why, one.facts["households"]) == ("households_below", "no_number_fits", 240)
    given_ = balance(blocks(*rows_of_houses(8, 4, 50)), count=3)
    assert {one.why for one in given_.broken if one.rule == "households_above"} == {"count_given"}
    empty = balance(blocks(*rows_of_houses(4, 1, [0, 0, 0, 0])), count=2)
    assert {one.rule for one in empty.broken} == {"no_households"}
    strip = balance(blocks(*rows_of_houses(30, 1, [40] * 30)), count=1, bounds=(1, 2000))
    assert {(one.rule, one.why) for one in strip.broken} == {("not_compact", "ground_around")}


def test_a_community_in_pieces() -> None:
    """Two islands of 200 households are one cell over the water, since 200 are too few; it says so."""
    outline = layer([shapely.MultiPolygon([square(0, 0, 2, 2), square(4, 0, 2, 2)])], code=["I"])
    built = layer(
        [square(0.5, 0.5, 0.2, 0.2), square(4.5, 0.5, 0.2, 0.2)], code=["a", "b"], households=[200, 200]
    )
    plan = balance(blocks(outline, built))
    assert [(one.rule, one.why) for one in plan.broken] == [("not_one_piece", "community_in_pieces")]
    assert len(balance(blocks(outline, built), count=2).names) == 2


def test_communities_without_houses_and_with_one() -> None:
    outlines = layer([square(0, 0), square(1, 0), square(2, 0)], code=["A", "B", "C"])
    built = layer([square(1.4, 0.4, 0.2, 0.2)], code=["a"], households=[400])
    plan = balance(blocks(outlines, built))
    assert plan.cells()["households"].tolist() == [0, 400, 0]
    assert {(one.cell, one.rule) for one in plan.broken} == {
        ("A001", "no_households"),
        ("C001", "no_households"),
    }
    sound(plan, outlines, built)


def test_progress_seed_and_order() -> None:
    """The same seed gives the same plan, whatever other communities there are and in whatever order."""
    rng = np.random.default_rng(5)
    outline, built = rows_of_houses(9, 5, rng.integers(0, 90, 45))
    other = layer([square(20, 0, 4, 4)], code=["Z"])
    made = blocks(outline, built)
    told: list[tuple[int, int, str]] = []
    first = balance(made, seed=3, rounds=2, progress=lambda *one: told.append(one))
    assert told == [(1, 1, "T")]
    assert first.cell_of == balance(made, seed=3, rounds=2).cell_of
    both = blocks(layer([*other.geometry, *outline.geometry], code=["Z", "T"]), built.iloc[::-1])
    again = balance(both, seed=3, rounds=2)
    assert again.cell_of[: len(made)] == first.cell_of
    assert again.terms != first.terms


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 10_000), columns=st.integers(1, 8), rows=st.integers(1, 5), count=st.integers(1, 6),
    empty=st.booleans(),
)  # fmt: skip
def test_any_town_is_divided_soundly(seed: int, columns: int, rows: int, count: int, empty: bool) -> None:
    rng = np.random.default_rng(seed)
    households = np.zeros(columns * rows) if empty else rng.integers(0, 200, columns * rows)
    outline, built = rows_of_houses(columns, rows, households)
    cases = points(rng.uniform(0, (columns, rows), (20, 2)), workload=rng.uniform(0, 4, 20))
    made = blocks(outline, built, cases=cases)
    count = min(count, len(made))
    plan = balance(made, count=count, seed=seed, rounds=1)
    assert len(plan.names) == count
    sound(plan, outline, built)
    told = {
        one.cell
        for one in plan.broken
        if one.rule in {"households_below", "households_above", "no_households"}
    }
    outside = plan.cells().set_index("code")["households"]
    assert told == set(outside[(outside < 300) | (outside > 500)].index)
    found = compare(plan, plan, homes=built, cases=cases, communities=outline)
    assert found.sums_equal and found.before.contiguous and found.before.covers


def test_better_than_chance() -> None:
    """Of a town with uneven households, better than the best of 200 plans that only grow from seeds."""
    from spatial.redrawing.balance import _town
    from spatial.redrawing.graph import graph_of
    from spatial.redrawing.starts import _grown
    from spatial.redrawing.state import State

    rng = np.random.default_rng(1)
    outline, built = rows_of_houses(10, 6, rng.integers(0, 120, 60))
    made = blocks(outline, built)
    _, town = _town(made, graph_of(made), 0, (300, 500), Weights())
    count = len(balance(made, rounds=0).names)
    chance = min(State(town, _grown(town, count, rng), [-1] * count).value for _ in range(200))
    plan = balance(made)
    at = {name: row for row, name in enumerate(plan.names)}
    assert State(town, [at[one] for one in plan.cell_of], [-1] * count).value < chance
    assert Counter(one.rule for one in plan.broken)["households_above"] <= 1


def test_present_cells_in_pieces_are_mended() -> None:
    """Two cells that a third parts: its smaller piece goes to a neighbour, a block in none as well."""
    outline, built = rows_of_houses(6, 1, 100)
    now = layer([shapely.MultiPolygon([square(0, 0, 2, 1), square(3, 0)]), square(2, 0), square(4, 0)],
                code=["T001", "T002", "T003"])  # fmt: skip
    plan = present(blocks(outline, built, cells=now))
    assert sorted(plan.cells()["households"]) in ([100, 200, 300], [200, 200, 200])
    sound(plan, outline, built)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"count": 9}, "count_exceeds_blocks"),
        ({"count": 0}, "not_within"),
        ({"count": {"X": 1}}, "unknown_communities"),
        ({"bounds": (500, 300)}, "bounds_wrong"),
        ({"bounds": (0, 300)}, "bounds_wrong"),
        ({"rounds": -1}, "not_within"),
    ],
)
def test_what_cannot_be_asked(asked: dict[str, Any], code: str) -> None:
    made = blocks(*rows_of_houses(4, 2, 100))
    with pytest.raises(DataError) as raised:
        balance(made, **asked)
    assert raised.value.code == code


def test_blocks_have_to_be_whole() -> None:
    made = blocks(*rows_of_houses(4, 2, 100))
    with pytest.raises(DataError) as raised:
        balance(made.drop(columns="ground"))
    assert raised.value.code == "no_column"
    with pytest.raises(DataError) as raised:
        balance(made.assign(workload=np.nan))
    assert raised.value.code == "not_finite"
    with pytest.raises(DataError) as raised:
        present(made)
    assert raised.value.code == "no_present_cells"
    with pytest.raises(DataError) as raised:
        Weights(travel=-1)
    assert raised.value.code == "too_small"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_rule_and_reason_has_its_sentence(locale: str) -> None:
    words = catalogue(locale)
    towns = [
        ((4, 1, [700, 10, 10, 30]), 2),
        ((4, 1, 60), 1),
        ((8, 4, 50), 3),
        ((4, 1, 0), 2),
        ((30, 1, 0), 1),
    ]
    plans = [balance(blocks(*rows_of_houses(*town)), count=count, rounds=0) for town, count in towns]
    for one in (one for plan in plans for one in plan.broken):
        assert words[f"redrawing.{one.rule}"].format(cell=one.cell, **one.facts)
        assert words[f"redrawing.why_{one.why}"].format(cell=one.cell, **one.facts)

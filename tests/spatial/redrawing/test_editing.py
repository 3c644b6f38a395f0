"""A plan edited by hand: what is allowed is done, what is not is refused by name, and the plan before stays."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import shapely

from spatial.errors import DataError
from spatial.redrawing import Plan, balance, blocks, check, merge, move_border, present, split
from tests.spatial.redrawing.towns import SIDE, SOUTH, WEST, cells, communities, layer, square


def town() -> Plan:
    """Two communities of four cells; in each square four houses of 100."""
    at = [(x / 2 + 0.15, y / 2 + 0.15) for x in range(8) for y in range(4)]
    built = layer(
        [square(x, y, 0.2, 0.2) for x, y in at], code=[f"{x}-{y}" for x, y in at], households=[100] * 32
    )
    return present(blocks(communities(), built, cells=cells()))


PLAN = town()


def at(column: float, row: float) -> str:
    """The block at a place."""
    point = shapely.Point(WEST + column * SIDE, SOUTH + row * SIDE)
    (row_,) = np.flatnonzero(PLAN.blocks.geometry.contains(point))
    return str(PLAN.blocks.index[row_])


def line(*places: tuple[float, float]) -> Any:
    return shapely.LineString([(WEST + x * SIDE, SOUTH + y * SIDE) for x, y in places])


def households(plan: Plan) -> dict[str, float]:
    made = plan.cells()
    return dict(zip(made["code"], made["households"], strict=True))


def test_a_block_goes_over_the_border() -> None:
    found = move_border(PLAN, [at(0.75, 0.25)], to="A10")
    assert households(found)["A10"] == 500 and households(found)["A00"] == 300
    assert households(PLAN)["A10"] == 400 and found.terms["change"] > 0
    made = found.cells().set_index("code")
    assert made.loc["A10", "moved"] == 100 and not made.loc["A10", "same"] and made.loc["B00", "same"]
    assert shapely.coverage_is_valid(made.geometry.to_numpy())
    back = move_border(found, [at(0.75, 0.25)], to="A00")
    assert back.cell_of == PLAN.cell_of and back.value == PLAN.value


def test_an_area_that_is_drawn_gives_what_lies_in_it_by_more_than_half() -> None:
    found = move_border(PLAN, square(0.55, 0, 1, 1), to="A10")
    assert households(found)["A10"] == 600
    assert move_border(PLAN, square(0.55, 0, 1, 2), to="A10", source="A00").cell_of == found.cell_of
    assert (
        move_border(PLAN, at(0.75, 0.25), to="A10").cell_of
        == move_border(PLAN, [at(0.75, 0.25)], to="A10").cell_of
    )


def refused(expected: str, do: Any, *given: Any, **more: Any) -> dict[str, Any]:
    with pytest.raises(DataError) as raised:
        do(PLAN, *given, **more)
    assert raised.value.code == expected
    return raised.value.facts


def test_what_is_refused() -> None:
    here = at(0.25, 0.25)
    refused("not_beside", move_border, [here], to="A11")
    refused("other_community", move_border, [at(1.75, 0.25)], to="B00")
    refused("would_be_empty", move_border, square(0, 0), to="A10")
    refused("no_such_cells", move_border, [here], to="C")
    refused("no_such_cells", move_border, [here], to="A10", source="C")
    refused("unknown_blocks", move_border, ["nowhere"], to="A10")
    refused("nothing_given", move_border, [here], to="A00")
    refused("nothing_given", move_border, square(0, 0, 0.1, 0.1), to="A10")
    refused("nothing_given", move_border, [here], to="A10", source="A01")
    refused("not_one_area", move_border, line((0, 0), (1, 1)), to="A10")
    refused("not_one_area", move_border, shapely.Polygon([(0, 0), (1, 1), (0, 1), (1, 0)]), to="A10")
    refused("no_such_cells", split, "C")
    refused("not_a_line", split, "A00", line=square(0, 0))
    refused("splits_nothing", split, "A00", line=line((0, 1.5), (4, 1.5)))
    refused("count_exceeds_blocks", split, "A00", parts=5)
    refused("not_within", split, "A00", parts=1)
    refused("merges_nothing", merge, ["A00"])
    refused("not_distinct", merge, ["A00", "A00"])
    refused("not_beside", merge, ["A00", "A11"])
    refused("other_community", merge, ["A10", "B00"])
    refused("code_taken", merge, ["A00", "A01"], code="B00")


def test_a_cell_that_would_fall_apart() -> None:
    """The middle of three blocks in a row is given away."""
    row = [square(x + 0.3, 0.3, 0.4, 0.4) for x in range(3)] + [square(1.3, 1.3, 0.4, 0.4)]
    outline = layer([square(0, 0, 3, 2)], code=["T"])
    now = layer([square(0, 0, 3, 1), square(0, 1, 3, 1)], code=["T001", "T002"])
    plan = present(blocks(outline, layer(row, households=[1, 2, 3, 4]), cells=now))
    middle = plan.blocks.index[plan.blocks["households"] == 2].tolist()
    with pytest.raises(DataError) as raised:
        move_border(plan, middle, to="T002")
    assert raised.value.code == "would_fall_apart" and raised.value.facts["cell"] == "T001"


def test_a_line_splits_and_merging_joins_again() -> None:
    found = split(PLAN, "A00", line=line((0.5, -1), (0.5, 2)))
    assert "A00" not in found.names and households(found)["A001"] == households(found)["A002"] == 200
    made = found.cells().set_index("code")
    assert made.loc["A001"].geometry.centroid.x < made.loc["A002"].geometry.centroid.x
    again = merge(found, ["A001", "A002"], code="A00")
    assert again.cell_of == PLAN.cell_of
    assert households(merge(PLAN, ["A00", "A01", "A10"]))["A001"] == 1200


def test_a_line_that_ends_inside_splits_nothing() -> None:
    refused("splits_nothing", split, "A00", line=line((0.5, -1), (0.5, 0.5)))


def test_a_split_without_a_line_is_balanced() -> None:
    found = split(PLAN, "A00")
    assert sorted(households(found).values())[:2] == [200, 200]
    assert split(PLAN, "A00", seed=1).cell_of == split(PLAN, "A00", seed=1).cell_of
    assert len(split(PLAN, "A00", parts=4).names) == 11


def test_an_edit_takes_a_moment() -> None:
    """A community of 900 blocks: half a dozen edits with the figures of all its cells."""
    built = layer(
        [square(x + 0.3, y + 0.3, 0.4, 0.4) for x in range(30) for y in range(30)], households=[20] * 900
    )
    outline = layer([square(0, 0, 30, 30)], code=["T"])
    plan = balance(blocks(outline, built), rounds=0, count=20)
    border = plan.graph.a[
        [plan.cell_of[a] != plan.cell_of[b] for a, b in zip(plan.graph.a, plan.graph.b, strict=True)]
    ]
    taken, done = [], 0
    for block in np.unique(border):
        to = next(plan.cell_of[b] for a, b in zip(plan.graph.a, plan.graph.b, strict=True)
                  if a == block and plan.cell_of[b] != plan.cell_of[a])  # fmt: skip
        begin = time.perf_counter()
        try:
            found = move_border(plan, [plan.blocks.index[block]], to=to)
            found.cells()
            done += 1
        except DataError as error:
            assert error.code == "would_fall_apart"
        taken.append(time.perf_counter() - begin)
        if done == 6:
            break
    assert done == 6 and np.median(taken) < 0.2
    assert check(found, outline, built).holds

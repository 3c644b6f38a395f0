"""Many changes in one edition: cells take ground of several old ones, and everything that hangs on them comes along."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.accounts.service.managing import CONSOLE
from app.db import transaction
from app.errors import ConflictError, InvalidError
from app.grid.store.redrawing import CellNow, cells_in_force
from app.interop.service.pieces import Piece, Pieces
from app.interop.service.redrawing import Change, RedrawReport, redraw_cells
from app.postgres import Cluster
from spatial.errors import SpatialError
from spatial.tessellate import divide, join
from tests import town
from tests.db import redrawn

pytestmark = pytest.mark.db

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A town is too dear to be made again and again for a smaller example."""


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    with redrawn.peopled(cluster) as found:
        yield found


def cells_now(url: str) -> list[CellNow]:
    with transaction(url, read_only=True) as connection:
        codes = connection.execute(
            text("SELECT code FROM areas_on(1, district_today(1)) WHERE level = 'cell'")
        )
        return cells_in_force(connection, 1, list(codes.scalars()))


def across(shape: Any, luck: random.Random) -> Any:
    """A line through a shape, from somewhere outside to somewhere outside."""
    west, south, east, north = shapely.bounds(shape)
    x, y = luck.uniform(west, east), luck.uniform(south, north)
    if luck.random() < 0.5:
        return shapely.LineString([(x, south - 1), (luck.uniform(west, east), north + 1)])
    return shapely.LineString([(west - 1, y), (east + 1, luck.uniform(south, north))])


def changes(present: list[CellNow], luck: random.Random) -> list[Change]:
    """In some communities: cells that hang together become other ones, as many as some lines through them make."""
    found = []
    for parent in sorted({cell.parent_code for cell in present}):
        family = [cell for cell in present if cell.parent_code == parent]
        luck.shuffle(family)
        while family and luck.random() < 0.8:
            chosen, family = family[: (many := luck.randint(1, 3))], family[many:]
            try:
                whole = join([cell.shape for cell in chosen])
            except SpatialError:
                continue
            pieces = divide(whole, [across(whole, luck) for _ in range(luck.randint(len(chosen) == 1, 2))])
            found.append(Change([cell.code for cell in chosen], Pieces([Piece(shape) for shape in pieces])))
    return found


LINEAGE = """
SELECT f.code AS old, t.code AS new, l.area_share, l.households, a.area_m2 * l.area_share AS given_m2
FROM cell_lineage l JOIN area_numbers f ON f.no = l.from_no JOIN area_numbers t ON t.no = l.to_no
JOIN areas a ON a.no = l.from_no WHERE l.edition_id = :edition AND a.edition_id =
    (SELECT max(id) FROM grid_editions WHERE id < :edition)
"""


def check_lineage(url: str, report: RedrawReport) -> None:
    """An old cell gives all of its ground and households, a new one has just what was given to it."""
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(text(LINEAGE), {"edition": report.edition_id}).all()
    for old in report.gone:
        mine = [row for row in rows if row.old == old.code]
        assert sum(row.area_share for row in mine) == pytest.approx(1, abs=1e-12)
        assert sum(row.households for row in mine) == old.households
    for new in report.made:
        mine = [row for row in rows if row.new == new.code]
        assert sum(row.given_m2 for row in mine) == pytest.approx(new.area_m2, rel=1e-3)
        assert sum(row.households for row in mine) == new.households


OFFICERS = """
SELECT s.code, n.code AS cell, n.no IN (SELECT no FROM areas_on(1, district_today(1))) AS stands
FROM assignments x JOIN staff_members s ON s.id = x.staff_id JOIN area_numbers n ON n.no = x.cell_no
WHERE x.kind = 'full_time' AND daterange(x.from_on, x.until_on) @> district_today(1)
"""


def officers(url: str) -> dict[str, str]:
    """The cell of each full-time officer; none has two, and each stands in the grid of today."""
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(text(OFFICERS)).all()
    assert all(row.stands for row in rows)
    assert len({row.code for row in rows}) == len({row.cell for row in rows}) == len(rows)
    return {row.code: row.cell for row in rows}


@settings(max_examples=4, phases=UNSHRUNK, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_sums_are_kept_and_the_past_is_as_it_was(cluster: Cluster, seed: int) -> None:
    luck = random.Random(seed)
    with redrawn.peopled(cluster) as url:
        with transaction(url) as connection:
            redrawn.scatter(connection, luck)
            redrawn.employ(connection, luck)
        sums, days = redrawn.sums(url), redrawn.past_days(url)
        for _ in range(2):
            present, now = cells_now(url), datetime.now(UTC)
            picture, had = redrawn.at_instant(url, now), officers(url)
            wanted = changes(present, luck)
            if not wanted:
                continue
            with transaction(url) as connection:
                report = redraw_cells(connection, wanted, by=CONSOLE)
            assert redrawn.sums(url) == sums
            assert redrawn.past_days(url) == days
            assert redrawn.at_instant(url, now) == picture
            redrawn.check_places(url)
            check_lineage(url, report)
            has = officers(url)
            kept = {cell.code for cell in present} - {code for one in wanted for code in one.codes}
            assert {who: cell for who, cell in had.items() if cell in kept}.items() <= has.items()
            assert set(had) - set(has) == {
                one.code for one, why in report.ended if one.kind.value == "full_time"
            }
            assert {new.code for new in report.made} - set(has.values()) == set(report.vacant)


WEST, EAST = town.cell(0, 0), town.cell(1, 0)
COMMUNITY = WEST[:12]


def moved(share: float) -> Change:
    """The border between the first two cells moved eastwards by a share of a cell."""
    left, right = (town.centre(code) for code in (WEST, EAST))
    half = town.STEP / 2
    at = left[0] + half + share * town.STEP
    south, north = left[1] - half, left[1] + half
    return Change(
        [WEST, EAST],
        Pieces(
            [
                Piece(shapely.box(left[0] - half, south, at, north)),
                Piece(shapely.box(at, south, right[0] + half, north)),
            ]
        ),
    )


def test_a_moved_border_gives_both_cells_new_codes_and_leaves_all_others_theirs(url: str) -> None:
    before = {cell.code: cell for cell in cells_now(url)}
    with transaction(url) as connection:
        report = redraw_cells(connection, [moved(0.4)], by=CONSOLE)
    after = {cell.code: cell for cell in cells_now(url)}
    made = [f"{COMMUNITY}005", f"{COMMUNITY}006"]
    assert sorted(set(after) - set(before)) == made
    assert [after[code].name for code in made] == [before[code].name for code in (WEST, EAST)]
    assert all(after[code].no == before[code].no for code in set(after) & set(before))
    assert report.vacant == []
    assert {one.code: code for one, code in report.staff if one.duty == "grid_officer"} == {
        f"ref-{WEST}": made[0],
        f"ref-{EAST}": made[1],
    }
    check_lineage(url, report)


def test_who_loses_their_first_part_has_the_next_one_that_nobody_has(url: str) -> None:
    """Both cells give most of their homes to one new cell: the officer of the smaller one has what is left."""
    with transaction(url) as connection:
        report = redraw_cells(connection, [moved(0.6)], by=CONSOLE)
    assert report.vacant == []
    assert not [one for one, _ in report.ended if one.duty == "grid_officer"]


def test_cuts_that_meet_a_border_on_which_both_sides_change_leave_it_one_line(url: str) -> None:
    cells = {cell.code: cell.shape for cell in cells_now(url)}
    (lon, lat), (other, _) = town.centre(WEST), town.centre(EAST)
    lines = {
        WEST: shapely.LineString([(lon - 1, lat), (lon + 1, lat)]),
        EAST: shapely.LineString([(other - 1, lat + 0.001), (other + 1, lat + 0.0005)]),
    }
    wanted = [
        Change([code], Pieces([Piece(shape) for shape in divide(cells[code], [line])]))
        for code, line in lines.items()
    ]
    with transaction(url) as connection:
        report = redraw_cells(connection, wanted, by=CONSOLE)
    assert [one.code for one in report.made] == [f"{COMMUNITY}00{n}" for n in range(5, 9)]
    shapes = [cell.shape for cell in cells_now(url)]
    assert shapely.coverage_is_valid(shapes)


def test_no_cell_stands_in_two_changes_and_none_leaves_its_community(url: str) -> None:
    with transaction(url) as connection, pytest.raises(InvalidError, match="cells_in_two_groups"):
        redraw_cells(connection, [moved(0.4), moved(0.2)], by=CONSOLE)
    abroad = Change([EAST, town.cell(2, 0)], moved(0.4).pieces)
    with transaction(url) as connection, pytest.raises(ConflictError, match="cells_of_communities"):
        redraw_cells(connection, [abroad], by=CONSOLE)

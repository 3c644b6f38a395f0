"""Cells are split and merged with people, objects, staff and cases in them: sums and the past are as they were."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.accounts.service.managing import CONSOLE
from app.db import transaction
from app.errors import ConflictError
from app.grid.store.redrawing import CellNow, cells_in_force
from app.interop.service.pieces import pieces_along
from app.interop.service.redrawing import RedrawReport, merge_cells, split_cell
from app.ledger import store as ledger
from app.postgres import Cluster
from spatial.errors import LayerError, SpatialError
from spatial.readers import SourceOptions
from tests.db import redrawn

pytestmark = pytest.mark.db

MICROSECOND = timedelta(microseconds=1)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A town is too dear to be made again and again for a smaller example."""


def cells_now(connection: Connection) -> list[CellNow]:
    codes = connection.execute(
        text("SELECT code FROM areas_on(1, district_today(1)) WHERE level = 'cell' ORDER BY code")
    )
    return cells_in_force(connection, 1, list(codes.scalars()))


def draw(url: str, luck: random.Random, folder: Path) -> RedrawReport | None:
    """Split some cell along some line, or merge it with some others of its community; None where that is refused."""
    with transaction(url) as connection:
        present = cells_now(connection)
        cell = luck.choice(present)
        family = [one.code for one in present if one.parent_id == cell.parent_id and one is not cell]
        try:
            if luck.random() < 0.5 or not family:
                line = redrawn.line_across(folder / "line.geojson", cell.shape, luck)
                pieces = partial(pieces_along, line, SourceOptions(), ())
                return split_cell(connection, cell.code, pieces, by=CONSOLE)
            others = luck.sample(family, min(len(family), luck.randrange(1, 3)))
            return merge_cells(connection, [cell.code, *others], by=CONSOLE)
        except (LayerError, ConflictError, SpatialError):
            connection.get_transaction().rollback()  # type: ignore[union-attr]
            return None


def check_lineage(url: str, report: RedrawReport) -> datetime:
    """The shares of what is gone make one, households are kept; since when it holds."""
    gone, made = [one.code for one in report.gone], [one.code for one in report.made]
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT f.code AS old, t.code AS new, l.area_share, l.households, l.at FROM cell_lineage l"
                " JOIN area_numbers f ON f.no = l.from_no JOIN area_numbers t ON t.no = l.to_no"
                " WHERE f.code = ANY (:gone)"
            ),
            {"gone": gone},
        ).all()
    assert {(row.old, row.new) for row in rows} == {(old, new) for old in gone for new in made}
    for old in report.gone:
        assert sum(row.area_share for row in rows if row.old == old.code) == pytest.approx(1, abs=1e-12)
        assert sum(row.households for row in rows if row.old == old.code) == old.households
    for new in report.made:
        assert sum(row.households for row in rows if row.new == new.code) == new.households
    return rows[0].at  # type: ignore[no-any-return]


def check_staff(url: str, before: list[Any], report: RedrawReport) -> None:
    """Nobody is in two cells full-time, no cell has two, and whoever was there still is, or is named."""
    with transaction(url, read_only=True) as connection:
        after = connection.execute(text(ASSIGNED)).all()
    for by in ("staff_id", "cell_no"):
        officers = [getattr(row, by) for row in after if row.kind == "full_time"]
        assert len(officers) == len(set(officers))
    assert len({(row.staff_id, row.cell_no, row.duty) for row in after}) == len(after)
    named = {(one.staff_id, one.duty) for one, _ in report.ended}
    lost = {(row.staff_id, row.duty) for row in before} - {(row.staff_id, row.duty) for row in after}
    assert lost <= named
    # Whoever looked after what is gone as one of many, looks after all that has come of it, or after their place in it.
    codes = {one.code for one in report.gone}
    made = {one.code for one in report.made}
    for row in before:
        if row.cell in codes and row.kind == "professional":
            assert {one.cell for one in after if (one.staff_id, one.duty) == (row.staff_id, row.duty)} >= made


ASSIGNED = """
SELECT x.staff_id, x.cell_no, n.code AS cell, x.kind, x.duty FROM assignments x JOIN area_numbers n ON n.no = x.cell_no
WHERE daterange(x.from_on, x.until_on) @> district_today(1)
"""


@settings(max_examples=8, phases=UNSHRUNK, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 5))
def test_sums_are_kept_and_the_past_is_as_it_was(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, seed: int, steps: int
) -> None:
    luck, folder = random.Random(seed), tmp_path_factory.mktemp("lines")
    with redrawn.peopled(cluster) as url:
        with transaction(url) as connection:
            redrawn.scatter(connection, luck)
            redrawn.employ(connection, luck)
        sums, days = redrawn.sums(url), redrawn.past_days(url)
        pictures: dict[datetime, Any] = {}
        for _ in range(steps):
            now = datetime.now(UTC)
            pictures[now] = redrawn.at_instant(url, now)
            with transaction(url, read_only=True) as connection:
                assigned = connection.execute(text(ASSIGNED)).all()
            report = draw(url, luck, folder)
            assert redrawn.sums(url) == sums
            assert redrawn.past_days(url) == days
            redrawn.check_places(url)
            if report is not None:
                at = check_lineage(url, report)
                check_staff(url, assigned, report)
                assert redrawn.at_instant(url, at - MICROSECOND)["areas"] == pictures[now]["areas"]
                pictures[at - MICROSECOND] = redrawn.at_instant(url, at - MICROSECOND)
                pictures[at] = redrawn.at_instant(url, at)
                assert pictures[at]["figures"] == pictures[now]["figures"]
            for instant, picture in pictures.items():
                assert redrawn.at_instant(url, instant) == picture
        with transaction(url, read_only=True) as connection:
            assert ledger.verify(connection)[1] == []

"""The registry of the demo, loaded: everything simulated, in its cell, and tied to what it may be tied to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from app.db import transaction
from app.demo.service import load
from app.demo.service.registry import Size
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind, RelationKind, fits
from app.registry.store.bulk import remove_simulated
from spatial.locate import Locator
from tests.cluster import clone
from tests.lessened import lessen

pytestmark = pytest.mark.db

SIZE = Size(600, 1_200, 3_000, 300, 3_000)


@pytest.fixture(scope="module")
def demo(cluster: Cluster) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, clone(cluster) as url:
        lessen(patch, 1_500, SIZE)
        load(url, "small", date(2026, 11, 20), lambda *_: None)
        yield url


def query(url: str, statement: str) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement)))


def test_there_is_as_much_as_was_asked_for_and_all_of_it_is_simulated(demo: str) -> None:
    counted = dict(
        query(
            demo, "SELECT CASE kind WHEN 'place' THEN type ELSE kind END, count(*) FROM elements GROUP BY 1"
        )
    )
    wanted = {"building": 600, "dwelling": 1_200, "person": 3_000, "organisation": 300, "object": 3_000}
    assert {name: counted[name] for name in wanted} == wanted
    for table in ("elements", "relations", "households"):
        assert query(demo, f"SELECT count(*) FROM {table} WHERE NOT simulated")[0][0] == 0


def test_each_element_with_a_point_is_in_the_cell_that_the_library_finds(demo: str) -> None:
    with transaction(demo, read_only=True) as connection:
        cells = grid.current_areas(connection, the_district(connection).id, Level.CELL)
        rows = connection.execute(
            text("SELECT ST_X(geom), ST_Y(geom), area_no FROM elements WHERE geom IS NOT NULL ORDER BY id")
        ).all()
    at = Locator(cells.shapes, cells.codes)(*np.array([row[:2] for row in rows], dtype=np.float64).T)
    inside = at >= 0
    assert inside.mean() > 0.95
    numbers = np.array([row[2] for row in rows], dtype=np.int64)
    assert (numbers[inside] == np.asarray(cells.nos)[at[inside]]).all()


def test_relations_go_between_kinds_that_fit(demo: str) -> None:
    found = query(
        demo,
        "SELECT r.kind, s.kind, t.kind, count(*) FROM relations r LEFT JOIN elements s ON s.id = r.source_id"
        " JOIN elements t ON t.id = r.target_id GROUP BY 1, 2, 3",
    )
    assert {row[0] for row in found} == set(RelationKind) - {"belongs_to", "responsible_for"}
    for kind, source, target, _ in found:
        assert fits(RelationKind(kind), source and ElementKind(source), ElementKind(target))


def test_no_two_persons_share_a_number_and_each_lives_somewhere(demo: str) -> None:
    assert query(demo, "SELECT count(DISTINCT identity_index) FROM persons")[0][0] == 3_000
    homeless = "SELECT count(*) FROM elements WHERE kind = 'person' AND site_id IS NULL"
    assert query(demo, homeless)[0][0] == 0
    heads = "SELECT count(*) FROM persons WHERE household_relation = 'head'"
    assert query(demo, heads)[0][0] == query(demo, "SELECT count(*) FROM households")[0][0]


def test_what_is_removed_is_only_what_is_simulated(demo: str) -> None:
    with transaction(demo) as connection:
        connection.execute(
            text("UPDATE elements SET simulated = false WHERE id = (SELECT min(id) FROM elements)")
        )
        remove_simulated(connection, the_district(connection).id)
        assert connection.execute(text("SELECT count(*) FROM elements")).scalar_one() == 1
        assert connection.execute(text("SELECT count(*) FROM households")).scalar_one() == 0
        connection.rollback()

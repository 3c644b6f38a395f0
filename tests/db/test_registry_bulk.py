"""Elements that are loaded many at once: in the cell that the database itself would find, and only where it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, text

from app.db import transaction
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from app.registry.service.types import add_reference_types
from app.registry.store import bulk, matching
from app.registry.store.bulk import Cells, ElementRows, Origin
from tests import town
from tests.cluster import clone

pytestmark = pytest.mark.db

WRONG = """
SELECT count(*) FROM elements e WHERE e.geom IS NOT NULL AND e.area_no IS DISTINCT FROM coalesce(
    (SELECT a.no FROM areas a WHERE a.id = cell_at(e.district_id, e.geom)),
    (SELECT n.no FROM area_numbers n WHERE n.district_id = e.district_id AND n.parent_no IS NULL))
"""


@pytest.fixture
def held(cluster: Cluster) -> Iterator[Connection]:
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            add_reference_types(connection)
            yield connection


def points() -> tuple[Any, Any]:
    """Anywhere in and around the town, on every corner and the edges between, and nowhere."""
    rng = np.random.default_rng(1)
    lon = town.WEST + town.STEP * rng.uniform(-1, 5, 1500)
    lat = town.SOUTH + town.STEP * rng.uniform(-1, 5, 1500)
    corners = [
        (town.WEST + town.STEP * x / 2, town.SOUTH + town.STEP * y / 2) for x in range(9) for y in range(9)
    ]
    more = np.array([*corners, (np.nan, np.nan)])
    return np.concatenate((lon, more[:, 0])), np.concatenate((lat, more[:, 1]))


def rows(areas: Any = None) -> ElementRows:
    lon, lat = points()
    many = len(lon)
    texts = [np.full(many, said, dtype=object) for said in ("building", "楼")]
    return ElementRows(ElementKind.PLACE, texts[0], names=texts[1], lon=lon, lat=lat, area_nos=areas)


def load(connection: Connection, sent: ElementRows, cells: Cells | None) -> None:
    origin = Origin(the_district(connection).id, "test", date(2020, 1, 1))
    ids = bulk.reserve(connection, "elements", len(sent))
    bulk.add_elements(connection, origin, sent, ids, cells)


def test_cells_that_are_found_in_memory_are_those_of_the_database(held: Connection) -> None:
    load(held, rows(), Cells.of(held, the_district(held).id))
    assert held.execute(text("SELECT count(*) FROM elements")).scalar_one() == len(rows())
    assert (
        held.execute(text("SELECT count(DISTINCT area_no) FROM elements")).scalar_one() == len(town.CELLS) + 1
    )
    assert held.execute(text(WRONG)).scalar_one() == 0


def test_the_database_is_asked_for_the_same_numbers(held: Connection) -> None:
    sent, district = rows(), the_district(held).id
    assert sent.lon is not None and sent.lat is not None
    lon, lat = sent.lon[~np.isnan(sent.lon)], sent.lat[~np.isnan(sent.lon)]
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    assert matching.areas_at(held, district, points) == Cells.of(held, district).numbers(lon, lat).tolist()


def test_numbers_that_nobody_found_are_not_believed(held: Connection) -> None:
    wrong = held.execute(text("SELECT max(no) FROM area_numbers")).scalar_one()
    load(held, rows(np.full(len(rows()), wrong)), None)
    assert held.execute(text(WRONG)).scalar_one() == 0
    load(held, rows(), Cells.of(held, the_district(held).id))
    load(held, rows(np.full(len(rows()), wrong)), None)
    assert held.execute(text(WRONG)).scalar_one() == 0

"""A point has to lie in the outline of the district, not only in the box around it."""

from __future__ import annotations

import pytest
import shapely

from app.db import transaction
from app.grid.service import the_district
from app.interop import store
from app.interop.service.elements.checks import outside, swapped
from app.interop.service.elements.lines import Line
from app.postgres import Cluster
from tests import town
from tests.cluster import clone

pytestmark = pytest.mark.db


def test_a_point_in_the_box_of_a_district_but_not_in_it(cluster: Cluster) -> None:
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            outline = store.district_outline(connection, the_district(connection).id)
    assert outline is not None
    west, south, east, north = outline.bounds
    corner = shapely.box((west + east) / 2, (south + north) / 2, east, north)
    line = Line(1, {})
    inside, off = (west + 0.001, south + 0.001), (east - 0.001, north - 0.001)
    left = outline.difference(corner)
    assert outside({"lon": inside[0], "lat": inside[1]}, left) == []
    assert outside({"lon": west, "lat": south}, left) == []
    assert [wrong.code for wrong in outside({"lon": off[0], "lat": off[1]}, left)] == ["point_outside"]
    line.said = {"lon": str(off[1]), "lat": str(off[0])}
    assert not swapped(line, left)
    assert swapped(line, outline)

"""What every simulated tree of areas keeps to, as checks for tests."""

import numpy as np
import shapely

from spatial.coverage.edges import contacts
from spatial.crs import transform

ABOVE = {
    "subdistrict": "district",
    "community": "subdistrict",
    "cell": "community",
    "resident_group": "community",
}


def in_metres(shapes, metric_crs=4543):
    """Shapes in degrees, in metres."""
    return shapely.transform(np.asarray(shapes, dtype=object), lambda xy: transform(xy, 4490, metric_crs))


def check_level(shapes, outline):
    """Areas of one level, degrees, cover the outline once: no gap, no overlap, no hole."""
    assert (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all()
    assert shapely.is_valid(shapes).all()
    assert (shapely.get_num_interior_rings(shapes) == 0).all()
    for coverage in (shapes, in_metres(shapes)):
        assert shapely.coverage_is_valid(coverage)
        assert shapely.is_empty(shapely.coverage_invalid_edges(coverage, gap_width=1e-6)).all()
    assert abs(shapely.area(shapes).sum() / outline.area - 1) < 1e-6
    check_edges(shapes)


def check_edges(shapes):
    """Every edge has an area on both sides, save those of one closed line around all."""
    found = contacts(shapes)
    outer = (found.left < 0) | (found.right < 0)
    around = shapely.line_merge(
        shapely.multilinestrings(np.stack((found.begin[outer], found.end[outer]), axis=1))
    )
    assert around.geom_type == "LineString"
    assert around.is_closed
    assert abs(shapely.Polygon(around).area / shapely.area(shapes).sum() - 1) < 1e-9


def check_parents(rows, shapes):
    """Areas (properties and polygons by level) lie in their parents and sum up to them."""
    for level, above in ABOVE.items():
        parents = {row["code"]: shape for row, shape in zip(rows[above], shapes[above], strict=True)}
        people = {row["code"]: row["households"] for row in rows[above]}
        area = dict.fromkeys(parents, 0.0)
        for row, shape in zip(rows[level], shapes[level], strict=True):
            parent = row["parent_code"]
            assert row["code"].startswith(parent)
            assert shapely.covers(parents[parent], shape)
            area[parent] += shape.area
            people[parent] -= row["households"]
        assert set(people.values()) == {0}
        for code, shape in parents.items():
            assert abs(area[code] / shape.area - 1) < 1e-9

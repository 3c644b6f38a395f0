"""What simulated cases concern: those about a component, the nearest one of a fitting type, if one is near."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from sqlalchemy import Connection, text

from app.registry.rules.kinds import RelationKind
from app.registry.store import bulk
from app.registry.store.bulk import Origin

NEAR_DEGREES = 0.0006
"""About sixty metres."""

COVERS = ("0101", "0102", "0103", "0111")
ABOUT: Mapping[str, tuple[str, ...]] = {
    "C02": ("0305",), "C08": ("0301",), "C09": ("0301",), "C16": ("0307",), "C17": ("0306",), "C34": COVERS,
    "C35": COVERS, "C44": ("0137",), "C45": ("0137",), "C47": ("0217",), "C54": ("0402",), "C58": ("0401",),
}  # fmt: skip
"""Types of components that cases of a category are about."""

CASES = """
SELECT c.id, ST_X(c.geom), ST_Y(c.geom) FROM cases c JOIN case_categories g ON g.id = c.category_id
WHERE c.district_id = :district AND c.simulated AND g.code = :category AND c.geom IS NOT NULL ORDER BY c.id
"""
OBJECTS = """
SELECT id, ST_X(geom), ST_Y(geom) FROM elements
WHERE district_id = :district AND kind = 'object' AND simulated AND type = ANY (:types) ORDER BY id
"""


def tie_cases(connection: Connection, origin: Origin) -> int:
    """Tie cases to components; how many."""
    tied = 0
    for category, types in ABOUT.items():
        given = {"district": origin.district_id}
        cases = connection.execute(text(CASES), {**given, "category": category}).all()
        objects = connection.execute(text(OBJECTS), {**given, "types": list(types)}).all()
        if not cases or not objects:
            continue
        points, things = (shapely.points([row[1:] for row in rows]) for rows in (cases, objects))
        of, near = shapely.STRtree(things).query_nearest(points, max_distance=NEAR_DEGREES, all_matches=False)
        case_ids, object_ids = (
            np.array([row[0] for row in rows], dtype=np.int64) for rows in (cases, objects)
        )
        bulk.add_relations(connection, origin, RelationKind.CONCERNS, case_ids[of], object_ids[near])
        tied += len(of)
    return tied

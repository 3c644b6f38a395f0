"""Places: stretches that units maintain 管养区段, and those that a campaign goes to 专项任务, with the campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.console.network.rules.elements import Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.areas import area_key
from app.console.network.store.cases import case_key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers
from app.console.network.store.units import unit_key

IN_FORCE = "daterange(m.valid_from_on, m.valid_to_on) @> CAST(:day AS date)"
RUNS = "g.ended_at IS NULL AND CAST(:day AS date) BETWEEN g.first_on AND g.last_on"

STRETCHES = f"""
SELECT m.id, m.code, m.name, m.simulated, ST_X(p.at) AS lon, ST_Y(p.at) AS lat
FROM maintenance_areas m CROSS JOIN LATERAL (SELECT ST_PointOnSurface(m.geom) AS at) p
WHERE m.id = ANY (:ids) AND {IN_FORCE} ORDER BY m.code
"""
MAINTAINED = f"""
SELECT m.id, m.unit_id, count(*) OVER () AS of_all FROM maintenance_areas m
WHERE (m.unit_id = ANY (:ids) OR m.id = ANY (:stretches)) AND {IN_FORCE} ORDER BY m.code LIMIT :most
"""
CROSSES = f"""
SELECT m.id, a.id AS area, a.level, count(*) OVER () AS of_all FROM maintenance_areas m JOIN areas a
    ON a.level = 'cell' AND m.geom && a.geom AND ST_Intersects(m.geom, a.geom)
WHERE a.id = ANY (:ids) AND {IN_FORCE} ORDER BY m.code, a.no LIMIT :most
"""
CROSSED = f"""
SELECT m.id, a.id AS area, a.level FROM maintenance_areas m JOIN areas_on(:district, :day) a
    ON a.level = 'cell' AND m.geom && a.geom AND ST_Intersects(m.geom, a.geom)
WHERE m.id = ANY (:ids) AND {IN_FORCE} ORDER BY m.code, a.no LIMIT :most
"""
CAMPAIGNS = f"""
SELECT g.id, g.admission, g.name, g.area_no FROM campaigns g WHERE g.id = ANY (:ids) AND {RUNS} ORDER BY g.id
"""
SPOTS = """
SELECT p.id, p.label, p.area_no, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat FROM campaign_places p
WHERE p.id = ANY (:ids) ORDER BY p.id
"""
LISTED = f"""
SELECT p.id, p.campaign_id, a.id AS area, a.level, count(*) OVER () AS of_all FROM campaign_places p
JOIN campaigns g ON g.id = p.campaign_id AND {RUNS} LEFT JOIN areas_on(:district, :day) a ON a.no = p.area_no
WHERE p.id = ANY (:spots) OR p.campaign_id = ANY (:ids) OR a.id = ANY (:areas) ORDER BY p.id LIMIT :most
"""
ASKED = f"""
SELECT g.id, g.unit_id, a.id AS area, a.level FROM campaigns g
LEFT JOIN areas_on(:district, :day) a ON a.no = g.area_no
WHERE (g.id = ANY (:ids) OR g.unit_id = ANY (:units)) AND {RUNS} ORDER BY g.id LIMIT :most
"""
# The last visit of a place says what was found there.
FOUND = """
SELECT v.place_id, v.case_id FROM (SELECT DISTINCT ON (w.place_id) w.place_id, w.case_id FROM campaign_visits w
    WHERE w.place_id = ANY (:ids) ORDER BY w.place_id, w.id DESC) v WHERE v.case_id IS NOT NULL LIMIT :most
"""


def _stretch(own: int) -> str:
    return key(Prefix.STRETCH, own)


def _spot(own: int) -> str:
    return key(Prefix.SPOT, own)


def _campaign(own: int) -> str:
    return key(Prefix.CAMPAIGN, own)


def _stretches(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [
        Node(_stretch(row.id), Kind.PLACE, "stretch", row.name, opens=_stretch(row.id),
             facts={"code": row.code, "lon": row.lon, "lat": row.lat, "simulated": row.simulated})
        for row in asking.rows(STRETCHES, numbers(ids))
    ]  # fmt: skip


def _spots(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [
        Node(_spot(row.id), Kind.PLACE, "spot", row.label, area_no=row.area_no, opens=_spot(row.id),
             facts={"lon": row.lon, "lat": row.lat})
        for row in asking.rows(SPOTS, numbers(ids))
    ]  # fmt: skip


def _campaigns(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [
        Node(_campaign(row.id), Kind.CASE, "campaign", row.name, area_no=row.area_no, opens=_campaign(row.id),
             facts={"code": row.admission})
        for row in asking.rows(CAMPAIGNS, numbers(ids))
    ]  # fmt: skip


def _maintained(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Units maintain stretches."""
    own = numbers(reached.get(Prefix.STRETCH, ()))
    rows = asking.rows(MAINTAINED, numbers(reached.get(Prefix.UNIT, ())), stretches=own)
    found = Found([Edge(unit_key(r.unit_id), _stretch(r.id), Relation.MAINTAINS) for r in rows])
    found.cut(Kind.PLACE, rows)
    return found


def _crosses(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Stretches lie in cells, wholly or in part."""
    rows = asking.rows(CROSSES, numbers(reached[Prefix.CELL]))
    found = Found([Edge(_stretch(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])
    found.cut(Kind.PLACE, rows)
    return found


def _crossed(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """The cells that a stretch goes through."""
    rows = asking.rows(CROSSED, numbers(reached[Prefix.STRETCH]))
    return Found([Edge(_stretch(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])


def _listed(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Places are on the list of a campaign that runs today, and lie in areas."""
    rows = asking.rows(
        LISTED,
        numbers(reached.get(Prefix.CAMPAIGN, ())),
        spots=numbers(reached.get(Prefix.SPOT, ())),
        areas=[own for prefix in (Prefix.CELL, Prefix.AREA) for own in numbers(reached.get(prefix, ()))],
    )
    found = Found([Edge(_spot(r.id), _campaign(r.campaign_id), Relation.LISTED) for r in rows])
    found.edges += [
        Edge(_spot(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows if r.area is not None
    ]
    found.cut(Kind.PLACE, rows)
    return found


def _asked(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """A unit asked for a campaign, which is for an area."""
    units = numbers(reached.get(Prefix.UNIT, ()))
    rows = asking.rows(ASKED, numbers(reached.get(Prefix.CAMPAIGN, ())), units=units)
    found = Found([Edge(unit_key(r.unit_id), _campaign(r.id), Relation.ASKED) for r in rows])
    found.edges += [
        Edge(_campaign(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows if r.area is not None
    ]
    return found


def _found(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """What was found at places has become cases."""
    rows = asking.rows(FOUND, numbers(reached[Prefix.SPOT]))
    return Found([Edge(_spot(r.place_id), case_key(r.case_id), Relation.FOUND) for r in rows])


ELEMENTS = (
    Elements(Prefix.STRETCH, _stretches),
    Elements(Prefix.SPOT, _spots),
    Elements(Prefix.CAMPAIGN, _campaigns),
)
RELATIONS = (
    Relations(frozenset({Prefix.UNIT, Prefix.STRETCH}), _maintained),
    Relations(frozenset({Prefix.CELL}), _crosses),
    Relations(frozenset({Prefix.STRETCH}), _crossed, near=True),
    Relations(frozenset({Prefix.CAMPAIGN, Prefix.SPOT, Prefix.CELL, Prefix.AREA}), _listed),
    Relations(frozenset({Prefix.CAMPAIGN, Prefix.UNIT}), _asked),
    Relations(frozenset({Prefix.SPOT}), _found),
)

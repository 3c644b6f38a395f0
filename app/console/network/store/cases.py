"""Cases: where they lie, which units have them, which goes on for which.

Of an area or a unit the open ones are shown, which are the work there is; an ended one where a link leads to it. Who
reported or handled a case is not among the relations: nobody is to be seen through what they have told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.console.network.rules.elements import Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.areas import area_key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers

DESCRIBE = """
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.due_at, c.area_no, c.simulated, k.name, k.name_en,
    ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat
FROM cases c JOIN case_categories k ON k.id = c.category_id WHERE c.id = ANY (:ids)
ORDER BY coalesce(c.due_at, 'infinity'), c.id
"""
IN_AREAS = """
SELECT c.id, a.id AS area, a.level, count(*) OVER () AS of_all FROM areas a
JOIN cases c ON c.area_no = a.no AND open_state(c.state) WHERE a.id = ANY (:ids)
ORDER BY coalesce(c.due_at, 'infinity'), c.id LIMIT :most
"""
OF_UNITS = """
SELECT c.id, c.unit_id, c.co_unit_ids, count(*) OVER () AS of_all FROM cases c
WHERE (c.unit_id = ANY (:ids) OR c.co_unit_ids && CAST(:ids AS int[])) AND open_state(c.state)
ORDER BY coalesce(c.due_at, 'infinity'), c.id LIMIT :most
"""
OWN = """
SELECT c.id, c.unit_id, c.co_unit_ids, a.id AS area, a.level FROM cases c LEFT JOIN areas a ON a.id = c.area_id
WHERE c.id = ANY (:ids)
"""
# A link that was undone is still written down; how a case stands now says whether it holds.
LINKS = """
SELECT l.case_id, l.kind, l.other_id FROM case_links l JOIN cases c ON c.id = l.case_id
WHERE (l.case_id = ANY (:ids) OR l.other_id = ANY (:ids)) AND CASE l.kind
    WHEN 'merged_into' THEN CAST(c.stand ->> 'into' AS bigint) = l.other_id
    WHEN 'repeats' THEN CAST(c.stand ->> 'root' AS bigint) = l.other_id ELSE true END
GROUP BY l.case_id, l.kind, l.other_id ORDER BY l.case_id, l.other_id, l.kind LIMIT :most
"""

LINK = {"merged_into": Relation.MERGED, "repeats": Relation.REPEATS, "split_from": Relation.SPLIT}


def case_key(own: int) -> str:
    """The key of a case."""
    return key(Prefix.CASE, own)


def _describe(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [
        Node(
            key=case_key(row.id),
            kind=Kind.CASE,
            word="case",
            label=row.name,
            label_en=row.name_en,
            area_no=row.area_no,
            opens=case_key(row.id),
            facts={
                "code": row.number or row.ref or f"#{row.id}",
                "state": row.state,
                "due_at": row.due_at,
                "lon": row.lon,
                "lat": row.lat,
                "simulated": row.simulated,
            },
        )
        for row in asking.rows(DESCRIBE, numbers(ids))
    ]


def _of_units(case: int, unit: int | None, helping: Iterable[int] | None) -> list[Edge]:
    own = [] if unit is None else [Edge(key(Prefix.UNIT, unit), case_key(case), Relation.HANDLES)]
    return own + [Edge(key(Prefix.UNIT, one), case_key(case), Relation.ASSISTS) for one in helping or ()]


def _in_areas(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Open cases lie in areas."""
    ids = [own for prefix in (Prefix.CELL, Prefix.AREA) for own in numbers(reached.get(prefix, ()))]
    rows = asking.rows(IN_AREAS, ids)
    found = Found([Edge(case_key(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])
    found.cut(Kind.CASE, rows)
    return found


def _with_units(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Units handle open cases, or help with them."""
    rows = asking.rows(OF_UNITS, numbers(reached[Prefix.UNIT]))
    found = Found([edge for row in rows for edge in _of_units(row.id, row.unit_id, row.co_unit_ids)])
    found.cut(Kind.CASE, rows)
    return found


def _own(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Where cases lie, and who has them."""
    found = Found()
    for row in asking.rows(OWN, numbers(reached[Prefix.CASE])):
        if row.area is not None:
            found.edges.append(Edge(case_key(row.id), area_key(row.level, row.area), Relation.LIES_IN))
        found.edges += _of_units(row.id, row.unit_id, row.co_unit_ids)
    return found


def _links(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """并案, 反复件, 拆分."""
    rows = asking.rows(LINKS, numbers(reached[Prefix.CASE]))
    return Found([Edge(case_key(r.case_id), case_key(r.other_id), LINK[r.kind]) for r in rows])


ELEMENTS = (Elements(Prefix.CASE, _describe),)
RELATIONS = (
    Relations(frozenset({Prefix.CELL, Prefix.AREA}), _in_areas),
    Relations(frozenset({Prefix.UNIT}), _with_units),
    Relations(frozenset({Prefix.CASE}), _own),
    Relations(frozenset({Prefix.CASE}), _links),
)

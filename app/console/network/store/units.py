"""Units and the bodies of the neighbourhood: what they are part of, and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.console.network.rules.elements import Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.areas import area_key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers

DESCRIBE = """
SELECT u.id, u.code, u.kind, u.name, u.name_en, u.area_no, u.simulated FROM units u
WHERE u.id = ANY (:ids) AND daterange(u.valid_from_on, u.valid_to_on) @> CAST(:day AS date) ORDER BY u.code
"""
TREE = """
SELECT u.id, u.parent_id AS above FROM units u WHERE u.parent_id IS NOT NULL
AND (u.id = ANY (:ids) OR u.parent_id = ANY (:ids)) ORDER BY u.code LIMIT :most
"""
SEATS = """
SELECT u.id, a.id AS area, a.level FROM units u JOIN areas_on(:district, :day) a ON a.no = u.area_no
WHERE (u.id = ANY (:ids) OR a.id = ANY (:areas)) AND a.level <> 'resident_group' ORDER BY u.code LIMIT :most
"""


def unit_key(own: int) -> str:
    """The key of a unit."""
    return key(Prefix.UNIT, own)


def _describe(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [
        Node(
            key=unit_key(row.id),
            kind=Kind.ORGANISATION,
            word=row.kind,
            label=row.name,
            label_en=row.name_en,
            area_no=row.area_no,
            opens=unit_key(row.id),
            facts={"code": row.code, "simulated": row.simulated},
        )
        for row in asking.rows(DESCRIBE, numbers(ids))
    ]


def _tree(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Units are part of other units."""
    rows = asking.rows(TREE, numbers(reached[Prefix.UNIT]))
    return Found([Edge(unit_key(r.id), unit_key(r.above), Relation.PART_OF) for r in rows])


def _seats(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """A unit that is there for an area lies in it."""
    areas = [own for prefix in (Prefix.CELL, Prefix.AREA) for own in numbers(reached.get(prefix, ()))]
    rows = asking.rows(SEATS, numbers(reached.get(Prefix.UNIT, ())), areas=areas)
    return Found([Edge(unit_key(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])


ELEMENTS = (Elements(Prefix.UNIT, _describe),)
RELATIONS = (
    Relations(frozenset({Prefix.UNIT}), _tree),
    Relations(frozenset({Prefix.UNIT, Prefix.CELL, Prefix.AREA}), _seats),
)

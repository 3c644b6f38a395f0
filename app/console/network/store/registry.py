"""人 地 物 组织 of the registry: what they are tied to, where they lie, and which unit is in charge of them.

People are there for those who serve them, under a masked name, and never because they live in a cell that is looked at:
of a cell or a unit it is only told how many there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.accounts.rules import Permission
from app.console.network.rules.elements import Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.areas import area_key
from app.console.network.store.cases import case_key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers
from app.console.network.store.units import unit_key
from app.registry.rules.kinds import RelationKind
from app.registry.service import looking

EACH = 200
"""Relations of one element that are read at most."""

NUMBERS = "SELECT e.id, e.area_no FROM elements e WHERE e.id = ANY (:ids)"
TIED = f"""
SELECT DISTINCT ON (n.id) n.id, n.kind, n.source_id, n.case_id, n.target_id
FROM unnest(CAST(:ids AS bigint[])) AS i (id) CROSS JOIN LATERAL neighbourhood(i.id, NULL, 1, NULL, {EACH}, :most) n
ORDER BY n.id LIMIT :most
"""
CONCERNED = f"""
SELECT n.id, n.kind, n.source_id, n.case_id, n.target_id
FROM unnest(CAST(:ids AS bigint[])) AS i (id) CROSS JOIN LATERAL neighbourhood(NULL, i.id, 1, NULL, {EACH}, :most) n
ORDER BY n.id LIMIT :most
"""
LIES = """
SELECT e.id, a.id AS area, a.level FROM elements e JOIN areas_on(:district, :day) a ON a.no = e.area_no
WHERE e.id = ANY (:ids) AND a.level <> 'resident_group'
"""
# Flats are seen through their building, and people are counted.
HELD = """
SELECT e.id, e.kind, a.id AS area, a.level, count(*) OVER (PARTITION BY e.kind) AS of_kind
FROM areas a JOIN elements e ON e.area_no = a.no AND e.kind <> 'person' AND e.type <> 'dwelling'
    AND e.merged_into IS NULL AND daterange(e.valid_from_on, e.valid_to_on) @> CAST(:day AS date)
LEFT JOIN elements s ON s.id = e.site_id
WHERE a.id = ANY (:ids) ORDER BY (s.id IS NOT NULL), e.id LIMIT :most
"""
PEOPLE = """
SELECT count(*) FROM areas a JOIN elements e ON e.area_no = a.no AND e.kind = 'person' AND e.merged_into IS NULL
WHERE a.id = ANY (:ids)
"""
CHARGED = """
SELECT e.id, e.kind, e.unit_id, count(*) OVER (PARTITION BY e.kind) AS of_kind FROM elements e
WHERE (e.unit_id = ANY (:units) OR e.id = ANY (:ids) AND e.unit_id IS NOT NULL) AND e.merged_into IS NULL
ORDER BY e.id LIMIT :most
"""


def element_key(own: int) -> str:
    """The key of an element of the registry."""
    return key(Prefix.ELEMENT, own)


def _describe(asking: Asking, ids: Sequence[str]) -> list[Node]:
    rows = looking.told(asking.connection, numbers(ids))
    places = {row.id: row.area_no for row in asking.rows(NUMBERS, numbers(ids))}
    return [
        Node(
            key=element_key(row["id"]),
            kind=Kind(row["kind"]),
            word=row["kind"],
            label=row["name"] or row["type_name"],
            area_no=places.get(row["id"]),
            opens=element_key(row["id"]),
            facts={
                **{name: row[name] for name in ("code", "lon", "lat", "simulated")},
                "type": {"name": row["type_name"], "name_en": row["type_name_en"]},
            },
        )
        for row in rows
    ]


def _ties(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Elements with each other, and with the cases that concern them."""
    rows = asking.rows(TIED, numbers(reached.get(Prefix.ELEMENT, ())))
    rows += asking.rows(CONCERNED, numbers(reached.get(Prefix.CASE, ())))
    return Found(
        [
            Edge(
                case_key(row.case_id) if row.source_id is None else element_key(row.source_id),
                element_key(row.target_id),
                RelationKind(row.kind),
            )
            for row in rows
        ]
    )


def _lie(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    rows = asking.rows(LIES, numbers(reached[Prefix.ELEMENT]))
    return Found([Edge(element_key(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])


def _held(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """What lies in a cell, and how many people live there."""
    cells = numbers(reached[Prefix.CELL])
    rows = asking.rows(HELD, cells)
    found = Found([Edge(element_key(r.id), area_key(r.level, r.area), Relation.LIES_IN) for r in rows])
    _beyond(found, rows)
    people = asking.rows(PEOPLE, cells)[0].count
    if people:
        found.beyond[Kind.PERSON] = people
    return found


def _charged(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """What a unit is in charge of, wherever it lies."""
    rows = asking.rows(
        CHARGED, numbers(reached.get(Prefix.ELEMENT, ())), units=numbers(reached.get(Prefix.UNIT, ()))
    )
    found = Found([Edge(unit_key(r.unit_id), element_key(r.id), Relation.IN_CHARGE) for r in rows])
    _beyond(found, rows)
    return found


def _beyond(found: Found, rows: Sequence[object]) -> None:
    """Count by kind what there was no room to read."""
    read: dict[str, list[int]] = {}
    for row in rows:
        read.setdefault(row.kind, []).append(row.of_kind)  # type: ignore[attr-defined]
    for kind, all_of in read.items():
        if all_of[0] > len(all_of):
            found.beyond[Kind(kind)] = found.beyond.get(Kind(kind), 0) + all_of[0] - len(all_of)


NEEDS = Permission.READ_REGISTRY
ELEMENTS = (Elements(Prefix.ELEMENT, _describe, NEEDS),)
RELATIONS = (
    Relations(frozenset({Prefix.ELEMENT, Prefix.CASE}), _ties, NEEDS),
    Relations(frozenset({Prefix.ELEMENT}), _lie, NEEDS),
    Relations(frozenset({Prefix.CELL}), _held, NEEDS, near=True),
    Relations(frozenset({Prefix.ELEMENT, Prefix.UNIT}), _charged, NEEDS, near=True),
)

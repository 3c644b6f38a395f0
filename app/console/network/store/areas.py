"""Areas of every level but resident groups, each tied to the one above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.console.network.rules.elements import Area, Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers

DESCRIBE = """
SELECT a.id, a.level, a.code, a.name, a.name_en, a.no, a.simulated FROM areas a
WHERE a.id = ANY (:ids) AND a.level <> 'resident_group' AND (a.level = 'cell') = :cells ORDER BY a.no
"""
ABOVE = """
SELECT a.id, a.level, p.id AS above, p.level AS above_level FROM areas a JOIN areas p ON p.id = a.parent_id
WHERE a.id = ANY (:ids) ORDER BY a.no
"""
BELOW = """
SELECT a.id, a.level, a.parent_id AS above, p.level AS above_level FROM areas_on(:district, :day) a
JOIN areas p ON p.id = a.parent_id WHERE a.parent_id = ANY (:ids) AND a.level <> 'resident_group' ORDER BY a.no
LIMIT :most
"""
AROUND = """
SELECT n.no, a.id, a.level, a.code, a.name, a.name_en FROM unnest(CAST(:ids AS bigint[])) AS n (no)
JOIN areas_on(:district, :day) a ON n.no BETWEEN a.no AND a.last_no AND a.level <> 'resident_group'
ORDER BY n.no, a.last_no - a.no
"""


def area_key(level: str, own: int) -> str:
    """The key of an area by its level."""
    return key(Prefix.CELL if level == "cell" else Prefix.AREA, own)


def _describe(asking: Asking, ids: Sequence[str], cells: bool) -> list[Node]:
    return [
        Node(
            key=area_key(row.level, row.id),
            kind=Kind.CELL,
            word=row.level,
            label=row.name,
            label_en=row.name_en,
            area_no=row.no,
            opens=area_key(row.level, row.id),
            facts={"code": row.code, "simulated": row.simulated},
        )
        for row in asking.rows(DESCRIBE, numbers(ids), cells=cells)
    ]


def _cells(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return _describe(asking, ids, True)


def _areas(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return _describe(asking, ids, False)


def _tree(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Each area is part of the one above."""
    ids = [own for prefix in (Prefix.CELL, Prefix.AREA) for own in numbers(reached.get(prefix, ()))]
    rows = asking.rows(ABOVE, ids) + asking.rows(BELOW, numbers(reached.get(Prefix.AREA, ())))
    return Found(
        [Edge(area_key(r.level, r.id), area_key(r.above_level, r.above), Relation.PART_OF) for r in rows]
    )


def around(asking: Asking, places: Iterable[int]) -> dict[int, tuple[Area, ...]]:
    """The areas in sight around numbers of places, the narrowest first."""
    found: dict[int, list[Area]] = {}
    for row in asking.rows(AROUND, sorted(set(places))):
        found.setdefault(row.no, []).append(Area(row.id, row.level, row.code, row.name, row.name_en))
    return {no: tuple(areas) for no, areas in found.items()}


ELEMENTS = (Elements(Prefix.CELL, _cells), Elements(Prefix.AREA, _areas))
RELATIONS = (Relations(frozenset({Prefix.CELL, Prefix.AREA}), _tree),)

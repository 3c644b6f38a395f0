"""People at work: for which areas they answer, where they hold a post, on which body they sit; and who is lacking.

They are shown as the roster shows them: by name, without a telephone number, to those who may read staff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.accounts.rules import Permission
from app.console.network.rules.elements import Edge, Kind, Node, Prefix, Relation, key
from app.console.network.store.areas import area_key
from app.console.network.store.reading import Asking, Elements, Found, Relations, numbers
from app.console.network.store.units import unit_key

DESCRIBE = """
SELECT s.code, s.name, s.simulated FROM staff_members s WHERE s.district_id = :district AND s.code = ANY (:ids)
ORDER BY s.code
"""
# Whoever works in a cell is told its inspector, whose post reaches further than they see: `people_of` knows.
ROSTER = """
SELECT a.id, a.level, a.no, p.code, p.name, p.simulated, coalesce(p.role, p.duty) AS role FROM areas a
CROSS JOIN LATERAL people_of(a.id, :day) p WHERE a.id = ANY (:ids) LIMIT :most
"""
LACKS = """
SELECT s.cell_id, s.cell_no, unnest(s.missing) AS part FROM staffing_seen(:district, :day) s
WHERE s.cell_id = ANY (:ids) ORDER BY s.cell_id
"""
LOOKS_AFTER = """
SELECT s.code, a.id, a.level, x.role FROM staff_members s JOIN LATERAL (
    SELECT t.cell_no AS no, t.duty AS role FROM assignments t
        WHERE t.staff_id = s.id AND daterange(t.from_on, t.until_on) @> CAST(:day AS date)
    UNION SELECT r.area_no, p.role FROM post_holders h JOIN posts p ON p.id = h.post_id
        JOIN post_areas r ON r.post_id = p.id
        WHERE h.staff_id = s.id AND daterange(h.from_on, h.until_on) @> CAST(:day AS date)
        AND p.role IN ('inspector', 'supervisor', 'subcentre_head', 'community_desk')
    UNION SELECT c.no, 'group_leader' FROM group_leaders l JOIN areas_on(:district, :day) g ON g.no = l.group_no
        JOIN areas c ON c.id = g.parent_id
        WHERE l.staff_id = s.id AND daterange(l.from_on, l.until_on) @> CAST(:day AS date)) x ON true
JOIN areas_on(:district, :day) a ON a.no = x.no
WHERE s.district_id = :district AND s.code = ANY (:ids) ORDER BY s.code, a.no LIMIT :most
"""
LEADERS = """
SELECT s.code, c.id, c.level FROM areas c JOIN areas_on(:district, :day) g ON g.parent_id = c.id
    AND g.level = 'resident_group' JOIN group_leaders l ON l.group_no = g.no
    AND daterange(l.from_on, l.until_on) @> CAST(:day AS date) JOIN staff_members s ON s.id = l.staff_id
WHERE c.id = ANY (:ids) ORDER BY s.code LIMIT :most
"""
# On a body whose term has run out those who sat on it carry on until the next one begins.
WORKS_IN = """
SELECT s.code, x.unit_id, x.role, x.sits FROM staff_members s JOIN (
    SELECT h.staff_id, p.unit_id, p.role, false AS sits FROM post_holders h JOIN posts p ON p.id = h.post_id
        WHERE daterange(h.from_on, h.until_on) @> CAST(:day AS date)
    UNION SELECT m.staff_id, t.unit_id, m.standing, true FROM unit_members m JOIN unit_terms t ON t.id = m.term_id
        WHERE t.from_on <= :day AND daterange(m.from_on, m.until_on) @> least(CAST(:day AS date), t.until_on - 1)
        AND NOT EXISTS (SELECT FROM unit_terms n WHERE n.unit_id = t.unit_id AND n.from_on > t.from_on
            AND n.from_on <= :day)
    ) x ON x.staff_id = s.id
WHERE s.district_id = :district AND (s.code = ANY (:codes) OR x.unit_id = ANY (:ids))
ORDER BY s.code, x.unit_id LIMIT :most
"""


def staff_key(code: str) -> str:
    """The key of somebody at work."""
    return key(Prefix.STAFF, code)


def _node(code: str, name: str, simulated: bool, opens: str | None) -> Node:
    return Node(
        staff_key(code),
        Kind.STAFF,
        "staff",
        name,
        opens=opens,
        facts={"code": code, "simulated": simulated},
    )


def _describe(asking: Asking, ids: Sequence[str]) -> list[Node]:
    return [_node(r.code, r.name, r.simulated, staff_key(r.code)) for r in asking.rows(DESCRIBE, ids)]


def _roster(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Who answers for areas, and which parts of the 1+1+1+N their cells lack."""
    cells = numbers(reached.get(Prefix.CELL, ()))
    found = Found()
    for row in asking.rows(ROSTER, cells + numbers(reached.get(Prefix.AREA, ()))):
        found.edges.append(Edge(staff_key(row.code), area_key(row.level, row.id), Relation.ANSWERS, row.role))
        found.nodes.append(_node(row.code, row.name, row.simulated, None))
    for row in asking.rows(LACKS, cells) if cells else ():
        empty = f"vacancy:{row.cell_id}:{row.part}"
        found.nodes.append(Node(empty, Kind.STAFF, row.part, "", area_no=row.cell_no, vacant=1))
        found.edges.append(Edge(empty, area_key("cell", row.cell_id), Relation.ANSWERS, row.part))
    return found


def _leaders(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """居民小组长 answer for a part of a community."""
    rows = asking.rows(LEADERS, numbers(reached[Prefix.AREA]))
    return Found(
        [Edge(staff_key(r.code), area_key(r.level, r.id), Relation.ANSWERS, "group_leader") for r in rows]
    )


def _looks_after(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """For what somebody answers."""
    rows = asking.rows(LOOKS_AFTER, reached[Prefix.STAFF])
    return Found([Edge(staff_key(r.code), area_key(r.level, r.id), Relation.ANSWERS, r.role) for r in rows])


def _works_in(asking: Asking, reached: Mapping[Prefix, Sequence[str]]) -> Found:
    """Who holds a post in which unit, and who sits on which body."""
    codes = list(reached.get(Prefix.STAFF, ()))
    rows = asking.rows(WORKS_IN, numbers(reached.get(Prefix.UNIT, ())), codes=codes)
    return Found(
        [
            Edge(
                staff_key(row.code),
                unit_key(row.unit_id),
                Relation.MEMBER if row.sits else Relation.WORKS_IN,
                row.role,
            )
            for row in rows
        ]
    )


STAFF = Permission.READ_STAFF
ELEMENTS = (Elements(Prefix.STAFF, _describe, STAFF),)
RELATIONS = (
    Relations(frozenset({Prefix.CELL, Prefix.AREA}), _roster, STAFF),
    Relations(frozenset({Prefix.AREA}), _leaders, STAFF),
    Relations(frozenset({Prefix.STAFF}), _looks_after, STAFF),
    Relations(frozenset({Prefix.STAFF, Prefix.UNIT}), _works_in, STAFF),
)

"""The routing rules that a district begins with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

ADD = text("""
INSERT INTO routing_rules (district_id, category_id, major, line, area_no, unit_code, note, source)
SELECT :district, k.category_id, k.major, k.line, a.no, :unit, :note, 'reference'
FROM areas_on(:district, district_today(:district)) a CROSS JOIN (
    SELECT id AS category_id, NULL AS major, NULL AS line FROM case_categories
        WHERE district_id = :district AND code = :kind
    UNION SELECT NULL, major, NULL FROM case_categories WHERE district_id = :district AND major = :kind
    UNION SELECT NULL, NULL, line FROM case_categories WHERE district_id = :district AND line = :kind) k
WHERE a.code = :area ON CONFLICT DO NOTHING
""")


def add(connection: Connection, district_id: int, rows: Iterable[Mapping[str, str]]) -> None:
    """Add the rules of the reference data whose area the district has; what has been settled otherwise stays."""
    wanted = ("kind", "area", "unit", "note")
    connection.execute(
        ADD, [{"district": district_id, **{name: row[name] for name in wanted}} for row in rows]
    )

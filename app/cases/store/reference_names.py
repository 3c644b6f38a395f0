"""What rows of reference data may name: keys of other tables, kinds of things, areas; with what they are called."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, or_, select, text

from app.cases.rules.reference import FROM, TO, ReferenceTable
from app.cases.rules.reference_tables import BY_NAME, KINDS
from app.cases.store.reference import MOST, not_left_out
from app.cases.store.reference_columns import stored_table

Named = list[tuple[str, str]]

# Codes are of one place each: where two of today have one, it names neither.
AREAS = text("""
WITH area AS (
    SELECT a.code, a.level, a.parent_id,
        coalesce(CASE WHEN :english THEN nullif(a.name_en, '') END, nullif(a.name, '')) AS name
    FROM areas_on(:district, :day) a WHERE a.level <> 'resident_group'
)
SELECT a.code, min(CASE WHEN a.level <> 'cell' THEN coalesce(a.name, a.code)
    ELSE concat_ws(' ', coalesce(CASE WHEN :english THEN nullif(p.name_en, '') END, p.name),
        coalesce(a.name, right(a.code, 3))) END) AS name
FROM area a LEFT JOIN areas p ON p.id = a.parent_id
GROUP BY a.code HAVING count(*) = 1 ORDER BY a.code LIMIT :most
""")


def named(
    connection: Connection, district_id: int, name: str, today: date, *, english: bool = False
) -> Named:
    """What may be named of a table, of the kinds of things, or of the areas."""
    if name == "areas":
        asked = {"district": district_id, "day": today, "english": english, "most": MOST}
        return [(row.code, row.name) for row in connection.execute(AREAS, asked)]
    if name != "kinds":
        return keys(connection, district_id, BY_NAME[name], today, english=english)
    found: dict[str, str] = {}
    for part in KINDS:
        for key, said in keys(connection, district_id, BY_NAME[part.refers], today, english=english):
            found.setdefault(key, said)
    return list(found.items())


def keys(
    connection: Connection, district_id: int, table: ReferenceTable, today: date, *, english: bool = False
) -> list[tuple[str, str]]:
    """Keys that may be named, with what they are called: those of rows that are not over."""
    stored = stored_table(table)
    key = stored.c[table.by_name[table.key[0]].column]
    name = stored.c.get("name", key)
    if english and "name_en" in stored.c:
        name = func.coalesce(func.nullif(stored.c["name_en"], ""), name)
    statement = (
        select(key, func.max(name))
        .where(stored.c.district_id == district_id, or_(stored.c[TO].is_(None), stored.c[TO] > today))
        .where(or_(stored.c[TO].is_(None), stored.c[TO] > stored.c[FROM]), *not_left_out(table))
        .group_by(key)
        .order_by(key)
        .limit(MOST)
    )
    return [(str(row[0]), str(row[1])) for row in connection.execute(statement)]

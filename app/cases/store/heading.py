"""What stands at the head of a case's page, and the names of units, people and files that its log holds as ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, text

from app.cases.store.log import LOCK
from app.db import array, prepared

Record = dict[str, Any]

AREA = "CASE WHEN c.cell_id IS NULL THEN c.area_id ELSE c.cell_id END"
"""Id of the area that a case `c` lies in. Not `coalesce`: behind row security it keeps an index from being asked, and
all areas would be looked through for every case."""

HEAD = f"""
SELECT c.id, c.number, c.external_ref AS ref, c.state, c.loop, c.version, c.reported_at, c.due_at, c.closed_at,
    c.source, c.address, c.description, c.simulated, c.unit_id, c.handler_id, c.condition_id, ST_X(c.geom) AS lon,
    ST_Y(c.geom) AS lat, c.cell_id, k.code AS category_code, k.name AS category, k.name_en AS category_en, k.line,
    k.major, k.restricted, f.number AS condition_number, f.condition, f.closing_condition, f.risk, f.limit_unit,
    f.verification,
    f.control_amount IS NOT NULL AND NOT coalesce((c.stand ->> 'controlled')::boolean, false) AS uncontrolled,
    u.name AS unit, u.name_en AS unit_en, i.file_name, c.import_row, t.name AS contact_name, t.phone AS contact_phone,
    t.phone_index AS contact_phone_index,
    a.level AS area_level, a.id AS area_id
FROM cases c JOIN case_categories k ON k.id = c.category_id LEFT JOIN filing_conditions f ON f.id = c.condition_id
LEFT JOIN units u ON u.id = c.unit_id LEFT JOIN imports i ON i.id = c.import_id
LEFT JOIN case_contacts t ON t.case_id = c.id LEFT JOIN areas a ON a.id = {AREA}
WHERE c.id = :case
"""

LINKS = """
SELECT l.kind, l.case_id = :case AS outgoing, o.id, o.number, o.external_ref AS ref, o.state
FROM case_links l JOIN cases o ON o.id = CASE WHEN l.case_id = :case THEN l.other_id ELSE l.case_id END
WHERE l.case_id = :case OR l.other_id = :case ORDER BY l.kind, o.id LIMIT 50
"""

PEOPLE = """
SELECT DISTINCT ON (s.account_id) s.account_id AS id, s.name, p.role, p.title, u.name AS unit, u.name_en AS unit_en
FROM staff_members s LEFT JOIN post_holders h ON h.staff_id = s.id
    AND daterange(h.from_on, h.until_on) @> district_today(s.district_id)
LEFT JOIN posts p ON p.id = h.post_id LEFT JOIN units u ON u.id = p.unit_id
WHERE s.account_id = ANY (:ids) ORDER BY s.account_id, p.id
"""

SEEN = text(LOCK.text.replace(" FOR UPDATE OF c", ""))


def seen(connection: Connection, case_id: int) -> Row[Any] | None:
    """What `log.lock` gives, for those who only look: nobody waits for them."""
    return connection.execute(SEEN, {"case": case_id}).one_or_none()


def head(connection: Connection, case_id: int) -> Record | None:
    """The head of a case; None where the one who asks sees none. A contact is there for desks that answer callers."""
    row = connection.execute(text(HEAD), {"case": case_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def confided(connection: Connection, case_id: int) -> Record:
    """限知: text, address and place of a case that was told in confidence, for those who deal with it; else nothing."""
    rows = connection.execute(
        text(
            "SELECT field, body FROM case_remarks WHERE case_id = :case"
            " AND field IN ('kept_description', 'kept_address', 'kept_place') ORDER BY version"
        ),
        {"case": case_id},
    )
    found: Record = {row.field.removeprefix("kept_"): row.body for row in rows}
    if "place" in found:
        found["lon"], found["lat"] = (float(part) for part in found.pop("place").split(","))
    return found


def links(connection: Connection, case_id: int) -> list[Record]:
    """Cases that it is tied to, at most fifty: merged, split, come again."""
    return [dict(row._mapping) for row in connection.execute(text(LINKS), {"case": case_id})]


def units_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Record]:
    """Names of units."""
    rows = connection.execute(
        text("SELECT id, name, name_en FROM units WHERE id = ANY (:ids)"), {"ids": sorted(set(ids))}
    )
    return {row.id: dict(row._mapping) for row in rows}


def people_by_account(connection: Connection, ids: Iterable[int]) -> dict[int, Record]:
    """Names and posts of those of some accounts whom the one who asks sees."""
    rows = connection.execute(text(PEOPLE), {"ids": sorted(set(ids))})
    return {row.id: dict(row._mapping) for row in rows}


def conditions_by_number(connection: Connection, district_id: int, numbers: Iterable[str]) -> dict[str, str]:
    """What conditions say, by number, as they are today or were last."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (number) number, condition FROM filing_conditions"
            " WHERE district_id = :district AND number = ANY (:numbers) ORDER BY number, valid_from_on DESC"
        ),
        {"district": district_id, "numbers": sorted(set(numbers))},
    )
    return {row.number: row.condition for row in rows}


def number_of(connection: Connection, case_id: int) -> str | None:
    """What a case is called; None where the one who asks sees none."""
    statement = text("SELECT coalesce(number, external_ref) FROM cases WHERE id = :case")
    return connection.execute(statement, {"case": case_id}).scalar()


def names_by_account(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Names of those of some accounts whom the one who asks sees."""
    statement = prepared(
        "SELECT account_id, name FROM staff_members WHERE account_id = ANY (CAST(:ids AS bigint[]))"
    )
    wanted = array(sorted(set(ids)))
    return {row.account_id: row.name for row in connection.execute(statement, {"ids": wanted})}

"""How the objects of the evaluation are called, as far as the one who asks sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.evaluation.rules import Of

NAMES: Mapping[Of, str] = {
    Of.AREA: "SELECT DISTINCT ON (a.code) a.code AS key, a.name, a.name_en, a.id FROM areas a"
    " WHERE a.district_id = :district AND a.code = ANY (:keys)"
    " ORDER BY a.code, a.valid_to_on DESC NULLS FIRST, a.id DESC",
    Of.UNIT: "SELECT code AS key, name, name_en, id FROM units WHERE district_id = :district AND code = ANY (:keys)",
    Of.POST: "SELECT CAST(p.id AS text) AS key, p.title || ' · ' || u.name AS name, u.name_en, p.id, p.role"
    " FROM posts p JOIN units u ON u.id = p.unit_id WHERE u.district_id = :district"
    " AND CAST(p.id AS text) = ANY (:keys)",
    Of.PERSON: "SELECT code AS key, name, NULL AS name_en, id FROM staff_members"
    " WHERE district_id = :district AND code = ANY (:keys)",
}


def names(connection: Connection, district_id: int, of: Of, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Name, English name and id of each object by its key; of the whole district nothing."""
    statement = NAMES.get(of)
    if statement is None:
        return {}
    rows = connection.execute(text(statement), {"district": district_id, "keys": list(keys)})
    return {row.key: dict(row._mapping) for row in rows}


def own_code(connection: Connection, account_id: int | None) -> str | None:
    """The code of the person to whom an account belongs."""
    statement = text("SELECT code FROM staff_members WHERE account_id = :account")
    return connection.execute(statement, {"account": account_id}).scalar()

"""Editions of schemes in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, text

from app.evaluation.rules.scoring import Scheme
from app.evaluation.tables import EvaluationScheme


def latest(connection: Connection, district_id: int) -> list[dict[str, Any]]:
    """The last edition of each scheme that a district has made, in the order of their codes."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT ON (code) code, name, name_en, of, weights, note, id AS edition FROM evaluation_schemes"
            " WHERE district_id = :district ORDER BY code, id DESC LIMIT 200"
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def add(connection: Connection, district_id: int, account_id: int | None, made: Scheme) -> None:
    """Add an edition."""
    values = {
        name: value
        for name, value in made.told().items()
        if name in {"code", "name", "name_en", "of", "note", "weights"}
    }
    connection.execute(
        insert(EvaluationScheme).values(district_id=district_id, made_by=account_id, **values).inline()
    )

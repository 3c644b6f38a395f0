"""Types of elements and of needs: data, read from `data/reference` and kept beside what they are types of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]


def add_types(connection: Connection, rows: Sequence[Mapping[str, str | None]]) -> None:
    """Insert types of elements with `kind`, `code`, `name`, `name_en`, `standard_ref`, `rank`; those present stay."""
    connection.execute(
        text(
            "INSERT INTO element_types (kind, code, name, name_en, standard_ref, rank) VALUES"
            " (:kind, :code, :name, :name_en, :standard_ref, CAST(:rank AS smallint)) ON CONFLICT DO NOTHING"
        ),
        [dict(row) for row in rows],
    )


def add_needs(connection: Connection, rows: Sequence[Mapping[str, str | None]]) -> None:
    """Insert types of needs with `code`, `name`, `name_en`, `legal_basis`, `keep_months`; those present stay."""
    connection.execute(
        text(
            "INSERT INTO need_types (code, name, name_en, legal_basis, keep_months) VALUES"
            " (:code, :name, :name_en, :legal_basis, CAST(:keep_months AS smallint)) ON CONFLICT DO NOTHING"
        ),
        [dict(row) for row in rows],
    )


def types(connection: Connection) -> list[Record]:
    """All types of elements, by kind and rank."""
    rows = connection.execute(
        text(
            "SELECT kind, code, name, name_en, standard_ref FROM element_types ORDER BY"
            " array_position(ARRAY['person', 'place', 'object', 'organisation'], kind), rank, code"
        )
    )
    return [dict(row._mapping) for row in rows]


def needs(connection: Connection) -> list[Record]:
    """All types of needs."""
    rows = connection.execute(
        text("SELECT code, name, name_en, legal_basis, keep_months FROM need_types ORDER BY code")
    )
    return [dict(row._mapping) for row in rows]

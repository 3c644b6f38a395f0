"""Reads and writes of cases. Bulk loads are in `bulk`."""

from __future__ import annotations

from sqlalchemy import Connection, text


def relink(connection: Connection, district_id: int) -> int:
    """Give every case its cell again, after the cells have changed; returns how many rows that were.

    The database's own rule does it, row by row: about 40,000 cases a second.
    """
    changed = connection.execute(
        text("UPDATE cases SET cell_id = NULL WHERE district_id = :district AND geom IS NOT NULL"),
        {"district": district_id},
    )
    return int(changed.rowcount)


def category_ids(connection: Connection, district_id: int) -> dict[str, int]:
    """A district's categories: both code and name lead to the id, the code first."""
    rows = connection.execute(
        text("SELECT id, code, name FROM case_categories WHERE district_id = :district"),
        {"district": district_id},
    ).all()
    return {row.name: row.id for row in rows} | {row.code: row.id for row in rows}


def add_categories(connection: Connection, district_id: int, rows: list[dict[str, str | None]]) -> None:
    """Insert categories, each with `code`, `name`, `name_en`, `line`, `major`; those present stay as they are.

    One whose `switched_on` is not `yes` is known, and not used here.
    """
    connection.execute(
        text(
            "INSERT INTO case_categories (district_id, code, name, name_en, line, major, switched_on)"
            " VALUES (:district, :code, :name, :name_en, :line, :major, :on) ON CONFLICT DO NOTHING"
        ),
        [{"district": district_id, "on": row.get("switched_on", "yes") == "yes", **row} for row in rows],
    )

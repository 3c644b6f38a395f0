"""Reads and writes of cases. Bulk loads are in `bulk`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import TIMESTAMP, Connection, bindparam, text

RELINK = text(
    "WITH was AS MATERIALIZED (SELECT id, area_no FROM cases WHERE district_id = :district AND geom IS NOT NULL),"
    " linked AS (UPDATE cases c SET cell_id = NULL FROM was w WHERE c.id = w.id"
    "   RETURNING c.id, w.area_no AS was_no, c.area_no),"
    # Where cells come for the first time, the past is theirs too.
    " kept AS (INSERT INTO case_areas (case_id, since_at, was_no, area_no)"
    "   SELECT id, coalesce(:at, statement_timestamp()), was_no, area_no FROM linked WHERE was_no <> area_no"
    "   AND EXISTS (SELECT FROM grid_editions WHERE district_id = :district AND state = 'superseded'))"
    " SELECT count(*) FROM linked"
).bindparams(bindparam("at", type_=TIMESTAMP(timezone=True)))


def relink(connection: Connection, district_id: int, at: datetime | None = None) -> int:
    """Give every case its cell again, after the cells have changed; returns how many rows that were.

    The database's own rule does it, row by row: about 40,000 cases a second. Which lie in another cell since then is
    kept, so that the past is counted as it was.

    Parameters
    ----------
    at
        Since when; None for now.
    """
    return int(connection.execute(RELINK, {"district": district_id, "at": at}).scalar_one())


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

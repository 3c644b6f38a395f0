"""Reads and writes the registry; the walls are in migrations 0026 and 0027."""

from __future__ import annotations

from sqlalchemy import Connection, text


def relink(connection: Connection, district_id: int) -> int:
    """Give every element that lies elsewhere now its cell, after the cells have changed; returns how many those were.

    What lies in something follows it. Where each lay until today is kept, so that the past is counted as it was.
    """
    return int(connection.execute(text("SELECT relink_elements(:id)"), {"id": district_id}).scalar_one())

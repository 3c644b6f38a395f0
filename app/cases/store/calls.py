"""How often the one who acts was shown the telephone of a case's reporter."""

from __future__ import annotations

from sqlalchemy import Connection, text


def of_mine(connection: Connection, seconds: int) -> int:
    """How often in the last seconds, counted up to a thousand entries of theirs."""
    return int(connection.execute(text("SELECT my_calls(:seconds)"), {"seconds": seconds}).scalar_one())

"""On whose behalf a request reads and writes. The guard says who; every door takes its transactions from here."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import current_app, g
from sqlalchemy import Connection

from app.db import Actor, transaction

SLOWEST_S = 10.0
"""A statement that takes longer is given up."""


def actor() -> Actor:
    """Who asks; where nobody was let in, one who sees nothing."""
    found: Actor = g.get("actor", Actor())
    return found


def database_url() -> str:
    """Address of the application's database."""
    return str(current_app.config["DATABASE_URL"])


def reading(timeout_s: float = SLOWEST_S) -> AbstractContextManager[Connection]:
    """A transaction that reads what the one who asks may see."""
    return transaction(database_url(), actor=actor(), read_only=True, timeout_s=timeout_s)


def writing(timeout_s: float = SLOWEST_S) -> AbstractContextManager[Connection]:
    """A transaction that may write, on behalf of the one who asks."""
    return transaction(database_url(), actor=actor(), timeout_s=timeout_s)

"""Runs the migrations on the connection that `app.db.migrate` hands over, one transaction each."""

from __future__ import annotations

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection, text

import app.accounts.tables
import app.campaigns.tables
import app.cases.tables
import app.evaluation.tables
import app.files.tables
import app.grid.tables
import app.interop.tables
import app.jobs.tables
import app.ledger.tables
import app.proposals.tables
import app.registry.tables
import app.residents.tables
import app.staffing.tables
import app.wall.tables  # noqa: F401  (the tables register themselves in the metadata)
from app.db import Table

LOCK_KEY = 530103
"""Advisory lock that one migrating process holds, so that two starts at once do not both migrate."""


def include_object(thing, name, kind, reflected, compare_to):
    """Leave PostGIS's tables and the partitions of `cases` and its log to themselves."""
    if (
        kind == "table"
        and reflected
        and compare_to is None
        and name.startswith(("cases_", "case_transitions_"))
    ):
        return False
    return alembic_helpers.include_object(thing, name, kind, reflected, compare_to)


def run(connection: Connection) -> None:
    """Migrate under a lock, with time limits that name a blocked table instead of hanging behind it."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        transaction_per_migration=True,
        include_object=include_object,
        compare_type=True,
    )
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        connection.execute(text("SET lock_timeout = '10s'; SET statement_timeout = '10min'"))
        try:
            context.run_migrations()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})


run(context.config.attributes["connection"])

"""A clock on the wall that tests can put forward: here the platform hears the hour when it asks the database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from app.db import engine, transaction

# Policies, defaults and functions with a search path of their own keep the real hour.
MADE = """
CREATE SCHEMA wallclock;
CREATE TABLE wallclock.shift (by interval NOT NULL);
INSERT INTO wallclock.shift VALUES ('0');
CREATE FUNCTION wallclock.now() RETURNS timestamptz LANGUAGE sql STABLE
RETURN pg_catalog.now() + (SELECT by FROM wallclock.shift);
GRANT USAGE ON SCHEMA wallclock TO panlong_app;
GRANT SELECT ON wallclock.shift TO panlong_app;
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = wallclock, "$user", public, pg_catalog', current_database());
END $$;
"""


def hang(url: str) -> None:
    """Put the clock up in a database of one's own."""
    with transaction(url) as connection:
        connection.execute(text(MADE))
    engine(url).dispose()


def put_forward(url: str, by: timedelta) -> None:
    """Let it be so much later than it is; nothing puts it back but a smaller shift."""
    with transaction(url) as connection:
        connection.execute(text("UPDATE wallclock.shift SET by = :by"), {"by": by})

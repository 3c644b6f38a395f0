"""The databases of a cluster: one a workspace."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from app.errors import UnavailableError

EXTENSIONS = ("postgis", "btree_gist", "btree_gin", "pg_trgm")


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """A database's name and size in bytes."""

    name: str
    size: int


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(_plain(url), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        raise UnavailableError("database_unreachable", reason=str(error).strip().splitlines()[0]) from error


def create_database(server: str, name: str, url: str, template: str = "template0") -> bool:
    """Make a database with the extensions that the platform needs, if it is not there; returns whether it was made.

    Parameters
    ----------
    server
        Address of a database from which others can be made.
    name, url
        Name and address of the one to make.

    Raises
    ------
    UnavailableError
        `database_unreachable`, `extension_missing`.
    """
    with _connect(server) as connection:
        there = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if there is None:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    add_extensions(url)
    return there is None


def add_extensions(url: str) -> None:
    """Add what the platform needs to a database that is there.

    Raises
    ------
    UnavailableError
        `database_unreachable`, `extension_missing`.
    """
    with _connect(url) as connection:
        for extension in EXTENSIONS:
            try:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
            except psycopg.Error as error:
                reason = str(error).strip().splitlines()[0]
                raise UnavailableError("extension_missing", extension=extension, reason=reason) from error


def drop_database(server: str, name: str) -> None:
    """Drop a database and end whoever is connected to it."""
    with _connect(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def databases(server: str) -> list[DatabaseFacts]:
    """The databases of a server that are somebody's, by name."""
    with _connect(server) as connection:
        rows = connection.execute(
            "SELECT datname, pg_database_size(datname) FROM pg_database"
            " WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname"
        ).fetchall()
    return [DatabaseFacts(*row) for row in rows]

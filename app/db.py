"""The database: engines, transactions, migrations. `transaction` is the only place that commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import Cursor
from psycopg.adapt import Dumper
from sqlalchemy import TIMESTAMP, Connection, Engine, Text, TextClause, create_engine, event, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from app.errors import UnavailableError

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


NEVER = 1 << 30
"""How often a connection executes a statement before it prepares it unasked."""

POOLED = 10
"""Connections of a process: eight for requests, the others for the threads that read the log and look after open
screens."""

DIALECT = PGDialect_psycopg()


class Table(DeclarativeBase):
    """What every mapped table is made of."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: TIMESTAMP(timezone=True)}


@cache
def engine(url: str) -> Engine:
    """The process's one engine for a database address (`postgresql+psycopg://…`)."""
    # Prepared only what asks to be: a generic plan would not know that a filter asks for open cases only, nor use their
    # index.
    arguments = {"connect_timeout": 5, "prepare_threshold": NEVER}
    # All of them stay, and the one used last is used next: one that is new, or has rested, would begin with cold caches
    # and without its plans just when there is no time for it.
    # An error is written into logs: what was bound to the statement, numbers of people among it, is not.
    made = create_engine(
        url,
        pool_size=POOLED,
        max_overflow=0,
        pool_use_lifo=True,
        connect_args=arguments,
        hide_parameters=True,
    )
    event.listen(made, "do_execute", _prepare)
    return made


def prepared(statement: str) -> TextClause:
    """A statement that each connection parses once, and plans once as soon as the database sees no better plan.

    For what is asked many times a second and finds its rows by their keys: behind the walls of the rows, parsing and
    planning such a statement takes longer than running it. The database infers the types of its values from their
    places, so that a text, a null and numbers of any size share one plan.
    """
    return text(statement).execution_options(prepared=True)


def array(values: Iterable[Any]) -> str:
    """Numbers or plain words as PostgreSQL writes an array: one type whatever their size, which a plan is kept for."""
    return "{" + ",".join(map(str, values)) + "}"


class _Plain(Dumper):
    """A value as it is written in a statement, its type for the database to infer."""

    oid = 0

    def dump(self, value: Any) -> bytes:
        return str(value).encode()


def _prepare(cursor: Cursor[Any], statement: str, parameters: Any, context: Any) -> bool | None:
    """Execute a statement that asks to be prepared; None where it does not, and goes the usual way."""
    if context is None or not context.execution_options.get("prepared"):
        return None
    for kind in (int, datetime, UUID):
        cursor.adapters.register_dumper(kind, _Plain)
    cursor.execute(statement, parameters, prepare=True)
    return True


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a transaction, and so which rows there are in it; nobody's territory is empty.

    Parameters
    ----------
    account_id
        The account; None for nobody.
    roles
        Codes of the roles that it holds today.
    territory
        Numbers of its areas, as PostgreSQL writes an int8multirange: `{[1,5),[9,12)}`.
    units
        Ids of the units whose cases come to it wherever they lie.
    """

    account_id: int | None = None
    roles: tuple[str, ...] = ()
    territory: str = "{}"
    units: tuple[int, ...] = ()

    @property
    def view(self) -> Actor:
        """All that decides which rows are seen: two actors with one view share what is cached."""
        return replace(self, roles=())

    @property
    def settings(self) -> dict[str, str]:
        """The settings of the transaction that the database's `territory()` and its kin read."""
        return {
            "account": "" if self.account_id is None else str(self.account_id),
            "roles": array(self.roles),
            "territory": self.territory,
            "units": array(self.units),
        }


ACTING = (
    "set_config('role', 'panlong_app', true), set_config('panlong.account', :account, true),"
    " set_config('panlong.roles', :roles, true), set_config('panlong.territory', :territory, true),"
    " set_config('panlong.units', :units, true)"
)
READ_ONLY = "set_config('transaction_read_only', 'on', true)"
IN_TIME = "set_config('statement_timeout', :timeout_ms, true)"

ACT = text(f"SELECT {ACTING}")
"""Act on behalf of somebody until the transaction ends; takes `Actor.settings`."""

WHO = text(
    "SELECT acting_account() AS account, acting_roles() AS roles, acting('territory') AS territory,"
    " acting_units() AS units"
)


def _connect(url: str) -> Connection:
    try:
        return engine(url).connect()
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise UnavailableError("database_unreachable", reason=reason) from error


@cache
def _opening(*pieces: str) -> str:
    """The first statement of a transaction, as the driver takes it.

    Where there is nothing to say it is one that sees no data yet: the transaction may still choose what it sees.
    """
    said = "SELECT " + ", ".join(pieces) if pieces else "SHOW transaction_isolation"
    return str(text(said).compile(dialect=DIALECT))


def _begun(url: str, opening: str, values: Mapping[str, str]) -> Connection:
    """A connection whose transaction has begun, by one way to the server and back for all of it.

    That way is also what finds out whether the server has gone since the connection was last used: nothing has happened
    on it yet, so that another one takes its place.
    """
    gone: psycopg.Error | None = None
    for _ in range(POOLED + 1):
        connection = _connect(url)
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        try:
            with driver.pipeline():
                driver.execute(opening, values)
        except psycopg.Error as error:
            if not driver.closed:
                connection.close()
                raise
            connection.invalidate(error)
            connection.close()
            gone = error
        else:
            return connection
    # Never one that has not begun: without its settings it would be past every wall.
    raise UnavailableError("database_unreachable", reason=str(gone).strip().splitlines()[0]) from gone


@contextmanager
def transaction(
    url: str, *, actor: Actor | None = None, read_only: bool = False, timeout_s: float | None = None
) -> Iterator[Connection]:
    """A transaction on a database: committed when the block ends, rolled back when it raises.

    Parameters
    ----------
    url
        Address of the database.
    actor
        On whose behalf: the database then shows and takes no more than that person may see and do. Without one the
        platform itself acts (imports, migrations, sign-in), past every wall.
    read_only
        Whether the database refuses every write in it.
    timeout_s
        Longest time that one statement may take, in seconds; None for no limit (long imports).

    Raises
    ------
    UnavailableError
        `database_unreachable`: no server answers at the address.
    """
    wanted = [
        piece
        for piece, given in (
            (READ_ONLY, read_only),
            (IN_TIME, timeout_s is not None),
            (ACTING, actor is not None),
        )
        if given
    ]
    values = {} if actor is None else actor.settings
    limit = {} if timeout_s is None else {"timeout_ms": str(int(timeout_s * 1000))}
    with _begun(url, _opening(*wanted), {**values, **limit}) as connection, connection.begin():
        yield connection


def acting(connection: Connection) -> Actor:
    """On whose behalf a transaction is; nobody where it is the platform's own."""
    row = connection.execute(WHO).one()
    return Actor(row.account, tuple(row.roles), row.territory or "{}", tuple(row.units))


def _config(**attributes: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes.update(attributes)
    return config


def head() -> str:
    """The newest migration that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision(connection: Connection) -> str | None:
    """The migration that a database stands at; None where it was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(url: str, to: str = "head") -> None:
    """Bring a database to a revision, up or down; one process at a time, each migration whole or not at all.

    Raises
    ------
    UnavailableError
        `database_unreachable`; `database_newer`: a later version of the program has migrated it already.
    """
    with _connect(url) as connection:
        config = _config(connection=connection)
        now = revision(connection)
        connection.rollback()
        known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
        if now is not None and now not in known:
            raise UnavailableError("database_newer", found=now, known=head())
        goes_down = to == "base" or (to != "head" and now is not None and known.index(to) > known.index(now))
        (command.downgrade if goes_down else command.upgrade)(config, to)
        connection.commit()


def check(url: str) -> None:
    """Hold the mapped tables against a migrated database.

    Raises
    ------
    alembic.util.exc.AutogenerateDiffsDetected
        They differ; the message lists where.
    """
    with engine(url).connect() as connection:
        command.check(_config(connection=connection))

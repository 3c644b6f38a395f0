"""Analysts' own logins of the database: read only, and walled in by who logs in, not by a setting."""

from __future__ import annotations

import secrets

from psycopg import sql
from sqlalchemy import Connection, text

from app.accounts.service import managing
from app.errors import InvalidError


def make_analyst(
    connection: Connection, username: str, *, by: managing.Hand = managing.CONSOLE
) -> tuple[str, str]:
    """Give the analyst of an account a login of the database; its name and its password, which is never shown again.

    The login reads cases without addresses and descriptions, inside the territory of the account's posts. One that is
    there already gets another password.

    Raises
    ------
    NotFoundError
        `account_missing_named`.
    InvalidError
        `not_an_analyst`: the account holds no post of an analyst.
    """
    found = managing.find(connection, username)
    roles = connection.execute(text("SELECT roles FROM account_view(:id)"), {"id": found.id}).scalar_one()
    if "analyst" not in roles:
        raise InvalidError("not_an_analyst", username=found.username)
    name = connection.execute(text("SELECT current_database()")).scalar_one()
    login, password = f"analyst_{name}_{found.id}"[:63], secrets.token_urlsafe(24)
    raw = connection.connection.driver_connection
    there = connection.execute(text("SELECT FROM pg_roles WHERE rolname = :login"), {"login": login}).first()
    verb = sql.SQL("ALTER" if there else "CREATE")
    statement = sql.SQL(
        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS CONNECTION LIMIT 5 PASSWORD {}"
    )
    raw.execute(statement.format(verb, sql.Identifier(login), sql.Literal(password)))  # type: ignore[union-attr]
    raw.execute(sql.SQL("GRANT panlong_analyst TO {}").format(sql.Identifier(login)))  # type: ignore[union-attr]
    setting = sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(sql.Identifier(login))
    raw.execute(setting)  # type: ignore[union-attr]
    connection.execute(
        text("INSERT INTO analyst_logins (login, account_id) VALUES (:login, :id) ON CONFLICT DO NOTHING"),
        {"login": login, "id": found.id},
    )
    managing.log(connection, "analyst.login", found.id, by, login=login)
    return login, password

"""`panlong account`, `token`, `kiosk`: what is done with accounts where the server stands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from app.accounts.rules import Permission
from app.accounts.service import identities, managing
from app.accounts.service.analysts import make_analyst
from app.cli.preparing import workspace_url
from app.cli.words import say, words
from app.db import transaction
from app.demo.service import staff
from app.settings import Settings
from app.staffing.service import appoint, appoint_first, appoint_kiosk


def first_accounts(given: Settings, url: str) -> None:
    """See that somebody can sign in: the demo's people, or the first four of a real district."""
    demo = staff(url)
    if demo:
        rows = [
            (a.username, a.password, words(f"role.{a.role}"), a.place, words(f"try.{a.role}")) for a in demo
        ]
        _tell(given, "cli.demo_accounts", rows)
        return
    with transaction(url) as connection:
        made = appoint_first(connection)
    if made:
        first = words("cli.account_first")
        _tell(
            given,
            "cli.first_accounts",
            [(name, word, words(f"role.{role}"), "", first) for name, word, role in made],
        )


def _tell(given: Settings, title: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Print accounts, once, and keep them in a file that only its owner reads."""
    path = _path(given)
    head = tuple(words(f"cli.account_{name}") for name in ("username", "password", "role", "place", "try"))
    widths = [max(_width(row[i]) for row in (head, *rows)) for i in range(4)]
    lines = [
        "  ".join(
            [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)] + [row[4]]
        )
        for row in (head, *rows)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    say(title)
    click.echo("\n".join(f"  {line}" for line in lines))
    say("cli.accounts_kept", path=path)


def _path(given: Settings) -> Path:
    return given.var / f"accounts-{given.workspace}.txt"


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if ord(letter) >= 0x2E80 else 1 for letter in text)


@click.group()
def account() -> None:
    """Accounts: made, given another password, unlocked."""


@account.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", required=True)
@click.option("--unit", required=True)
@click.option("--area")
def create(username: str, name: str, role: str, unit: str, area: str | None) -> None:
    """Make an account with a post; its first password is printed once."""
    with transaction(workspace_url()) as connection:
        _, password = appoint(connection, username, name, role, unit, area)
    say("cli.account_created", username=username, password=password)


@account.command("password")
@click.argument("username")
def password(username: str) -> None:
    """Give an account another first password, to be changed at once; its sessions end."""
    with transaction(workspace_url()) as connection:
        fresh = managing.reset_password(connection, username)
    say("cli.account_created", username=username, password=fresh)


@account.command("unlock")
@click.argument("username")
@click.option("--reason", required=True)
def unlock(username: str, reason: str) -> None:
    """Lift the lock of an account."""
    with transaction(workspace_url()) as connection:
        managing.unlock_account(connection, username, reason)
    say("cli.account_unlocked", username=username)


@account.command("link")
@click.argument("username")
@click.option("--issuer", required=True)
@click.option("--subject", required=True)
def link(username: str, issuer: str, subject: str) -> None:
    """Let somebody whom an identity provider calls SUBJECT sign in as USERNAME."""
    with transaction(workspace_url()) as connection:
        identities.link(connection, managing.find(connection, username).id, issuer, subject)
    say("cli.account_linked", username=username)


@account.command("analyst")
@click.argument("username")
def analyst(username: str) -> None:
    """Give the analyst USERNAME a read-only login of the database, walled in by the territory of the account."""
    with transaction(workspace_url()) as connection:
        login, secret = make_analyst(connection, username)
    say("cli.analyst_created", login=login, password=secret)


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.argument("username")
@click.option("--name", default="cli", show_default=True)
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([p.value for p in Permission])
)
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
def create_token(username: str, name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token with which a program acts for USERNAME; it is printed once."""
    with transaction(workspace_url()) as connection:
        made, expires = managing.create_token(connection, username, name, scopes, timedelta(days=days))
    say("cli.token_created", expires=f"{expires:%Y-%m-%d}")
    click.echo(made)


@click.group()
def kiosk() -> None:
    """Wall screens."""


@kiosk.command("create")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--area")
def create_kiosk(username: str, name: str, area: str | None) -> None:
    """Print an address that turns the machine on which it is opened into a read-only wall screen, once."""
    with transaction(workspace_url()) as connection:
        code = appoint_kiosk(connection, username, name, area)
    say("cli.kiosk_created", path=f"/kiosk/{code}")


def kept_accounts(given: Settings) -> dict[str, str]:
    """Usernames and passwords of the file that the first start has kept; empty where it is gone."""
    try:
        lines = _path(given).read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return {}
    return dict(line.split()[:2] for line in lines)  # type: ignore[misc]

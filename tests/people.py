"""People of the tests: accounts with a post, a known password, and a client that is signed in."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import store as accounts
from app.accounts.rules import Role, needs_second_factor
from app.accounts.service import second_factor
from app.accounts.service.secrets import hash_password
from app.db import transaction
from app.staffing.service import appoint

PASSWORD = "Test-only 7 clouds"
HASHED = hash_password(PASSWORD)
UNLIMITED = "10000/second"
"""A rate for tests that sign many people in; `test_flood.py` tries the real one."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; the secret of the second factor for those who need one."""

    username: str
    account_id: int
    secret: str | None = None

    @property
    def code(self) -> str | None:
        """A code of the second factor that is good now."""
        return None if self.secret is None else pyotp.TOTP(self.secret).now()


def employ(
    url: str,
    role: str,
    area: str | None = None,
    *,
    unit: str = "command_centre",
    username: str | None = None,
    hashed: str = HASHED,
) -> Person:
    """Make an account with a post of a role, over an area by its code; with a second factor where the role needs it."""
    name = username or f"{role}-{area or 'none'}".lower()
    with transaction(url) as connection:
        account_id, _ = appoint(connection, name, name, role, unit, area)
        accounts.add_password(connection, account_id, hashed, must_change=False)
        secret = None
        if needs_second_factor([role]):
            secret, _ = second_factor.begin_enrolment(connection, account_id)
            accounts.change_account(connection, account_id, totp_confirmed_at=accounts.now())
    return Person(name, account_id, secret)


def sign_in(app: Flask, person: Person) -> FlaskClient:
    """A client that has signed in as a person, by the interface that programs use."""
    app.config["SIGN_IN_RATE"] = UNLIMITED
    client = app.test_client()
    content = {"username": person.username, "password": PASSWORD}
    if person.code is not None:
        content["code"] = person.code
    answer = client.post("/api/v1/session", json=content)
    assert answer.status_code == 201, answer.text
    return client


def chief(app: Flask, url: str, area: str) -> FlaskClient:
    """A client signed in as somebody who sees the whole of an area, by its code."""
    return sign_in(app, employ(url, Role.DUTY_OFFICER, area))

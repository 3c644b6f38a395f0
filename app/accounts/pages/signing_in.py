"""Signing in: name and password, the second factor, the code of a wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.accounts import store
from app.accounts.guard import csrf, let_in, seat
from app.accounts.pages.blueprint import blueprint, target
from app.accounts.service import second_factor, signing_in
from app.db import transaction
from app.errors import RefusedError, TooManyError
from app.web.acting import database_url
from app.web.doors import public
from app.web.limits import attempts, limiter
from app.web.pages import page

SECOND_WITHIN = timedelta(minutes=5)
"""How long after the password the second factor may follow."""


@blueprint.get("/sign-in")
@public
def sign_in() -> Response:
    """The page on which one signs in; where nobody can, how to begin."""
    with transaction(database_url(), read_only=True) as connection:
        if not store.anybody(connection):
            return page("nobody.html")
    return page("sign-in.html", next=target(), oidc=current_app.config["OIDC"] is not None)


@blueprint.post("/sign-in")
@public
@limiter.limit(attempts)
def sign_in_now() -> Response:
    """Sign in, or ask for the second factor."""
    csrf.protect()
    name, password = request.form.get("username", "")[:200], request.form.get("password", "")[:1000]
    try:
        account_id = signing_in.check_password(database_url(), name, password, seat())
    except (RefusedError, TooManyError) as error:
        status = 429 if isinstance(error, TooManyError) else 401
        return page(
            "sign-in.html",
            status,
            next=target(),
            problem=error,
            username=name,
            oidc=current_app.config["OIDC"] is not None,
        )
    with transaction(database_url(), read_only=True) as connection:
        found = store.account(connection, account_id)
    if found is not None and second_factor.enrolled(found):
        return ask_for_code(account_id, target())
    let_in(signing_in.begin_session(database_url(), account_id, seat(), by="password", second=False))
    return redirect(target(), 303)


def ask_for_code(account_id: int, after: str) -> Response:
    """Go on to the second factor of an account whose first one was right."""
    session["half"] = [account_id, datetime.now(UTC).timestamp()]
    return redirect(url_for("accounts.second_step", next=after), 303)


def _half() -> int:
    account_id, at = session.get("half", (0, 0))
    if datetime.now(UTC).timestamp() - at > SECOND_WITHIN.total_seconds():
        raise RefusedError("sign_in_needed")
    return int(account_id)


@blueprint.get("/sign-in/code")
@public
def second_step() -> Response:
    """The page that asks for the second factor."""
    try:
        _half()
    except RefusedError:
        return redirect(url_for("accounts.sign_in"), 303)
    return page("second-step.html", next=target())


@blueprint.post("/sign-in/code")
@public
@limiter.limit(attempts)
def second_step_now() -> Response:
    """Take the second factor, and let the person in."""
    csrf.protect()
    try:
        account_id = _half()
        signing_in.check_second_factor(database_url(), account_id, request.form.get("code", "")[:40], seat())
    except (RefusedError, TooManyError) as error:
        if error.code == "sign_in_needed":
            return redirect(url_for("accounts.sign_in"), 303)
        return page(
            "second-step.html", 429 if isinstance(error, TooManyError) else 401, next=target(), problem=error
        )
    let_in(signing_in.begin_session(database_url(), account_id, seat(), by="password", second=True))
    return redirect(target(), 303)


@blueprint.get("/kiosk/<code>")
@public
@limiter.limit(attempts)
def kiosk(code: str) -> Response:
    """Turn this machine into a wall screen, by a code that is good once."""
    let_in(signing_in.begin_kiosk(database_url(), code, seat()))
    return redirect(url_for("wall.wall"), 303)

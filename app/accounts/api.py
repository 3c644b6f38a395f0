"""`/api/v1/session`: signing in and out for programs and for pages that must not lose what was typed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, session
from flask_login import logout_user
from flask_wtf.csrf import generate_csrf

from app.accounts import store
from app.accounts.guard import UNFINISHED, let_in, me, seat
from app.accounts.rules import Permission, Role, SessionState
from app.accounts.service import own, second_factor, signing_in
from app.db import transaction
from app.errors import ConflictError, InvalidError, RefusedError, TooManyError
from app.web import answers
from app.web.acting import database_url
from app.web.body import json_object
from app.web.doors import needs, public
from app.web.limits import attempts, limiter
from app.web.params import printable
from app.web.shapes import TEXT, Named, items, maybe, record, words
from app.web.stating import states

blueprint = Blueprint("session_api", __name__, url_prefix="/api/v1")

WHO = Named(
    "Session",
    record(
        username=TEXT,
        name=TEXT,
        roles=items(words(Role)),
        permissions=items(words(Permission)),
        state=words(SessionState),
        unfinished=maybe(words(UNFINISHED)),
        csrf_token=maybe(TEXT),
    ),
)
MOST_LETTERS = 1000
SECRET = {"type": "string", "maxLength": MOST_LETTERS}
CREDENTIALS = Named(
    "Credentials",
    record(("code",), username={"type": "string", "maxLength": 200}, password=SECRET, code=SECRET),
)
UNREADABLE = {InvalidError: ["json_needed", "value_missing", "parameter_invalid"]}


def _given(*names: str) -> dict[str, str]:
    """Texts of a JSON body. JSON alone: a form of another site cannot send it without asking first."""
    try:
        body = json_object()
    except InvalidError as error:
        raise InvalidError("json_needed") from error
    missing = [name for name in names if not isinstance(body.get(name), str)]
    if missing:
        raise InvalidError("value_missing", field=", ".join(missing))
    given = {name: value[:MOST_LETTERS] for name, value in body.items() if isinstance(value, str)}
    for name in {"username", "password", "code"} & set(given):
        _writable(name, given[name])
    return given


def _writable(name: str, value: str) -> None:
    try:
        printable(value)
    except ValueError as error:
        raise InvalidError("parameter_invalid", field=name, value="") from error


def _who() -> dict[str, Any]:
    found = me()
    return {
        "username": found.username,
        "name": found.name,
        "roles": list(found.actor.roles),
        "permissions": sorted(found.permissions),
        "state": found.state,
        "unfinished": found.unfinished,
        "csrf_token": generate_csrf() if found.session_id is not None else None,
    }


@blueprint.post("/session")
@public
@limiter.limit(attempts)
@states(
    WHO,
    status=201,
    body=CREDENTIALS,
    fails={
        **UNREADABLE,
        RefusedError: ["sign_in_refused", "second_factor_needed", "second_factor_refused"],
        TooManyError: ["sign_in_locked"],
    },
)
def begin() -> Response:
    """Sign in with username, password and, where there is a second factor, its code."""
    given = _given("username", "password")
    account_id = signing_in.check_password(database_url(), given["username"][:200], given["password"], seat())
    with transaction(database_url(), read_only=True) as connection:
        found = store.account(connection, account_id)
    second = found is not None and second_factor.enrolled(found)
    if second:
        if "code" not in given:
            raise RefusedError("second_factor_needed")
        signing_in.check_second_factor(database_url(), account_id, given["code"], seat())
    let_in(signing_in.begin_session(database_url(), account_id, seat(), by="password", second=second))
    return answers.private(_who(), 201)


@blueprint.get("/session")
@needs(Permission.SELF, unfinished=True)
@states(WHO, kept=False)
def present() -> Response:
    """Who is signed in, and what they may do."""
    return answers.private(_who())


@blueprint.post("/session/unlock")
@needs(Permission.SELF, unfinished=True)
@limiter.limit(attempts)
@states(
    record(state={"const": "live"}),
    body=record(password=SECRET),
    fails={
        **UNREADABLE,
        RefusedError: ["sign_in_refused"],
        ConflictError: ["kiosk_has_no_password"],
        TooManyError: ["sign_in_locked"],
    },
)
def unlock() -> Response:
    """Let a session that has idled go on, with the password."""
    own.unlock(database_url(), me(), _given("password")["password"], seat())
    return answers.private({"state": "live"})


@blueprint.delete("/session")
@needs(Permission.SELF, unfinished=True)
@states(status=204)
def end() -> Response:
    """Sign out."""
    if me().session_id is not None:
        own.end_session(database_url(), me(), seat())
    logout_user()
    session.clear()
    return Response(status=204)

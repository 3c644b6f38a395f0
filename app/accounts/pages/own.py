"""One's own account: seat, sessions, tokens, password, second factor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import flash, redirect, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from app.accounts import store
from app.accounts.guard import me, seat
from app.accounts.pages.blueprint import blueprint, target
from app.accounts.rules import Permission
from app.accounts.service import own, second_factor
from app.accounts.store import sessions
from app.db import transaction
from app.errors import AppError, InvalidError, RefusedError, TooManyError
from app.web.acting import database_url
from app.web.doors import needs
from app.web.limits import attempts, limiter
from app.web.pages import page

SELF = Permission.SELF


@blueprint.post("/sign-out")
@needs(SELF, unfinished=True)
def sign_out() -> Response:
    """End this session."""
    own.end_session(database_url(), me(), seat())
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.get("/unlock")
@needs(SELF, unfinished=True)
def unlock() -> Response:
    """The page of a session that has been idle for too long."""
    return page("unlock.html", next=target(), me=me())


@blueprint.post("/unlock")
@needs(SELF, unfinished=True)
@limiter.limit(attempts)
def unlock_now() -> Response:
    """Go on, with the password."""
    try:
        own.unlock(database_url(), me(), request.form.get("password", "")[:1000], seat())
    except (RefusedError, TooManyError) as error:
        return page("unlock.html", 401, next=target(), me=me(), problem=error)
    return redirect(target(), 303)


@blueprint.get("/account")
@needs(SELF)
def account() -> Response:
    """My account: sessions, tokens, password, second factor."""
    with transaction(database_url(), read_only=True) as connection:
        policy = store.policy(connection)
        since = datetime.now(UTC) - timedelta(hours=policy.session_hours)
        live = sessions.live_sessions(connection, me().account_id, since)
        tokens = sessions.tokens(connection, me().account_id)
        row = store.account(connection, me().account_id)
    return page("account.html", me=me(), sessions=live, tokens=tokens, row=row)


@blueprint.post("/account/sessions/end")
@needs(SELF)
def end_sessions() -> Response:
    """End one of my sessions, or all but this one."""
    which = request.form.get("session", "")
    own.end_sessions(database_url(), me(), seat(), only=int(which) if which.isdecimal() else None)
    flash("account.sessions_ended")
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/account/tokens/revoke")
@needs(SELF)
def revoke_token() -> Response:
    """Revoke one of my tokens."""
    which = request.form.get("token", "")
    own.revoke_token(database_url(), me(), seat(), int(which) if which.isdecimal() else 0)
    flash("account.token_revoked")
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/account/password")
@needs(SELF, unfinished=True)
def password() -> Response:
    """The page on which one changes one's password."""
    with transaction(database_url(), read_only=True) as connection:
        policy = store.policy(connection)
    return page("password.html", me=me(), policy=policy)


@blueprint.post("/account/password")
@needs(SELF, unfinished=True)
@limiter.limit(attempts)
def password_now() -> Response:
    """Change one's password; every other session ends."""
    given = {name: request.form.get(name, "")[:1000] for name in ("present", "fresh", "again")}
    try:
        if given["fresh"] != given["again"]:
            raise InvalidError("passwords_differ")
        own.change_password(database_url(), me(), given["present"], given["fresh"], seat())
    except AppError as error:
        with transaction(database_url(), read_only=True) as connection:
            policy = store.policy(connection)
        return page("password.html", 400, me=me(), policy=policy, problem=error)
    flash("account.password_changed")
    return redirect(url_for("accounts.account"), 303)


@blueprint.get("/account/second-factor")
@needs(SELF, unfinished=True)
def second_factor_needed() -> Response:
    """Set up a second factor: a picture for the telephone, and a code from it."""
    with transaction(database_url()) as connection:
        row = store.account(connection, me().account_id)
        if row is not None and second_factor.enrolled(row):
            return redirect(url_for("accounts.account"), 303)
        secret, picture = second_factor.begin_enrolment(connection, me().account_id)
    return page("second-factor.html", me=me(), secret=secret, picture=picture)


@blueprint.post("/account/second-factor")
@needs(SELF, unfinished=True)
@limiter.limit(attempts)
def second_factor_now() -> Response:
    """Confirm it; the recovery codes are shown once."""
    try:
        codes = own.confirm_second_factor(database_url(), me(), request.form.get("code", "")[:40], seat())
    except InvalidError as error:
        with transaction(database_url()) as connection:
            secret, picture = second_factor.begin_enrolment(connection, me().account_id)
        return page("second-factor.html", 400, me=me(), secret=secret, picture=picture, problem=error)
    return page("recovery-codes.html", me=me(), codes=codes)

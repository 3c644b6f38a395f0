"""The first door: who is asking. One `before_request` for every route; what a route needs stands on its view."""

from __future__ import annotations

from urllib.parse import quote

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.rules import SessionState
from app.accounts.service import visiting
from app.accounts.service.managing import Hand
from app.accounts.service.secrets import TOKEN_PREFIX
from app.accounts.service.signing_in import Seat
from app.accounts.service.visiting import Visitor
from app.errors import ForbiddenError, RefusedError
from app.web.acting import database_url
from app.web.doors import PUBLIC
from app.web.errors import problem
from app.web.pages import wants_page

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
AWAKE_S = 60
"""A page that has seen no key and no pointer for so many seconds asks by itself."""

UNFINISHED = {"password": "accounts.password", "second_factor": "accounts.second_factor_needed"}
"""The page on which what has to be done first is done."""

csrf = CSRFProtect()
logins = LoginManager()
logins.session_protection = None  # sessions are rows that can be ended; an address may change on a telephone


def seat() -> Seat:
    """Where the request comes from."""
    return Seat(request.remote_addr or "0.0.0.0", request.user_agent.string)


def visitor() -> Visitor | None:
    """Who is let in; None for nobody."""
    return current_user if current_user.is_authenticated else None  # type: ignore[return-value]


def me() -> Visitor:
    """Who is signed in; only for routes behind the guard.

    Raises
    ------
    RefusedError
        `sign_in_needed`.
    """
    found = visitor()
    if found is None:
        raise RefusedError("sign_in_needed")
    return found


def hand() -> Hand:
    """Who acts, as the access log names them."""
    return Hand(me().username, me().account_id, seat().address)


def let_in(token: str) -> None:
    """Give the browser a session of its own: nothing of what it showed before goes on."""
    session.clear()
    login_user(visiting.visitor(database_url(), token, seat(), awake=True))


def _awake() -> bool:
    if request.accept_mimetypes.best == "text/event-stream":
        return False  # an open screen comes back by itself when its line was lost
    idle = request.headers.get("X-Panlong-Idle", "0")
    return not idle.isdecimal() or int(idle) < AWAKE_S


@logins.user_loader  # type: ignore[untyped-decorator]
def _from_cookie(token: str) -> Visitor | None:
    return visiting.visitor(database_url(), token, seat(), awake=_awake())


@logins.request_loader  # type: ignore[untyped-decorator]
def _from_header(_: object) -> Visitor | None:
    token = _bearer()
    if not token.startswith(TOKEN_PREFIX):
        return None
    g.by_token = True
    return visiting.visitor(database_url(), token, seat(), awake=True)


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _guard() -> AnyResponse | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None  # no such route: the answer is 404 for everybody
    needed = PUBLIC if request.endpoint == "static" else getattr(view, "needs", None)
    if needed == PUBLIC:
        return None
    found = visitor()
    if found is None and g.get("by_token"):
        raise RefusedError(visiting.why_not(database_url(), _bearer()))
    if found is None:
        return _turn_away("sign_in_needed", "accounts.sign_in")
    unfinished = getattr(view, "unfinished", False)
    if found.state is SessionState.LOCKED and not unfinished:
        return _turn_away("session_locked", "accounts.unlock")
    if found.unfinished and not unfinished:
        if not wants_page():
            raise ForbiddenError(f"{found.unfinished}_needed")
        return redirect(url_for(UNFINISHED[found.unfinished]), 303)
    if needed is None or needed not in found.permissions:
        raise ForbiddenError("not_permitted")
    # Only now: whoever is not let in sends no more than any request may hold.
    if (most := getattr(view, "most_bytes", None)) is not None:
        request.max_content_length = most
    if request.method not in SAFE and not g.get("by_token"):
        csrf.protect()
    if found.state is SessionState.LIVE and not found.unfinished:
        g.actor = found.actor
    return None


def _turn_away(code: str, endpoint: str) -> AnyResponse:
    if not wants_page():
        raise RefusedError(code)
    target = request.full_path.rstrip("?") if request.method in SAFE else "/"
    return redirect(f"{url_for(endpoint)}?next={quote(target, safe='')}", 303)


def _csrf_missing(_: CSRFError) -> Response:
    return problem(400, "csrf_missing")


def register(app: Flask) -> None:
    """Put the guard before every route of the application."""
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False)
    csrf.init_app(app)
    logins.init_app(app)
    app.before_request(_guard)
    app.register_error_handler(CSRFError, _csrf_missing)

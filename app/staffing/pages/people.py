"""People at work and their accounts."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import store as accounts
from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.accounts.service import managing
from app.db import transaction
from app.errors import AppError, ForbiddenError, InvalidError, NotFoundError
from app.staffing import store
from app.staffing.pages.blueprint import ROWS, blueprint
from app.staffing.rules import masked_phone
from app.staffing.service import opening
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import parameter


@blueprint.get("/people")
@needs(Permission.READ_STAFF)
def people() -> Response:
    """Who works where: everybody whom the reader may see, with their posts, and whether they can sign in."""
    words = parameter("q", str, "").strip()[:60]
    after = parameter("after", str, "")[:80]
    with acting.reading() as connection:
        rows = store.people(connection, words, after, ROWS + 1)
    locked = set()
    if me().may(Permission.UNLOCK_ACCOUNTS):
        names = [row["username"] for row in rows if row["username"]]
        with transaction(acting.database_url(), read_only=True) as all_seeing:
            locked = accounts.locked(all_seeing, names)
    for row in rows:
        row["phone"] = masked_phone(row["phone"])
    following = rows[ROWS - 1]["code"] if len(rows) > ROWS else None
    return page("people.html", me=me(), rows=rows[:ROWS], q=words, following=following, locked=locked)


def _in_sight(username: str) -> None:
    """Raise unless the account is one that the reader may see: what lies outside is not found."""
    with acting.reading() as connection:
        if not store.account_seen(connection, username):
            raise NotFoundError("account_missing_named", username=username)


@blueprint.post("/people/unlock")
@needs(Permission.UNLOCK_ACCOUNTS)
def unlock() -> Response:
    """Lift the lock of an account, with a reason that is logged."""
    username = forms.written("username")[:80]
    _in_sight(username)
    with transaction(acting.database_url(), timeout_s=10) as connection:
        managing.unlock_account(connection, username, forms.written("reason", 500), by=hand())
    flash("people.unlocked")
    return redirect(url_for("staffing.people"), 303)


@blueprint.post("/people/state")
@needs(Permission.MANAGE_ACCOUNTS)
def change_state() -> Response:
    """Disable an account, which ends its sessions at once, or enable it again."""
    username, state = forms.written("username")[:80], request.form.get("state", "")
    if state not in {"active", "disabled"}:
        raise InvalidError("parameter_invalid", field="state", value=state[:20])
    if username == me().username:
        raise ForbiddenError("not_oneself")
    _in_sight(username)
    with transaction(acting.database_url(), timeout_s=10) as connection:
        managing.set_state(connection, username, state, by=hand())
    flash(f"people.{state}_done")
    return redirect(url_for("staffing.people"), 303)


@blueprint.post("/people/reset")
@needs(Permission.MANAGE_ACCOUNTS)
def reset() -> Response:
    """Give an account another first password, shown once, or take away a second factor that was lost."""
    username, what = forms.written("username")[:80], request.form.get("what", "")
    if username == me().username:
        raise ForbiddenError("not_oneself")
    _in_sight(username)
    password = None
    with transaction(acting.database_url(), timeout_s=10) as connection:
        if what == "second_factor":
            managing.reset_second_factor(connection, username, by=hand())
        else:
            password = managing.reset_password(connection, username, by=hand())
    if password is None:
        flash("people.second_factor_removed")
        return redirect(url_for("staffing.people"), 303)
    return page("first-password.html", me=me(), username=username, password=password)


@blueprint.get("/people/new")
@needs(Permission.MANAGE_ACCOUNTS)
def new_account() -> Response:
    """The form of an account that is not there yet."""
    return page("account-new.html", me=me(), given=request.form, problem=None)


@blueprint.post("/people/new")
@needs(Permission.MANAGE_ACCOUNTS)
def make_account() -> Response:
    """Make an account for somebody at work, with a first password that is shown once. What they may do, posts say."""
    try:
        with transaction(acting.database_url(), timeout_s=10) as connection:
            password = opening.open_account(
                connection,
                forms.needed("username", str),
                forms.written("name", 60),
                forms.needed("code", str),
                by=hand(),
            )
    except AppError as error:
        return page("account-new.html", status_of(error), me=me(), given=request.form, problem=error)
    return page("first-password.html", me=me(), username=forms.written("username"), password=password)

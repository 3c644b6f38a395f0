"""The administrators' pages: people and their accounts, units, the access log, the security policy."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import store as accounts
from app.accounts.guard import me, seat
from app.accounts.rules import Permission, Policy
from app.accounts.service import managing
from app.accounts.service.managing import Hand
from app.db import transaction
from app.errors import AppError, ForbiddenError, InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.staffing import store
from app.staffing.rules import Part, read_missing
from app.staffing.store import cells
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter

blueprint = Blueprint("staffing", __name__)

ROWS = 50


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
    following = rows[ROWS - 1]["code"] if len(rows) > ROWS else None
    return page("people.html", me=me(), rows=rows[:ROWS], q=words, following=following, locked=locked)


def _hand() -> Hand:
    return Hand(me().username, me().account_id, seat().address)


def _in_sight(username: str) -> None:
    """Raise unless the account is one that the reader may see: what lies outside is not found."""
    with acting.reading() as connection:
        if not store.account_seen(connection, username):
            raise NotFoundError("account_missing_named", username=username)


@blueprint.post("/people/unlock")
@needs(Permission.UNLOCK_ACCOUNTS)
def unlock() -> Response:
    """Lift the lock of an account, with a reason that is logged."""
    username = request.form.get("username", "")[:80]
    _in_sight(username)
    with transaction(acting.database_url(), timeout_s=10) as connection:
        managing.unlock_account(connection, username, request.form.get("reason", "")[:500], by=_hand())
    flash("people.unlocked")
    return redirect(url_for("staffing.people"), 303)


@blueprint.post("/people/state")
@needs(Permission.MANAGE_ACCOUNTS)
def change_state() -> Response:
    """Disable an account, which ends its sessions at once, or enable it again."""
    username, state = request.form.get("username", "")[:80], request.form.get("state", "")
    if state not in {"active", "disabled"}:
        raise InvalidError("parameter_invalid", field="state", value=state[:20])
    if username == me().username:
        raise ForbiddenError("not_oneself")
    _in_sight(username)
    with transaction(acting.database_url(), timeout_s=10) as connection:
        managing.set_state(connection, username, state, by=_hand())
    flash(f"people.{state}_done")
    return redirect(url_for("staffing.people"), 303)


@blueprint.post("/people/reset")
@needs(Permission.MANAGE_ACCOUNTS)
def reset() -> Response:
    """Give an account another first password, shown once, or take away a second factor that was lost."""
    username, what = request.form.get("username", "")[:80], request.form.get("what", "")
    if username == me().username:
        raise ForbiddenError("not_oneself")
    _in_sight(username)
    password = None
    with transaction(acting.database_url(), timeout_s=10) as connection:
        if what == "second_factor":
            managing.reset_second_factor(connection, username, by=_hand())
        else:
            password = managing.reset_password(connection, username, by=_hand())
    if password is None:
        flash("people.second_factor_removed")
        return redirect(url_for("staffing.people"), 303)
    return page("first-password.html", me=me(), username=username, password=password)


@blueprint.get("/units")
@needs(Permission.READ_STAFF)
def units() -> Response:
    """Command centre, sub-centres, departments: who they are and how many posts are held."""
    with acting.reading() as connection:
        rows = store.units(connection, 500)
    return page("units.html", me=me(), rows=rows)


@blueprint.get("/staffing")
@needs(Permission.READ_STAFF)
def board() -> Response:
    """The staffing board: which cells lack whom on a day, gaps first, under the sums of the areas above."""
    place = here()
    with acting.reading() as connection:
        day = parameter("on", date.fromisoformat, grid.today(connection, place.district_id))
        wanted, area = (
            parameter("missing", read_missing, "any"),
            parameter("area", number(1, 2**31 - 1), None),
        )
        sums = cells.summary(connection, place.district_id, day)
        rows = cells.cells(connection, place.district_id, day, missing=wanted, area=area, limit=200)
    return page(
        "staffing.html",
        me=me(),
        day=day,
        sums=sums,
        rows=rows,
        missing=wanted,
        area=area,
        parts=[*Part],
        full=200,
    )


@blueprint.get("/access-log")
@needs(Permission.READ_ACCESS_LOG)
def access_log() -> Response:
    """Who did what and who looked at what, the newest first; reading it is logged too."""
    before = parameter("before", number(1, 2**62), None)
    action, account = parameter("action", str, "")[:60], parameter("account", str, "")[:80]
    with acting.writing() as connection:
        entry = Entry("access_log.read", "done", me().account_id, me().username, address=seat().address)
        asked = {"action": action, "account": account, "before": before}
        ledger.add(connection, replace(entry, facts={name: value for name, value in asked.items() if value}))
        rows = ledger.page(
            connection, before=before, action=action or None, account=account or None, limit=ROWS + 1
        )
    following = rows[ROWS - 1]["no"] if len(rows) > ROWS else None
    return page(
        "access-log.html", me=me(), rows=rows[:ROWS], action=action, account=account, following=following
    )


@blueprint.get("/policy")
@needs(Permission.SET_POLICY)
def policy() -> Response:
    """Passwords, locks and time-outs, as they are set."""
    with acting.reading() as connection:
        present = accounts.policy(connection)
    return page("policy.html", me=me(), policy=asdict(present))


@blueprint.post("/policy")
@needs(Permission.SET_POLICY)
def set_policy() -> Response:
    """Set them otherwise."""
    given = {column.name: request.form.get(column.name, "") for column in fields(Policy)}
    wrong = [name for name, value in given.items() if not value.isdecimal() or len(value) > 6]
    try:
        if wrong:
            raise InvalidError("parameter_invalid", field=", ".join(wrong), value="")
        changed = Policy(**{name: int(value) for name, value in given.items()})
        with transaction(acting.database_url(), timeout_s=10) as connection:
            managing.set_policy(connection, changed, by=_hand())
    except AppError as error:
        return page("policy.html", 400, me=me(), policy=given, problem=error)
    flash("policy.changed")
    return redirect(url_for("staffing.policy"), 303)

"""The access log and the security policy, which the administrators of audit and security look after."""

from __future__ import annotations

from dataclasses import asdict, fields, replace

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts import store as accounts
from app.accounts.guard import hand, me, seat
from app.accounts.rules import Permission, Policy
from app.accounts.service import managing
from app.db import transaction
from app.errors import AppError, InvalidError
from app.ledger import store as ledger
from app.ledger.store import Entry
from app.staffing.pages.blueprint import ROWS, blueprint
from app.web import acting
from app.web.doors import needs
from app.web.pages import page
from app.web.params import number, parameter


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
            managing.set_policy(connection, changed, by=hand())
    except AppError as error:
        return page("policy.html", 400, me=me(), policy=given, problem=error)
    flash("policy.changed")
    return redirect(url_for("staffing.policy"), 303)

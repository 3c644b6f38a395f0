"""The one map as a page, and the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.accounts.guard import me
from app.accounts.rules import Permission, Role
from app.cases.store import notices
from app.grid.api import told_district
from app.tiles.elements.rules import METRES_PER_FLOOR
from app.web import acting, forms
from app.web.doors import needs
from app.web.i18n import catalogue
from app.web.pages import page, page_locale
from app.web.params import number, parameter

blueprint = Blueprint("console", __name__)

CASE_PANEL = frozenset(
    {
        "asked", "casework", "clock", "counting", "done", "field", "lamp", "limit_unit", "link", "loop", "move",
        "order", "phone", "receipt", "risk", "role", "seat", "sheet", "stage", "whose", "wrong",
    }
)  # fmt: skip
"""Domains of words that the panel of a case needs."""

SHOWN = CASE_PANEL | {
    "map", "state", "step", "tab", "figure", "time", "urgency", "case_source", "line", "major", "level", "session",
    "batch", "board", "network", "find", "units", "card", "decide", "shift", "duty", "spot", "station", "element",
    "element_state", "household",
}  # fmt: skip
"""Domains of words that the page needs."""

LIST_FIRST = frozenset({
    Role.COMMUNITY_DESK, Role.SUBCENTRE_OPERATOR, Role.ACCEPTOR, Role.DISPATCHER, Role.UNIT_DISPATCHER, Role.HANDLER,
})  # fmt: skip
"""Whose first screen is a table: they work one case after the other. All others begin with the map."""

DECIDING = frozenset({Role.DUTY_OFFICER, Role.SUBCENTRE_HEAD})
"""值班长: who begins with what they have to decide."""


@blueprint.get("/")
@needs(Permission.HOME)
def map_page() -> Response:
    """The frame of the map with the district's name; all else is asked for by the browser.

    Those who have no business with cases are led to the first page that they have, leaders to their one page unless the
    address says what of the map they want.
    """
    if not me().may(Permission.READ_CASES):
        pages = (
            endpoint
            for endpoint, permission, _ in current_app.jinja_env.globals["nav_pages"]
            if me().may(permission)
        )
        return redirect(url_for(next(pages, "accounts.account")), 303)
    if not set(request.args) - {"lang"} and _reads_brief():
        return redirect(url_for("screens.brief_page", lang=request.args.get("lang")), 303)
    district = told_district()
    words = {key: value for key, value in catalogue(page_locale()).items() if key.split(".")[0] in SHOWN}
    return page(
        "map.html",
        words=words,
        district=district,
        **_first_screen(),
        me=me(),
        reads_staff=me().may(Permission.READ_STAFF),
        reads_phones=me().may(Permission.READ_PHONES),
        floor_m=f"{METRES_PER_FLOOR:g}",
        csrf_token=generate_csrf(),
    )


def _roles() -> frozenset[Role]:
    return frozenset(Role(role) for role in me().actor.roles)


def _reads_brief() -> bool:
    """Whether the one who asks leads, and neither works cases nor decides of them."""
    return not me().kiosk and Role.LEADER in _roles() and not _roles() & (LIST_FIRST | DECIDING)


def _first_screen() -> dict[str, Any]:
    """What the one who asks begins with: a layout, what of the queue, and what their role has above it."""
    roles = _roles()
    listed = bool(LIST_FIRST & roles)
    return {
        "first_layout": "list" if listed else "map",
        "first_tab": "todo" if listed else "all",
        "decides": bool(DECIDING & roles),
        "draws": Role.INSPECTOR in roles,
        "stations": Role.COMMUNITY_DESK in roles,
    }


ROWS, MOST_COUNTED, MOST_NOTICE = 30, 99, 2**62

OUT_OF_DOORS = {Role.GRID_OFFICER, Role.SUPERVISOR, Role.INSPECTOR, Role.HANDLER}
"""Whose page of a case is that of the telephone."""


def unread_notices() -> int:
    """How many notices whoever looks at a page has not read, for the head of it."""
    with acting.reading() as connection:
        return notices.unread(connection, MOST_COUNTED)


def _case_page(case_id: int) -> str:
    """The address of a case for the one who asks: the page that they work with."""
    outside = not me().may(Permission.READ_CASES) or set(acting.actor().roles) <= OUT_OF_DOORS
    return url_for("field.case" if outside else "casework.case", case_id=case_id)


def _address(notice: dict[str, Any]) -> str:
    """The address of what a notice is told of."""
    if notice["proposal_id"] is not None:
        return url_for("proposals.proposal", proposal_id=notice["proposal_id"])
    if notice["report_run_id"] is not None:
        return url_for("reports.report", run_id=notice["report_run_id"])
    return _case_page(notice["case_id"])


@blueprint.get("/inbox")
@needs(Permission.SELF)
def inbox() -> Response:
    """消息: what has happened that concerns the one who asks, the newest first."""
    before = parameter("before", number(1, MOST_NOTICE), None)
    only = parameter("unread", number(0, 1), 0) == 1
    with acting.reading() as connection:
        rows = notices.inbox(connection, before=before, unread=only, limit=ROWS + 1)
        unread = notices.unread(connection, MOST_COUNTED)
    for row in rows:
        due = row["facts"].get("due_at")
        row["due_at"] = datetime.fromisoformat(due) if due else None
        row["href"] = _address(row)
    return page(
        "inbox.html",
        me=me(),
        rows=rows[:ROWS],
        unread=unread,
        only=only,
        newest=rows[0]["id"] if rows else 0,
        following=rows[ROWS - 1]["id"] if len(rows) > ROWS else None,
    )


@blueprint.post("/inbox/read")
@needs(Permission.SELF)
def read_notices() -> Response:
    """Mark one notice as read, or all up to the newest that was shown."""
    one = forms.optional("id", number(1, MOST_NOTICE))
    upto = forms.optional("upto", number(1, MOST_NOTICE))
    with acting.writing() as connection:
        notices.mark_read(connection, ids=None if one is None else [one], upto=upto)
    if one is None:
        flash("inbox.marked")
    return redirect(url_for("console.inbox"), 303)

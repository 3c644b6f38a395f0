"""休假 and 代班: who is away these days, and who stands in."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import hand, me
from app.accounts.rules import Permission
from app.errors import AppError
from app.staffing import store
from app.staffing.pages.blueprint import ROWS, blueprint
from app.staffing.service import absence as service
from app.staffing.store import leave as leaves
from app.staffing.store import rosters
from app.web import acting, forms
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import number, parameter, row_id


@blueprint.get("/leaves")
@needs(Permission.READ_STAFF)
def away() -> Response:
    """Who is away or will be, who stands in, and who could: the officers next to a cell with the fewest open cases."""
    return _away()


def _away(problem: AppError | None = None) -> Response:
    after = parameter("after", number(0, 100_000), 0)
    with acting.reading() as connection:
        today = store.today(connection)
        rows = leaves.leaves(connection, today, after, ROWS + 1)
        uncovered = [
            cell["code"] for row in rows for cell in row["cells"]
            if cell["code"] not in {one["cell"] for one in row["for_cells"] if not one["away"]}
        ]  # fmt: skip
        near = rosters.suggestions(connection, uncovered[:ROWS], today)
    return page(
        "leaves.html",
        status_of(problem),
        me=me(),
        rows=rows[:ROWS],
        near=near,
        today=today,
        day=timedelta(days=1),
        following=after + ROWS if len(rows) > ROWS else None,
        problem=problem,
        given=request.form,
    )


@blueprint.post("/leaves")
@needs(Permission.MANAGE_STAFFING)
def record_leave() -> Response:
    """Write down that somebody is away, from one day to another, both included."""
    try:
        with acting.writing() as connection:
            last = forms.needed("until", forms.day)
            service.record_leave(
                connection,
                forms.needed("code", str),
                forms.needed("from", forms.day),
                last + timedelta(days=1),
                by=hand(),
            )
    except AppError as error:
        return _away(error)
    flash("leave.recorded")
    return redirect(url_for("staffing.away"), 303)


@blueprint.post("/leaves/<int:leave_id>/end")
@needs(Permission.MANAGE_STAFFING)
def end_leave(leave_id: int) -> Response:
    """Somebody is back: the leave and its stand-ins end today, or never were."""
    with acting.writing() as connection:
        service.end_leave(connection, leave_id, store.today(connection), by=hand())
    flash("leave.ended")
    return redirect(url_for("staffing.away"), 303)


@blueprint.post("/leaves/<int:leave_id>/stand-in")
@needs(Permission.MANAGE_STAFFING)
def stand_in(leave_id: int) -> Response:
    """Let somebody look after the cell of the person on leave, or hold their post."""
    try:
        with acting.writing() as connection:
            service.stand_in(
                connection,
                leave_id,
                forms.needed("code", str),
                cell=forms.written("cell", 40) or None,
                post_id=forms.optional("post", row_id),
                by=hand(),
            )
    except AppError as error:
        return _away(error)
    flash("leave.stood_in")
    return redirect(url_for("staffing.away"), 303)

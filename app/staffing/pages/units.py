"""Command centre, sub-centres, departments."""

from __future__ import annotations

from flask import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.staffing import store
from app.staffing.pages.blueprint import blueprint
from app.web import acting
from app.web.doors import needs
from app.web.pages import page


@blueprint.get("/units")
@needs(Permission.READ_STAFF)
def units() -> Response:
    """Command centre, sub-centres, departments: who they are and how many posts are held."""
    with acting.reading() as connection:
        rows = store.units(connection, 500)
    return page("units.html", me=me(), rows=rows)

"""The one map as a page."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import NotFoundError
from app.grid.store import reading
from app.web import acting
from app.web.doors import needs
from app.web.i18n import catalogue
from app.web.pages import page, page_locale

blueprint = Blueprint("console", __name__)

SHOWN = frozenset({"map", "state", "step", "case_source", "line", "major", "level", "session", "board"})
"""Domains of words that the page needs."""


@blueprint.get("/")
@needs(Permission.HOME)
def map_page() -> Response:
    """The frame of the map with the district's name; all else is asked for by the browser.

    Those who have no business with cases are led to the first page that they have.
    """
    if not me().may(Permission.READ_CASES):
        pages = (
            endpoint
            for endpoint, permission, _ in current_app.jinja_env.globals["nav_pages"]
            if me().may(permission)
        )
        return redirect(url_for(next(pages, "accounts.account")), 303)
    with acting.reading() as connection:
        district = reading.district(connection)
    if district is None:
        raise NotFoundError("district_missing")
    words = {key: value for key, value in catalogue(page_locale()).items() if key.split(".")[0] in SHOWN}
    return page(
        "map.html",
        words=words,
        district=district,
        me=me(),
        reads_staff=me().may(Permission.READ_STAFF),
        csrf_token=generate_csrf(),
    )

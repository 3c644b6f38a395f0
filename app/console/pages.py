"""The one map as a page."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from app.db import transaction
from app.grid.store import reading
from app.web.i18n import LOCALES, catalogue, negotiate, translate

blueprint = Blueprint("console", __name__)

LANGUAGE_COOKIE = "language"
SHOWN = frozenset({"map", "state", "step", "case_source", "line", "major", "level"})
"""Domains of words that the page needs."""


def page_locale() -> str:
    """What the address asks for, else what was chosen last, else what the browser prefers."""
    asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return negotiate([asked] if asked else [tag for tag, _ in request.accept_languages])


@blueprint.get("/")
def map_page() -> Response:
    """The frame of the map with the district's name; all else is asked for by the browser."""
    locale = page_locale()
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=5) as connection:
        district = reading.district(connection)
    words = {key: value for key, value in catalogue(locale).items() if key.split(".")[0] in SHOWN}
    page = render_template(
        "map.html",
        locale=locale.replace("_", "-"),
        locales=[name.replace("_", "-") for name in LOCALES],
        words=words,
        district=district,
        t=lambda message, **facts: translate(locale, message, **facts),
    )
    response = make_response(page)
    response.set_cookie(LANGUAGE_COOKIE, locale, max_age=31_536_000, samesite="Lax", httponly=True)
    response.cache_control.no_store = True
    return response

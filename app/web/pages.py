"""Pages that are made on the server: language, words, the frame that they share."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, make_response, render_template, request

from app.web.i18n import LOCALES, negotiate, translate

LANGUAGE_COOKIE = "language"


def page_locale() -> str:
    """What the address asks for, else what was chosen last, else what the browser prefers."""
    asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return negotiate([asked] if asked else [tag for tag, _ in request.accept_languages])


def page(template: str, status_code: int = 200, /, **facts: Any) -> Response:
    """A page in the reader's language; `t` in the template is `translate`. It is never kept by a cache."""
    locale = page_locale()
    body = render_template(
        template,
        locale=locale.replace("_", "-"),
        locales=[name.replace("_", "-") for name in LOCALES],
        t=lambda message, **places: translate(locale, message, **places),
        **facts,
    )
    response = make_response(body, status_code)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        LANGUAGE_COOKIE, locale, max_age=31_536_000, samesite="Lax", httponly=True, secure=secure
    )
    response.cache_control.no_store = True
    return response


def instant(value: datetime, zone: str) -> str:
    """An instant to the minute, in a time zone."""
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def wants_page() -> bool:
    """Whether somebody looks at a page, and not a program at data."""
    return not request.path.startswith(("/api/", "/tiles/", "/live")) and request.accept_mimetypes.accept_html

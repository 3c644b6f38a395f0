"""The blueprint of these pages, and where somebody goes who has been let in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, request

blueprint = Blueprint("accounts", __name__)


def target() -> str:
    """Where to go after signing in: a path of this server, or the map."""
    asked = request.values.get("next", "")
    parts = urlsplit(asked)
    inside = (
        asked.startswith("/")
        and not asked.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
    )
    return asked if inside and "\\" not in asked else "/"

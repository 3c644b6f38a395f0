"""What a request brings: a JSON object, or an error that says what it is instead."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from app.errors import InvalidError

MOST_FIELDS = 60


def json_object() -> dict[str, Any]:
    """The JSON object of a request.

    Raises
    ------
    InvalidError
        `body_not_json`: it has none, or something else.
    """
    try:
        found = request.get_json(force=False, silent=False) if request.is_json else None
    except (BadRequest, RecursionError):
        found = None
    if not isinstance(found, dict) or len(found) > MOST_FIELDS:
        raise InvalidError("body_not_json")
    return found

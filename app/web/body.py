"""What a request brings: a JSON object, or an error that says what it is instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from app.errors import InvalidError
from app.web.params import UNWRITABLE, visible

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


def texts(
    raw: Mapping[str, Any], needed: Mapping[str, int], left_out: Mapping[str, int] | None = None
) -> dict[str, str]:
    """The texts of an object that holds nothing else, without the blanks around them; "" for one that is left out.

    Parameters
    ----------
    needed, left_out
        Fields that have to be there, and those that need not: most characters of each.

    Raises
    ------
    InvalidError
        `fields_invalid`, with every fault: what is unknown, what is missing, what is no text or too long.
    """
    most = {**needed, **(left_out or {})}
    faults = [(visible(str(name))[:60], "unknown_field") for name in raw if name not in most]
    found: dict[str, str] = {}
    for name, longest in most.items():
        value = "" if raw.get(name) is None else raw[name]
        if not isinstance(value, str):
            faults.append((name, "not_text"))
            continue
        found[name] = value.strip()
        if UNWRITABLE.search(value):
            faults.append((name, "text_controls"))
        elif len(value) > longest:
            faults.append((name, "text_too_long"))
        elif not found[name] and name in needed:
            faults.append((name, "missing"))
    if faults:
        told = [{"field": name, "reason": reason, "value": ""} for name, reason in faults]
        fields = ", ".join(sorted({name for name, _ in faults}))
        raise InvalidError("fields_invalid", faults=told, fields=fields, count=len(faults))
    return found

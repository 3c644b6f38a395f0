"""The one blueprint of the registry's pages, and what they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint

from app.errors import AppError, InvalidError
from app.registry.service.entries import Wrong
from app.registry.service.refusing import FaultyError
from app.web import forms

blueprint = Blueprint("registry", __name__)

ROWS = 50
"""Rows of a page of a list."""

Faults = Mapping[str, list[Wrong]]


def faults_of(error: AppError | None) -> Faults:
    """What is wrong, by field."""
    found: dict[str, list[Wrong]] = {}
    for one in error.wrong if isinstance(error, FaultyError) else ():
        found.setdefault(one.field or "", []).append(one)
    return found


def day_or(name: str, default: date) -> date:
    """A day that was written, or the one that is meant where none was."""
    found = forms.optional(name, forms.day)
    return default if found is None else found


def number(raw: str) -> int:
    """An id that somebody wrote."""
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 18):
        raise ValueError(raw)
    return int(raw)


def reason() -> str:
    """Why it is done.

    Raises
    ------
    InvalidError
        `field_needed`, `text_too_long`.
    """
    said = forms.written("reason", 500)
    if not said:
        raise InvalidError("field_needed", field="reason")
    return said


def seen_version() -> int:
    """The version that the form was filled from."""
    return min(forms.needed("version", number), 2**31 - 1)


Given = Mapping[str, Any]

"""What a form was filled in with, read with care: a wrong value is named by its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import TypeVar

from flask import request

from app.errors import InvalidError
from app.web.params import day, printable, visible

__all__ = ["clock", "day", "needed", "optional", "written"]

T = TypeVar("T")

LONGEST = 4000
"""Most characters that are taken of a field that says nothing else."""


def written(name: str, most: int = 200) -> str:
    """What was written into a field, without the blanks around it.

    Raises
    ------
    InvalidError
        `text_too_long`.
    """
    value = request.form.get(name, "").strip()
    try:
        printable(value)
    except ValueError as error:
        raise InvalidError("parameter_invalid", field=name, value=visible(value[:80])) from error
    if len(value) > most:
        raise InvalidError("text_too_long", field=name, most=most)
    return value


def needed(name: str, read: Callable[[str], T]) -> T:
    """A field that has to be filled in, read by a function that raises ValueError for what it cannot read.

    Raises
    ------
    InvalidError
        `field_needed`, `parameter_invalid`, naming the field.
    """
    value = written(name)
    if not value:
        raise InvalidError("field_needed", field=name)
    return _read(name, value, read)


def optional(name: str, read: Callable[[str], T]) -> T | None:
    """A field that may be left empty.

    Raises
    ------
    InvalidError
        `parameter_invalid`, naming the field.
    """
    value = written(name)
    return _read(name, value, read) if value else None


def _read(name: str, value: str, read: Callable[[str], T]) -> T:
    try:
        return read(value)
    except ValueError as error:
        raise InvalidError("parameter_invalid", field=name, value=value[:80]) from error


def clock(raw: str) -> time:
    """A reader of times as a time field writes them: local ones, without a zone."""
    found = time.fromisoformat(raw)
    if found.tzinfo is not None:
        raise ValueError(raw)
    return found

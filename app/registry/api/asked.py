"""The body of a request that writes the registry, read field by field: all that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.registry.service.entries import Wrong
from app.registry.service.refusing import refuse
from app.web.body import json_object
from app.web.shapes import (
    MOST_CASE_ID,
)
from app.writing import read_day


class Asked:
    """The fields of a body, read one by one; `done` says all that is wrong with them at once."""

    def __init__(self, *known: str) -> None:
        self.raw = json_object()
        self.faults = [
            Wrong(str(name)[:60].encode("ascii", "replace").decode(), "unknown_field")
            for name in self.raw
            if name not in known
        ]

    def value(self, name: str, read: Callable[[Any], Any], wrong: str, default: Any = None) -> Any:
        """A value; one that is left out and has no default is a fault too."""
        raw = self.raw.get(name)
        if raw is None or raw == "":
            if default is None:
                self.faults.append(Wrong(name, "value_missing"))
            return default
        try:
            return read(raw)
        except (ValueError, TypeError, OverflowError):
            self.faults.append(Wrong(name, wrong))
            return default

    def done(self) -> None:
        """Raises `fields_invalid` if anything was wrong."""
        refuse(self.faults)


def number(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= MOST_CASE_ID:
        raise ValueError(raw)
    return raw


def uuid_of(raw: Any) -> UUID:
    if not isinstance(raw, str):
        raise ValueError(raw)
    return UUID(raw)


def version(raw: Any) -> int:
    return min(number(raw), 2**31 - 1)


def said_in(most: int) -> Callable[[Any], str]:
    """Reads a text of at most so many characters."""

    def reader(raw: Any) -> str:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > most:
            raise ValueError(raw)
        raw.encode()
        if any(not letter.isprintable() for letter in raw):
            raise ValueError(raw)
        return raw.strip()

    return reader


def day(raw: Any) -> date:
    return read_day(raw, 1000) if isinstance(raw, str) else no(raw)


def no(raw: Any) -> date:
    raise ValueError(raw)


def entry(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or len(raw) > 60:
        raise ValueError(raw)
    return raw

"""A report as it is kept: JSON that loses nothing, the same bytes for the same report, and its digest.

A shape stands once, however many maps show it, and so does a picture.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Any, get_type_hints

import shapely

from app.reports.rules import blocks, document, maps, tabular
from app.reports.rules.document import Report

ROOMS = (blocks, document, maps, tabular)


def written(report: Report) -> bytes:
    """A report as JSON in UTF-8."""
    heap = _Heap()
    said = {"report": heap.plain(report), "heap": heap.said}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(kept: bytes) -> Report:
    """The report that was written.

    Raises
    ------
    ValueError
        It is no report.
    """
    try:
        said = json.loads(kept)
        report = _Reader(said["heap"]).thing(said["report"])
    except (KeyError, TypeError, IndexError, StopIteration) as error:
        raise ValueError from error
    if not isinstance(report, Report):
        raise ValueError
    return report


def digest(report: Report) -> str:
    """SHA-256 of all that a report says, as hexadecimal: the same report in any format has the same."""
    return hashlib.sha256(written(report)).hexdigest()


class _Heap:
    """Shapes and pictures, each once, in the order in which they come."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._places: dict[bytes, int] = {}

    def plain(self, thing: Any) -> Any:
        """What JSON can say of a thing, without losing a digit."""
        if isinstance(thing, StrEnum):
            return str(thing)
        if thing is None or isinstance(thing, str | bool | int | float):
            return thing
        if is_dataclass(thing) and not isinstance(thing, type):
            plain = {one.name: self.plain(getattr(thing, one.name)) for one in fields(thing)}
            return {"": type(thing).__name__, **plain}
        if isinstance(thing, Fraction):
            return {"of": [thing.numerator, thing.denominator]}
        if isinstance(thing, datetime):
            return {"at": thing.isoformat()}
        if isinstance(thing, date):
            return {"on": thing.isoformat()}
        if isinstance(thing, Mapping):
            return {"map": [[self.plain(key), self.plain(value)] for key, value in thing.items()]}
        if isinstance(thing, frozenset):
            return {"set": [self.plain(one) for one in sorted(thing)]}
        if isinstance(thing, tuple):
            return [self.plain(one) for one in thing]
        if isinstance(thing, bytes):
            return {"bytes": self._place(thing)}
        return {"shape": self._place(thing.wkb)}

    def _place(self, content: bytes) -> int:
        place = self._places.get(content)
        if place is None:
            place = self._places[content] = len(self.said)
            self.said.append(base64.b85encode(content).decode())
        return place


class _Reader:
    def __init__(self, heap: list[str]) -> None:
        self._heap = heap
        self._shapes: dict[int, Any] = {}

    def thing(self, plain: Any) -> Any:
        if isinstance(plain, list):
            return tuple(self.thing(one) for one in plain)
        if not isinstance(plain, dict):
            return plain
        if "" in plain:
            made, kinds = _classes()[plain[""]]
            return made(
                **{name: self._field(kinds.get(name), value) for name, value in plain.items() if name}
            )
        (how, what), *_ = plain.items()
        return self._marked(how, what)

    def _field(self, kind: type[StrEnum] | None, plain: Any) -> Any:
        return self.thing(plain) if kind is None else kind(plain)

    def _marked(self, how: str, what: Any) -> Any:
        match how:
            case "of":
                return Fraction(*what)
            case "at":
                return datetime.fromisoformat(what)
            case "on":
                return date.fromisoformat(what)
            case "map":
                return {self.thing(key): self.thing(value) for key, value in what}
            case "set":
                return frozenset(self.thing(one) for one in what)
            case "bytes":
                return base64.b85decode(self._heap[what])
            case "shape":
                return self._shape(what)
        raise ValueError(how)

    def _shape(self, place: int) -> Any:
        if place not in self._shapes:
            self._shapes[place] = shapely.from_wkb(base64.b85decode(self._heap[place]))
        return self._shapes[place]


@cache
def _classes() -> dict[str, tuple[type, dict[str, type[StrEnum]]]]:
    """Every class of a report by its name, with its fields that are words of a list."""
    found = {}
    for room in ROOMS:
        for name, made in vars(room).items():
            if isinstance(made, type) and is_dataclass(made):
                hints = get_type_hints(made)
                kinds = {
                    field: kind
                    for field, kind in hints.items()
                    if isinstance(kind, type) and issubclass(kind, StrEnum)
                }
                found[name] = (made, kinds)
    return found

"""A report as sections of words, figures, tables, trends and maps: every format is written from it and nothing else.

Values stand here as they were counted. How they are put into words, rounded and drawn is the format's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from app.reports.rules.maps import Map
from app.reports.rules.tabular import Table
from app.reports.rules.values import Kind, Value


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that is read first.

    Parameters
    ----------
    beside
        What stands below it in small letters: above and below the line, or what it was before.
    """

    code: str
    title: str
    value: Value
    kind: Kind = Kind.COUNT
    beside: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """Some figures in a row."""

    code: str
    figures: tuple[Figure, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, which may be edited before the report is issued."""

    code: str
    text: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers over the labels of a trend; None where there is none."""

    code: str
    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Numbers over time."""

    code: str
    title: str
    kind: Kind
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A section, or a part of one, that could not be made, and why; the rest of the report stands."""

    code: str
    text: str
    title: str = ""
    note: str = ""


Block = Words | Figures | Table | Trend | Map | Failed


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under a heading."""

    code: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a report comes from.

    Parameters
    ----------
    known_at
        As of which instant.
    definition, version
        By which definition.
    counts
        How many rows of what it was made of.
    rules
        By which rules it counts, a sentence each.
    """

    known_at: datetime
    timezone: str
    definition: str
    version: int
    counts: Mapping[str, int]
    rules: tuple[str, ...] = ()
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Parameters
    ----------
    since_on, until_on
        First and last day of its period.
    """

    kind: str
    title: str
    subtitle: str
    issuer: str
    scope: str
    since_on: date
    until_on: date
    locale: str
    sections: tuple[Section, ...]
    provenance: Provenance
    wide: bool = field(default=False)

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Every block with the section that it stands in."""
        for section in self.sections:
            for block in section.blocks:
                yield section, block

    def digest(self) -> str:
        """SHA-256 of all that it says, as hexadecimal: the same report in any format has the same."""
        said = json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()


def _plain(thing: Any) -> Any:
    """What JSON can say of a thing, without losing a digit."""
    if is_dataclass(thing) and not isinstance(thing, type):
        plain = {one.name: _plain(getattr(thing, one.name)) for one in fields(thing)}
        return {"": type(thing).__name__, **plain}
    if isinstance(thing, Fraction):
        return f"{thing.numerator}/{thing.denominator}"
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, Mapping):
        return {str(key): _plain(value) for key, value in thing.items()}
    if isinstance(thing, frozenset):
        return sorted(_plain(one) for one in thing)
    if isinstance(thing, tuple):
        return [_plain(one) for one in thing]
    if thing is None or isinstance(thing, str | int | float):
        return thing
    return str(thing.wkb_hex)

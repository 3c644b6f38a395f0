"""What a section of a report is made of: values as they were counted. Rounding and drawing are the format's."""

from __future__ import annotations

from dataclasses import dataclass

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
    """A paragraph, which may be edited before the report is issued.

    Parameters
    ----------
    blank_lines
        So many empty lines are left below it on paper, for who writes by hand.
    """

    code: str
    text: str
    title: str = ""
    note: str = ""
    blank_lines: int = 0


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
class Fact:
    """A line of a form: what it is, and its value.

    Parameters
    ----------
    wide
        Whether it takes the whole width, and is not set beside another one.
    """

    code: str
    title: str
    value: Value
    kind: Kind = Kind.TEXT
    late: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A ruled form of names and values, two beside each other."""

    code: str
    facts: tuple[Fact, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places for a signature, a seal and a day.

    Parameters
    ----------
    places
        Who signs: 承办单位（盖章）, 批准人.
    """

    code: str
    places: tuple[str, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a telephone reads.

    Parameters
    ----------
    content
        What it says, mostly an address.
    caption
        What comes of reading it.
    """

    code: str
    content: str
    caption: str
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture and what it shows.

    Parameters
    ----------
    data
        A JPEG or a PNG.
    """

    data: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures beside each other."""

    code: str
    photos: tuple[Photo, ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A section, or a part of one, that could not be made, and why; the rest of the report stands."""

    code: str
    text: str
    title: str = ""
    note: str = ""


Block = Words | Figures | Facts | Table | Trend | Map | Code | Photos | Signatures | Failed

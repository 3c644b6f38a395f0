"""Every error of this library. An error carries facts; the sentence is made where a person reads it."""

from __future__ import annotations

import copyreg
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from spatial.remedies import REMEDIES

VALUE_LENGTH = 120
"""Longest piece of a user's own value that a fault carries, in characters."""

NO_FACTS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one row of an input.

    Parameters
    ----------
    code
        Stable snake_case name of the fault; the catalogue has its sentence under `fault.<code>`.
    row
        Record number as the user counts it, the first record below any header being 1; None where
        the fault is the whole file's.
    field
        The user's own column name where it is known, else this library's; "geometry" for a shape.
    value
        The offending value as text, cut at `VALUE_LENGTH`.
    facts
        Numbers and names that the sentence needs.
    """

    code: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    facts: Mapping[str, Any] = dataclasses.field(default_factory=lambda: NO_FACTS)

    def __post_init__(self) -> None:
        if self.value is not None and len(self.value) > VALUE_LENGTH:
            object.__setattr__(self, "value", self.value[: VALUE_LENGTH - 1] + "…")


class SpatialError(ValueError):
    """Something about the input or the question is wrong; `code` and `facts` say what."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        # An error of another process arrives with its facts; Exception would call __init__ with them as text.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class SourceError(SpatialError):
    """A file cannot be read at all: missing, empty, of another kind, in an unknown encoding, a bad archive."""


class CrsError(SpatialError):
    """A coordinate reference system is missing, unknown, or does not fit the coordinates or the other layer."""


class DataError(SpatialError):
    """What a verb is asked about cannot be worked with: numbers that are none, counts that differ, a question without
    an answer; `facts` names it and the rows, which count from 0."""


class LayerError(SpatialError):
    """A layer was read and does not hold: `faults` lists what is wrong with it; of very many
    faults the first ones, `count` says of how many."""

    def __init__(self, faults: Sequence[Fault], count: int | None = None) -> None:
        self.faults = tuple(faults)
        self.count = len(self.faults) if count is None else count
        super().__init__("layer_invalid", count=self.count)


class PlatformError(SpatialError):
    """The platform, a snapshot or what a drawing needs cannot be had; the code says what, the text what to do."""

    def __str__(self) -> str:
        said = super().__str__()
        return f"{said}\n{'  '.join(REMEDIES[self.code])}" if self.code in REMEDIES else said

"""What a case can be routed by: units, what they look after near its place, rules of its areas, its condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.cases.rules.loops import Loop


class Ground(StrEnum):
    """On what grounds somebody gets a case, in the order in which they are asked."""

    RULING = "ruling"
    OWNERSHIP = "ownership"
    RULE = "rule"
    DEFAULT = "default"
    TERRITORY = "territory"


class Verdict(StrEnum):
    """What became of one of the grounds."""

    TAKEN = "taken"
    NONE = "none"
    TOO_FAR = "too_far"
    NO_PLACE = "no_place"
    NO_CONDITION = "no_condition"
    OWNER_UNKNOWN = "owner_unknown"
    NOT_HERE = "not_here"
    UNIT_MISSING = "unit_missing"
    UNIT_ENDED = "unit_ended"


class Scope(StrEnum):
    """For which cases something holds, the most specific first."""

    CATEGORY = "category"
    MAJOR = "major"
    LINE = "line"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class AreaNow:
    """An area in which the case lies; `depth` counts from the district, which has 0."""

    no: int
    level: str
    depth: int
    code: str
    name: str = ""
    name_en: str | None = None


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit, from a day until another, the first on which it is no more, and which one came after it."""

    id: int
    code: str
    kind: str
    area_no: int | None = None
    area_code: str | None = None
    since: date = date.min
    until: date | None = None
    successor: int | None = None
    name: str = ""
    name_en: str | None = None

    @property
    def stands_for(self) -> str:
        """What it is in its area: `subdistrict_office` of `subdistrict_office_530103001`; elsewhere its code."""
        return self.code if self.area_code is None else self.code.removesuffix(f"_{self.area_code}")

    def is_there(self, day: date) -> bool:
        """Whether it exists on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Stretch:
    """管养区段 or 裁定 near the place: how far away, and how far it reaches, in metres; `extent_m2` of a line is 0."""

    id: int
    name: str
    unit: int
    scope: Scope
    distance_m: float
    tolerance_m: float
    extent_m2: float = 0.0
    ruling: bool = False
    since: date = date.min

    @property
    def order(self) -> tuple[Any, ...]:
        """What comes first: the most specific kind, the nearest, the smallest, the newest."""
        return (
            list(Scope).index(self.scope),
            round(self.distance_m, 1),
            self.extent_m2,
            -self.since.toordinal(),
            -self.id,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """派遣规则: the cases of a scope in an area go to a unit, by its code."""

    id: int
    scope: Scope
    area_no: int
    unit: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be routed.

    Parameters
    ----------
    default
        The condition's unit: a code, or `OWNER`; None where no condition is known.
    chain
        The areas in which it lies, in any order.
    """

    day: date
    loop: Loop
    line: str | None
    default: str | None
    chain: Sequence[AreaNow]
    placed: bool = True
    stretches: Sequence[Stretch] = ()
    rules: Sequence[Rule] = ()


class Units:
    """The units that a case could go to, by id, by code, and by what they are in an area."""

    def __init__(self, units: Sequence[UnitNow]) -> None:
        self._by_id = {unit.id: unit for unit in units}
        self._by_code = {unit.code: unit for unit in units}
        self._in_area = {(unit.stands_for, unit.area_no): unit for unit in units if unit.area_no is not None}
        self._command = sorted((unit for unit in units if unit.kind == "command"), key=lambda unit: unit.id)

    def __getitem__(self, unit: int) -> UnitNow:
        return self._by_id[unit]

    def of_code(self, code: str) -> UnitNow | None:
        """The unit of a code."""
        return self._by_code.get(code)

    def of_chain(self, name: str, chain: Sequence[AreaNow]) -> UnitNow | None:
        """The unit that is `name` in the narrowest of some areas that has one."""
        for area in chain:
            found = self._in_area.get((name, area.no))
            if found is not None:
                return found
        return None

    def today(self, unit: int, day: date) -> UnitNow | None:
        """The unit itself, or whoever came after it and is there on a day; None where nobody did."""
        seen: set[int] = set()
        found = self._by_id.get(unit)
        while found is not None and not found.is_there(day):
            if found.id in seen or found.successor is None:
                return None
            seen.add(found.id)
            found = self._by_id.get(found.successor)
        return found

    def command_centre(self, day: date) -> UnitNow | None:
        """指挥中心: who has what nobody else has."""
        return next((unit for unit in self._command if unit.is_there(day)), None)

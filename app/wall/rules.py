"""What a wall shows: presets 预案, what each puts first or shows as a number alone, warnings, how much of a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.errors import InvalidError


class Preset(StrEnum):
    """平时, 汛期, 防火, 保障, 参观; a wall that nobody has set shows what visitors may see."""

    EVERYDAY = "everyday"
    FLOOD = "flood"
    FIRE = "fire"
    GUARD = "guard"
    VISIT = "visit"


class WarningKind(StrEnum):
    """What a weather warning is of."""

    RAIN = "rain"
    THUNDER = "thunder"
    WIND = "wind"
    HAIL = "hail"
    FOG = "fog"
    HEAT = "heat"
    COLD = "cold"
    FROST = "frost"
    ICE = "ice"
    DROUGHT = "drought"
    FOREST_FIRE = "forest_fire"
    LANDSLIDE = "landslide"


class WarningLevel(StrEnum):
    """蓝 黄 橙 红, the gravest last."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


class Shown(StrEnum):
    """How a preset shows a kind of case: before all others, or as a number alone."""

    FIRST = "first"
    NUMBER = "number"


LEVEL = "subdistrict"
"""Whose sub-centres 分中心 have a tile each."""

LONGEST_TEXT = 40
"""Characters of a warning: what fits two lines of the wall and is read from across the room."""


@dataclass(frozen=True, slots=True)
class WeatherWarning:
    """气象预警, as somebody at the command centre has entered it."""

    kind: WarningKind
    level: WarningLevel
    text: str
    until_at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """What the wall shows.

    Parameters
    ----------
    focus_no
        Number of the area that it looks at; None for all of it.
    tours
        Whether it goes from one overdue case to the next by itself.
    """

    preset: Preset = Preset.VISIT
    focus_no: int | None = None
    tours: bool = True
    warning: WeatherWarning | None = None

    def warning_at(self, now: datetime) -> WeatherWarning | None:
        """The warning, as long as it holds."""
        return self.warning if self.warning and self.warning.until_at > now else None


@dataclass(frozen=True, slots=True)
class Choice:
    """Ids of the categories that a preset puts first, and of those of which it shows a number alone."""

    first: frozenset[int]
    numbers: frozenset[int]


def choice(
    rows: Iterable[Mapping[str, str]], preset: Preset, categories: Iterable[Mapping[str, Any]]
) -> Choice:
    """What a preset does with the categories; of those told in confidence 限知 every preset shows a number alone.

    Parameters
    ----------
    rows
        Of `wall_presets.csv`: `preset`, `kind`, `shown`. A kind is the code of a category, a major class or a business
        line; where several have it, the most specific one.
    categories
        `id`, `code`, `major`, `line` and `restricted` of each.
    """
    known = list(categories)
    found: dict[Shown, set[int]] = {Shown.FIRST: set(), Shown.NUMBER: set()}
    for row in rows:
        if row["preset"] == preset:
            found[Shown(row["shown"])] |= _of_kind(row["kind"], known)
    numbers = found[Shown.NUMBER] | {one["id"] for one in known if one["restricted"]}
    return Choice(frozenset(found[Shown.FIRST] - numbers), frozenset(numbers))


def _of_kind(kind: str, categories: list[Mapping[str, Any]]) -> set[int]:
    for field in ("code", "major", "line"):
        found = {one["id"] for one in categories if one[field] == kind}
        if found:
            return found
    return set()


def street_of(address: str | None, streets: Iterable[str]) -> str | None:
    """Of an address no more than a street that the district's map knows: no other word gets out."""
    named = [street for street in streets if street and street in (address or "")]
    return max(named, key=len, default=None)


def masked(name: str) -> str:
    """A name as the wall shows it to those who may not read who works where: 王**."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 2)


def rounded_up(share: float) -> int:
    """The per cent at which the bars of shares end, a round number above the greatest one."""
    return next((step for step in (5, 10, 20, 30, 40, 50, 60, 80) if share * 100 <= step), 100)


def check_warning(
    kind: str, level: str, text: str, until_at: datetime | None, now: datetime
) -> WeatherWarning:
    """A warning that may be entered.

    Raises
    ------
    InvalidError
        `wall_warning_incomplete`, `wall_warning_past`.
    """
    if not (kind and level and until_at):
        raise InvalidError("wall_warning_incomplete")
    if until_at <= now:
        raise InvalidError("wall_warning_past")
    return WeatherWarning(WarningKind(kind), WarningLevel(level), text, until_at)

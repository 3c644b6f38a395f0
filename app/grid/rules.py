"""Rules of the area tree: which levels there are, how they nest, how their codes are built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import InvalidError

SINCE_EVER = date(2000, 1, 1)
"""The day from which a district's first areas count as valid, so that older cases have a cell too."""


class Level(StrEnum):
    """A level of the tree, from the widest to the narrowest."""

    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    CELL = "cell"
    RESIDENT_GROUP = "resident_group"


ALL_LEVELS = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.CELL)

GB_PATTERNS = {
    Level.DISTRICT: r"\d{6}",
    Level.SUBDISTRICT: r"\d{9}",
    Level.COMMUNITY: r"\d{12}",
    Level.CELL: r"\d{15}",
    Level.RESIDENT_GROUP: r"\d{12}[A-Z]\d{2,3}",
}
"""Division codes of GB/T 2260 and 10114 and the twelve digits of the statistical divisions; a cell adds three."""


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One level of a district: its depth under the root and what a code of it looks like."""

    level: Level
    depth: int
    code_pattern: str = ".+"
    code_extends_parent: bool = False


def level_rules(district_code: str, levels: Sequence[Level]) -> tuple[LevelRule, ...]:
    """The rules of a district's levels: national division codes where its own code is one, else any codes.

    Raises
    ------
    InvalidError
        `levels_invalid`: they do not begin with the district, do not end with the cell, or are out of order.
    """
    chain = [level for level in ALL_LEVELS if level in levels]
    if tuple(levels) != tuple(chain) or chain[:1] != [Level.DISTRICT] or chain[-1:] != [Level.CELL]:
        raise InvalidError("levels_invalid", levels=", ".join(levels))
    national = len(district_code) == 6 and district_code.isdecimal()
    beside = [(Level.RESIDENT_GROUP, len(chain) - 1)] if Level.COMMUNITY in chain else []
    return tuple(
        LevelRule(level, depth, GB_PATTERNS[level], depth > 0) if national else LevelRule(level, depth)
        for level, depth in [*((level, depth) for depth, level in enumerate(chain)), *beside]
    )

"""Rules of the area tree: which levels there are, how they nest, how their codes are built."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import ConflictError, InvalidError

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


LAST_CELL = 999
"""A cell's code has three digits after that of its community."""


def new_codes(
    parent: str, used: Collection[str], count: int, *, old: str, extends_parent: bool
) -> tuple[str, ...]:
    """Codes for new cells of a community, none of which a cell ever had, of whichever edition.

    Where codes extend that of the parent, they are the next ones after the highest; only when those are used up, the
    ones that were left out. Elsewhere they are that of the old cell with a number behind it.

    Raises
    ------
    ConflictError
        `cell_codes_used_up`.
    """
    if extends_parent:
        taken = {int(code[len(parent) :]) for code in used if code[len(parent) :].isdecimal()}
        highest = max(taken, default=0)
        order = [*range(highest + 1, LAST_CELL + 1), *range(1, highest)]
        found = [f"{parent}{number:03d}" for number in order if number not in taken]
    else:
        tried = (f"{old}-{number}" for number in range(1, len(used) + count + 1))
        found = [code for code in tried if code not in used]
    if len(found) < count:
        raise ConflictError("cell_codes_used_up", parent=parent)
    return tuple(found[:count])


def apportion(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole numbers in proportion to weights, with an exact sum.

    Raises
    ------
    ValueError
        There is no weight at all.

    Notes
    -----
    Largest remainders (Hamilton), in whole numbers throughout; ties go to the first.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError(weights)
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[:left]:
        parts[i] += 1
    return tuple(parts)


Days = tuple[date, date | None]
"""From a day until another, the first on which it no longer holds; None: for good."""


def days_left(days: Days, taken: Sequence[Days]) -> Iterator[Days]:
    """What is left of some days when others are taken out of them."""
    begin, end = days
    for first, last in sorted(taken, key=lambda one: one[0]):
        if (end is not None and first >= end) or (last is not None and last <= begin):
            continue
        if first > begin:
            yield begin, first
        if last is None or (end is not None and last >= end):
            return
        begin = last
    yield begin, end

"""Names of what has no official name, by the patterns of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DIGITS = "零一二三四五六七八九"


def ordinal(number: int) -> str:
    """A number from 1 to 99 in Chinese: 十一, 二十."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones or not tens else "")


class Naming:
    """The patterns of a recipe.

    Parameters
    ----------
    patterns
        `shorten` (endings of official names and what stands for them on a map), `bare`, `bare_en`, `road`,
        `road_en` (endings that are dropped before something is added), and the patterns `cell`, `group_urban`,
        `group_rural`, `country_road`, each with `_en` (one for both groups).
    """

    def __init__(self, patterns: Mapping[str, Any]) -> None:
        self._patterns = patterns

    def area(self, official: str) -> str:
        """The name on a map of an area whose committee the official list names."""
        for ending, short in self._patterns["shorten"].items():
            if official.endswith(ending):
                return official[: -len(ending)] + str(short)
        return official

    def bare(self, name: str, name_en: str) -> tuple[str, str]:
        """A name without its kind, in both languages."""
        return _without(name, self._patterns["bare"]), _without(name_en, self._patterns["bare_en"]).rstrip()

    def street_base(self, name: str, name_en: str) -> tuple[str, str]:
        """What a street of an area is called after: the bare name, without "road" where it has that already."""
        bare, bare_en = self.bare(name, name_en)
        return _without(bare, self._patterns["road"]), _without(bare_en, self._patterns["road_en"])

    def cell(self, name: str, name_en: str, number: int) -> tuple[str, str]:
        """The nth cell of a community."""
        facts = self._facts(name, name_en, number)
        return self._patterns["cell"].format(**facts), self._patterns["cell_en"].format(**facts)

    def group(self, name: str, name_en: str, number: int, *, rural: bool) -> tuple[str, str]:
        """The nth resident group of a community."""
        facts = self._facts(name, name_en, number)
        pattern = self._patterns["group_rural" if rural else "group_urban"]
        return pattern.format(**facts), self._patterns["group_en"].format(**facts)

    def country_road(self, one: tuple[str, str], other: tuple[str, str], letters: int) -> tuple[str, str]:
        """The road between two communities: as many letters as asked for of both names."""
        (first, first_en), (second, second_en) = self.bare(*one), self.bare(*other)
        return (
            self._patterns["country_road"].format(first=first[:letters], second=second[:letters]),
            self._patterns["country_road_en"].format(first_en=first_en, second_en=second_en),
        )

    def _facts(self, name: str, name_en: str, number: int) -> dict[str, Any]:
        bare, bare_en = self.bare(name, name_en)
        ranks = {"number": number, "ordinal": ordinal(number)}
        return {"name": name, "name_en": name_en, "bare": bare, "bare_en": bare_en, **ranks}


def _without(name: str, endings: list[str]) -> str:
    for ending in endings:
        if name.endswith(ending) and name != ending:
            return name[: -len(ending)]
    return name

"""What sheets are called: as their blocks are, within what a workbook allows."""

from __future__ import annotations

import re

LONGEST = 31
"""Of a sheet's name, in units of UTF-16."""

FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]+")
RESERVED = frozenset({"history"})
"""Names that Excel keeps for itself."""


class Names:
    """The names that are taken, without regard to capitals."""

    def __init__(self) -> None:
        self._taken: set[str] = set(RESERVED)

    def take(self, wanted: str, fallback: str) -> str:
        """A name that no other sheet has: the wanted one, cut or numbered where it has to be.

        Parameters
        ----------
        fallback
            Where nothing is left of the wanted one.
        """
        stem = _allowed(wanted) or _allowed(fallback) or "_"
        name, number = _cut(stem, LONGEST), 1
        while name.casefold() in self._taken:
            number += 1
            end = f" ({number})"
            name = _cut(stem, LONGEST - len(end)) + end
        self._taken.add(name.casefold())
        return name


def _allowed(text: str) -> str:
    return " ".join(FORBIDDEN.sub(" ", text).split()).strip("' ")


def _cut(text: str, units: int) -> str:
    """As much of a text as fits, whole letters: one beyond the basic plane takes two units."""
    kept = text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    return kept.rstrip("' ")

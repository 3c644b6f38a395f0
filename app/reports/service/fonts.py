"""The faces that reports are set in: found by name, and asked for every letter. A missing letter is an error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst
from fontTools.ttLib import TTFont

from app.errors import UnavailableError

OWN = Path(__file__).parents[2] / "web" / "static" / "vendor" / "fonts"
"""Faces that set-up brings along, so that a report looks the same, to the byte, on every machine."""

WANTED = ("Noto Sans S Chinese", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
"""Families with Chinese letters whose licence lets a file hold them, in the order in which they are taken."""

REGULAR, BOLD = 400, 700
SPACES = frozenset("\n\t\u00a0\u2009")
"""What needs no glyph: these are set as room."""

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Family:
    """A family of faces.

    Parameters
    ----------
    files
        The regular and the bold face: their file, and which one in it.
    """

    name: str
    files: tuple[tuple[Path, int], ...]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where its files lie."""
        return tuple(dict.fromkeys(path.parent for path, _ in self.files))

    def check(self, text: str) -> None:
        """See that it has every letter of a text.

        Raises
        ------
        UnavailableError
            `letters_missing`: names them, and the family.
        """
        letters = set(text) - SPACES
        missing = sorted(
            letter for letter in letters if any(ord(letter) not in has for has in _letters(self.files))
        )
        if missing:
            named = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:MOST_NAMED])
            raise UnavailableError("letters_missing", letters=named, count=len(missing), family=self.name)


def family(own: Path = OWN) -> Family:
    """The first family of those that are wanted which has a regular and a bold face here: our own, then the system's.

    Raises
    ------
    UnavailableError
        `font_missing`: names the families that would do.
    """
    for here in _places(own):
        for name in WANTED:
            weights = {face.weight: (Path(face.path), face.index) for face in here if face.family == name}
            if {REGULAR, BOLD} <= weights.keys():
                return Family(name, (weights[REGULAR], weights[BOLD]))
    raise UnavailableError("font_missing", families=", ".join(WANTED))


def _places(own: Path) -> Iterator[list[Any]]:
    only = {"include_system_fonts": False, "include_embedded_fonts": False, "font_paths": [str(own)]}
    yield [face for face in typst.Fonts(**only).fonts() if face.style == "normal"] if own.is_dir() else []
    system = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    yield [face for face in system.fonts() if face.style == "normal"]


@cache
def _letters(files: tuple[tuple[Path, int], ...]) -> tuple[frozenset[int], ...]:
    """The letters that each face has."""
    found = []
    for path, index in files:
        with TTFont(path, fontNumber=index, lazy=True) as face:
            found.append(frozenset(face.getBestCmap()))
    return tuple(found)

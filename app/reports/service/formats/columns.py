"""Columns of a table on paper: how wide each is, and how small its letters, so that it stays on its page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from spatial.cartography import text_width

SIZES_PT = (8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
LINES = (0, 1, 2, 3, 4, 6, 9, 14, 20, 30)
"""With none, titles stay whole, too."""

PAD_EM = 0.6
MM_PER_PT = 25.4 / 72
LEAST_EM = 2.2
"""A column is never narrower than two Chinese letters."""

WORD_EM = 4.0
"""A title as long as a Chinese word stays whole."""

MANY_LINES = 4
SLACK_EM = 1.2
"""What the lines of a text that is broken leave empty at their ends."""

WORD = re.compile(r"[^\s\u2e80-\uffff]+")
"""What is not broken where a line ends: figures, and words of letters."""


@dataclass(frozen=True, slots=True)
class Widths:
    """How a table is set.

    Parameters
    ----------
    size_pt
        Height of its letters.
    pad_mm
        Room at each side of a cell.
    parts
        Width of each column, in millimetres; they add up to the width of the page.
    """

    size_pt: float
    pad_mm: float
    parts: tuple[float, ...]


def widths(columns: Sequence[Sequence[str]], numeric: Sequence[bool], page_mm: float) -> Widths:
    """Set a table.

    Parameters
    ----------
    columns
        For each column what stands in it, its title first.
    numeric
        Which of them hold numbers: these never break, only their titles do.

    Notes
    -----
    The fewest lines of its longest cell for which there is room: letters one size smaller are better than a third
    line, two sizes smaller better than a fourth.
    """
    room_em = [page_mm / (size * MM_PER_PT) - 2 * PAD_EM * len(columns) for size in SIZES_PT]
    texts = [_Column(said, fixed) for said, fixed in zip(columns, numeric, strict=True)]
    size, lines = next(
        (
            (size, lines)
            for lines, size in product(LINES, range(len(SIZES_PT)))
            if size <= lines and sum(one.width(lines) for one in texts) <= room_em[size]
        ),
        (len(SIZES_PT) - 1, LINES[-1]),
    )
    needed = [one.width(lines) for one in texts]
    # What is left over makes the texts wider; where it does not suffice, all are narrower together.
    left = room_em[size] - sum(needed)
    shares = [
        0.0 if fixed and left > 0 and not all(numeric) else wide
        for fixed, wide in zip(numeric, needed, strict=True)
    ]
    parts = [
        wide + left * share / sum(shares) + 2 * PAD_EM for wide, share in zip(needed, shares, strict=True)
    ]
    per_em = SIZES_PT[size] * MM_PER_PT
    return Widths(SIZES_PT[size], round(PAD_EM * per_em, 2), tuple(round(part * per_em, 2) for part in parts))


class _Column:
    """A column's texts, measured once, in heights of its letters."""

    def __init__(self, said: Sequence[str], fixed: bool) -> None:
        title, *cells = said
        breaking = [title] if fixed else [title, *cells]
        words = [word for text in breaking for word in WORD.findall(text)] + (cells if fixed else [])
        self.least = max([LEAST_EM, *(text_width(word, 1.0) for word in words)])
        self.title = text_width(title, 1.0)
        self.most = 0.0 if fixed else max([0.0, *(text_width(cell, 1.0) for cell in cells)])

    def width(self, lines: int) -> float:
        """The width at which no cell takes more lines; a title takes two or three where it is longer than a word."""
        if not lines:
            return max(self.least, self.title, self.most)
        title = max(min(self.title, WORD_EM), _broken(self.title, 2 if lines < MANY_LINES else 3))
        return max(self.least, title, _broken(self.most, lines))


def _broken(whole: float, lines: int) -> float:
    return whole if lines <= 1 or whole <= SLACK_EM else min(whole, whole / lines + SLACK_EM)

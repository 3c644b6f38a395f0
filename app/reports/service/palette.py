"""Colours on paper: those of the screens by light, read from where they stand."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "web" / "static" / "css" / "tokens.css"
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})\b")

RAMP = ("ramp-1", "ramp-2", "ramp-3", "ramp-4", "ramp-5")
"""From little to much: one hue that grows darker evenly, and so is read in grey too. `ramp-0`, that of the ground, is
as light as paper."""


@cache
def colours() -> dict[str, str]:
    """Every colour of the light theme by the name of its token; of two values of a name the first, which is light."""
    found: dict[str, str] = {}
    for name, value in TOKEN.findall(TOKENS.read_text("utf-8")):
        found.setdefault(name, value)
    return found


def ramp(count: int) -> tuple[str, ...]:
    """So many colours from the ramp, its darkest among them; one alone is a middle one.

    Raises
    ------
    ValueError
        More than the ramp has.
    """
    if not 0 < count <= len(RAMP):
        raise ValueError(count)
    if count == 1:
        return (colours()[RAMP[2]],)
    steps = [round(at * (len(RAMP) - 1) / (count - 1)) for at in range(count)]
    return tuple(colours()[RAMP[step]] for step in steps)

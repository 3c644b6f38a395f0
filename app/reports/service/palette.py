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
def themes() -> tuple[dict[str, str], dict[str, str]]:
    """Every colour by the name of its token, of the light theme and of the dark one."""
    light, _, dark = TOKENS.read_text("utf-8").partition(":root[data-theme=dark]")
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(dark))


def colours() -> dict[str, str]:
    """Every colour of the light theme by the name of its token."""
    return themes()[0]


def ramp(count: int) -> tuple[str, ...]:
    """So many colours from the ramp, its darkest among them; one alone is a middle one.

    Raises
    ------
    ValueError
        More than the ramp has.
    """
    return tuple(colours()[name] for name in steps(count))


def steps(count: int) -> tuple[str, ...]:
    """The tokens of `ramp`.

    Raises
    ------
    ValueError
        More than the ramp has.
    """
    if not 0 < count <= len(RAMP):
        raise ValueError(count)
    if count == 1:
        return (RAMP[2],)
    return tuple(RAMP[round(at * (len(RAMP) - 1) / (count - 1))] for at in range(count))

"""The legend of a map: for each layer its title, how it was made, and its signs, each a small picture."""

from __future__ import annotations

from dataclasses import dataclass

from app.reports.service.palette import colours
from spatial.cartography import SIGNS, Pen

SIGN_MM = (5.0, 3.0)
STROKES = "M-1 2.5L2.5 -1M0.2 4.3L5.5 -1M2.7 4.8L8.5 -1M5.7 4.8L11.5 -1M8.7 4.8L12 1.5"


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign and what it stands for.

    Parameters
    ----------
    height_mm
        On paper.
    """

    svg: str
    shown: str
    height_mm: float = SIGN_MM[1]


@dataclass(frozen=True, slots=True)
class Key:
    """What the signs of a layer stand for; a layer with one sign needs no title.

    Parameters
    ----------
    note
        By which method it was made.
    """

    title: str
    note: str
    signs: tuple[Sign, ...]


def field(fill: str, *, hatch: str | None = None) -> str:
    """A field of a colour, or of strokes upon it."""
    frame = f'd="M.15 .15H4.85V2.85H.15Z" stroke="{colours()["line-control"]}" stroke-width=".2"'
    strokes = ""
    if hatch is not None:
        cut = '<clipPath id="field"><path d="M.15 .15H4.85V2.85H.15Z"/></clipPath>'
        strokes = f'{cut}<path d="{STROKES}" clip-path="url(#field)" stroke="{hatch}" stroke-width=".15"/>'
    return _small(f'<path {frame} fill="{fill}"/>{strokes}')


def mark(sign: str, pen: Pen) -> str:
    """A mark, as large as on the map."""
    return _small(f'<path transform="translate(2.5 1.5) scale(2.5)" d="{SIGNS[sign]}" fill="{pen.fill}"/>')


def line(pen: Pen) -> str:
    """A piece of a border."""
    return _small(f'<path d="M0 1.5H5" {pen.attributes()}/>')


def circle(radius_mm: float, pen: Pen) -> str:
    """A circle, as large as on the map."""
    side = 2 * radius_mm + 0.4
    inside = f'<circle cx="{side / 2:.2f}" cy="{side / 2:.2f}" r="{radius_mm:.2f}" {pen.attributes()}/>'
    return _small(inside, (side, side))


def _small(content: str, size: tuple[float, float] = SIGN_MM) -> str:
    width, height = size
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">{content}</svg>'

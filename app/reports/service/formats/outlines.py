"""Words of an SVG as outlines, so that it looks the same where nobody has our faces.

A face that is missing is replaced by whichever is there, with letters of other widths: names then lie upon each
other, or are boxes. A subset embedded in the file would do for browsers, but not for the programs that people put
maps into. So each glyph stands once in the file, and each word says in an attribute what it reads.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from lxml import etree

from app.reports.service.fonts import Family

SVG = "http://www.w3.org/2000/svg"
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
PLACED = {"x", "y", "font-size", "font-weight", "font-family", "text-anchor", "paint-order"}
BOLD = {"bold", "600", "700", "800", "900"}


class Face:
    """The outlines of a face, in its own units.

    Parameters
    ----------
    number
        Which one it is in its file.
    """

    def __init__(self, path: Path, number: int) -> None:
        self._font = TTFont(path, fontNumber=number)
        self._names = self._font.getBestCmap()
        self._glyphs: Any = self._font.getGlyphSet()
        self.units: int = self._font["head"].unitsPerEm
        self._known: dict[str, tuple[str, float]] = {}

    def glyph(self, letter: str) -> tuple[str, float]:
        """The path of a letter, upwards, and how far the next one is."""
        if letter not in self._known:
            glyph = self._glyphs[self._names.get(ord(letter), ".notdef")]
            pen = SVGPathPen(self._glyphs, ntos=lambda number: f"{number:.0f}")
            glyph.draw(pen)
            self._known[letter] = pen.getCommands(), glyph.width
        return self._known[letter]


@cache
def faces(family: Family) -> tuple[Face, ...]:
    """The regular and the bold face of a family."""
    return tuple(Face(path, number) for path, number in family.files)


def outlined(svg: str, family: Family) -> str:
    """An SVG whose words are outlines.

    Raises
    ------
    UnavailableError
        `letters_missing`.
    """
    root = etree.fromstring(svg.encode())
    words = list(root.iter(f"{{{SVG}}}text"))
    family.check("".join("".join(one.itertext()) for one in words))
    known: dict[tuple[bool, str], str] = {}
    for one in words:
        _replace(one, family, known)
    defined = etree.Element(f"{{{SVG}}}defs")
    for (bold, letter), name in known.items():
        path, _ = faces(family)[bold].glyph(letter)
        etree.SubElement(defined, f"{{{SVG}}}path", {"id": name, "d": path})
    root.insert(0, defined)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _replace(word: Any, family: Family, known: dict[tuple[bool, str], str]) -> None:
    """Put the outlines of a word in its place: first all that lies around its letters, then the letters."""
    text, size = "".join(word.itertext()), float(word.get("font-size"))
    bold = word.get("font-weight", "") in BOLD
    face = faces(family)[bold]
    scale = size / face.units
    uses, at = [], 0.0
    for letter in text:
        path, advance = face.glyph(letter)
        if path:
            name = known.setdefault((bold, letter), f"glyph-{'b' if bold else 'r'}{ord(letter):x}")
            uses.append({"href": f"#{name}", "x": f"{at:.0f}"})
        at += advance
    left = float(word.get("x", 0)) - at * scale * ANCHORS[word.get("text-anchor", "start")]
    kept = {name: value for name, value in word.attrib.items() if name not in PLACED}
    outer = etree.Element(f"{{{SVG}}}g", {"role": "img", "aria-label": text, **_outer(kept)})
    place = f"translate({left:.3f} {float(word.get('y', 0)):.3f}) scale({scale:.6g} {-scale:.6g})"
    halo = {name: value for name, value in kept.items() if name.startswith("stroke")}
    if halo.get("stroke", "none") != "none":
        halo["stroke-width"] = f"{float(halo.get('stroke-width', 1)) / scale:.1f}"
        _group(outer, {"transform": place, "fill": "none", **halo}, uses)
    _group(outer, {"transform": place, "fill": kept.get("fill", "#000000")}, uses)
    outer.tail = word.tail
    word.getparent().replace(word, outer)


def _outer(kept: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in kept.items() if name != "fill" and not name.startswith("stroke")}


def _group(outer: Any, attributes: dict[str, str], uses: list[dict[str, str]]) -> None:
    group = etree.SubElement(outer, f"{{{SVG}}}g", attributes)
    for one in uses:
        etree.SubElement(group, f"{{{SVG}}}use", one)

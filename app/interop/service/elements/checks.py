"""What is wrong with a row that no rule of a single entry sees: the file around it, and the place that it names."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import shapely

from app.interop.service.elements.lines import Line, number_of
from app.registry.rules.kinds import ElementKind
from app.registry.service.entries import SEALED, Wrong
from spatial.errors import Fault

NUMBERED = frozenset({"code", "identity", "phone", "household", "department_code", "area", "site"})
"""Fields of many digits, of which a workbook makes 5.3E+17 where nobody has told it that they are text."""

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")


def faults_of(
    line: Line, wrongs: Iterable[Wrong], fields: Mapping[str, str], kind: ElementKind
) -> list[Fault]:
    """What is wrong with an entry as faults of its row: under the user's own column, without what is sealed."""
    sealed = SEALED.get(kind, frozenset())
    faults = list(line.faults)
    for wrong in wrongs:
        name = wrong.field
        column = None if name is None else fields.get(name, "geometry" if name in {"lon", "lat"} else name)
        value = None if name is None or name in sealed else line.said.get(name)
        faults.append(Fault(f"entry.{wrong.code}", line.row, column, value, wrong.facts))
    return faults


def scientific(line: Line) -> list[Wrong]:
    """Numbers of which a workbook has kept only the first digits."""
    return [
        Wrong(name, "scientific")
        for name in sorted(NUMBERED & set(line.said))
        if _SCIENTIFIC.fullmatch(line.said[name] or "")
    ]


def swapped(line: Line, outline: shapely.Geometry | None) -> bool:
    """Whether longitude and latitude have changed places: the other way round the point lies in the district."""
    lon, lat = number_of(line.said.get("lon")), number_of(line.said.get("lat"))
    return outline is not None and lon is not None and lat is not None and _within(lat, lon, outline)


def outside(values: Mapping[str, Any], outline: shapely.Geometry | None) -> list[Wrong]:
    """A point that does not lie in the district, its edge included."""
    lon, lat = values.get("lon"), values.get("lat")
    if outline is None or lon is None or lat is None or _within(lon, lat, outline):
        return []
    return [Wrong("lon", "point_outside")]


def _within(lon: float, lat: float, outline: shapely.Geometry) -> bool:
    return bool(shapely.intersects_xy(outline, lon, lat))


class Seen:
    """Codes and identity numbers that the file has named so far, with the rows that were first.

    Notes
    -----
    A table with open addressing of 64-bit digests: 24 to 48 bytes a key, where a dictionary takes 200. Of a million
    keys two share a digest once in forty million files.
    """

    def __init__(self) -> None:
        self._count = 0
        self._make(1 << 12)

    def _make(self, slots: int) -> None:
        self._keys, self._rows = (array("Q", bytes(8 * slots)) for _ in range(2))
        self._last = slots - 1

    def again(self, name: str, key: bytes | str | None, row: int) -> list[Wrong]:
        """Whether a row before said the same; else this one is the first."""
        if key is None:
            return []
        raw = key.encode() if isinstance(key, str) else key
        first = self._first(int.from_bytes(blake2b(raw, digest_size=8).digest()) or 1, row)
        return [] if first == row else [Wrong(name, "code_twice", {"first_row": first})]

    def _first(self, digest: int, row: int) -> int:
        """The row that was first to say something; this one, if none was."""
        at = digest & self._last
        while self._keys[at]:
            if self._keys[at] == digest:
                return self._rows[at]
            at = (at + 1) & self._last
        self._keys[at], self._rows[at] = digest, row
        self._count += 1
        if self._count * 3 > self._last * 2:
            self._grow()
        return row

    def _grow(self) -> None:
        keys, rows = self._keys, self._rows
        self._count = 0
        self._make(2 * len(keys))
        for digest, row in zip(keys, rows, strict=True):
            if digest:
                self._first(digest, row)

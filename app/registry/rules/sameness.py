"""Whether two records without a code are of one thing: the same, alike enough for somebody to look, or two things."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass

from app.registry.rules.addresses import likeness, pairs, plain, read

ALIKE = 0.7
"""Likeness from which two things may be one."""
NAMED_ALIKE = 0.5
"""The same of names at one and the same address."""
SAME_M, NEAR_M = 2.0, 10.0
"""Metres up to which what has a name but no address is in the same spot, and up to which it may be."""
SOFT = frozenset({"area", "street", "compound"})
"""Parts of an address that are written in many ways; the others are numbers, which are right or wrong."""

_NUMBER = re.compile(r"\d+")
_METRES_OF_LATITUDE = 111_320.0


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a thing beside its code.

    Parameters
    ----------
    key
        Number of the row, or id of the element.
    sited
        Whether it is known what it lies in; then entrance and room say all of a flat.
    """

    key: int
    type: str
    name: str
    address: str = ""
    entrance: str = ""
    room: str = ""
    lon: float | None = None
    lat: float | None = None
    sited: bool = False

    @property
    def words(self) -> tuple[Hashable, ...]:
        """What is the very same of the same thing, wherever exactly it stands."""
        flat = plain(self.entrance), plain(self.room)
        if self.room and self.sited:
            return self.type, *flat
        return self.type, plain(self.name), plain(self.address), *flat

    @property
    def text(self) -> str:
        """Name and address in one, to be compared by pairs of letters."""
        return plain(self.name) + plain(self.address)


def apart(one: Record, other: Record) -> float | None:
    """Metres between two records; None where either has no point."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, one.lat - other.lat) * _METRES_OF_LATITUDE


def same(one: Record, other: Record) -> bool:
    """Whether two records of one area or site say the very same; without an address the spot counts too."""
    if one.words != other.words:
        return False
    distance = None if one.address or one.room else apart(one, other)
    return distance is None or distance <= SAME_M


def alike(one: Record, other: Record) -> float:
    """How alike two records of one area or site are, 0 where they are two things and nobody has to look."""
    if one.type != other.type or _contradict(one, other):
        return 0.0
    names = likeness(plain(one.name), plain(other.name))
    whole = likeness(one.text, other.text)
    if one.address and other.address and plain(one.address) == plain(other.address):
        return max(names, whole) if names >= NAMED_ALIKE else 0.0
    if plain(one.name) == plain(other.name):
        return names
    return whole if whole >= ALIKE else 0.0


def _contradict(one: Record, other: Record) -> bool:
    """Whether a number that both name differs, or they stand too far from each other."""
    if one.room and other.room and plain(one.room) != plain(other.room):
        return True
    if one.entrance and other.entrance and plain(one.entrance) != plain(other.entrance):
        return True
    ours, theirs = (_NUMBER.findall(plain(record.name)) for record in (one, other))
    if ours and theirs and ours != theirs:
        return True
    if one.address and other.address:
        return not SOFT.issuperset(read(one.address).differing(read(other.address)))
    distance = apart(one, other)
    return distance is not None and distance > NEAR_M


class Thicket:
    """Records of one area or site, among which like ones are found without comparing each with each."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self._same: dict[Hashable, list[Record]] = {}
        self._called: dict[Hashable, list[Record]] = {}
        self._pairs: dict[str, list[Record]] = {}
        for record in records:
            self._same.setdefault(record.words, []).append(record)
            for called in (("name", plain(record.name)), ("address", plain(record.address))):
                self._called.setdefault(called, []).append(record)
            for pair in pairs(record.text):
                self._pairs.setdefault(pair, []).append(record)

    def same(self, record: Record) -> list[Record]:
        """Those that say the very same."""
        return [other for other in self._same.get(record.words, ()) if same(record, other)]

    def alike(self, record: Record, most: int) -> list[tuple[float, Record]]:
        """Those that may be the same thing, the likest first."""
        found = {other.key: other for other in self._may_be(record)}
        measured = [(alike(record, other), other) for other in found.values()]
        return sorted(
            ((degree, other) for degree, other in measured if degree), key=lambda one: (-one[0], one[1].key)
        )[:most]

    def _may_be(self, record: Record) -> list[Record]:
        found = [*self._called.get(("name", plain(record.name)), ())]
        if record.address:
            found += self._called.get(("address", plain(record.address)), ())
        # Two texts that are so alike share so many pairs that they share one of the rarest.
        rarest = sorted(pairs(record.text), key=lambda pair: len(self._pairs.get(pair, ())))
        needed = math.ceil(len(rarest) * ALIKE / (2 - ALIKE))
        for pair in rarest[: len(rarest) - needed + 1]:
            found += self._pairs.get(pair, ())
        return found

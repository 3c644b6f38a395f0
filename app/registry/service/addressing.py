"""An address becomes the places that it may mean, each with how sure that is, as far as the one who asks may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection

from app.registry.rules.addresses import Address, likeness, plain, read, without_areas
from app.registry.rules.sameness import Record
from app.registry.store import addresses

LIKE = 0.5
"""Likeness under which a place is not offered."""
ALIKE_AT_MOST = 20


class Confidence(StrEnum):
    """How a place was found: called just so, by the parts of the address, or only called alike."""

    EXACT = "exact"
    PARTS = "parts"
    LIKENESS = "likeness"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an address may mean.

    Parameters
    ----------
    left
        What of the address was not found in it: a flat that nobody has registered.
    """

    id: int
    confidence: Confidence
    likeness: float
    left: str = ""


def resolve(
    connection: Connection, district_id: int, said: str, areas: Sequence[str], *, limit: int = 20
) -> tuple[Address, list[Candidate]]:
    """The parts of an address, and what it may mean, the surest first.

    Parameters
    ----------
    areas
        Names that may stand at its beginning, the longest first.
    """
    parts = read(said, areas)
    found = _houses(connection, district_id, said, parts, areas)
    if not found and parts.house:
        found = _alike(connection, district_id, parts)
    found = _inside(connection, parts, found)
    order = list(Confidence)
    found.sort(key=lambda one: (order.index(one.confidence), len(one.left), -one.likeness, one.id))
    return parts, found[:limit]


def _houses(
    connection: Connection, district_id: int, said: str, parts: Address, areas: Sequence[str]
) -> list[Candidate]:
    exact = {parts.house}
    if not (parts.entrance or parts.floor or parts.room):
        exact |= {plain(said), without_areas(plain(said), list(areas))[0]}
    number = f"{parts.street}{parts.number}号" if parts.number else ""
    grounds = {parts.compound, number + parts.compound, parts.street + parts.compound} - {""}
    inside = f"{parts.building}栋" if parts.building else ""
    wholes = {one + inside for one in grounds} if inside else grounds | {number}
    rows = addresses.places_addressed(
        connection,
        district_id,
        wholes=sorted((exact | wholes) - {""}),
        grounds=sorted(grounds),
        inside=inside,
    )
    found: dict[int, Candidate] = {}
    for _, record in rows:
        if {plain(record.name), plain(record.address)} & (exact - {""}):
            found[record.key] = Candidate(record.key, Confidence.EXACT, 1.0)
        elif not _contradicts(parts, record, {"street", "number"}):
            found.setdefault(record.key, Candidate(record.key, Confidence.PARTS, _degree(parts, record)))
    return list(found.values())


def _alike(connection: Connection, district_id: int, parts: Address) -> list[Candidate]:
    """Places of which half of the name is right: one wrong letter leaves one of the two halves whole."""
    key = parts.compound or parts.house
    middle = len(key) // 2
    halves = [key[:middle], key[middle:]] if len(key) > 3 else [key]
    rows = addresses.places_addressed(connection, district_id, halves=halves)
    found = {
        record.key: Candidate(record.key, Confidence.LIKENESS, _degree(parts, record))
        for _, record in rows
        if not _contradicts(parts, record, {"number", "building"})
    }
    kept = sorted(
        (one for one in found.values() if one.likeness >= LIKE), key=lambda one: (-one.likeness, one.id)
    )
    return kept[:ALIKE_AT_MOST]


def _contradicts(parts: Address, record: Record, which: set[str]) -> bool:
    """Whether a place names one of these parts differently."""
    told = {one for one in (record.name, record.address) if one}
    return any(which.intersection(parts.differing(read(one))) for one in told)


def _degree(parts: Address, record: Record) -> float:
    name, address = plain(record.name), plain(record.address)
    keys = (
        {parts.house, parts.compound}
        if not parts.building
        else {parts.house, f"{parts.compound}{parts.building}栋"}
    )
    return max(likeness(key, told) for key in keys for told in (name, address, address + name))


def _inside(connection: Connection, parts: Address, houses: list[Candidate]) -> list[Candidate]:
    """The flats that the address names in the houses that were found; the houses themselves where there is none."""
    entrance = f"{parts.entrance}单元" if parts.entrance else ""
    left = entrance + (parts.room or (f"{parts.floor}层" if parts.floor else ""))
    if not left or not houses:
        return houses
    flats: dict[int, list[int]] = {}
    if parts.room:
        flats = addresses.flats_in(connection, [one.id for one in houses], parts.entrance, parts.room)
    found = [replace(house, id=flat) for house in houses for flat in flats.get(house.id, ())]
    return found or [replace(house, left=left) for house in houses]

"""Kinds of elements and of the relations between them: which may be tied to which, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ElementKind(StrEnum):
    """人 地 物 组织; the fifth, 事, are the cases."""

    PERSON = "person"
    PLACE = "place"
    OBJECT = "object"
    ORGANISATION = "organisation"


class PlaceType(StrEnum):
    """Types of places that the platform itself knows something about; further ones are data."""

    ADDRESS = "address"
    COMPOUND = "compound"
    COURTYARD = "courtyard"
    BUILDING = "building"
    DWELLING = "dwelling"


RESIDENT = "resident"
"""The one type of persons: nobody is sorted."""


class ObjectState(StrEnum):
    """状态 of a component: 完好 破损 丢失 废弃 移除."""

    INTACT = "intact"
    DAMAGED = "damaged"
    LOST = "lost"
    ABANDONED = "abandoned"
    REMOVED = "removed"


class HouseholdRelation(StrEnum):
    """与户主关系, after GB/T 4761, no finer than serving a household needs."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


class RelationKind(StrEnum):
    """How one element is tied to another; the first of the two is the one that does it."""

    LIVES_IN = "lives_in"
    LOCATED_IN = "located_in"
    OWNS = "owns"
    RENTS = "rents"
    WORKS_AT = "works_at"
    MANAGES = "manages"
    BELONGS_TO = "belongs_to"
    GUARDIAN_OF = "guardian_of"
    RESPONSIBLE_FOR = "responsible_for"
    SERVES = "serves"
    CONCERNS = "concerns"


_ANY = frozenset(ElementKind)
_PERSON = frozenset({ElementKind.PERSON})
_PLACE = frozenset({ElementKind.PLACE})
_ORGANISATION = frozenset({ElementKind.ORGANISATION})
_WHO = _PERSON | _ORGANISATION


@dataclass(frozen=True, slots=True)
class Ends:
    """Which kinds of elements a relation goes from and to; none to go from means a case."""

    sources: frozenset[ElementKind]
    targets: frozenset[ElementKind]


ENDS: Mapping[RelationKind, Ends] = {
    RelationKind.LIVES_IN: Ends(_PERSON, _PLACE),
    RelationKind.LOCATED_IN: Ends(_ANY - _PERSON, _PLACE),
    RelationKind.OWNS: Ends(_WHO, _PLACE | {ElementKind.OBJECT}),
    RelationKind.RENTS: Ends(_WHO, _PLACE),
    RelationKind.WORKS_AT: Ends(_PERSON, _ORGANISATION),
    RelationKind.MANAGES: Ends(_ORGANISATION, _ANY - _PERSON),
    RelationKind.BELONGS_TO: Ends(_ANY - _PERSON, _ORGANISATION),
    RelationKind.GUARDIAN_OF: Ends(_WHO, _PERSON),
    RelationKind.RESPONSIBLE_FOR: Ends(_WHO, _PLACE | {ElementKind.OBJECT}),
    RelationKind.SERVES: Ends(_ORGANISATION, _ANY),
    RelationKind.CONCERNS: Ends(frozenset(), _ANY),
}

SITES = frozenset({RelationKind.LIVES_IN, RelationKind.LOCATED_IN})
"""By these an element lies where its target lies; it has one of them at a time."""


def fits(kind: RelationKind, source: ElementKind | None, target: ElementKind) -> bool:
    """Whether a relation may go from one kind to another; the source is None for a case."""
    ends = ENDS[kind]
    return target in ends.targets and (not ends.sources if source is None else source in ends.sources)

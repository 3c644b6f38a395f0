"""Elements 要素 and the relations between them, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.registry.rules.kinds import RelationKind

DEEPEST = 2
LONGEST_ID = 40


class Kind(StrEnum):
    """人 地 事 物 组织, and beside them the posts 岗 and the cells 格 that look after them."""

    PERSON = "person"
    PLACE = "place"
    CASE = "case"
    OBJECT = "object"
    ORGANISATION = "organisation"
    STAFF = "staff"
    CELL = "cell"


class Prefix(StrEnum):
    """What the key of an element begins with: which table its id is one of."""

    CELL = "cell"
    AREA = "area"
    CASE = "case"
    UNIT = "unit"
    STAFF = "staff"
    STRETCH = "stretch"
    CAMPAIGN = "campaign"
    SPOT = "spot"
    ELEMENT = "element"


class Relation(StrEnum):
    """How one element is tied to another, beside what the registry knows; the first of the two does it."""

    PART_OF = "part_of"
    LIES_IN = "lies_in"
    ANSWERS = "answers"
    WORKS_IN = "works_in"
    MEMBER = "member"
    HANDLES = "handles"
    ASSISTS = "assists"
    MERGED = "merged"
    REPEATS = "repeats"
    SPLIT = "split"
    MAINTAINS = "maintains"
    LISTED = "listed"
    FOUND = "found"
    ASKED = "asked"
    IN_CHARGE = "in_charge"


Tie = Relation | RelationKind
"""Those of the registry are among them under their own names."""


LONG = frozenset({Prefix.CASE, Prefix.ELEMENT})
"""Of these there may be more than 2^31."""


def key(prefix: Prefix, own: object) -> str:
    """The key of an element: `cell:12`."""
    return f"{prefix.value}:{own}"


def read_key(raw: str) -> tuple[Prefix, str]:
    """Prefix and id of a key. Ids are numbers, but for those of people at work, whose code stands for them.

    Raises
    ------
    ValueError
        It is no key.
    """
    first, _, own = raw.partition(":")
    prefix = Prefix(first)
    if prefix is Prefix.STAFF:
        fits = 0 < len(own) <= LONGEST_ID
    else:
        most = 2**63 if prefix in LONG else 2**31
        fits = own.isascii() and own.isdecimal() and len(own) < 20 and 0 < int(own) < most
    if not fits:
        raise ValueError(raw)
    return prefix, own if prefix is Prefix.STAFF else str(int(own))


@dataclass(frozen=True, slots=True)
class Area:
    """An area that an element lies in, as far as it is in sight."""

    id: int
    level: str
    code: str
    name: str
    name_en: str | None

    @property
    def key(self) -> str:
        """The key of this area as an element."""
        return key(Prefix.CELL if self.level == "cell" else Prefix.AREA, self.id)


@dataclass(frozen=True, slots=True)
class Node:
    """An element of a network.

    Parameters
    ----------
    word
        What it is, more closely than its kind: the level of an area, the kind of a unit, the duty of somebody.
    area_no
        Number of the place that it lies in; None where it has none of its own.
    opens
        Key of the element whose network may be asked for next; None where there is nothing more to see.
    facts
        What else is shown of it: `code`, `state`, `due_at`, `lon`, `lat` and the like.
    ring
        How many relations lie between it and the middle.
    within
        The areas that it lies in, the narrowest first.
    count, vacant
        How many elements it stands for, and how many of them are posts that nobody holds.
    """

    key: str
    kind: Kind
    word: str
    label: str
    label_en: str | None = None
    area_no: int | None = None
    opens: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    ring: int = 0
    within: tuple[Area, ...] = ()
    count: int = 1
    vacant: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two elements; `role` says as what, where there is more to say."""

    source: str
    target: str
    relation: Tie
    role: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Network:
    """Elements with their relations.

    Parameters
    ----------
    totals
        How many elements of each kind there are, those that were not read among them.
    folded
        By which level of areas elements were gathered; None where each stands for itself.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    totals: Mapping[str, int]
    folded: str | None = None


def named_by_role(nodes: Iterable[Node], edges: Iterable[Edge]) -> list[Node]:
    """People at work are called by what they do: the first role that a relation gives them."""
    roles: dict[str, str] = {}
    for edge in edges:
        if edge.role is not None:
            roles.setdefault(edge.source, edge.role)
    return [
        replace(node, word=roles[node.key]) if node.kind is Kind.STAFF and node.key in roles else node
        for node in nodes
    ]

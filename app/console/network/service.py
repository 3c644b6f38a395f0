"""Walks from one element along its relations, as far as the one who asks may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace

from app.accounts.rules import Permission
from app.console.network.rules.elements import (
    Edge,
    Kind,
    Network,
    Node,
    Prefix,
    key,
    named_by_role,
    read_key,
)
from app.console.network.rules.folding import fold
from app.console.network.store import ELEMENTS, RELATIONS, areas
from app.console.network.store.reading import Asking, Found
from app.errors import NotFoundError

May = Callable[[Permission], bool]


@dataclass(slots=True)
class Walk:
    """A network as it grows from its middle."""

    asking: Asking
    may: May
    kinds: Collection[Kind]
    nodes: dict[str, Node] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)
    beyond: dict[Kind, int] = field(default_factory=dict)

    def allowed(self, needs: Permission | None) -> bool:
        """Whether what needs a permission may be shown."""
        return needs is None or self.may(needs)

    def describe(self, keys: Iterable[str]) -> dict[str, Node]:
        """Those of some keys that are in sight."""
        wanted: dict[Prefix, list[str]] = {}
        for one in keys:
            prefix, _, own = one.partition(":")
            if prefix in set(Prefix):
                wanted.setdefault(Prefix(prefix), []).append(own)
        return {
            node.key: node
            for elements in ELEMENTS
            if elements.prefix in wanted and self.allowed(elements.needs)
            for node in elements.describe(self.asking, wanted[elements.prefix])
        }

    def step(self, ring: int, reached: list[Node]) -> list[Node]:
        """Follow the relations of what was reached last; what is reached now."""
        found = self._relations(reached, middle=ring == 1)
        ends = dict.fromkeys(end for edge in found.edges for end in (edge.source, edge.target))
        new = [end for end in ends if end not in self.nodes]
        # What is only known from a relation stands in where nothing better is in sight.
        told = {node.key: node for node in found.nodes} | self.describe(new)
        fresh = [told[one] for one in new if one in told and told[one].kind in self.kinds]
        self.nodes |= {node.key: replace(node, ring=ring) for node in fresh}
        for edge in found.edges:
            if edge.source in self.nodes and edge.target in self.nodes:
                self.edges.setdefault((edge.source, edge.target, edge.relation.value), edge)
                for near, far in ((edge.source, edge.target), (edge.target, edge.source)):
                    if self.nodes[near].ring < self.nodes[far].ring:
                        self.parents.setdefault(far, near)
        return [self.nodes[node.key] for node in fresh]

    def _relations(self, reached: list[Node], *, middle: bool) -> Found:
        ids: dict[Prefix, list[str]] = {}
        for node in reached:
            prefix, _, own = node.key.partition(":")
            if node.opens is not None:
                ids.setdefault(Prefix(prefix), []).append(own)
        total = Found()
        for relations in RELATIONS:
            if not relations.of & ids.keys() or not self.allowed(relations.needs) or relations.near > middle:
                continue
            found = relations.find(self.asking, ids)
            total.edges += found.edges
            total.nodes += found.nodes
            for kind, more in found.beyond.items():
                if kind in self.kinds:
                    self.beyond[kind] = self.beyond.get(kind, 0) + more
        return total

    def placed(self) -> list[Node]:
        """Everything with the areas around it; what has no place of its own is where it was met."""
        numbers: dict[str, int | None] = {}
        for node in self.nodes.values():
            parent = self.parents.get(node.key)
            numbers[node.key] = node.area_no if node.area_no is not None or not parent else numbers[parent]
        known = areas.around(self.asking, [no for no in numbers.values() if no is not None])
        return [
            replace(node, within=known.get(number, ()) if (number := numbers[node.key]) is not None else ())
            for node in self.nodes.values()
        ]


def network(asking: Asking, of: str, depth: int, kinds: Collection[Kind], may: May) -> Network:
    """What is tied to an element within a number of relations, gathered where it is too much to read.

    Parameters
    ----------
    kinds
        Only elements of these are shown, and only through these is it walked; the middle is there whatever it is.

    Raises
    ------
    NotFoundError
        `network_missing`: there is no such element, or not for the one who asks.
    """
    middle = key(*read_key(of))
    walk = Walk(asking, may, kinds)
    walk.nodes = walk.describe([middle])
    if not walk.nodes:
        raise NotFoundError("network_missing", of=of)
    reached = list(walk.nodes.values())
    for ring in range(1, depth + 1):
        if reached:
            reached = walk.step(ring, reached)
    edges = list(walk.edges.values())
    return fold(named_by_role(walk.placed(), edges), edges, walk.beyond)

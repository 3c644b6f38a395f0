"""A network of more elements than can be read is drawn together: by kind and cell, and if need be by wider areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.console.network.rules.elements import Area, Edge, Kind, Network, Node

MOST = 200
"""Elements that are drawn one by one; beyond them nobody sees a pattern, only a ball of wool."""

LEVELS = ("cell", "community", "subdistrict", "district")
EVERYWHERE = "everywhere"


def totals(nodes: Iterable[Node], beyond: Mapping[Kind, int]) -> dict[str, int]:
    """How many elements of each kind there are, with those that were left unread."""
    found = Counter({kind.value: n for kind, n in beyond.items()})
    found.update(node.kind.value for node in nodes)
    return {kind.value: found[kind.value] for kind in Kind if found[kind.value]}


def fold(
    nodes: Sequence[Node], edges: Sequence[Edge], beyond: Mapping[Kind, int], most: int = MOST
) -> Network:
    """The network as it is drawn: each element by itself where there are few enough.

    What lies farthest is gathered first, by the narrowest areas, so that what is next to the middle keeps its name
    for as long as there is room.
    """
    counted = totals(nodes, beyond)
    if len(nodes) <= most:
        return Network(tuple(nodes), tuple(edges), counted)
    gathered: tuple[Node, ...] = tuple(nodes)
    become: dict[str, str] = {}
    level = EVERYWHERE
    for nearest, level in [(ring, level) for ring in (2, 1) for level in LEVELS] + [(1, EVERYWHERE)]:
        gathered, become = _gather(nodes, nearest, level)
        if len(gathered) <= most:
            break
    return Network(gathered, _between(edges, become), counted, level)


def _area_at(node: Node, level: str) -> Area | None:
    """The narrowest area around an element that is no narrower than a level."""
    if level == EVERYWHERE:
        return None
    wide = LEVELS[LEVELS.index(level) :]
    return next((area for area in node.within if area.level in wide), None)


def _gather(nodes: Sequence[Node], nearest: int, level: str) -> tuple[tuple[Node, ...], dict[str, str]]:
    heaps: dict[str, list[Node]] = {}
    become: dict[str, str] = {}
    for node in nodes:
        area = _area_at(node, level)
        name = f"group:{node.kind.value}:{area.id if area else 0}" if node.ring >= nearest else node.key
        heaps.setdefault(name, []).append(node)
        become[node.key] = name
    gathered = []
    for name, heap in heaps.items():
        if len(heap) == 1:
            become[heap[0].key] = heap[0].key
            gathered.append(heap[0])
        else:
            gathered.append(_heap(name, heap, _area_at(heap[0], level), nodes[0].key))
    return tuple(gathered), become


def _heap(name: str, heap: Sequence[Node], area: Area | None, middle: str) -> Node:
    return Node(
        key=name,
        kind=heap[0].kind,
        word=heap[0].kind.value,
        label=area.name if area else "",
        label_en=area.name_en if area else None,
        opens=area.key if area and area.key != middle else None,
        facts={"code": area.code} if area else {},
        ring=min(node.ring for node in heap),
        within=(area,) if area else (),
        count=len(heap),
        vacant=sum(node.vacant for node in heap),
    )


def _between(edges: Iterable[Edge], become: Mapping[str, str]) -> tuple[Edge, ...]:
    """The relations between what was gathered; those inside one heap are gone."""
    found: dict[tuple[str, str, str], Edge] = {}
    for edge in edges:
        source, target = become[edge.source], become[edge.target]
        if source == target:
            continue
        name = (source, target, edge.relation.value)
        known = found.get(name)
        found[name] = (
            replace(edge, source=source, target=target)
            if known is None
            else replace(known, count=known.count + 1, role=known.role if known.role == edge.role else None)
        )
    return tuple(found.values())

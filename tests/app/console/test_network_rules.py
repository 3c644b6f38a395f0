"""Keys of elements, and how a network of too many of them is drawn together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.network.rules.elements import (
    Area,
    Edge,
    Kind,
    Node,
    Prefix,
    Relation,
    key,
    named_by_role,
    read_key,
)
from app.console.network.rules.folding import EVERYWHERE, LEVELS, fold

DISTRICT = Area(1, "district", "5301", "区", None)


def within(cell: int) -> tuple[Area, ...]:
    """A cell, its community of ten cells, its subdistrict of a hundred."""
    return (
        Area(10_000 + cell, "cell", f"c{cell}", f"格{cell}", None),
        Area(1_000 + cell // 10, "community", f"m{cell // 10}", f"社{cell // 10}", None),
        Area(100 + cell // 100, "subdistrict", f"s{cell // 100}", f"街{cell // 100}", None),
        DISTRICT,
    )


def node(name: str, kind: Kind, ring: int, cell: int | None, vacant: int = 0) -> Node:
    return Node(
        name,
        kind,
        kind.value,
        name,
        ring=ring,
        within=() if cell is None else within(cell),
        vacant=vacant,
        opens=name,
    )


MIDDLE = Node("cell:1", Kind.CELL, "cell", "格", within=within(0))


@pytest.mark.parametrize("raw", ["cell:12", "case:9223372036854775807", "staff:P-1", "staff:张:三", "spot:7"])
def test_a_key_is_read_back(raw: str) -> None:
    assert key(*read_key(raw)) == raw


@pytest.mark.parametrize(
    "raw",
    ["", "cell", "cell:", "cell:0", "cell:-1", "cell:1.5", "cell:²", "cell:2147483648", "case:9223372036854775808",
     "house:1", "staff:", "staff:" + "x" * 41, "CELL:1", "group:case:1"],
)  # fmt: skip
def test_what_is_no_key_is_refused(raw: str) -> None:
    with pytest.raises(ValueError):
        read_key(raw)


def test_a_key_is_written_in_one_way() -> None:
    assert read_key("cell:0012") == (Prefix.CELL, "12")


def test_people_are_called_by_their_first_role() -> None:
    people = [node("staff:a", Kind.STAFF, 1, None), node("staff:b", Kind.STAFF, 1, None), MIDDLE]
    edges = [
        Edge("staff:a", "cell:1", Relation.ANSWERS, "grid_officer"),
        Edge("staff:a", "cell:2", Relation.ANSWERS, "volunteer"),
        Edge("staff:b", "unit:1", Relation.WORKS_IN),
    ]
    assert [one.word for one in named_by_role(people, edges)] == ["grid_officer", "staff", "cell"]


def test_few_stay_themselves() -> None:
    nodes = [MIDDLE, *(node(f"case:{n}", Kind.CASE, 1, n) for n in range(1, 9))]
    edges = [Edge(one.key, "cell:1", Relation.LIES_IN) for one in nodes[1:]]
    found = fold(nodes, edges, {Kind.CASE: 5}, most=9)
    assert (found.nodes, found.edges, found.folded) == (tuple(nodes), tuple(edges), None)
    assert found.totals == {"case": 13, "cell": 1}


def test_the_farthest_are_gathered_first_and_by_cell() -> None:
    near = [node(f"unit:{n}", Kind.ORGANISATION, 1, n) for n in range(3)]
    far = [node(f"case:{n}", Kind.CASE, 2, n // 5) for n in range(20)]
    edges = [Edge("unit:0", one.key, Relation.HANDLES) for one in far]
    found = fold([MIDDLE, *near, *far], edges, {}, most=10)
    assert found.folded == "cell"
    assert [one.key for one in found.nodes[:4]] == ["cell:1", "unit:0", "unit:1", "unit:2"]
    assert [(one.count, one.label, one.opens) for one in found.nodes[4:]] == [
        (5, f"格{cell}", f"cell:{10_000 + cell}") for cell in range(4)
    ]
    assert [(edge.source, edge.count) for edge in found.edges] == [("unit:0", 5)] * 4


def test_relations_inside_a_heap_are_gone() -> None:
    far = [node(f"case:{n}", Kind.CASE, 2, 3) for n in range(9)]
    edges = [Edge(far[0].key, one.key, Relation.MERGED) for one in far[1:]]
    assert fold([MIDDLE, *far], edges, {}, most=5).edges == ()


def test_what_stands_alone_in_its_cell_keeps_its_name() -> None:
    far = [node(f"case:{n}", Kind.CASE, 2, 0 if n else 7) for n in range(9)]
    found = fold([MIDDLE, *far], [], {}, most=5)
    assert {one.key: one.count for one in found.nodes} == {"cell:1": 1, "case:0": 1, "group:case:10000": 8}


def test_a_heap_says_how_many_posts_are_vacant() -> None:
    far = [node(f"vacancy:{n}", Kind.STAFF, 2, 4, vacant=n % 2) for n in range(10)]
    (heap,) = fold([MIDDLE, *far], [], {}, most=3).nodes[1:]
    assert (heap.count, heap.vacant) == (10, 5)


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Kind)), st.integers(1, 2), st.one_of(st.none(), st.integers(0, 250))),
        max_size=120,
    ),
    st.integers(len(Kind) + 1, 40),
)
def test_a_folded_network_is_small_and_honest(drawn: list[tuple[Kind, int, int | None]], most: int) -> None:
    nodes = [
        MIDDLE,
        # No element has the key of another: the middle is the first cell.
        *(node(f"{kind.value}:{n}", kind, ring, cell) for n, (kind, ring, cell) in enumerate(drawn, 2)),
    ]
    edges = [Edge(MIDDLE.key, one.key, Relation.LIES_IN) for one in nodes[1:]]
    found = fold(nodes, edges, {}, most)
    assert len(found.nodes) <= most
    assert found.nodes[0] == MIDDLE
    assert sum(one.count for one in found.nodes) == len(nodes)
    assert sum(found.totals.values()) == len(nodes)
    keys = {one.key for one in found.nodes}
    assert {edge.source for edge in found.edges} | {edge.target for edge in found.edges} <= keys
    assert sum(edge.count for edge in found.edges) == len(edges)
    assert found.folded in ({None} if len(nodes) <= most else {*LEVELS, EVERYWHERE})
    for kind in Kind:
        assert sum(one.count for one in found.nodes if one.kind is kind) == found.totals.get(kind.value, 0)

"""`/api/v1/network`: the network of a cell, an area, a case, a unit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.console.network import service
from app.console.network.rules.elements import (
    DEEPEST,
    LONG,
    Edge,
    Kind,
    Network,
    Node,
    Prefix,
    Relation,
    read_key,
)
from app.console.network.rules.folding import EVERYWHERE, LEVELS, MOST
from app.console.network.store.reading import Asking
from app.errors import InvalidError, NotFoundError
from app.grid import store as grid
from app.grid.api import here
from app.registry.rules.kinds import RelationKind
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader, number, several
from app.web.shapes import (
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    TEXT,
    YES,
    Named,
    items,
    maybe,
    record,
    table,
    words,
)
from app.web.stating import Asked, states

blueprint = Blueprint("network_api", __name__, url_prefix="/api/v1")


NUMBERED = "|".join(prefix for prefix in Prefix if prefix not in {*LONG, Prefix.STAFF})
MANY = "|".join(sorted(LONG))
PATTERN = f"^(({NUMBERED}):[1-9][0-9]{{0,8}}|({MANY}):[1-9][0-9]{{0,17}}|staff:.{{1,40}})$"


def _key(raw: str) -> str:
    read_key(raw)
    return raw


OF = Asked(
    "of",
    Reader(_key, {**TEXT, "pattern": PATTERN}),
    None,
    "The element in the middle: its prefix and its id, `cell:12`, `case:7`, `unit:3`, `area:5`, `element:9`, or any"
    " that an answer names in `opens`.",
)
DEPTH = Asked("depth", number(1, DEEPEST), 1, "How many relations far from it.")
KINDS = Asked(
    "kinds",
    several(Kind),
    None,
    "Only elements of these kinds, between commas, and only what is reached through them; by default all.",
)
PLACE = record(id=ID, level=TEXT, name=TEXT, name_en=maybe(TEXT))
TYPE = record(name=TEXT, name_en=maybe(TEXT))
NODE = Named(
    "NetworkNode",
    record(
        key=TEXT, kind=words(Kind), word=TEXT, type=maybe(TYPE), label=TEXT, label_en=maybe(TEXT), code=maybe(TEXT),
        ring=COUNT,
        opens=maybe(TEXT), count=COUNT, vacant=COUNT, cell=maybe(PLACE), state=maybe(TEXT), due_at=maybe(INSTANT),
        lon=maybe(LON), lat=maybe(LAT), simulated=YES,
    ),
)  # fmt: skip
EDGE = Named(
    "NetworkEdge",
    record(
        source=TEXT, target=TEXT, relation=words([*Relation, *RelationKind]), role=maybe(TEXT), count=COUNT
    ),
)
NETWORK = Named(
    "Network",
    record(
        of=TEXT, depth=COUNT, on=DAY, nodes=items(NODE, least=1, most=MOST + 1), edges=items(EDGE),
        totals=table(COUNT), elements=COUNT, folded=maybe(words([*LEVELS, EVERYWHERE])),
    ),
)  # fmt: skip


@blueprint.get("/network")
@needs(Permission.READ_CASES)
@states(
    NETWORK,
    query=(OF, DEPTH, KINDS),
    fails={InvalidError: ["field_needed"], NotFoundError: ["district_missing", "network_missing"]},
)
def network() -> Response:
    """关系网络: elements around one, and their relations, as far as the one who asks may see them.

    Of an area or a unit the open cases are shown, an ended one where a link leads to it. People at work are shown to
    those who may read staff, and nobody's telephone number. More than 200 elements are gathered by kind and cell, or
    by wider areas: a gathered one has a `count`, `folded` says by what, and `totals` how many elements of each kind
    there are, with those that were too many to be read.
    """
    place = here()
    of, depth, kinds = OF.read(), DEPTH.read(), KINDS.read()
    if of is None:
        raise InvalidError("field_needed", field="of")
    with acting.reading() as connection:
        today = grid.today(connection, place.district_id)
        asking = Asking(connection, place.district_id, today)
        found = service.network(asking, of, depth, kinds or frozenset(Kind), me().may)
    return answers.document({"of": found.nodes[0].key, "depth": depth, "on": today, **_plain(found)})


def _plain(found: Network) -> dict[str, Any]:
    return {
        "nodes": [_node(node) for node in found.nodes],
        "edges": [_edge(edge) for edge in found.edges],
        "totals": found.totals,
        "elements": sum(found.totals.values()),
        "folded": found.folded,
    }


def _node(node: Node) -> dict[str, Any]:
    area = node.within[0] if node.within else None
    return {
        "key": node.key,
        "kind": node.kind.value,
        "word": node.word,
        "label": node.label,
        "label_en": node.label_en,
        "ring": node.ring,
        "opens": node.opens,
        "count": node.count,
        "vacant": node.vacant,
        "cell": area and {"id": area.id, "level": area.level, "name": area.name, "name_en": area.name_en},
        **{name: node.facts.get(name) for name in ("type", "code", "state", "due_at", "lon", "lat")},
        "simulated": bool(node.facts.get("simulated", False)),
    }


def _edge(edge: Edge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "relation": edge.relation.value,
        "role": edge.role,
        "count": edge.count,
    }

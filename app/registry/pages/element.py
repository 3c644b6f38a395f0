"""One element: what it says, what it is tied to, what it was, what it was merged with."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.errors import AppError
from app.grid import store as grid
from app.grid.api import here
from app.registry.pages.blueprint import ROWS, Given, blueprint, faults_of, number
from app.registry.rules.kinds import ENDS, ElementKind, RelationKind
from app.registry.service import looking
from app.registry.store import reading, writing
from app.web import acting
from app.web.doors import needs
from app.web.errors import status_of
from app.web.pages import page
from app.web.params import parameter

Record = dict[str, Any]

HIDDEN = frozenset(
    {
        "kind",
        "district_id",
        "area_no",
        "site_id",
        "unit_id",
        "household_id",
        "shape",
        "needs",
        "simulated",
        "merged_into",
    }
)
"""Of what an element was: numbers of other rows, and what is no text."""


@blueprint.get("/registry/elements/<int:element_id>")
@needs(Permission.READ_REGISTRY)
def element(element_id: int) -> Response:
    """All that an element says of itself, with its relations, and what it said before."""
    return show(element_id)


def show(element_id: int, problem: AppError | None = None, given: Given | None = None) -> Response:
    """The page of an element; after something went wrong, with what it was and what was filled in."""
    district_id = here().district_id
    with acting.reading() as connection:
        told = looking.one(connection, looking.id_of(element_id))
        facts = {
            **_tied(connection, element_id),
            **_past(connection, told["element"]),
            "merges": writing.mergers(connection, element_id, ROWS),
            "site": _one(connection, told["element"]["site_id"]),
            "into": _one(connection, told["element"]["merged_into"]),
            "today": grid.today(connection, district_id),
        }
    kind = ElementKind(told["element"]["kind"])
    return page(
        "element.html", status_of(problem), me=me(), told=told, one=told["element"], problem=problem,
        faults=faults_of(problem), given=given or {}, ties=_ties(kind), may=may_edit(kind), **facts,
    )  # fmt: skip


def may_edit(kind: ElementKind) -> bool:
    """Whether the one who asks may write elements of a kind."""
    needed = {Permission.EDIT_REGISTRY} | ({Permission.KEEP_PERSONS} if kind is ElementKind.PERSON else set())
    return needed <= me().permissions


def _ties(kind: ElementKind) -> list[RelationKind]:
    return [one for one, ends in ENDS.items() if kind in ends.sources]


def _one(connection: Connection, element_id: int | None) -> Record | None:
    return None if element_id is None else next(iter(looking.told(connection, [element_id])), None)


def _tied(connection: Connection, element_id: int) -> Record:
    """Its relations, each with what is at the other end, as far as that is in sight."""
    found = reading.relations(
        connection, element_id, after=parameter("tied_after", number, 0), limit=ROWS + 1
    )
    rows, ends = found[:ROWS], set()
    for row in rows:
        row["other_id"] = row["target_id"] if row["source_id"] == element_id else row["source_id"]
        ends.add(row["other_id"])
    others = {one["id"]: one for one in looking.told(connection, sorted(ends - {None}))}
    for row in rows:
        row["other"] = others.get(row["other_id"])
    return {"relations": rows, "more_relations": rows[-1]["id"] if len(found) > ROWS else None}


def _past(connection: Connection, one: Record) -> Record:
    """What it said before; a person's name is told by nobody, not even a former one."""
    before = parameter("before", number, None)
    found = reading.history(connection, one["id"], before=before, limit=ROWS + 1)
    hidden = HIDDEN | ({"name"} if one["kind"] == ElementKind.PERSON else set())
    rows = [
        {
            **row,
            "said": {key: v for key, v in row["before"].items() if key not in hidden and v not in (None, "")},
        }
        for row in found[:ROWS]
    ]
    return {"history": rows, "older": rows[-1]["id"] if len(found) > ROWS else None}

"""`/api/v1/elements`: lists, one element, what it is tied to, what it was, what is around it."""

from __future__ import annotations

import re
from typing import Any

from flask import Response
from sqlalchemy import Connection

from app.accounts.rules import Permission
from app.errors import InvalidError, NotFoundError
from app.grid.api import here
from app.grid.store import reading as areas
from app.registry.api import shapes
from app.registry.api.blueprint import blueprint
from app.registry.rules.kinds import ElementKind
from app.registry.service import looking
from app.registry.service.looking import id_of
from app.registry.store import reading, types
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import Reader, box, number, row_id, several, written
from app.web.shapes import COUNT, INSTANT, MOST_CASE_ID, TEXT, items, maybe, page, record
from app.web.stating import Asked, states

AFTER_SHAPE = re.compile(r"([0-2])-([1-9]\d{0,17})", re.ASCII)
DEEPEST = 3


def _types(raw: str) -> frozenset[str]:
    found = raw.split(",")
    if not all(re.fullmatch(r"[a-z0-9_]{1,40}", one) for one in found) or len(found) > 100:
        raise ValueError(raw)
    return frozenset(found)


def _after(raw: str) -> tuple[int, int]:
    match = AFTER_SHAPE.fullmatch(raw)
    if match is None:
        raise ValueError(raw)
    return int(match[1]), int(match[2])


KINDS = Asked(
    "kind",
    several(ElementKind),
    None,
    "Only elements of these kinds, between commas.",
)
TYPES = Asked(
    "type",
    Reader(
        _types,
        {"type": "array", "items": {**TEXT, "pattern": "^[a-z0-9_]{1,40}$"}, "minItems": 1, "maxItems": 100},
    ),
    None,
    "Only elements of these types, see `/element-types`.",
)
SAID = Asked("q", written(60, 1), None, "Words of name and address, or a whole code.")
AREA = Asked("area", row_id, None, "Id of an area: only what lies in it.")
BOX = Asked("bbox", box, None, "West, south, east, north in degrees: only what has a point in it.")
LIMIT = Asked("limit", number(1, 200), 50, "How many at most.")
AFTER = Asked(
    "after",
    Reader(_after, {**TEXT, "pattern": f"^{AFTER_SHAPE.pattern}$"}),
    None,
    "`next` of the page before.",
)
BEFORE = Asked("before", number(1, MOST_CASE_ID), None, "`next` of the page before.")
PAST_ID = Asked("after", number(1, MOST_CASE_ID), None, "`next` of the page before.")
DEPTH = Asked("depth", number(1, DEEPEST), 1, "How many relations far from it.")
MISSING = {NotFoundError: ["element_missing"]}
HISTORY = record(
    id=shapes.ELEMENT_ID, version=COUNT, at=INSTANT, reason=TEXT, note=maybe(TEXT), before={"type": "object"}
)


@blueprint.get("/element-types")
@needs(Permission.READ_REGISTRY)
@states(record(items=items(shapes.TYPE)))
def element_types() -> Response:
    """What elements can be: types of each kind, components with the number that the standard gives their class."""
    with acting.reading() as connection:
        found = types.types(connection)
    return answers.document({"items": found})


@blueprint.get("/elements")
@needs(Permission.READ_REGISTRY)
@states(
    page(shapes.LISTED, TEXT),
    query=(SAID, KINDS, TYPES, AREA, BOX, LIMIT, AFTER),
    kept=False,
    fails={NotFoundError: ["district_missing", "area_missing"]},
)
def elements() -> Response:
    """Elements in sight: all in the order of their ids, or those that words find, the best first.

    Persons are found by `/persons/search` alone, which asks what for.
    """
    place, limit, said, area, wanted = here(), LIMIT.read(), SAID.read(), AREA.read(), TYPES.read()
    with acting.reading() as connection:
        strange = (wanted or frozenset()) - {row["code"] for row in types.types(connection)}
        if strange:
            raise InvalidError("parameter_invalid", field="type", value=min(strange))
        found = reading.found(
            connection,
            place.district_id,
            words=said,
            kinds=KINDS.read(),
            types=wanted,
            area_no=None if area is None else _number(connection, area),
            box=BOX.read(),
            after=AFTER.read(),
            limit=limit + 1,
        )
        rows = looking.told(connection, [one for one, _ in found[:limit]])
    following = f"{found[limit - 1][1]}-{found[limit - 1][0]}" if len(found) > limit else None
    return answers.private({"items": rows, "next": following})


def _number(connection: Connection, area_id: int) -> int:
    number = areas.number_of(connection, area_id)
    if number is None:
        raise NotFoundError("area_missing", id=area_id)
    return number


@blueprint.get("/elements/<int:element_id>")
@needs(Permission.READ_REGISTRY)
@states(shapes.ONE, kept=False, fails=MISSING)
def element(element_id: int) -> Response:
    """One element with what its kind says. Numbers of people and organisations are only told to be there."""
    with acting.reading() as connection:
        return answers.private(looking.one(connection, id_of(element_id)))


@blueprint.get("/elements/<int:element_id>/relations")
@needs(Permission.READ_REGISTRY)
@states(page(shapes.RELATION, shapes.ELEMENT_ID), query=(LIMIT, PAST_ID), kept=False, fails=MISSING)
def relations(element_id: int) -> Response:
    """Its relations, ended ones among them, as far as the other end is in sight too."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        looking.one(connection, id_of(element_id))
        found = reading.relations(connection, element_id, after=PAST_ID.read() or 0, limit=limit + 1)
    following = found[limit - 1]["id"] if len(found) > limit else None
    return answers.private({"items": found[:limit], "next": following})


@blueprint.get("/elements/<int:element_id>/neighbourhood")
@needs(Permission.READ_REGISTRY)
@states(shapes.AROUND, query=(DEPTH,), kept=False, fails=MISSING)
def neighbourhood(element_id: int) -> Response:
    """Everything within so many relations, as far as the one who asks may see; what lies beyond is not even counted."""
    depth = DEPTH.read()
    with acting.reading() as connection:
        return answers.private(looking.neighbourhood(connection, element=id_of(element_id), depth=depth))


@blueprint.get("/elements/<int:element_id>/history")
@needs(Permission.READ_REGISTRY)
@states(page(HISTORY, shapes.ELEMENT_ID), query=(LIMIT, BEFORE), kept=False, fails=MISSING)
def history(element_id: int) -> Response:
    """What it said before it was changed, the newest first."""
    limit = LIMIT.read()
    with acting.reading() as connection:
        told = looking.one(connection, id_of(element_id))["element"]
        found = reading.history(connection, element_id, before=BEFORE.read(), limit=limit + 1)
    hidden = {"name"} if told["kind"] == ElementKind.PERSON else set()
    rows = [{**row, "before": _without(row["before"], hidden)} for row in found[:limit]]
    return answers.private({"items": rows, "next": rows[-1]["id"] if len(found) > limit else None})


@blueprint.get("/elements/<int:element_id>/flats")
@needs(Permission.READ_REGISTRY)
@states(record(items=items(shapes.FLAT)), kept=False, fails=MISSING)
def flats(element_id: int) -> Response:
    """楼栋图: the flats of a building from the top floor down, each with how many people live there."""
    with acting.reading() as connection:
        looking.one(connection, id_of(element_id))
        found = reading.flats(connection, element_id, limit=MOST_FLATS)
    return answers.private({"items": found})


MOST_FLATS = 2_000


def _without(said: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in hidden}

"""What is told of elements: as lists have them, one whole, and what is around one. Names of persons are masked here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.registry.rules.kinds import ElementKind
from app.registry.rules.masks import mask_name
from app.registry.store import persons, reading

Record = dict[str, Any]

MOST_ID = 2**63 - 1
"""No element has a greater one."""

EACH, MOST = 200, 600
"""Relations of one element, and of one ring of a neighbourhood, that are read at most."""


def id_of(element_id: int) -> int:
    """An id that can be one.

    Raises
    ------
    NotFoundError
        `element_missing`.
    """
    if not 0 < element_id <= MOST_ID:
        raise NotFoundError("element_missing", id=element_id)
    return element_id


def told(connection: Connection, ids: Sequence[int]) -> list[Record]:
    """Elements in sight as lists have them, in the order of their ids."""
    rows = reading.told(connection, ids)
    persons_told = [row for row in rows if row["kind"] == ElementKind.PERSON]
    names = reading.person_names(connection, [row["id"] for row in persons_told]) if persons_told else {}
    for row in persons_told:
        name = row["name"] if row["name"] is not None else names.get(row["id"])
        row["name"] = mask_name(name) if name else None
    return rows


def one(connection: Connection, element_id: int) -> Record:
    """All that an element says of itself; numbers of people are only told to be there.

    Raises
    ------
    NotFoundError
        `element_missing`: there is none, or not for the one who asks.
    """
    found = told(connection, [element_id])
    if not found:
        raise NotFoundError("element_missing", id=element_id)
    kind = ElementKind(found[0]["kind"])
    details = reading.details(connection, kind, element_id)
    if kind is ElementKind.PERSON:
        del details["person_name"]
        details["needs"] = persons.needs(connection, element_id)
    return {
        "element": found[0],
        **{each.value: details if each is kind and details else None for each in ElementKind},
    }


def neighbourhood(
    connection: Connection,
    *,
    element: int | None,
    case: int | None = None,
    depth: int,
    kinds: Collection[str] | None = None,
) -> Record:
    """Everything within so many relations of an element or a case, as far as the one who asks may see.

    Raises
    ------
    NotFoundError
        `element_missing`: the element is not there, or not for the one who asks.
    """
    ties = reading.neighbourhood(
        connection, element=element, case=case, depth=depth, kinds=kinds, each=EACH, most=MOST
    )
    rings: dict[int, int] = {} if element is None else {element: 0}
    cases: dict[int, int] = {} if case is None else {case: 0}
    for tie in ties:
        for end in (tie["source_id"], tie["target_id"]):
            if end is not None:
                rings.setdefault(end, tie["ring"])
        if tie["case_id"] is not None:
            cases.setdefault(tie["case_id"], tie["ring"])
    elements = told(connection, list(rings))
    if element is not None and all(each["id"] != element for each in elements):
        raise NotFoundError("element_missing", id=element)
    cut = [tie.pop("cut") for tie in ties]
    return {
        "elements": [{"ring": rings[each["id"]], "element": each} for each in elements],
        "cases": [{"ring": ring, "case_id": number} for number, ring in cases.items()],
        "relations": ties,
        "cut": any(cut),
    }

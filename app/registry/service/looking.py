"""What is told of elements: as lists have them, one whole, and what is around one. Names of persons are masked here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
    of_persons = [row["id"] for row in rows if row["kind"] == ElementKind.PERSON]
    names = reading.person_names(connection, of_persons) if of_persons else {}
    return [_listed(row, names) for row in rows]


def _listed(row: Mapping[str, Any], names: Mapping[int, str]) -> Record:
    area = {part: row[f"area_{part}"] for part in ("id", "level", "code", "name", "name_en")}
    unit = {"id": row["unit_id"], "name": row["unit"], "name_en": row["unit_en"]}
    kept = (
        "id", "kind", "type", "type_name", "type_name_en", "code", "address", "lon", "lat", "site_id",
        "valid_from_on", "valid_to_on", "source", "simulated", "version", "merged",
        "merged_into",
    )  # fmt: skip
    name = row["name"] if row["name"] is not None else names.get(row["id"])
    return {
        **{part: row[part] for part in kept},
        "name": mask_name(name) if row["kind"] == ElementKind.PERSON and name else name,
        "area": area if area["id"] is not None else None,
        "unit": unit if unit["id"] is not None and unit["name"] is not None else None,
    }


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
    shown = ("id", "ring", "kind", "source_id", "case_id", "target_id")
    return {
        "elements": [{"ring": rings[each["id"]], "element": each} for each in elements],
        "cases": [{"ring": ring, "case_id": number} for number, ring in cases.items()],
        "relations": [{name: tie[name] for name in shown} for tie in ties],
        "cut": any(tie["cut"] for tie in ties),
    }

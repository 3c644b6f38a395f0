"""Two worlds that differ only in what lies beyond: the same town, people and ids, and in one of them more elsewhere.

Inside is the cell in the first square; beyond is the other subdistrict. Both worlds are copies of one database, so that
whatever differs between two answers was let through the wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, make_url, text

from app import db
from app.db import transaction
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.kinds import ENDS, SITES, ElementKind, RelationKind
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Origin
from app.seals.service import Column, sealer
from tests import registered, town
from tests.cluster import clone
from tests.people import Person
from tests.registered import CELLS, Registered

INSIDE = CELLS.index(town.cell(0, 0))
BEYOND = CELLS.index(town.cell(2, 2))
"""Cells by their place in the order of what is registered."""
FAR, FARTHER = CELLS.index(town.cell(2, 3)), CELLS.index(town.cell(3, 3))
MANY = 230
"""More ties of one element than a walk reads of it."""
SAID = "ref-beyond"
LATER = date(2024, 1, 1)

Ids = dict[ElementKind | None, int]
"""One of each kind; of None a case."""


@dataclass(slots=True)
class Worlds:
    """Addresses of the two, and what may be asked for in them."""

    one: str
    other: str
    made: Registered
    inside: Ids
    spare: list[int]
    """Objects inside: the first is one with the second, the third with one beyond, the fourth has another of there."""
    beyond: Ids = field(default_factory=dict)
    more: Mapping[str, list[int]] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    areas: list[int] = field(default_factory=list)


def inside_of(connection: Connection, made: Registered, place: int = INSIDE) -> Ids:
    """One element of each kind in a cell, and its case."""
    case = connection.execute(
        text("SELECT id FROM cases WHERE external_ref = :ref"), {"ref": f"ref-{CELLS[place]}"}
    ).scalar_one()
    return {
        ElementKind.PERSON: int(made.persons[3 * place]),
        ElementKind.PLACE: int(made.buildings[place]),
        ElementKind.OBJECT: int(made.objects[place]),
        ElementKind.ORGANISATION: int(made.organisations[place]),
        None: int(case),
    }


@contextmanager
def two(cluster: Cluster, people: Callable[[str], dict[str, Person]]) -> Iterator[Worlds]:
    """Both worlds, in which the same people have the same accounts."""
    with clone(cluster) as first:
        town.build(first)
        made = registered.register(first)
        employed = people(first)
        with transaction(first) as connection:
            known = inside_of(connection, made)
            spare = _common(connection, made)
        db.engine(first).dispose()
        name = str(make_url(first).database)
        with clone(cluster, name) as one, clone(cluster, name) as other:
            areas = _areas(one)
            worlds = Worlds(one, other, made, known, [int(n) for n in spare], areas=areas, people=employed)
            with transaction(one) as connection:
                _merge(connection, made, spare, FAR, FARTHER)
            with transaction(other) as connection:
                _merge(connection, made, spare, FARTHER, FAR)
                worlds.beyond, worlds.more = _fill(connection, made, known)
            yield worlds


def _areas(url: str) -> list[int]:
    """Ids of the district, and of one area of each level below it on either side of the wall."""
    wanted = [town.DISTRICT, *(code[:n] for code in (CELLS[INSIDE], CELLS[BEYOND]) for n in (9, 12, 15))]
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT code, id FROM areas WHERE code = ANY (:codes)"), {"codes": wanted}
        )
        found = {row.code: row.id for row in rows}
    return [found[code] for code in wanted]


def _common(connection: Connection, made: Registered) -> bulk.Ids:
    """What both worlds have: a past, a merger, something in a unit's charge; objects that were one with others."""
    origin = Origin(the_district(connection).id, "test", LATER)
    objects, organisations = made.objects, made.organisations
    connection.execute(
        text(
            "UPDATE elements SET unit_id = (SELECT id FROM units WHERE code = 'urban_management') WHERE id = :id"
        ),
        {"id": int(objects[CELLS.index(town.cell(3, 0))])},
    )
    for one in (made.persons[3 * INSIDE], objects[INSIDE]):
        connection.execute(text("SELECT remember_element(:id, 'edited')"), {"id": int(one)})
    spare = _objects(connection, origin, INSIDE, [f"ref-spare-{n}" for n in range(4)])
    _make_one(connection, int(spare[0]), int(spare[1]))
    bulk.add_relations(
        connection, origin, RelationKind.SERVES, organisations[[INSIDE]], made.persons[[3 * INSIDE]]
    )
    return spare


def _merge(connection: Connection, made: Registered, spare: bulk.Ids, kept: int, gone: int) -> None:
    """A record of inside has been made one with one of elsewhere, and another of elsewhere with one of inside."""
    _make_one(connection, int(spare[2]), int(made.objects[kept]))
    _make_one(connection, int(made.objects[gone]), int(spare[3]))


def _make_one(connection: Connection, gone: int, kept: int) -> None:
    """As `merge_elements` writes it, for whom nobody is asked."""
    for one in (gone, kept):
        connection.execute(text("SELECT remember_element(:id, 'merged')"), {"id": one})
    connection.execute(
        text("UPDATE elements SET merged_into = :kept, version = version + 1 WHERE id = :gone"),
        {"kept": kept, "gone": gone},
    )
    connection.execute(
        text(
            "INSERT INTO element_merges (kept_id, gone_id, reason, moved)"
            ' VALUES (:kept, :gone, \'twice\', \'{"sources": [], "targets": [], "aside": []}\')'
        ),
        {"kept": kept, "gone": gone},
    )


def _objects(connection: Connection, origin: Origin, place: int, names: list[str]) -> bulk.Ids:
    lon, lat = town.centre(CELLS[place])
    many = len(names)
    ids = bulk.reserve(connection, "elements", many)
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.OBJECT, np.full(many, "0305", dtype=object), names=np.array(names, dtype=object),
            lon=np.full(many, lon), lat=np.full(many, lat),
        ),
        ids,
    )  # fmt: skip
    return ids


def _fill(connection: Connection, made: Registered, inside: Ids) -> tuple[Ids, dict[str, list[int]]]:
    """More beyond: one of each kind and a case, tied to what is inside in every way, changed, merged, and many more."""
    origin = Origin(the_district(connection).id, "elsewhere", LATER)
    beyond = _one_of_each(connection, origin)
    relations = [*_ties(connection, inside, beyond), *_ties(connection, beyond, inside)]
    many = _objects(connection, origin, BEYOND, [f"{SAID}-{n}" for n in range(MANY)])
    firm = np.full(MANY, inside[ElementKind.ORGANISATION])
    bulk.add_relations(connection, origin, RelationKind.MANAGES, firm, many)
    building = np.full(MANY, inside[ElementKind.PLACE])
    bulk.add_relations(connection, origin, RelationKind.LOCATED_IN, many, building)
    _make_one(connection, int(many[0]), int(many[1]))
    connection.execute(
        text("UPDATE element_changes SET note = :note WHERE element_id = ANY (:ids)"),
        {"note": SAID, "ids": [int(one) for one in many[:2]]},
    )
    merges = connection.execute(text("SELECT id FROM element_merges ORDER BY id")).scalars().all()
    return beyond, {"relations": relations, "merges": list(merges)}


def _one_of_each(connection: Connection, origin: Origin) -> Ids:
    lon, lat = (np.array([degree]) for degree in town.centre(CELLS[BEYOND]))
    name = np.array([SAID], dtype=object)
    found: Ids = {}

    def add(kind: ElementKind, type_: str, **more: Any) -> None:
        ids = bulk.reserve(connection, "elements", 1)
        bulk.add_elements(connection, origin, ElementRows(kind, np.array([type_], dtype=object), **more), ids)
        found[kind] = int(ids[0])

    at = {"names": name, "addresses": name, "lon": lon, "lat": lat}
    add(ElementKind.PLACE, "building", **at)
    add(ElementKind.OBJECT, "0305", **at, codes=np.array(["5301990305999999"], dtype=object))
    add(
        ElementKind.ORGANISATION,
        "property_company",
        **at,
        codes=np.array([registered.credit(999)], dtype=object),
    )
    add(
        ElementKind.PERSON, "resident", site_ids=np.array([found[ElementKind.PLACE]]),
        details=_person(connection),
    )  # fmt: skip
    for one in found.values():
        connection.execute(text("SELECT remember_element(:id, 'edited')"), {"id": one})
    found[None] = connection.execute(
        text(
            "INSERT INTO cases (district_id, category_id, external_ref, state, reported_at, due_at, address,"
            " description, geom) SELECT d.id, k.id, :ref, 'handling', now() - interval '2 hours',"
            " now() + interval '3 hours', :ref, :ref,"
            " ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) FROM districts d, case_categories k RETURNING id"
        ),
        {"ref": SAID, "lon": float(lon[0]), "lat": float(lat[0])},
    ).scalar_one()
    return found


def _person(connection: Connection) -> dict[str, Any]:
    """Who has the telephone of somebody inside, and lives with them on paper."""
    seal = sealer(connection)
    phone = seal.seal(Column.PERSON_PHONE, registered.phone(3 * INSIDE))
    identity = seal.seal(Column.IDENTITY, registered.identity(900))

    def said(value: Any) -> np.ndarray:
        return np.array([value], dtype=object)

    return {
        "name": said(SAID), "identity": said(identity.value), "identity_index": said(identity.index),
        "phone": said(phone.value), "phone_index": said(phone.index), "legal_basis": said("test"),
        "retain_until_on": said(registered.KEEP_UNTIL),
    }  # fmt: skip


def _ties(connection: Connection, sources: Ids, targets: Ids) -> list[int]:
    """Tie what is on one side of the wall to what is on the other in every way there is; the relations' ids.

    By what somebody lies in they are on its side, so of those only ended ones cross; what has a point is where that is.
    """
    made = []
    for kind in RelationKind:
        froms: list[ElementKind | None] = [*ENDS[kind].sources] or [None]
        for one in froms:
            for two_ in ENDS[kind].targets:
                over = kind in SITES and one is not ElementKind.OBJECT
                made.append(
                    connection.execute(
                        text(
                            "INSERT INTO relations (kind, source_id, case_id, target_id, from_on, to_on, source)"
                            " VALUES (:kind, :source, :case, :target, '2021-01-01', :to_on, 'elsewhere') RETURNING id"
                        ),
                        {
                            "kind": kind.value,
                            "source": None if one is None else sources[one],
                            "case": sources[None] if one is None else None,
                            "target": targets[two_],
                            "to_on": LATER if over else None,
                        },
                    ).scalar_one()
                )
    return made

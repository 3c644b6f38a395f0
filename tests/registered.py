"""The toy town's registry: in each cell a building with two flats and three people, an object and an organisation.

Names, addresses and sources carry the code of the cell, as in `town`, so that a byte that does not belong to somebody
is found by looking for it. Numbers are in ranges that belong to nobody.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.service.types import add_reference_types
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Ids, Origin
from app.seals.service import Column, sealer
from spatial.codes import citizen_check, credit_check
from tests import town
from tests.cluster import clone
from tests.people import UNLIMITED, employ, sign_in

SINCE = date(2020, 1, 1)
CELLS = sorted(town.CELLS)
HERE = [i for i, code in enumerate(CELLS) if code.startswith(town.community("a"))]
AWAY = [i for i, code in enumerate(CELLS) if code.startswith(town.community("b"))]
"""Of the first community, and of one beyond it: the cells by their place among all."""
KEEP_UNTIL = date(2099, 1, 1)


def identity(n: int) -> str:
    """An identity number that nobody has: its district is none."""
    body = f"530199{1950 + n % 50}0101{n % 1000:03d}"
    return body + citizen_check(body)


def phone(n: int) -> str:
    """A telephone number that nobody has."""
    return f"199{(n * 7919 + 53_017_003) % 10**8:08d}"


def credit(n: int) -> str:
    """A credit code that nobody has."""
    body = f"91530199{n:09d}"
    return body + credit_check(body)


@dataclass(frozen=True, slots=True)
class Registered:
    """Ids of what was registered, by the order of the cells; of people three for each cell."""

    buildings: Ids
    flats: Ids
    persons: Ids
    objects: Ids
    organisations: Ids


def register(url: str) -> Registered:
    """Fill the registry of a town that is built."""
    with transaction(url) as connection:
        add_reference_types(connection)
        return _register(connection)


def _texts(form: str) -> np.ndarray:
    return np.array([form.format(code) for code in CELLS], dtype=object)


def _register(connection: Connection) -> Registered:
    origin = Origin(the_district(connection).id, "test", SINCE)
    many = len(CELLS)
    where = np.array([town.centre(code) for code in CELLS])
    seal = sealer(connection)
    ids = {name: bulk.reserve(connection, "elements", n) for name, n in (
        ("buildings", many), ("flats", 2 * many), ("persons", 3 * many), ("objects", many), ("organisations", many)
    )}  # fmt: skip
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.PLACE, np.full(many, "building", dtype=object), names=_texts("ref-{}"),
            addresses=_texts("ref-{}"), lon=where[:, 0], lat=where[:, 1],
            details={"floors": np.full(many, 2, dtype=object)},
        ),
        ids["buildings"],
    )  # fmt: skip
    flats = np.repeat(ids["buildings"], 2)
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.PLACE, np.full(2 * many, "dwelling", dtype=object),
            names=np.repeat(_texts("ref-{}"), 2), site_ids=flats,
            details={
                "entrance": np.full(2 * many, "1", dtype=object),
                "floor": np.tile(np.array([1, 2], dtype=object), many),
                "room": np.tile(np.array(["101", "201"], dtype=object), many),
            },
        ),
        ids["flats"],
    )  # fmt: skip
    numbers = [
        (seal.seal(Column.IDENTITY, identity(n)), seal.seal(Column.PERSON_PHONE, phone(n)))
        for n in range(3 * many)
    ]
    homes = ids["flats"].reshape(many, 2)[:, [0, 0, 1]].ravel()
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.PERSON, np.full(3 * many, "resident", dtype=object), site_ids=homes,
            details={
                "name": np.repeat(_texts("ref-{}"), 3),
                "identity": np.array([one.value for one, _ in numbers], dtype=object),
                "identity_index": np.array([one.index for one, _ in numbers], dtype=object),
                "phone": np.array([one.value for _, one in numbers], dtype=object),
                "phone_index": np.array([one.index for _, one in numbers], dtype=object),
                "legal_basis": np.full(3 * many, "test", dtype=object),
                "retain_until_on": np.full(3 * many, KEEP_UNTIL, dtype=object),
            },
        ),
        ids["persons"],
    )  # fmt: skip
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.OBJECT, np.full(many, "0305", dtype=object), names=_texts("ref-{}"), lon=where[:, 0] + 0.001,
            lat=where[:, 1], codes=np.array([f"5301990305{n:06d}" for n in range(many)], dtype=object),
        ),
        ids["objects"],
    )  # fmt: skip
    bulk.add_elements(
        connection, origin,
        ElementRows(
            ElementKind.ORGANISATION, np.full(many, "property_company", dtype=object), names=_texts("ref-{}"),
            site_ids=ids["buildings"], codes=np.array([credit(n) for n in range(many)], dtype=object),
        ),
        ids["organisations"],
    )  # fmt: skip
    bulk.add_relations(connection, origin, RelationKind.MANAGES, ids["organisations"], ids["buildings"])
    # And one that crosses every wall: each organisation serves the building of the next cell.
    bulk.add_relations(
        connection, origin, RelationKind.SERVES, ids["organisations"], np.roll(ids["buildings"], -1)
    )
    cases = connection.execute(
        text("SELECT id, external_ref FROM cases WHERE external_ref = ANY (:refs) ORDER BY external_ref"),
        {"refs": [f"ref-{code}" for code in CELLS]},
    ).all()
    at = {row.external_ref: row.id for row in cases}
    bulk.add_relations(
        connection, origin, RelationKind.CONCERNS,
        np.array([at[f"ref-{code}"] for code in CELLS], dtype=np.int64), ids["objects"],
    )  # fmt: skip
    return Registered(**ids)


@contextmanager
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    """A town of its own with its registry: the address of its database, and the ids."""
    with clone(cluster) as url:
        town.build(url)
        yield url, register(url)


def served(url: str) -> Flask:
    """The platform over it, where one signs in as often as one likes."""
    made = create_app(url)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


def desk(
    url: str, app: Flask, username: str, role: Role = Role.COMMUNITY_DESK, area: str | None = None
) -> FlaskClient:
    """A client of somebody's own: the desk of the first community, where people are read, unless it is said."""
    return sign_in(app, employ(url, role, area or town.community("a"), username=username))


def duty(url: str, app: Flask, username: str) -> FlaskClient:
    """A client of a duty officer, who sees the whole district and no people."""
    return desk(url, app, username, Role.DUTY_OFFICER, town.DISTRICT)


def rows(url: str, statement: str, **values: object) -> list[Any]:
    """What the database itself says."""
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement), values))


def reasons(said: dict[str, Any]) -> set[tuple[str, str]]:
    """What is wrong with which field."""
    assert said["code"] == "fields_invalid", said
    return {(one["field"], one["reason"]) for one in said["faults"]}


class Door:
    """A program's client, with its token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.head = {"X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"]}

    def send(self, method: str, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=self.head)
        return answer.status_code, answer.get_json()

    def make(self, kind: str, key: uuid.UUID | None = None, **entry: Any) -> tuple[int, dict[str, Any]]:
        return self.send("POST", "/elements", kind=kind, client_id=str(key or uuid.uuid4()), entry=entry)

    def get(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/api/v1{path}").get_json()
        return found


@dataclass
class Desk:
    """A browser without scripts."""

    client: FlaskClient

    def see(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path, headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
        assert answer.status_code == status, (path, answer.text)
        return answer.text

    def post(self, path: str, **form: Any) -> Any:
        token = self.client.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
        head = {"Accept": "text/html", "Accept-Language": "zh-CN"}
        return self.client.post(path, data={"csrf_token": token, **form}, headers=head)

    def make(self, kind: str, **form: Any) -> int:
        page = self.see(f"/registry/new?kind={kind}")
        client = re.search(r'name="client_id" value="([^"]+)"', page)
        assert client is not None
        answer = self.post(f"/registry/new?kind={kind}", client_id=client[1], **form)
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("/")[2])

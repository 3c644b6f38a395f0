"""By the registry's door nobody learns of an element beyond their territory, nor of a person without saying why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Permission, Role, permissions_of
from app.db import Actor, transaction
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Origin
from tests import registered, town
from tests.db.test_territory import PLACES, TERRITORIAL
from tests.people import employ, sign_in
from tests.registered import CELLS, Registered

pytestmark = pytest.mark.db

READERS = [role for role in TERRITORIAL if Permission.READ_REGISTRY in permissions_of([role])]
WHO = [(role, level) for role in READERS for level in PLACES]
PURPOSE = "上门送餐前联系"


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def client(built: tuple[str, Registered], app: Flask) -> FlaskClient:
    """A community's desk."""
    return registered.desk(built[0], app, "desk-a")


def token(client: FlaskClient) -> dict[str, str]:
    return {"X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"]}


def own(letter: str) -> list[int]:
    return [i for i, code in enumerate(CELLS) if code.startswith(town.community(letter))]


def elements_in(said: Any) -> set[int]:
    """Ids of all elements that an answer names."""
    found: set[int] = set()
    if isinstance(said, dict):
        found |= {said[end] for end in ("source_id", "target_id", "site_id", "merged_into") if said.get(end)}
        if {"kind", "type", "id"} <= set(said):
            found.add(said["id"])
    for part in said.values() if isinstance(said, dict) else said if isinstance(said, list) else ():
        found |= elements_in(part)
    return found


@pytest.mark.parametrize(("role", "level"), WHO, ids=str)
def test_no_byte_from_beyond(built: tuple[str, Registered], app: Flask, role: Role, level: str) -> None:
    url, made = built
    place = PLACES[level]
    client = sign_in(app, employ(url, role, place.area, username=f"reg-{role}-{level}"))
    inside = {i for i, code in enumerate(CELLS) if code in place.cells}
    groups = {"buildings": 1, "flats": 2, "persons": 3, "objects": 1, "organisations": 1}
    serves = Permission.READ_PERSONS in permissions_of([role])
    allowed = {
        int(number)
        for name, each in groups.items()
        if serves or name != "persons"
        for at, number in enumerate(getattr(made, name))
        if at // each in inside
    }
    everything = {int(number) for name in groups for number in getattr(made, name)}
    assert allowed < everything or (level == "district" and serves)
    listed: set[int] = set()
    after = ""
    while True:
        answer = client.get(f"/api/v1/elements?limit=50&after={after}").get_json()
        listed |= {one["id"] for one in answer["items"]}
        after = answer["next"]
        if after is None:
            break
    assert listed == allowed
    found = client.get("/api/v1/elements?q=ref&limit=200").get_json()["items"]
    assert {one["id"] for one in found} <= allowed
    marks = {code for code in CELLS if code not in place.cells}
    for start in sorted(everything)[:: 5 if level == "cell" else 11]:
        for path in ("", "/relations", "/neighbourhood?depth=3", "/history", "/flats"):
            answer = client.get(f"/api/v1/elements/{start}{path}")
            assert answer.status_code == (200 if start in allowed else 404), (start, path)
            said = answer.get_data(as_text=True)
            assert not [code for code in marks if code in said], (start, path)
            if answer.status_code == 200:
                assert elements_in(answer.get_json()) <= allowed, (start, path)


def test_numbers_are_in_no_answer_and_in_no_row(built: tuple[str, Registered], client: FlaskClient) -> None:
    url, made = built
    with transaction(url, read_only=True) as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).scalars()
        dump = "\n".join(
            str(row)
            for table in tables
            for row in connection.execute(text(f'SELECT t::text FROM public."{table}" t')).scalars()
        )
    numbers = [n for i in range(len(made.persons)) for n in (registered.identity(i), registered.phone(i))]
    assert len(numbers) == 96
    assert not [n for n in numbers if n in dump or n.encode().hex() in dump]
    said = "".join(
        client.get(f"/api/v1/elements/{int(one)}").get_data(as_text=True)
        for i in own("a")
        for one in made.persons[3 * i : 3 * i + 3]
    )
    assert not [n for n in numbers if n in said]


def test_a_name_is_masked_until_its_purpose_is_said(
    built: tuple[str, Registered], client: FlaskClient
) -> None:
    url, made = built
    i = own("a")[0]
    who = int(made.persons[3 * i])
    masked = client.get(f"/api/v1/elements/{who}").get_json()["element"]["name"]
    assert masked.startswith("r*") and CELLS[i] not in masked
    asked = {"field": "identity", "purpose": PURPOSE}
    refused = client.post(
        f"/api/v1/persons/{who}/reveal", json={**asked, "purpose": "x"}, headers=token(client)
    )
    assert (refused.status_code, refused.get_json()["code"]) == (400, "purpose_needed")
    answer = client.post(f"/api/v1/persons/{who}/reveal", json=asked, headers=token(client))
    assert answer.get_json() == {"field": "identity", "value": registered.identity(3 * i), "seconds": 60}
    assert answer.headers["Cache-Control"] == "no-store"
    looks = client.get(f"/api/v1/persons/{who}/looks").get_json()["items"]
    assert [(one["account"], one["action"], one["purpose"], one["field"]) for one in looks] == [
        ("desk-a", "person.read", PURPOSE, "identity")
    ]
    with transaction(url, read_only=True) as connection:
        log = json.dumps(
            [dict(row._mapping) for row in connection.execute(text("SELECT * FROM access_log"))], default=str
        )
    assert registered.identity(3 * i) not in log


def test_a_person_is_found_by_a_number_that_one_has(
    built: tuple[str, Registered], client: FlaskClient
) -> None:
    made = built[1]
    i, away = own("a")[0], own("b")[0]

    def search(**by: str) -> list[int]:
        answer = client.post("/api/v1/persons/search", json={"purpose": PURPOSE, **by}, headers=token(client))
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.get_json()["items"]]

    assert search(identity=f" {registered.identity(3 * i).lower()}") == [int(made.persons[3 * i])]
    assert search(phone=registered.phone(3 * i + 1)) == [int(made.persons[3 * i + 1])]
    assert search(identity=registered.identity(3 * away)) == []
    assert len(search(name=f"ref-{CELLS[i]}")) == 3
    assert search(name=f"ref-{CELLS[away]}") == []
    assert search(name="%") == []
    for wrong in ({}, {"name": "a", "phone": "1"}, {"name": "a" * 61}, {"name": 1}, {"who": "a"}):
        answer = client.post(
            "/api/v1/persons/search", json={"purpose": PURPOSE, **wrong}, headers=token(client)
        )
        assert answer.get_json()["code"] == "fields_invalid"


def test_a_restricted_record_is_not_used(built: tuple[str, Registered], client: FlaskClient) -> None:
    url, made = built
    who = int(made.persons[3 * own("a")[1]])
    with transaction(url) as connection:
        connection.execute(
            text("UPDATE persons SET restricted_at = now(), restriction = 'asked for' WHERE id = :id"),
            {"id": who},
        )
    answer = client.post(
        f"/api/v1/persons/{who}/reveal", json={"field": "phone", "purpose": PURPOSE}, headers=token(client)
    )
    assert (answer.status_code, answer.get_json()["code"]) == (409, "person_restricted")


def test_roles_are_the_same_in_the_rules_and_in_the_database(built: tuple[str, Registered]) -> None:
    pairs = {
        "reads_persons": Permission.READ_PERSONS,
        "edits_registry": Permission.EDIT_REGISTRY,
        "keeps_persons": Permission.KEEP_PERSONS,
    }
    for role in Role:
        with transaction(built[0], actor=Actor(1, (role.value,)), read_only=True) as connection:
            for function, permission in pairs.items():
                said = connection.execute(text(f"SELECT {function}()")).scalar()
                assert said == (permission in permissions_of([role])), (role, function)


def test_a_type_that_nobody_knows_is_named(client: FlaskClient) -> None:
    assert client.get("/api/v1/elements?type=building&limit=1").status_code == 200
    answer = client.get("/api/v1/elements?type=building,castle")
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameter_invalid")


def test_where_something_lies_beyond_the_territory_is_not_told(
    built: tuple[str, Registered], client: FlaskClient
) -> None:
    """An organisation of the community has its seat in a building elsewhere, and had it in another one before."""
    url, made = built
    own_cell, (away, other) = own("a")[0], [i for i in range(len(CELLS)) if i not in own("a")][:2]
    lon, lat = town.centre(CELLS[own_cell])
    with transaction(url) as connection:
        origin = Origin(the_district(connection).id, "test", registered.SINCE)
        ids = bulk.reserve(connection, "elements", 1)
        texts = [np.array([said], dtype=object) for said in ("enterprise", "ref-seat")]
        rows = ElementRows(
            ElementKind.ORGANISATION, texts[0], names=texts[1], lon=np.array([lon]), lat=np.array([lat]),
            site_ids=made.buildings[[other]],
        )  # fmt: skip
        bulk.add_elements(connection, origin, rows, ids)
        seat = int(ids[0])
        connection.execute(text("SELECT remember_element(:id, 'edited')"), {"id": seat})
        connection.execute(
            text("UPDATE relations SET target_id = :to WHERE source_id = :id"),
            {"id": seat, "to": int(made.buildings[away])},
        )
    hidden = {int(made.buildings[away]), int(made.buildings[other])}
    try:
        for path in ("", "/relations", "/neighbourhood?depth=3", "/history"):
            said = client.get(f"/api/v1/elements/{seat}{path}").get_json()
            assert not elements_in(said) & hidden, path
            assert not [number for number in hidden if f'site_id": {number}' in json.dumps(said)], path
        listed = client.get("/api/v1/elements?q=ref-seat").get_json()["items"]
        assert [(one["id"], one["site_id"]) for one in listed] == [(seat, None)]
    finally:
        with transaction(url) as connection:
            connection.execute(text("DELETE FROM elements WHERE id = :id"), {"id": seat})

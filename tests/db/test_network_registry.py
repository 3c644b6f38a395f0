"""关系网络 over the registry: what hangs together, for those who see both ends, and people for those who serve them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import transaction
from app.postgres import Cluster
from app.registry.rules.masks import mask_name
from tests import registered, town
from tests.registered import CELLS, Registered

pytestmark = pytest.mark.db

HOME = next(i for i, code in enumerate(CELLS) if code.startswith(town.community("a")))
EDGE = next(
    i for i, code in enumerate(CELLS)
    if code.startswith(town.community("a")) and not CELLS[i - 1].startswith(town.community("a"))
)  # fmt: skip
"""A cell of the community whose building is served by an organisation beyond it."""


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered], app: Flask) -> FlaskClient:
    return registered.desk(built[0], app, "net-desk")


@pytest.fixture(scope="module")
def duty(built: tuple[str, Registered], app: Flask) -> FlaskClient:
    return registered.duty(built[0], app, "net-duty")


def ask(client: FlaskClient, of: str, status: int = 200, **query: Any) -> Any:
    answer = client.get("/api/v1/network", query_string={"of": of, **query})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def ties(found: Any) -> set[tuple[str, str, str]]:
    return {(edge["source"], edge["relation"], edge["target"]) for edge in found["edges"]}


def key(number: Any) -> str:
    return f"element:{int(number)}"


def test_a_building_with_its_flats_and_who_manages_it(
    built: tuple[str, Registered], desk: FlaskClient
) -> None:
    made = built[1]
    found = ask(desk, key(made.buildings[HOME]))
    building, firm = key(made.buildings[HOME]), key(made.organisations[HOME])
    flats = {key(flat) for flat in made.flats.reshape(-1, 2)[HOME]}
    assert {(flat, "located_in", building) for flat in flats} <= ties(found)
    assert (firm, "manages", building) in ties(found)
    assert (firm, "located_in", building) in ties(found)
    middle = found["nodes"][0]
    assert (middle["key"], middle["kind"], middle["type"]["name"]) == (building, "place", "楼栋")
    assert any(relation == "lies_in" and source == building for source, relation, _ in ties(found))


def test_what_lies_beyond_is_not_even_counted(
    built: tuple[str, Registered], desk: FlaskClient, duty: FlaskClient
) -> None:
    made = built[1]
    server, building = key(made.organisations[EDGE - 1]), key(made.buildings[EDGE])
    seen = ask(duty, building)
    near = ask(desk, building)
    assert (server, "serves", building) in ties(seen)
    found = ask(desk, building, depth=2)
    beyond = [f"ref-{code}" for code in CELLS if not code.startswith(town.community("a"))]
    assert not [name for name in beyond if name in str(found)]
    assert server not in {node["key"] for node in found["nodes"]}
    assert near["totals"]["organisation"] == seen["totals"]["organisation"] - 1
    ask(desk, server, 404)


def test_people_are_for_those_who_serve_them(
    built: tuple[str, Registered], desk: FlaskClient, duty: FlaskClient
) -> None:
    made = built[1]
    person, flat = made.persons.reshape(-1, 3)[HOME][0], made.flats.reshape(-1, 2)[HOME][0]
    found = ask(desk, key(flat))
    assert (key(person), "lives_in", key(flat)) in ties(found)
    names = {node["label"] for node in found["nodes"] if node["kind"] == "person"}
    assert names == {mask_name(f"ref-{CELLS[HOME]}")}
    assert "person" not in ask(duty, key(flat), depth=2)["totals"]
    ask(duty, key(person), 404)


def test_a_cell_shows_what_lies_in_it_and_counts_who_lives_there(
    built: tuple[str, Registered], desk: FlaskClient, duty: FlaskClient
) -> None:
    url, made = built
    with transaction(url) as connection:
        cell = connection.execute(
            text("SELECT id FROM areas WHERE code = :code"), {"code": CELLS[HOME]}
        ).scalar_one()
    found = ask(desk, f"cell:{cell}")
    there = {node["key"] for node in found["nodes"]}
    assert {key(made.buildings[HOME]), key(made.objects[HOME]), key(made.organisations[HOME])} <= there
    assert not {key(flat) for flat in made.flats} & there
    assert found["totals"]["person"] == 3
    assert "person" not in ask(duty, f"cell:{cell}")["totals"]


def test_a_case_and_what_it_concerns(built: tuple[str, Registered], duty: FlaskClient) -> None:
    url, made = built
    with transaction(url) as connection:
        case = connection.execute(
            text("SELECT case_id FROM relations WHERE target_id = :id AND case_id IS NOT NULL"),
            {"id": int(made.objects[HOME])},
        ).scalar_one()
    assert (f"case:{case}", "concerns", key(made.objects[HOME])) in ties(ask(duty, f"case:{case}"))
    assert (f"case:{case}", "concerns", key(made.objects[HOME])) in ties(ask(duty, key(made.objects[HOME])))

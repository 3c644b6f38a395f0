"""The search box over the registry: places, organisations and components in sight, and never a resident."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import Actor, transaction
from app.postgres import Cluster
from app.registry.store import reading
from tests import registered, town
from tests.registered import CELLS, Registered

pytestmark = pytest.mark.db

GROUPS = {"sites": "place", "organisations": "organisation", "objects": "object"}
HOME = next(i for i, code in enumerate(CELLS) if code.startswith(town.community("a")))
BEYOND = next(i for i, code in enumerate(CELLS) if not code.startswith(town.community("a")))


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered], app: Flask) -> FlaskClient:
    """Of the first community, where people are read."""
    return registered.desk(built[0], app, "find-desk")


@pytest.fixture(scope="module")
def duty(built: tuple[str, Registered], app: Flask) -> FlaskClient:
    return registered.duty(built[0], app, "find-duty")


def found(client: FlaskClient, said: str, limit: int = 20) -> dict[str, list[Any]]:
    answer = client.get("/api/v1/find", query_string={"q": said, "limit": limit})
    assert answer.status_code == 200, answer.text
    return {group: answer.get_json()[group] for group in GROUPS}


def test_each_group_has_its_own_kind_and_residents_are_in_none(
    built: tuple[str, Registered], desk: FlaskClient
) -> None:
    made, said = built[1], f"ref-{CELLS[HOME]}"
    answer = found(desk, said)
    for group, kind in GROUPS.items():
        assert {one["kind"] for one in answer[group]} <= {kind}
    assert [one["id"] for one in answer["sites"]] == [made.buildings[HOME]], (
        "a flat is seen through its building"
    )
    assert made.organisations[HOME] in {one["id"] for one in answer["organisations"]}
    everyone = set(made.persons.tolist())
    assert not everyone & {one["id"] for group in answer.values() for one in group}


def test_beyond_the_territory_nothing_is_found(
    built: tuple[str, Registered], desk: FlaskClient, duty: FlaskClient
) -> None:
    said = f"ref-{CELLS[BEYOND]}"
    assert [one["id"] for one in found(duty, said)["sites"]] == [built[1].buildings[BEYOND]]
    assert found(desk, said) == {group: [] for group in GROUPS}


def test_a_group_has_no_more_than_is_asked_for(duty: FlaskClient) -> None:
    answer = found(duty, "ref-", limit=2)
    assert len(answer["sites"]) == 2
    assert all(len(group) <= 2 for group in answer.values())


def test_whoever_belongs_to_a_unit_lists_what_it_keeps_wherever_it_lies(
    built: tuple[str, Registered],
) -> None:
    """With words and without, and beside a territory of their own."""
    url, made = built
    with transaction(url) as connection:
        district = connection.execute(text("SELECT id FROM districts")).scalar_one()
        unit = connection.execute(text("SELECT min(id) FROM units")).scalar_one()
        kept = made.buildings[BEYOND]
        lent = "UPDATE elements SET unit_id = :unit WHERE id = :id"
        connection.execute(text(lent), {"unit": unit, "id": kept})
        no = connection.execute(
            text("SELECT no FROM areas WHERE code = :code"), {"code": CELLS[HOME]}
        ).scalar_one()

    def listed(territory: str, words: str | None) -> set[int]:
        actor = Actor(territory=territory, units=(unit,))
        with transaction(url, actor=actor, read_only=True) as connection:
            rows = reading.found(
                connection, district, words=words, kinds=["place"], types=["building"], area_no=None, box=None,
                after=None, limit=100,
            )  # fmt: skip
        return {one for one, _ in rows}

    try:
        assert listed("{}", None) == {kept}
        assert listed("{}", f"ref-{CELLS[BEYOND]}") == {kept}
        assert listed(f"{{[{no},{no + 1})}}", None) == {kept, made.buildings[HOME]}
    finally:
        with transaction(url) as connection:
            connection.execute(text("UPDATE elements SET unit_id = NULL WHERE id = :id"), {"id": kept})

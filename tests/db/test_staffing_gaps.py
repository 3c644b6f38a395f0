"""The gaps that the map paints: which cells lack whom on a day, page by page, to each in their own territory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.grid.rules import Level
from app.grid.store import today
from app.postgres import Cluster
from app.staffing import store
from app.staffing.rules import Duty, Part
from app.staffing.store import cells
from tests import town
from tests.cluster import clone
from tests.people import chief, employ, sign_in

pytestmark = pytest.mark.db

DAY, EVE, LEAVE, AFTER_LEAVE = date(2026, 6, 1), date(2026, 5, 31), date(2026, 6, 10), date(2026, 6, 12)
COMPLETE, ON_LEAVE = town.cell(0, 0), town.cell(1, 0)


@pytest.fixture(scope="module")
def staffed(cluster: Cluster) -> Iterator[str]:
    """From `DAY` on: an inspector everywhere, a supervisor in the west, two cells with all they need.

    The officer of one of them is on leave from `LEAVE` until the day before `AFTER_LEAVE`, and nobody stands in.
    """
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            units = store.unit_ids(connection, 1)
            place = {area.code: area.no for area in store.named_areas(connection, 1, "cell")}
            west = [
                a.no
                for a in store.named_areas(connection, 1, "subdistrict")
                if a.code == town.subdistrict("a")
            ]
            whole = [a.no for a in store.named_areas(connection, 1, "district")]
            people = [
                store.add_staff(connection, district_id=1, code=f"P{n}", name=f"人{n}") for n in range(6)
            ]
            for person, (role, over) in enumerate(((Role.INSPECTOR, whole), (Role.SUPERVISOR, west))):
                post = store.add_post(connection, units["command_centre"], role, "岗", over)
                store.hold(connection, post, people[person], DAY)
            for code, officer, head in ((COMPLETE, people[2], people[3]), (ON_LEAVE, people[4], people[5])):
                both = [(officer, place[code], Duty.GRID_OFFICER), (head, place[code], Duty.BUILDING_HEAD)]
                cells.assign(connection, both, DAY)
            connection.execute(
                text("INSERT INTO leaves (staff_id, from_on, until_on) VALUES (:s, :a, :b)"),
                {"s": people[4], "a": LEAVE, "b": AFTER_LEAVE},
            )
        yield url


@pytest.fixture(scope="module")
def app(staffed: str) -> Flask:
    return create_app(staffed)


@pytest.fixture(scope="module")
def everywhere(app: Flask, staffed: str) -> FlaskClient:
    return chief(app, staffed, town.DISTRICT)


@pytest.fixture(scope="module")
def codes(staffed: str) -> dict[int, str]:
    with transaction(staffed, read_only=True) as connection:
        rows = connection.execute(text("SELECT id, code FROM areas WHERE level = 'cell'")).all()
    return {row.id: row.code for row in rows}


def ask(client: FlaskClient, **query: Any) -> Any:
    answer = client.get("/api/v1/staffing/gaps", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_each_cell_says_what_it_lacks(everywhere: FlaskClient, codes: dict[int, str]) -> None:
    answer = ask(everywhere, on=DAY)
    found = {codes[item["id"]]: item for item in answer["items"]}
    assert answer["on"] == DAY.isoformat()
    assert answer["next"] is None
    assert answer["cells"] == 16
    assert set(found) == set(town.CELLS) - {COMPLETE, ON_LEAVE}
    assert set(found[town.cell(0, 1)]) == {"id", "missing", "away"}
    assert set(found[town.cell(0, 1)]["missing"]) == {Part.OFFICER, Part.PART_TIME}
    assert set(found[town.cell(3, 0)]["missing"]) == {Part.SUPERVISOR, Part.OFFICER, Part.PART_TIME}


def test_the_day_decides(everywhere: FlaskClient, codes: dict[int, str]) -> None:
    before = ask(everywhere, on=EVE)["items"]
    assert len(before) == 16
    assert all(set(item["missing"]) == set(Part) for item in before)
    found = {codes[item["id"]]: item for item in ask(everywhere, on=LEAVE)["items"]}
    assert found[ON_LEAVE]["missing"] == [Part.OFFICER]
    assert found[ON_LEAVE]["away"] == 1
    assert found[town.cell(0, 1)]["away"] == 0
    assert len(ask(everywhere, on=AFTER_LEAVE)["items"]) == 14
    long_ago = ask(everywhere, on="1990-01-01")
    assert (long_ago["items"], long_ago["cells"]) == ([], 0)
    with transaction(everywhere.application.config["DATABASE_URL"], read_only=True) as connection:
        now = today(connection, 1)
    assert ask(everywhere)["on"] == now.isoformat()


def test_pages_are_one_list(everywhere: FlaskClient) -> None:
    whole = ask(everywhere, on=DAY)["items"]
    assert [item["id"] for item in whole] == sorted({item["id"] for item in whole})
    seen: list[Any] = []
    after: int | None = 0
    sizes = []
    while after is not None:
        page = ask(everywhere, on=DAY, limit=5, after=after)
        seen += page["items"]
        sizes.append(len(page["items"]))
        after = page["next"]
    assert seen == whole
    assert sizes == [5, 5, 4]
    assert ask(everywhere, on=DAY, limit=14)["next"] is None


def test_each_sees_their_own(app: Flask, staffed: str, codes: dict[int, str]) -> None:
    supervisor = sign_in(app, employ(staffed, Role.SUPERVISOR, town.subdistrict("b"), username="east"))
    answer = ask(supervisor, on=EVE)
    found = {codes[item["id"]] for item in answer["items"]}
    assert answer["cells"] == 8
    assert found == {code for code in town.CELLS if code.startswith(town.subdistrict("b"))}


def test_only_those_who_may_read_staff(app: Flask, staffed: str) -> None:
    assert app.test_client().get("/api/v1/staffing/gaps").status_code == 401
    officer = sign_in(app, employ(staffed, Role.GRID_OFFICER, town.cell(2, 2), username="in-the-field"))
    assert officer.get("/api/v1/staffing/gaps").status_code == 403


@pytest.mark.parametrize(
    ("name", "value"),
    [("on", "2026-13-01"), ("limit", "0"), ("limit", "2001"), ("after", "-1"), ("after", "x")],
)
def test_a_wrong_question_is_named(everywhere: FlaskClient, name: str, value: str) -> None:
    answer = everywhere.get("/api/v1/staffing/gaps", query_string={name: value})
    assert answer.status_code == 400
    assert answer.json["code"] == "parameter_invalid"  # type: ignore[index]


def test_the_map_page_offers_the_layer_to_those_alone(
    app: Flask, staffed: str, everywhere: FlaskClient
) -> None:
    analyst = sign_in(app, employ(staffed, Role.ANALYST, town.DISTRICT))
    assert 'data-staffing="yes"' in everywhere.get("/").text
    assert 'data-staffing=""' in analyst.get("/").text


def test_a_cell_of_an_earlier_edition_goes_by_the_id_that_is_drawn(database: str) -> None:
    town.build(database)
    with transaction(database) as connection:
        connection.execute(text("UPDATE areas SET households = 400 WHERE code = :code"), {"code": COMPLETE})
        squares = [(code, code[:12], (x, y, 1, 1)) for code, (x, y) in town.CELLS.items()]
        town._put(connection, Level.CELL, squares)  # type: ignore[arg-type]
        drawn, editions = connection.execute(
            text(
                "SELECT array_agg(a.id ORDER BY a.id), (SELECT count(*) FROM grid_editions)"
                " FROM areas_on(1, district_today(1)) a WHERE a.level = 'cell'"
            )
        ).one()
    assert editions == 2
    client = chief(create_app(database), database, town.DISTRICT)
    assert [item["id"] for item in ask(client, on=date(2020, 1, 1))["items"]] == drawn

"""What the card of an area says of the registry: as much as there is, to those who may know it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.rules import Role
from app.cases.service import add_reference_cases
from app.db import transaction
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.service.types import add_reference_types
from app.staffing.service import add_reference_units
from tests import registered, town
from tests.cluster import clone
from tests.people import employ, sign_in
from tests.registered import CELLS

pytestmark = pytest.mark.db

CELL = CELLS[0]
COMMUNITY, SUBDISTRICT = CELL[:12], CELL[:9]
INSIDE = sum(code.startswith(COMMUNITY) for code in CELLS)


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with registered.built(cluster) as (url, _):
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    return registered.served(built)


def card(app: Flask, url: str, role: Role, over: str, code: str, **asked: Any) -> dict[str, Any]:
    person = employ(url, role, over, username=f"{role}-{over}-{code}-{len(asked)}")
    with transaction(url) as connection:
        area = connection.execute(
            text("SELECT id FROM areas WHERE code = :code"), {"code": code}
        ).scalar_one()
    answer = sign_in(app, person).get(f"/api/v1/areas/{area}/card", query_string=asked)
    assert answer.status_code == 200, answer.text
    told = answer.get_json()
    return {one["element"]: one for one in told["elements"]} | {"residents": told["residents"]}


def test_a_cell_says_what_is_registered_in_it(app: Flask, built: str) -> None:
    found = card(app, built, Role.COMMUNITY_DESK, COMMUNITY, CELL)
    assert (found["person"]["count"], found["residents"]) == (3, 3)
    assert (found["place"]["count"], found["place"]["of"]) == (1, {"building": 1, "dwelling": 2})
    assert found["object"]["count"] == 1
    assert found["organisation"]["of"]["registered"] == 1


def test_households_are_counted_once(app: Flask, built: str) -> None:
    with transaction(built) as connection:
        connection.execute(
            text("WITH made AS (INSERT INTO households (district_id, code) VALUES (1, 'H-1') RETURNING id)"
                 " UPDATE persons SET household_id = made.id FROM made, elements e JOIN areas a ON a.no = e.area_no"
                 " WHERE e.id = persons.id AND a.code = :cell"),
            {"cell": CELL},
        )  # fmt: skip
    assert card(app, built, Role.GRID_OFFICER, CELL, CELL)["person"]["of"] == {"household": 1}


def test_people_are_told_to_those_who_serve_them_alone(app: Flask, built: str) -> None:
    found = card(app, built, Role.LEADER, town.DISTRICT, CELL)
    assert (found["person"]["count"], found["person"]["untold"], found["residents"]) == (
        None,
        "not_yours",
        None,
    )
    assert found["person"]["of"] == {}
    assert found["place"]["of"]["building"] == 1


def test_of_an_area_that_reaches_further_only_ones_own_is_counted(app: Flask, built: str) -> None:
    mine = card(app, built, Role.COMMUNITY_DESK, COMMUNITY, town.DISTRICT)
    assert mine["person"]["count"] == 3 * INSIDE < 3 * len(CELLS)
    assert mine["place"]["of"] == {"building": INSIDE, "dwelling": 2 * INSIDE}
    whole = card(app, built, Role.DUTY_OFFICER, town.DISTRICT, town.DISTRICT)
    assert whole["place"]["of"] == {"building": len(CELLS), "dwelling": 2 * len(CELLS)}
    assert whole["object"]["count"] == len(CELLS)


def test_what_was_is_not_told_as_what_is(app: Flask, built: str) -> None:
    then = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = card(app, built, Role.COMMUNITY_DESK, COMMUNITY, CELL, as_of=then)
    assert {found[one]["untold"] for one in ("person", "object")} == {"past"}
    assert (found["person"]["count"], found["object"]["count"], found["residents"]) == (None, None, None)


def test_none_here_is_told_from_none_anywhere(cluster: Cluster) -> None:
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            district = the_district(connection).id
            add_reference_types(connection)
            add_reference_cases(connection, district)
            add_reference_units(connection, district)
            connection.execute(
                text("INSERT INTO elements (district_id, kind, type, name, geom, valid_from_on, source)"
                     " SELECT 1, 'object', '0305', '垃圾箱', ST_SetSRID(ST_MakePoint(:lon, :lat), 4490),"
                     " '2020-01-01', 't'"),
                dict(zip(("lon", "lat"), town.centre(CELLS[1]), strict=True)),
            )  # fmt: skip
        app = registered.served(url)
        found = card(app, url, Role.COMMUNITY_DESK, COMMUNITY, CELL)
        assert (found["object"]["count"], found["object"]["untold"]) == (0, None)
        assert (found["person"]["count"], found["person"]["untold"]) == (None, "unkept")

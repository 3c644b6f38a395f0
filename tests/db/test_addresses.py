"""Addresses become places: exactly, by their parts, or by likeness, and only those in sight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.rules.addresses import plain
from app.registry.rules.kinds import ElementKind
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Ids, Origin
from tests import registered, town
from tests.cluster import clone
from tests.people import UNLIMITED, employ, sign_in
from tests.registered import CELLS, SINCE

pytestmark = pytest.mark.db

HERE, AWAY = (next(code for code in CELLS if code.startswith(town.community(letter))) for letter in "ab")
LETTERS = st.text(alphabet="零〇一二两三四五六七八九十百栋幢座号楼单元室-～ ，A1b２#文艺路", max_size=14)


def column(*values: Any) -> Any:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made


def places(url: str, kind: str, names: list[str], addresses: list[str | None], code: str, **more: Any) -> Ids:
    with transaction(url) as connection:
        origin, many = Origin(the_district(connection).id, "test", SINCE), len(names)
        ids = bulk.reserve(connection, "elements", many)
        at = np.array([town.centre(code)] * many)
        points = {} if "site_ids" in more else {"lon": at[:, 0], "lat": at[:, 1]}
        rows = ElementRows(
            ElementKind.PLACE, column(*[kind] * many), names=column(*names), addresses=column(*addresses),
            **points, **more,
        )  # fmt: skip
        bulk.add_elements(connection, origin, rows, ids)
    return ids


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, dict[str, int]]]:
    with clone(cluster) as url:
        town.build(url)
        registered.register(url)
        (compound,) = places(url, "compound", ["江东花园"], ["文艺路12号"], HERE)
        houses = places(url, "building", ["江东花园1栋", "12栋", "2栋"], ["白塔路7号", None, None], HERE,
                        site_ids=np.full(3, compound, dtype=np.int64))  # fmt: skip
        (flat,) = places(url, "dwelling", ["3单元502室"], [None], HERE, site_ids=houses[1:2],
                         details={"entrance": column("3"), "room": column("502")})  # fmt: skip
        (far,) = places(url, "compound", ["江东花园"], ["联盟路9号"], AWAY)
        yield url, {"compound": compound, "one": houses[0], "twelve": houses[1], "flat": flat, "far": far}


@pytest.fixture(scope="module")
def app(built: tuple[str, dict[str, int]]) -> Flask:
    made = create_app(built[0])
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


@pytest.fixture(scope="module")
def desk(built: tuple[str, dict[str, int]], app: Flask) -> FlaskClient:
    return sign_in(app, employ(built[0], Role.COMMUNITY_DESK, town.community("a")))


def found(desk: FlaskClient, said: str) -> list[tuple[int, str, str]]:
    told = desk.get("/api/v1/addresses", query_string={"q": said})
    assert told.status_code == 200, told.text
    return [(one["element"]["id"], one["confidence"], one["left"]) for one in told.get_json()["items"]]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("江东花园一幢", ("one", "exact", "")),
        ("白塔路 七号", ("one", "exact", "")),
        ("昆明市江东花园12号楼", ("twelve", "parts", "")),
        ("江东花园十二幢三单元502室", ("flat", "parts", "")),
        ("江东花园12-3-502", ("flat", "parts", "")),
        ("文艺路12号江东花园12栋3单元502", ("flat", "parts", "")),
        ("江东花园12栋3单元909", ("twelve", "parts", "3单元909")),
        ("江东花圆1栋", ("one", "likeness", "")),
        ("江东花园", ("compound", "exact", "")),
        ("江东花园99栋", None),
        ("无此地方", None),
    ],
)
def test_what_an_address_means(
    built: tuple[str, dict[str, int]], desk: FlaskClient, said: str, wanted: tuple[str, str, str] | None
) -> None:
    _, ids = built
    told = found(desk, said)
    if wanted is None:
        assert all(confidence == "likeness" for _, confidence, _ in told)
    else:
        assert told[0] == (ids[wanted[0]], *wanted[1:])


def test_what_is_beyond_the_wall_is_not_there(built: tuple[str, dict[str, int]], desk: FlaskClient) -> None:
    url, ids = built
    for said in ("江东花园", "联盟路9号", "江东花圆", "联盟路8号江东花园"):
        assert ids["far"] not in {number for number, _, _ in found(desk, said)}
    assert found(desk, "联盟路9号") == []
    with transaction(url) as connection:
        statement = text("SELECT id FROM places_addressed(:d, '{江东花园}', '{}', '', '{}', 9)")
        whole = connection.execute(statement, {"d": the_district(connection).id}).scalars().all()
    assert set(whole) == {ids["compound"], ids["far"]}


def test_nothing_asked_is_nothing_found(desk: FlaskClient) -> None:
    assert desk.get("/api/v1/addresses").get_json()["items"] == []
    assert desk.get("/api/v1/addresses", query_string={"q": "，。"}).get_json()["items"] == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LETTERS, min_size=1, max_size=20))
def test_the_database_writes_addresses_as_the_rules_do(
    built: tuple[str, dict[str, int]], said: list[str]
) -> None:
    with transaction(built[0]) as connection:
        statement = text(
            "SELECT plain_address(s) FROM unnest(CAST(:said AS text[])) WITH ORDINALITY u (s, i) ORDER BY i"
        )
        assert list(connection.execute(statement, {"said": said}).scalars()) == [plain(one) for one in said]

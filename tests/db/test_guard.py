"""The first door: every route, as every role, is what `docs/permissions.md` says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.rules import Permission, Role, permissions_of
from app.accounts.service.matrix import Route, document
from app.factory import create_app, routes
from app.postgres import Cluster
from app.web.doors import PUBLIC
from tests import town
from tests.cluster import clone
from tests.people import UNLIMITED, employ, sign_in

pytestmark = pytest.mark.db

ROOT = Path(__file__).resolve().parents[2]
ANYBODY = {"/healthz", "/readyz", "/static/<path:filename>", "/api/v1/session"}
ANYBODY |= {"/sign-in", "/sign-in/code", "/sign-in/oidc", "/sign-in/oidc/return", "/kiosk/<code>"}
ANYBODY |= {"/r", "/r/receipt", "/r/receipt/rating", "/r/receipt/leave"}
"""Where somebody may knock who is not signed in; nothing else may be public."""

PAGE = {"Accept": "text/html"}
PLACES = {
    "int:area_id": "1",
    "int:case_id": "1",
    "int:campaign_id": "1",
    "int:element_id": "1",
    "int:person_id": "1",
    "int:relation_id": "1",
    "int:merge_id": "1",
    "int:place_id": "1",
    "int:file_id": "1",
    "int:unit_id": "1",
    "int:leave_id": "1",
    "int:handover_id": "1",
    "int:row_id": "1",
    "int:import_id": "1",
    "int:period_id": "1",
    "int:objection_id": "1",
    "int:proposal_id": "1",
    "int:run_id": "1",
    "int:edition": "0",
    "int:schedule_id": "1",
    "name": "seasons",
    "string:layer": "areas.arrow",
    "int:z": "10",
    "int:x": "804",
    "int:y": "437",
    "path:filename": "icon.svg",
    "code": "x",
    "any(areas, ground, cases, elements, buildings):name": "areas",
    "any(staff, shifts):kind": "staff",
}


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    made = create_app(built)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


ROUTES = routes(create_app("postgresql+psycopg://"))


def filled(route: Route) -> str:
    """An address of a route."""
    return re.sub(r"<([^>]+)>", lambda match: PLACES[match[1]], route.rule)


def knock(client: FlaskClient, route: Route, **headers: str) -> int:
    answer = client.open(filled(route), method=route.method, headers=headers)
    answer.close()
    return answer.status_code


def test_the_document_is_made_from_what_is() -> None:
    written = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    assert written == document(ROUTES), "run ./panlong docs"


def test_every_route_asks_for_something() -> None:
    known = {PUBLIC, *(p.value for p in Permission)}
    assert {route.needs for route in ROUTES} <= known
    assert {route.rule for route in ROUTES if route.needs == PUBLIC} <= ANYBODY


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.rule}")
def test_nobody_gets_in(app: Flask, route: Route) -> None:
    client = app.test_client()
    status = knock(client, route)
    if route.needs == PUBLIC:
        assert status != 403
        return
    assert status == 401
    if not route.rule.startswith(("/api", "/tiles", "/live")):
        answer = client.open(filled(route), method=route.method, headers=PAGE)
        assert answer.status_code == 303
        assert answer.location.startswith("/sign-in?next=")


@pytest.fixture(scope="module")
def clients(built: str, app: Flask) -> dict[Role, FlaskClient]:
    places = {"supervisor": town.subdistrict("a"), "grid_officer": town.cell(0, 0)}
    return {role: sign_in(app, employ(built, role, places.get(role, town.DISTRICT))) for role in Role}


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.needs != PUBLIC], ids=lambda r: f"{r.method} {r.rule}"
)
def test_roles(app: Flask, clients: dict[Role, FlaskClient], route: Route) -> None:
    """Who lacks the permission is refused with 403; who holds it is not, whatever else is wrong with the request."""
    for role, client in clients.items():
        if route.rule in {"/sign-out", "/api/v1/session"} and route.method in {"POST", "DELETE"}:
            continue  # they would sign everybody out; tests of their own hold them
        status = knock(client, route)
        if route.needs in {p.value for p in permissions_of([role])}:
            assert status not in {401, 403}, (role, status)
            if route.method != "GET":
                assert status == 400, "without its token a form is not taken"
        else:
            assert status == 403, (role, status)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.GRID_OFFICER])
def test_the_wrong_territory_is_not_found(clients: dict[Role, FlaskClient], role: Role) -> None:
    everything = clients[Role.DUTY_OFFICER].get("/api/v1/cases?state=all&limit=200").json["items"]  # type: ignore[index]
    mine = {item["id"] for item in clients[role].get("/api/v1/cases?state=all").json["items"]}  # type: ignore[index]
    assert mine
    for item in everything:
        expected = 200 if item["id"] in mine else 404
        assert clients[role].get(f"/api/v1/cases/{item['id']}").status_code == expected

"""The interface is what its document says of it: tried by schemathesis as people of four roles."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from app.accounts.rules import Role
from app.postgres import Cluster
from app.web import openapi
from tests import casework, town
from tests.casework import Casework
from tests.knocking import BOUNDS, CHAINS, DRAWN, Found, bearer, closed, known, run
from tests.people import employ

pytestmark = pytest.mark.db

ROLES = ["officer", "operator", "duty", "administrator"]
"""网格员, 分中心 operator, 值班长 of the district, system administrator."""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as found:
        found.people["administrator"] = employ(
            found.url, Role.SYS_ADMIN, town.DISTRICT, username="administrator"
        )
        yield found


@pytest.fixture(scope="module")
def document(work: Casework) -> dict[str, Any]:
    """The document with answers closed, and with what there is in the town offered."""
    cases = [work.report(who)["case_id"] for who in ("officer", "supervisor", "operator", "duty") * 3]
    for case in cases[1::4]:
        work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    lon, lat = town.centre(casework.AREA)
    campaign, places = running(work, lon, lat)
    there = {
        "campaign_id": [campaign],
        "place_id": places,
        "outcome": ["clear", "found"],
        "case_id": cases,
        "into": cases,
        "root": cases,
        "version": [1, 2, 4],
        "area_id": [1, 2, work.scalar("SELECT id FROM areas WHERE code = :code", code=casework.AREA)],
        "area": [casework.AREA],
        "category": ["C01"],
        "description": ["垃圾成堆"],
        "address": ["门口"],
        "source": ["grid_officer"],
        "files": [[]],
        "condition": ["C01"],
        "unit": [work.unit("sanitation"), work.unit("drainage")],
        "unit_id": [work.unit("sanitation")],
        "lon": [lon],
        "lat": [lat],
        "z": [10],
        "x": [804],
        "y": [437],
    }
    return known(closed(openapi.document(work.app)), there)


def running(work: Casework, lon: float, lat: float) -> tuple[int, list[int]]:
    """A campaign of two places that runs today, and their ids."""
    today = str(work.scalar("SELECT district_today(1)"))
    body = {
        "client_id": str(uuid.uuid4()), "name": "楼道", "admission": "准入-1", "category": "A01", "area": casework.AREA,
        "first_on": today, "last_on": today, "places": [{"label": name, "lon": lon, "lat": lat} for name in "甲乙"],
    }  # fmt: skip
    answer = work.client("duty").post("/api/v1/campaigns", json=body)
    assert answer.status_code == 201, answer.text
    campaign = answer.get_json()["id"]
    listed = work.client("duty").get(f"/api/v1/campaigns/{campaign}/places").get_json()["items"]
    return campaign, [place["id"] for place in listed]


def test_the_document_is_valid(work: Casework) -> None:
    made = openapi.document(work.app)
    assert not [error.message for error in OPENAPI_31_VALIDATOR.iter_errors(made)]
    broken = {**made, "info": {}}
    assert not OPENAPI_31_VALIDATOR.is_valid(broken), "the judge would see a fault"


def test_the_document_is_served_to_everybody_who_is_signed_in(work: Casework) -> None:
    for who in ROLES:
        answer = work.client(who).get("/api/v1/openapi.json")
        assert answer.status_code == 200
        assert answer.get_json() == openapi.document(work.app)
    assert work.app.test_client().get("/api/v1/openapi.json").status_code == 401


def knocks(
    work: Casework,
    document: dict[str, Any],
    who: str,
    phases: Collection[str],
    capsys: pytest.CaptureFixture[str],
    **how: int,
) -> Found:
    """Run schemathesis as somebody; every answer has to be one that the document knows."""
    found = run(document, bearer(work.app, work.url, work.people[who]), phases, **how)
    with capsys.disabled():
        told = ", ".join(f"{status}: {n}" for status, n in sorted(found.statuses.items()))
        print(f"\n{who}: {found.statuses.total()} requests at {len(found.operations)} operations ({told})")
    assert not found.faults, "\n".join(f"{fault}\n    {case}" for fault, case in found.faults.items())
    assert found.operations == {f"{m} {openapi.path_of(r)}" for r, m, _ in openapi.operations(work.app)}
    return found


@pytest.mark.parametrize("who", ROLES)
def test_four_roles_meet_what_is_stated(
    work: Casework, document: dict[str, Any], who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = knocks(work, document, who, [DRAWN], capsys, examples=5, seed=20261126)
    # Whether a drawn report is a good one is luck; that some requests are, and some are not, is none.
    assert {200, 400} <= set(found.statuses)
    assert who != "administrator" or 403 in found.statuses


def test_a_breach_would_be_seen(
    work: Casework, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    path = document["paths"]["/api/v1/district"]["get"]
    answer = {**path["responses"]["200"], "content": {"application/json": {"schema": {"type": "array"}}}}
    wrong = {"/api/v1/district": {"get": {**path, "responses": {**path["responses"], "200": answer}}}}
    unstated = {"/api/v1/find": {"get": {**document["paths"]["/api/v1/find"]["get"], "responses": {}}}}
    broken = {**document, "paths": {**wrong, **unstated}}
    found = run(broken, bearer(work.app, work.url, work.people["duty"]), [DRAWN], examples=3, seed=1)
    assert any("response_schema_conformance" in fault for fault in found.faults)
    assert any("status_code_conformance" in fault for fault in found.faults)


def test_the_bounds_are_where_they_are_stated(
    work: Casework, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    found = knocks(work, document, "duty", [BOUNDS], capsys, examples=1, seed=1)
    assert {200, 400, 404, 405, 409} <= set(found.statuses)


@pytest.mark.long
@pytest.mark.parametrize("who", ROLES)
def test_four_roles_knock_for_long(
    work: Casework, document: dict[str, Any], who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = knocks(work, document, who, [BOUNDS, DRAWN, CHAINS], capsys, examples=100, seed=7)
    assert found.statuses.total() > 5_000

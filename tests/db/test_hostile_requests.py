"""What no form would send: each is turned down with a clear error, nothing is changed, and nothing breaks."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.rules import Role, permissions_of
from app.factory import create_app
from app.postgres import Cluster
from app.web import openapi
from tests import casework
from tests.casework import Casework

pytestmark = pytest.mark.db

HALF = "\ud800"
"""Half of a surrogate pair: JSON can write it, UTF-8 cannot."""

NUMBERED = [
    (rule, "duty" if view.needs in permissions_of([Role.DUTY_OFFICER]) else "head")
    for rule, method, view in openapi.operations(create_app("postgresql+psycopg://"))
    if method == "GET" and "<int:" in rule.rule and rule.rule.startswith("/api/v1/")
]
"""Routes with an id, and somebody who may call each."""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def case(work: Casework) -> int:
    return int(work.report("supervisor")["case_id"])


def refused(
    client: FlaskClient, path: str, body: bytes | str, media: str = "application/json"
) -> dict[str, Any]:
    """The problem with which a request is turned down."""
    answer = client.post(path, data=body, content_type=media)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.mimetype == "application/problem+json"
    answer.data.decode()
    return dict(answer.get_json())


@pytest.mark.parametrize("number", [0, 2**31, 10**18 - 1, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize(("rule", "who"), NUMBERED, ids=[rule.rule for rule, _ in NUMBERED])
def test_ids_that_no_row_has(work: Casework, rule: Any, who: str, number: int) -> None:
    path = openapi.path_of(rule)
    for name in rule.arguments:
        path = path.replace("{" + name + "}", str(number))
    answer = work.client(who).get(path)
    assert answer.status_code == 404, answer.text
    assert answer.get_json()["code"].endswith(("_missing", "_unknown", "http_404"))


@pytest.mark.parametrize("number", [2**31, 10**18 - 1, 10**30])
def test_moves_of_cases_that_cannot_be(work: Casework, number: int) -> None:
    body = {"move": "accept", "version": 1, "client_id": str(uuid.uuid4())}
    answer = work.client("duty").post(f"/api/v1/cases/{number}/moves", json=body)
    assert answer.status_code == 404
    told = work.client("duty").post("/api/v1/cases/moves", json={"moves": [{"case_id": number, **body}]})
    assert [(each["status"], each["code"]) for each in told.get_json()["results"]] == [(404, "case_missing")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"moves": ' + b"9" * 10_000 + b"}",
        json.dumps({f"field{n}": 1 for n in range(100)}).encode(),
    ],
    ids=[
        "empty",
        "broken",
        "list",
        "text",
        "null",
        "no UTF-8",
        "deep list",
        "deep object",
        "huge number",
        "many fields",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/cases", "/api/v1/cases/moves", "/api/v1/cases/{case}/moves"])
def test_bodies_that_are_none(work: Casework, case: int, path: str, body: bytes) -> None:
    found = refused(work.client("duty"), path.format(case=case), body)
    assert found["code"] in {"body_not_json", "fields_invalid"}


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_bodies_of_another_kind(work: Casework, case: int, media: str) -> None:
    body = json.dumps({"move": "accept", "version": 1, "client_id": str(uuid.uuid4())})
    assert (
        refused(work.client("operator"), f"/api/v1/cases/{case}/moves", body, media)["code"]
        == "body_not_json"
    )
    assert work.version(case) == 1


@pytest.mark.parametrize("odd", [HALF, f"a{HALF}b", "a\x00b", "\x1b[31m", "\x85"], ids=ascii)
def test_letters_that_cannot_be_written(work: Casework, case: int, odd: str) -> None:
    duty, moves = work.client("duty"), f"/api/v1/cases/{case}/moves"
    asked = {"move": "decline", "version": 1, "client_id": str(uuid.uuid4())}
    report = {"client_id": str(uuid.uuid4()), "category": "C01", "position": {"lon": 1, "lat": 1}}
    for body, path in (
        ({**report, "description": odd}, "/api/v1/cases"),
        ({**report, odd: 1}, "/api/v1/cases"),
        ({**report, "category": odd}, "/api/v1/cases"),
        ({**report, "source": odd}, "/api/v1/cases"),
        ({**report, "contact": {"phone": odd, "name": odd}}, "/api/v1/cases"),
        ({**asked, "move": odd}, moves),
        ({**asked, "client_id": odd}, moves),
        ({**asked, "given": {"reason": odd}}, moves),
        ({**asked, "given": {odd: odd}}, moves),
        ({"username": odd, "password": "x"}, "/api/v1/session"),
        ({"username": "duty", "password": odd}, "/api/v1/session"),
    ):
        refused(duty, path, json.dumps(body))
    assert work.version(case) == 1


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "1" * 400, "-1", "1.5", '"１"', "true"]
)
def test_numbers_that_are_none(work: Casework, case: int, number: str) -> None:
    asked = f'{{"move": "accept", "client_id": "{uuid.uuid4()}", "version": {number}}}'
    refused(work.client("operator"), f"/api/v1/cases/{case}/moves", asked)
    for position in (f'{{"lon": {number}, "lat": 25}}', f"[102, {number}]"):
        report = f'{{"category": "C01", "description": "x", "client_id": "{uuid.uuid4()}", "position": {position}}}'
        told = refused(work.client("operator"), "/api/v1/cases", report)
        assert {fault["field"] for fault in told["faults"]} == {"position"}
    assert work.version(case) == 1


@pytest.mark.parametrize(
    "query",
    [
        "from=9999-12-31", "to=9999-12-31", "from=0001-01-01", "to=1949-12-31", "limit=1_0", "limit=%D9%A3",
        "limit=1e1",
        "limit=+5", "area=9999999999", "category=1,,2", "category=%00", "after=9~infinity~1",
        "after=1~infinity~9" + "9" * 30,
        "after=1~never~1", "after=0~2026-11-23T10:00:00,5~1x", "after=~~", "bbox=nan,nan,nan,nan", "bbox=1,2,3",
        "bbox=5,5,1,1",
        "bbox=-inf,-inf,inf,inf", "state=", "unit=-1", "q=%ED%A0%80", "q=%00%00",
    ],
)  # fmt: skip
def test_parameters_beyond_reason(work: Casework, query: str) -> None:
    answer = work.client("duty").get(f"/api/v1/cases?{query}")
    if query in {
        "state=",
        "q=%ED%A0%80",
    }:  # empty is left out; what is no UTF-8 is read as a sign of replacement
        assert answer.status_code in {200, 400}
        return
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameter_invalid"), answer.text
    assert answer.get_json()["field"] == query.split("=", maxsplit=1)[0]


def test_a_method_that_is_not_there_names_those_that_are(work: Casework) -> None:
    answer = work.client("duty").put("/api/v1/cases")
    assert answer.status_code == 405 and answer.get_json()["code"] == "http_405"
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))

"""The administrators' pages: what each is shown, what each may do, and that it is logged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.ledger import store as ledger
from app.postgres import Cluster
from tests import town
from tests.cluster import clone
from tests.people import PASSWORD, UNLIMITED, Person, employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}


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


@pytest.fixture(scope="module")
def people(built: str) -> dict[str, Person]:
    return {
        "west": employ(built, Role.SUBCENTRE_HEAD, town.subdistrict("a"), username="head-west"),
        "west-officer": employ(built, Role.GRID_OFFICER, town.cell(0, 0), username="officer-west"),
        "east-officer": employ(built, Role.GRID_OFFICER, town.cell(3, 3), username="officer-east"),
        "sys": employ(built, Role.SYS_ADMIN, username="the-system"),
        "sec": employ(built, Role.SEC_ADMIN, username="the-security"),
        "audit": employ(built, Role.AUDIT_ADMIN, username="the-audit"),
        "duty": employ(built, Role.DUTY_OFFICER, town.DISTRICT, username="the-duty"),
    }


@pytest.fixture(scope="module")
def clients(app: Flask, people: dict[str, Person]) -> dict[str, FlaskClient]:
    return {name: sign_in(app, person) for name, person in people.items()}


def post(client: FlaskClient, path: str, **form: str) -> Any:
    token = client.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
    return client.post(path, data={"csrf_token": token, **form}, headers=PAGE)


def logged(url: str, action: str) -> list[dict[str, Any]]:
    with transaction(url) as connection:
        return ledger.page(connection, action=action, limit=50)


def lock(app: Flask, person: Person) -> None:
    for _ in range(5):
        app.test_client().post("/api/v1/session", json={"username": person.username, "password": "no"},
                               environ_base={"REMOTE_ADDR": "192.0.2.33"})  # fmt: skip


def test_a_head_sees_the_people_of_the_subdistrict(clients: dict[str, FlaskClient]) -> None:
    page = clients["west"].get("/people", headers=PAGE).text
    assert "officer-west" in page
    assert "officer-east" not in page
    everybody = clients["sys"].get("/people", headers=PAGE).text
    assert all(name in everybody for name in ("officer-west", "officer-east", "the-audit"))


def test_a_head_lifts_a_lock_here_and_not_elsewhere(
    app: Flask, built: str, people: dict[str, Person], clients: dict[str, FlaskClient]
) -> None:
    for name in ("west-officer", "east-officer"):
        lock(app, people[name])
    assert "已锁定" in clients["west"].get("/people", headers=PAGE).text
    assert post(clients["west"], "/people/unlock", username="officer-west", reason="x").status_code == 400
    assert (
        post(clients["west"], "/people/unlock", username="officer-west", reason="本人当面核实").status_code
        == 303
    )
    assert (
        post(clients["west"], "/people/unlock", username="officer-east", reason="本人当面核实").status_code
        == 404
    )
    given = {"password": PASSWORD}
    assert (
        app.test_client().post("/api/v1/session", json={"username": "officer-west", **given}).status_code
        == 201
    )
    assert (
        app.test_client().post("/api/v1/session", json={"username": "officer-east", **given}).status_code
        == 429
    )
    entry = logged(built, "account.unlock")[0]
    assert (entry["account_name"], entry["facts"]["reason"]) == ("head-west", "本人当面核实")
    assert (
        post(clients["sec"], "/people/unlock", username="officer-east", reason="电话核实").status_code == 303
    )


def test_accounts_are_disabled_and_given_a_new_password(
    app: Flask, built: str, clients: dict[str, FlaskClient]
) -> None:
    someone = employ(built, Role.HANDLER, unit="sanitation", username="someone")
    theirs = sign_in(app, someone)
    assert post(clients["sys"], "/people/state", username="someone", state="disabled").status_code == 303
    with transaction(built) as connection:
        ended = connection.execute(
            text("SELECT bool_and(ended_at IS NOT NULL) FROM sessions WHERE account_id = :a"),
            {"a": someone.account_id},
        ).scalar_one()
    assert ended
    assert post(clients["sys"], "/people/state", username="someone", state="active").status_code == 303
    shown = post(clients["sys"], "/people/reset", username="someone", what="password").text
    password = shown.split("<p><code>")[1].split("</code>")[0]
    fresh = app.test_client()
    assert (
        fresh.post("/api/v1/session", json={"username": "someone", "password": password}).status_code == 201
    )
    assert fresh.get("/api/v1/cases").json["code"] == "password_needed"  # type: ignore[index]
    assert password not in str(logged(built, "account"))
    assert post(clients["sys"], "/people/state", username="the-system", state="disabled").status_code == 403
    del theirs


def test_policy_holds_at_once_and_says_what_changed(built: str, clients: dict[str, FlaskClient]) -> None:
    page = clients["sec"].get("/policy", headers=PAGE).text
    assert 'name="lock_minutes"' in page
    with transaction(built) as connection:
        row = connection.execute(text("SELECT * FROM security_policies")).one()._mapping
    form = {name: str(value) for name, value in row.items() if name != "single"}
    bad = post(clients["sec"], "/policy", **{**form, "idle_minutes": "1"})
    assert bad.status_code == 400
    assert "idle_minutes" in bad.text
    assert post(clients["sec"], "/policy", **{**form, "lock_minutes": "x"}).status_code == 400
    assert post(clients["sec"], "/policy", **{**form, "password_length": "12"}).status_code == 303
    assert logged(built, "policy.change")[0]["facts"] == {"password_length": [10, 12]}
    assert post(clients["sec"], "/policy", **form).status_code == 303


def test_the_log_is_read_by_one_alone_and_that_is_logged(built: str, clients: dict[str, FlaskClient]) -> None:
    for name in ("sys", "sec", "west", "duty"):
        assert clients[name].get("/access-log", headers=PAGE).status_code == 403
    page = clients["audit"].get("/access-log?action=session", headers=PAGE)
    assert page.status_code == 200
    assert "head-west" in page.text
    assert logged(built, "access_log.read")[0]["account_name"] == "the-audit"
    with transaction(built) as connection:
        assert ledger.verify(connection)[1] == []


def test_units(clients: dict[str, FlaskClient]) -> None:
    page = clients["duty"].get("/units", headers=PAGE).text
    assert "城管局" in page
    assert "分中心" in page
    narrow = clients["west"].get("/units", headers=PAGE).text
    assert town.subdistrict("a") in narrow
    assert town.subdistrict("b") not in narrow


@pytest.mark.parametrize(
    "path",
    [
        "/people",
        "/people/new",
        "/units",
        "/units/1",
        "/units/new",
        "/staffing",
        "/staffing/areas/1",
        "/staffing/areas/8",
        "/duty",
        "/leaves",
        "/handovers",
        "/handovers/new",
        "/policy",
        "/access-log",
        "/account",
        "/account/password",
    ],
)
def test_no_word_is_missing(clients: dict[str, FlaskClient], path: str) -> None:
    import re

    who = {
        **dict.fromkeys(("/policy", "/units/1", "/units/new"), "sec"),
        "/access-log": "audit",
        "/people/new": "sys",
    }.get(path, "duty")
    for lang in ("zh-CN", "en"):
        body = clients[who].get(f"{path}?lang={lang}", headers=PAGE).text
        shown = re.sub(r"<code>.*?</code>|<[^>]+>", " ", body)
        assert not re.search(
            r"\b(people|units|board|level|log|action|policy|account|role|error|map|duty|leave|handover)\.[a-z_]+",
            shown,
        ), (
            path,
            lang,
        )

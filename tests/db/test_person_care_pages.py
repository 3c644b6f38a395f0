"""The page of a person's record, and that nobody who serves nobody learns of persons at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Permission, Role, permissions_of
from app.db import transaction
from app.factory import routes
from app.postgres import Cluster
from app.staffing.service import appoint_kiosk
from app.web.doors import PUBLIC
from tests import registered, town
from tests.db.test_guard import filled
from tests.people import employ, sign_in
from tests.registered import CELLS, Desk, rows

pytestmark = pytest.mark.db

NAME = "欧阳查无此人"


@pytest.fixture(scope="module")
def url(cluster: Cluster) -> Iterator[str]:
    with registered.built(cluster) as (made, _):
        yield made


@pytest.fixture(scope="module")
def app(url: str) -> Flask:
    return registered.served(url)


@pytest.fixture(scope="module")
def desk(url: str, app: Flask) -> Desk:
    return Desk(registered.desk(url, app, "cares-a"))


def test_a_record_is_cared_for(url: str, desk: Desk) -> None:
    area = next(code for code in CELLS if code.startswith(town.community("a")))
    identity, phone = registered.identity(811), registered.phone(811)
    who = desk.make(
        "person",
        name=NAME,
        identity=identity,
        phone=phone,
        area=area,
        legal_basis="法",
        retain_until_on="2090-01-01",
    )
    path = f"/registry/persons/{who}"
    one = f"/registry/elements/{who}"
    for page in (one, f"{one}/edit", f"{path}/care", "/registry?kind=person"):
        told = desk.see(page)
        assert identity not in told, page
        assert phone not in told, page
        assert NAME not in told, page
    form = {"version": 1, "name": "", "identity": "", "phone": "", "area": area, "legal_basis": "另一部法"}
    assert desk.post(f"{one}/edit", **form, retain_until_on="2090-01-01").status_code == 303
    assert rows(url, "SELECT name, legal_basis FROM persons WHERE id = :id", id=who) == [(NAME, "另一部法")]
    assert desk.post(f"{path}/needs", need="lives_alone").status_code == 303
    assert desk.post(f"{path}/needs", need="lives_alone").status_code == 400
    assert desk.post(f"{path}/needs/forget", need="lives_alone").status_code == 303
    assert desk.post(f"{path}/needs/forget", need="lives_alone").status_code == 404
    assert desk.post(f"{path}/retain", until_on="1999-01-01", reason="x").status_code == 400
    assert desk.post(f"{path}/retain", until_on="2091-01-01", reason="仍在服务").status_code == 303
    assert "2091-01-01" in desk.see(f"{path}/care")
    assert desk.post(f"{path}/restrict", reason="").status_code == 400
    assert desk.post(f"{path}/restrict", reason="本人要求").status_code == 303
    assert "已限制使用" in desk.see(f"/registry/elements/{who}")
    assert desk.post(f"{path}/unrestrict").status_code == 303
    assert desk.post(f"{path}/export", purpose="x").status_code == 400
    paper = desk.post(f"{path}/export", purpose="本人申请查阅", form="page").text
    assert all(one in paper for one in (NAME, identity, phone))
    file = desk.post(f"{path}/export", purpose="本人申请查阅", form="json")
    assert (json.loads(file.text)["identity"], file.headers["Cache-Control"].find("no-store") >= 0) == (
        identity,
        True,
    )
    assert "本人申请查阅" in desk.see(f"{path}/care")
    assert desk.post(f"{path}/delete", why="asked").status_code == 400
    assert desk.post(f"{path}/delete", why="because", sure="yes").status_code == 400
    assert desk.post(f"{path}/delete", why="mistaken", sure="yes").status_code == 303
    desk.see(f"{path}/care", 404)
    said = rows(
        url,
        "SELECT facts ->> 'why' FROM access_log WHERE action = 'person.delete' AND subject_id = :id"
        " AND facts ->> 'field' IS NULL",
        id=str(who),
    )
    assert [row[0] for row in said] == ["mistaken"]


def told_to(client: FlaskClient, app: Flask, permissions: frozenset[Permission]) -> dict[str, str]:
    """All that somebody can read by every address that they may open, but for what is new with every answer."""
    known = {PUBLIC, *(one.value for one in permissions)}
    found = {}
    for route in routes(app):
        if (
            route.method != "GET"
            or route.needs not in known
            or "static" in route.rule
            or "/live" in route.rule
        ):
            continue
        answer = client.get(filled(route))
        if answer.mimetype in {"text/html", "application/json", "application/problem+json"}:
            found[route.rule] = CHANGING.sub("", answer.text)
        answer.close()
    return found


CHANGING = re.compile(
    r'csrf[-_]token"[^,>]*|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|'
    r'\d{4}-\d\d-\d\d[T ][\d:.+Z]+|"(?:reference|id|at|now|elapsed_ms|ms)": ?"?[\w.:+-]+"?'
)


def without_persons(url: str) -> set[str]:
    """Take all persons away; what they were called."""
    with transaction(url) as connection:
        names = {str(one) for one in connection.execute(text("SELECT name FROM persons")).scalars()}
        connection.execute(
            text("DELETE FROM relations r USING persons p WHERE p.id IN (r.source_id, r.target_id)")
        )
        connection.execute(text("DELETE FROM elements WHERE kind = 'person'"))
    return names


def test_nobody_who_serves_nobody_is_told_of_persons(url: str, app: Flask) -> None:
    """Signed out, before the wall, as leader, as a resident: every answer is the same without any person."""
    with transaction(url) as connection:
        connection.execute(text("UPDATE persons SET name = '欧阳无此人' || id"))
        code = appoint_kiosk(connection, "wall-1", "大屏", None)
    wall = app.test_client()
    assert wall.get(f"/kiosk/{code}").status_code == 303
    leader = sign_in(app, employ(url, Role.LEADER, town.DISTRICT, username="the-leader"))
    resident = sign_in(app, employ(url, Role.REPORTER, town.community("a"), username="the-resident"))
    seats: dict[str, Any] = {
        "nobody": (app.test_client(), frozenset()),
        "kiosk": (wall, permissions_of([Role.LEADER])),
        "leader": (leader, permissions_of([Role.LEADER])),
        "resident": (resident, permissions_of([Role.REPORTER])),
    }
    before = {name: told_to(client, app, may) for name, (client, may) in seats.items()}
    names = without_persons(url)
    assert len(names) == 3 * len(CELLS)
    for name, (client, may) in seats.items():
        after = told_to(client, app, may)
        assert len(after) > 2
        assert {rule for rule in after if after[rule] != before[name][rule]} == set(), name
        assert not any(one in body for body in before[name].values() for one in names)

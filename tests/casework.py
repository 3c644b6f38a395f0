"""The toy town at work: conditions, people for every seat, and a client that moves cases as they would."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.cases.service import add_reference_cases
from app.db import transaction
from app.factory import create_app
from app.postgres import Cluster
from app.staffing.service import sub_centre_code
from tests import town
from tests.cluster import clone
from tests.people import Person, employ, sign_in

TEMPLATE = "template_casework"
AREA = town.cell(0, 3)
COMMUNITY, SUBDISTRICT = AREA[:12], AREA[:9]
ELSEWHERE = town.subdistrict("b")

POSTS: dict[str, tuple[Role, str | None, str]] = {
    "officer": (Role.GRID_OFFICER, COMMUNITY, "command_centre"),
    "officer2": (Role.GRID_OFFICER, COMMUNITY, "command_centre"),
    "station": (Role.COMMUNITY_DESK, COMMUNITY, sub_centre_code(SUBDISTRICT)),
    "supervisor": (Role.SUPERVISOR, SUBDISTRICT, sub_centre_code(SUBDISTRICT)),
    "operator": (Role.SUBCENTRE_OPERATOR, SUBDISTRICT, sub_centre_code(SUBDISTRICT)),
    "head": (Role.SUBCENTRE_HEAD, SUBDISTRICT, sub_centre_code(SUBDISTRICT)),
    "acceptor": (Role.ACCEPTOR, town.DISTRICT, "command_centre"),
    "dispatcher": (Role.DISPATCHER, town.DISTRICT, "command_centre"),
    "duty": (Role.DUTY_OFFICER, town.DISTRICT, "command_centre"),
    "inspector": (Role.INSPECTOR, town.DISTRICT, "command_centre"),
    "overseer": (Role.SUPERVISION_OFFICER, town.DISTRICT, "command_centre"),
    "sanitation": (Role.UNIT_DISPATCHER, None, "sanitation"),
    "crew": (Role.HANDLER, None, "sanitation"),
    "bureau": (Role.UNIT_DISPATCHER, None, "urban_management"),
    "drains": (Role.UNIT_DISPATCHER, None, "drainage"),
    "neighbour": (Role.SUBCENTRE_OPERATOR, ELSEWHERE, sub_centre_code(ELSEWHERE)),
    "resident": (Role.REPORTER, COMMUNITY, sub_centre_code(SUBDISTRICT)),
}
"""Names of people: role, area, unit."""


@dataclass(slots=True)
class Casework:
    """The town with its people; each has a client of their own, made when they first act."""

    url: str
    app: Flask
    people: dict[str, Person]
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, name: str) -> FlaskClient:
        """The client of somebody."""
        if name not in self.clients:
            client = self.clients[name] = sign_in(self.app, self.people[name])
            token = client.get("/api/v1/session").get_json()["csrf_token"]
            client.environ_base["HTTP_X_CSRFTOKEN"] = token
        return self.clients[name]

    def report(self, who: str = "officer", status: int = 201, **fields: Any) -> dict[str, Any]:
        """A report of litter in the first cell, unless the fields say otherwise."""
        lon, lat = town.centre(AREA)
        body = {
            "client_id": str(uuid.uuid4()),
            "category": "C01",
            "description": "垃圾成堆",
            "position": {"lon": lon, "lat": lat},
            **fields,
        }
        answer = self.client(who).post("/api/v1/cases", json={k: v for k, v in body.items() if v is not None})
        assert answer.status_code == status, answer.text
        return dict(answer.get_json())

    def move(self, who: str, case: int, move: str, status: int = 200, **given: Any) -> dict[str, Any]:
        """Make a move on the case as it is; `version` and `client_id` may be given."""
        body = {
            "move": move,
            "version": given.pop("version", None) or self.version(case),
            "client_id": given.pop("client_id", None) or str(uuid.uuid4()),
            "given": given,
        }
        answer = self.client(who).post(f"/api/v1/cases/{case}/moves", json=body)
        assert answer.status_code == status, answer.text
        return dict(answer.get_json())

    def version(self, case: int) -> int:
        """The version of a case now."""
        return int(self.scalar("SELECT version FROM cases WHERE id = :case", case=case))

    def scalar(self, statement: str, **values: Any) -> Any:
        """One value, read past every wall."""
        with transaction(self.url, read_only=True) as connection:
            return connection.execute(text(statement), values).scalar()

    def unit(self, code: str) -> int:
        """Id of a unit."""
        return int(self.scalar("SELECT id FROM units WHERE code = :code", code=code))

    def account(self, name: str) -> int:
        """Id of somebody's account."""
        return self.people[name].account_id

    def file(self, who: str) -> int:
        """A file that somebody has taken in; its bytes are on no shelf."""
        with transaction(self.url) as connection:
            return int(
                connection.execute(
                    text(
                        "INSERT INTO files (sha256, kind, size_bytes, width, height, original_sha256, created_by)"
                        " VALUES (sha256('x'), 'jpeg', 9, 4, 4, sha256('y'), :who) RETURNING id"
                    ),
                    {"who": self.account(who)},
                ).scalar_one()
            )


def build(url: str, app: Flask) -> Casework:
    """The town with conditions and people."""
    return Casework(url, app, _peopled(url))


@contextmanager
def cloned(cluster: Cluster) -> Iterator[Casework]:
    """The same in a database of its own, made once for all tests of a run and cloned for each who asks."""

    def fill(url: str) -> None:
        _kept(cluster).write_text(json.dumps({name: asdict(one) for name, one in _peopled(url).items()}))

    with clone(cluster, TEMPLATE, fill) as url:
        people = json.loads(_kept(cluster).read_text())
        yield Casework(url, create_app(url), {name: Person(**one) for name, one in people.items()})


def _kept(cluster: Cluster) -> Path:
    """Who is in the template: their second factors are known when they are made, and then never again."""
    return cluster.folder.parent / "casework.json"


def _peopled(url: str) -> dict[str, Person]:
    town.build(url)
    with transaction(url) as connection:
        add_reference_cases(connection, 1)
    return {
        name: employ(url, role, area, unit=unit, username=name) for name, (role, area, unit) in POSTS.items()
    }

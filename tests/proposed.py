"""A town in which the grid is drawn anew: people who may, and what they ask of the interface."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import transaction
from app.postgres import Cluster
from app.proposals.service import working
from tests import casework, registered
from tests.db import redrawn
from tests.people import Person, sign_in

AREA = casework.SUBDISTRICT
SEED = 11


@dataclass(slots=True)
class Office:
    """Those who draw, propose and approve, each with a client of their own."""

    url: str
    app: Flask
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        """Somebody of `casework.POSTS`."""
        if who not in self.clients:
            client = self.clients[who] = sign_in(self.app, Person(who, 0))
            client.environ_base["HTTP_X_CSRFTOKEN"] = client.get("/api/v1/session").get_json()["csrf_token"]
        return self.clients[who]

    def rows(self, statement: str, **values: object) -> list[Any]:
        """What the database itself says."""
        return registered.rows(self.url, statement, **values)

    @property
    def today(self) -> date:
        """The day that it is in the district."""
        found: date = self.rows("SELECT district_today(1)")[0][0]
        return found

    def post(self, path: str, who: str = "head", status: int | None = None, **body: Any) -> dict[str, Any]:
        """What is answered to something that is sent."""
        answer = self.client(who).post(f"/api/v1/grid/proposals{path}", json=body)
        assert status is None or answer.status_code == status, answer.text
        return dict(answer.get_json())

    def get(self, path: str, who: str = "head") -> dict[str, Any]:
        """What is told."""
        answer = self.client(who).get(f"/api/v1/grid/proposals{path}")
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def work(self, proposal_id: int) -> None:
        """Do what the worker does."""
        with transaction(self.url) as connection:
            working.run(connection, proposal_id)

    def begin(self, who: str = "head", **fields: Any) -> dict[str, Any]:
        """A proposal with its blocks."""
        body = {
            "client_id": str(uuid.uuid4()), "name": "均衡", "area": AREA,
            "effective_on": str(self.today + timedelta(days=1)), "least_households": 1, "most_households": 5000,
        }  # fmt: skip
        made = self.post("", who, 201, **{**body, **fields})
        self.work(made["id"])
        return self.get(f"/{made['id']}", who)

    def edit(
        self, one: dict[str, Any], do: str, who: str = "head", status: int = 200, **said: Any
    ) -> dict[str, Any]:
        """A step of drawing."""
        return self.post(f"/{one['id']}/edits", who, status, version=one["version"], do=do, **said)

    def act(
        self, one: dict[str, Any], act: str, who: str = "head", status: int = 200, **said: Any
    ) -> dict[str, Any]:
        """A step of the proposal."""
        return self.post(f"/{one['id']}/acts", who, status, version=one["version"], act=act, **said)

    def come(self, proposal_id: int) -> None:
        """Let the day come on which a proposal takes effect."""
        with transaction(self.url) as connection:
            connection.execute(
                text("UPDATE grid_proposals SET effective_on = district_today(district_id) WHERE id = :id"),
                {"id": proposal_id},
            )


@contextmanager
def office(cluster: Cluster) -> Iterator[Office]:
    """The town of `redrawn`, with buildings scattered over it."""
    with redrawn.peopled(cluster) as url:
        with transaction(url) as connection:
            luck = random.Random(SEED)
            redrawn.scatter(connection, luck)
            redrawn.scatter(connection, luck)
        yield Office(url, registered.served(url))

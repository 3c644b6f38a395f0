"""Fifty clients move twenty cases at once: each move is recorded once or refused; asked again it is told the same."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Permission
from app.accounts.service import managing
from app.cases.service import proving
from app.db import transaction
from app.factory import create_app
from tests import casework
from tests.casework import Casework

pytestmark = pytest.mark.db

CLIENTS, CASES, EACH, TRIES = 50, 20, 4, 6
WHO = ("operator", "head", "supervisor")


@dataclass
class Mover:
    """One of many clients: moves cases by what it last saw of them."""

    work: Casework
    number: int
    token: str
    told: list[tuple[int, dict[str, Any], int, dict[str, Any]]] = field(default_factory=list)

    def run(self, cases: list[int]) -> None:
        chance = random.Random(self.number)
        client = self.work.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        seen = dict.fromkeys(cases, 1)
        for _ in range(EACH):
            case = chance.choice(cases)
            for _ in range(TRIES):
                body = {
                    "move": "comment",
                    "version": seen[case],
                    "client_id": str(uuid.uuid4()),
                    "given": {"opinion": f"第 {self.number} 位"},
                }
                answers = [self.ask(client, case, body) for _ in range(1 + (chance.random() < 0.2))]
                seen[case] = answers[-1].get("version", seen[case])
                if "code" not in answers[-1]:
                    break

    def ask(self, client: FlaskClient, case: int, body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(f"/api/v1/cases/{case}/moves", json=body)
        told = dict(answer.get_json())
        self.told.append((case, body, answer.status_code, told))
        return told


def token(work: Casework, name: str) -> str:
    scopes = [Permission.READ_CASES, Permission.MOVE_CASES]
    with transaction(work.url) as connection:
        return managing.create_token(connection, name, "many", scopes, timedelta(days=1))[0]


def test_fifty_clients_at_twenty_cases(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    work = casework.build(database, create_app(database))
    cases = [int(work.report("supervisor")["case_id"]) for _ in range(CASES)]
    tokens = {name: token(work, name) for name in WHO}
    movers = [Mover(work, number, tokens[WHO[number % len(WHO)]]) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(mover.run, cases) for mover in movers]:
            done.result()
    told = [one for mover in movers for one in mover.told]
    statuses = Counter(status for _, _, status, _ in told)
    assert set(statuses) == {200, 409}, statuses

    answers: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for case, body, status, answer in told:
        if status == 200:
            answers.setdefault((case, body["client_id"]), []).append(answer)
        else:
            assert answer["code"] == "case_changed"
    with transaction(work.url) as connection:
        statement = "SELECT case_id, client_id, version FROM case_transitions WHERE client_id IS NOT NULL"
        there = {
            (row.case_id, str(row.client_id)): row.version for row in connection.execute(text(statement))
        }
    assert set(there) == set(answers), "recorded if and only if it was acknowledged"
    for key, some in answers.items():
        assert all(answer == some[0] for answer in some) and there[key] == some[0]["version"]
    assert any(len(some) > 1 for some in answers.values()), "nobody asked again"
    with transaction(work.url) as connection:
        assert list(proving.prove(connection).faults) == []
    with capsys.disabled():
        print(f"\n{len(told)} requests, {len(there)} moves recorded, {statuses[409]} refused")

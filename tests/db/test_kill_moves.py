"""kill -9 of PostgreSQL and of the server while people move cases: what was acknowledged is there, nothing is half."""

from __future__ import annotations

import random
import signal
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import text

from app import db
from app.accounts.rules import Permission
from app.accounts.service import managing
from app.cases.service import proving
from app.db import transaction
from app.factory import create_app
from app.jobs import queue
from app.postgres import Cluster
from tests import casework, quick, town
from tests.casework import Casework
from tests.durable import TOWN, durable_cluster, kill_all
from tests.quick import QUICK, begin, end, wait_until

pytestmark = pytest.mark.db

CLIENTS = 8
SHARED = 20
EVERY = ["near_due", "due", "late", "severe"]
WHO = ("supervisor", "operator", "head", "sanitation")


@dataclass
class Told:
    """What clients were told: every move that was acknowledged, and how many were refused."""

    moves: list[tuple[str, int, str, dict[str, Any]]] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    refused: int = 0
    strange: list[str] = field(default_factory=list)


@dataclass
class Running:
    """The platform while it is being killed."""

    cluster: Cluster
    work: Casework
    tokens: dict[str, str]
    unit: int
    port: int
    log: Path
    server: subprocess.Popen[bytes] | None = None
    over: threading.Event = field(default_factory=threading.Event)
    told: Told = field(default_factory=Told)

    def start(self) -> None:
        """Start the server, with its worker, and wait until it answers."""
        arguments = ("--host", "127.0.0.1", "--port", str(self.port))
        self.server = begin("app.server", self.work.url, self.log, *arguments)
        wait_until(self.ready, 90)

    def ready(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def kill_server(self) -> None:
        assert self.server is not None
        end(self.server, signal.SIGKILL)

    def kill_database(self) -> None:
        kill_all(self.cluster)
        with self.cluster.lock():
            self.cluster.start()
        db.engine(self.work.url).dispose()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with durable_cluster() as cluster:
        url = cluster.url(TOWN)
        work = casework.build(url, create_app(url))
        quick.add_condition(url)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        tokens = {name: token(work, name) for name in WHO}
        made = Running(cluster, work, tokens, work.unit("sanitation"), port, tmp_path / "server.log")
        made.start()
        try:
            yield made
        finally:
            made.over.set()
            if made.server is not None and made.server.poll() is None:
                made.kill_server()


def token(work: Casework, name: str) -> str:
    scopes = [Permission.READ_CASES, Permission.MOVE_CASES, Permission.REPORT_CASES]
    with transaction(work.url) as connection:
        return managing.create_token(connection, name, "kill", scopes, timedelta(days=1))[0]


class Client:
    """Somebody who moves cases, and asks again under the same id until there is an answer."""

    def __init__(self, running: Running, number: int, shared: list[int]) -> None:
        self.running, self.shared, self.chance = running, shared, random.Random(number)
        self.session = requests.Session()
        self.session.trust_env = False
        self.versions: dict[int, int] = {}

    def run(self) -> None:
        while not self.running.over.is_set():
            if self.chance.random() < 0.15:
                self.own_case()
            else:
                case = self.chance.choice(self.shared)
                self.move(self.chance.choice(("operator", "head")), case, "comment", {"opinion": "知道了"})

    def own_case(self) -> None:
        lon, lat = town.centre(casework.AREA)
        body = {"category": "C01", "description": "垃圾成堆", "position": {"lon": lon, "lat": lat}}
        answer = self.ask("supervisor", "cases", body | {"client_id": str(uuid.uuid4())})
        if answer is None or answer.status_code != 201:
            return
        case = int(answer.json()["case_id"])
        self.versions[case] = 1
        given = {"condition": QUICK, "unit": self.running.unit}
        if self.move("operator", case, "accept_register_dispatch", given):
            self.running.told.cases.append(case)
            self.move("sanitation", case, "acknowledge", {})

    def move(self, who: str, case: int, move: str, given: dict[str, Any]) -> bool:
        key = str(uuid.uuid4())
        body = {"move": move, "version": self.versions.get(case, 1), "client_id": key, "given": given}
        answer = self.ask(who, f"cases/{case}/moves", body)
        if answer is None:
            return False
        told = answer.json()
        if answer.status_code == 200:
            self.running.told.moves.append((who, case, key, told))
            self.versions[case] = told["version"]
            return True
        if answer.status_code == 409:
            self.running.told.refused += 1
            self.versions[case] = told.get("version", self.versions.get(case, 1))
        else:
            self.running.told.strange.append(answer.text[:300])
        return False

    def ask(self, who: str, path: str, body: dict[str, Any]) -> requests.Response | None:
        """The answer to a request that is sent until there is one; None when it is over before."""
        head = {"Authorization": f"Bearer {self.running.tokens[who]}"}
        while not self.running.over.is_set():
            try:
                url = f"http://127.0.0.1:{self.running.port}/api/v1/{path}"
                answer = self.session.post(url, json=body, headers=head, timeout=15)
            except requests.RequestException:
                time.sleep(0.1)
                continue
            if answer.status_code != 503:
                return answer
            time.sleep(0.1)
        return None


def under_load(running: Running, rounds: int) -> None:
    """Kill the one and the other in turn while clients move cases."""
    shared = [int(running.work.report("supervisor")["case_id"]) for _ in range(SHARED)]
    clients = [Client(running, number, shared) for number in range(CLIENTS)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for number in range(rounds):
        acknowledged = len(running.told.moves)
        wait_until(lambda before=acknowledged: len(running.told.moves) > before + 30, 120)
        if number % 2:
            running.kill_server()
            running.start()
        else:
            running.kill_database()
    last = len(running.told.moves)
    wait_until(lambda: len(running.told.moves) > last + 30, 120)
    running.over.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def nothing_lost(running: Running) -> None:
    """Every acknowledged move is there, once, as it was told; no case is half moved."""
    with transaction(running.work.url, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT case_id, client_id, version, move, target FROM case_transitions WHERE client_id IS NOT NULL"
            )
        )
        there = {(row.case_id, str(row.client_id)): row for row in rows}
        texts = connection.execute(
            text(
                "SELECT count(*) FROM case_transitions t, jsonb_each(t.given) g WHERE jsonb_typeof(g.value) = 'object'"
                " AND g.value ? 'sha256' AND NOT EXISTS (SELECT FROM case_remarks r"
                " WHERE (r.case_id, r.version, r.field) = (t.case_id, t.version, g.key))"
            )
        ).scalar_one()
    assert running.told.strange == []
    for _, case, key, told in running.told.moves:
        row = there[case, key]
        assert (row.version, row.move, row.target) == (told["version"], told["move"], told["state"])
    assert texts == 0, "a row of the log without its text"
    with transaction(running.work.url) as connection:
        proof = proving.prove(connection)
    assert list(proof.faults) == []


def timers_fired_once(running: Running) -> None:
    """The jobs have caught up, and every instant of every clock that runs was noted once."""
    url = running.work.url

    def caught_up() -> bool:
        with transaction(url, read_only=True) as connection:
            counts = queue.counts(connection)
        assert counts.failed == 0
        return counts.working and counts.due == 0

    wait_until(caught_up, 120)

    def alarms() -> dict[int, list[str]]:
        statement = (
            "SELECT c.id, array_agg(a.kind ORDER BY a.at, a.id) AS kinds FROM cases c LEFT JOIN case_alarms a"
            " ON a.case_id = c.id AND a.stage = 'handling'"
            " WHERE c.reporter_id IS NOT NULL AND c.state IN ('dispatched', 'handling') GROUP BY c.id"
        )
        with transaction(url, read_only=True) as connection:
            return {row.id: row.kinds for row in connection.execute(text(statement))}

    wait_until(lambda: set(map(tuple, alarms().values())) == {tuple(EVERY)}, 120)
    assert set(running.told.cases) <= set(alarms())


def asked_again(running: Running) -> None:
    """Whoever asks again under the same id is told what they were told."""
    client = Client(running, 0, [])
    running.over.clear()
    for who, case, key, told in random.Random(1).sample(running.told.moves, 20):
        body = {"move": told["move"], "version": 1, "client_id": key, "given": {}}
        answer = client.ask(who, f"cases/{case}/moves", body)
        assert answer is not None and answer.json() == told


def kill_and_look(running: Running, rounds: int, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    under_load(running, rounds)
    nothing_lost(running)
    timers_fired_once(running)
    asked_again(running)
    told = running.told
    with capsys.disabled():
        print(
            f"\n{rounds} kills, {len(told.moves)} moves acknowledged and there, {told.refused} refused,"
            f" {len(told.cases)} cases with timers, {time.monotonic() - began:.0f} s"
        )


def test_twice_killed(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    kill_and_look(running, 2, capsys)


@pytest.mark.long
def test_ten_times_killed(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    kill_and_look(running, 10, capsys)

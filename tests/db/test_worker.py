"""The worker as a process: killed, begun again, ended; and what the queue keeps from whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.db import ACT, Actor, transaction
from app.jobs import queue
from app.jobs.supervising import kept
from app.postgres import Cluster
from app.settings import ROOT
from tests import casework, quick
from tests.casework import Casework
from tests.quick import LIMIT_S, QUICK, begin, end, wait_until

pytestmark = pytest.mark.db

EVERY = ["near_due", "due", "late", "severe"]


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        quick.add_condition(made.url)
        yield made


def test_no_insert_notifies(connection: Connection) -> None:
    """A NOTIFY makes commits wait for each other; nobody but an upgrade would switch it on again."""
    on = connection.execute(
        text(
            "SELECT tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE tgenabled <> 'D'"
            " AND tgrelid::regclass::text LIKE 'jobs.%' AND prosrc ILIKE '%notify%'"
        )
    )
    assert list(on.scalars()) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM jobs.procrastinate_jobs",
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x')",
        "SELECT jobs.procrastinate_register_worker_v1()",
        "SELECT * FROM job_marks",
        "SELECT * FROM case_seals",
        "INSERT INTO case_alarms (case_id, version, kind, stage, at, told, loop, area_no)"
        " VALUES (1, 1, 'due', 'check', now(), 'head', 'district', 1)",
    ],
)  # fmt: skip
def test_nobody_but_the_platform_comes_near_the_queue(connection: Connection, statement: str) -> None:
    connection.execute(ACT, Actor(1, ("duty_officer",), "{[1,999999999)}").settings)
    with pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(statement))


def test_alarms_are_seen_by_those_who_see_the_case(work: Casework) -> None:
    case = begun(work)
    with transaction(work.url) as connection:
        connection.execute(
            text(
                "INSERT INTO case_alarms (case_id, version, kind, stage, at, told, loop, area_no)"
                " VALUES (:case, 1, 'due', 'check', now(), 'head', 'district', 1)"
            ),
            {"case": case},
        )
    whole = work.scalar(
        "SELECT '{' || int8range(no, last_no, '[]') || '}' FROM areas WHERE level = 'district'"
    )
    for territory, seen in ((whole, 1), ("{}", 0)):
        with transaction(work.url, actor=Actor(1, ("duty_officer",), territory)) as connection:
            count = text("SELECT count(*) FROM case_alarms WHERE case_id = :case")
            assert connection.execute(count, {"case": case}).scalar_one() == seen


def begun(work: Casework) -> int:
    """A case whose limit is over in seconds."""
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition=QUICK, unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    return case


def alarms(work: Casework, case: int) -> list[str]:
    with transaction(work.url, read_only=True) as connection:
        kinds = text(
            "SELECT kind FROM case_alarms WHERE case_id = :case AND stage = 'handling' ORDER BY at, id"
        )
        return list(connection.execute(kinds, {"case": case}).scalars())


def counts(work: Casework) -> queue.QueueCounts:
    with transaction(work.url, read_only=True) as connection:
        return queue.counts(connection)


def test_timers_fire_once_each_though_the_worker_is_killed_and_was_away(
    work: Casework, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    worker = begin("app.worker", work.url, log)
    cases = [begun(work)]
    wait_until(lambda: alarms(work, cases[0]) == EVERY, 60)
    cases += [begun(work) for _ in range(4)]
    end(worker, signal.SIGKILL)
    cases += [begun(work) for _ in range(4)]
    time.sleep(2.2 * LIMIT_S)
    worker = begin("app.worker", work.url, log)
    try:
        wait_until(lambda: all(alarms(work, case) == EVERY for case in cases), 60)
        wait_until(lambda: counts(work).working, 60)
        assert counts(work).failed == 0
        began = time.monotonic()
        end(worker)
        assert worker.returncode == 0 and time.monotonic() - began < 8
    finally:
        if worker.poll() is None:
            end(worker, signal.SIGKILL)
    assert "Traceback" not in log.read_text()


def test_the_second_worker_waits_until_the_first_is_gone(work: Casework, tmp_path: Path) -> None:
    workers = [begin("app.worker", work.url, tmp_path / f"{number}.log") for number in "12"]
    try:
        lines = [tmp_path / "1.log", tmp_path / "2.log"]
        wait_until(lambda: any("worker begins" in path.read_text() for path in lines), 60)
        time.sleep(2)
        begun_by = [path for path in lines if "worker begins" in path.read_text()]
        assert len(begun_by) == 1
        first = lines.index(begun_by[0])
        end(workers[first], signal.SIGKILL)
        wait_until(lambda: "worker begins" in lines[1 - first].read_text(), 60)
    finally:
        for worker in workers:
            if worker.poll() is None:
                end(worker, signal.SIGKILL)


def test_a_process_is_kept_running_and_ends_with_the_block(tmp_path: Path) -> None:
    note = tmp_path / "began"
    again = (
        f"import os, pathlib, time; p = pathlib.Path({str(note)!r}); p.open('a').write(f'{{os.getpid()}} ');"
    )
    again += " time.sleep(600) if len(p.read_text().split()) > 1 else None"
    with kept([sys.executable, "-c", again]):
        wait_until(lambda: note.exists() and len(note.read_text().split()) == 2, 60)
        last = int(note.read_text().split()[-1])
        assert Path(f"/proc/{last}").exists()
    assert not Path(f"/proc/{last}").exists()


def test_what_a_dead_worker_left_waits_again(connection: Connection) -> None:
    queue.put(connection, [queue.Job("x", "a"), queue.Job("x", "b")])
    connection.execute(text("UPDATE jobs.procrastinate_jobs SET status = 'doing'"))
    queue.put(connection, [queue.Job("x", "b")])
    assert queue.adopt(connection, hours=1) == 0, "they have only just begun"
    assert queue.adopt(connection) == 1
    states = (
        "SELECT array_agg(queueing_lock || ' ' || status ORDER BY queueing_lock) FROM jobs.procrastinate_jobs"
    )
    assert connection.execute(text(states)).scalar_one() == ["a todo", "b todo"]


def test_a_job_that_is_put_again_only_changes_its_time(connection: Connection) -> None:
    now = connection.execute(text("SELECT now()")).scalar_one()
    for hours in (3, 1, 2):
        queue.put(connection, [queue.Job("x", "a", at=now + timedelta(hours=hours))])
    when = connection.execute(
        text("SELECT scheduled_at FROM jobs.procrastinate_jobs WHERE queueing_lock = 'a'")
    )
    assert when.scalars().all() == [now + timedelta(hours=2)]
    assert queue.counts(connection).due == 0


KEEPER = """
import sys, time
from app.jobs.supervising import kept
with kept([sys.executable, "-m", "app.worker"]):
    time.sleep(600)
"""


def test_a_worker_ends_with_the_server_that_was_killed(work: Casework, tmp_path: Path) -> None:
    log, script = tmp_path / "worker.log", tmp_path / "keeper.py"
    script.write_text(KEEPER)
    environment = {**os.environ, "DATABASE_URL": work.url, "PYTHONPATH": str(ROOT)}
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, str(script)],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "worker begins" in log.read_text(), 60)
        children = [
            child
            for task in Path(f"/proc/{keeper.pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        assert children
        keeper.kill()
        keeper.wait(10)
        wait_until(lambda: not any(_runs(child) for child in children), 30)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(keeper.pid, signal.SIGKILL)


def _runs(pid: str) -> bool:
    with suppress(OSError):
        return (Path("/proc") / pid / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False

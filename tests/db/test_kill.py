"""kill -9 in the middle of an import, of the importer or of PostgreSQL: afterwards all rows of it, or none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app import db
from app.postgres import Cluster
from app.settings import ROOT
from tests.db.town import cells, write
from tests.durable import durable_cluster, kill_all

pytestmark = pytest.mark.db

ROWS = 150_000
STAGES = {
    "copying": "SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE tuples_processed > 10000)",
    "indexing": "SELECT EXISTS (SELECT FROM pg_stat_progress_create_index)",
}


@pytest.fixture(scope="module")
def durable() -> Iterator[Cluster]:
    """A cluster with fsync on, as the platform runs it."""
    with durable_cluster() as cluster:
        yield cluster


def panlong(cluster: Cluster, *arguments: str | Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": cluster.url("town"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def table(durable: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kill")
    for arguments in (
        (
            "district",
            "create",
            "--code",
            "t",
            "--name",
            "t",
            "--timezone",
            "UTC",
            "--levels",
            "district,cell",
        ),
        ("import", "areas", write(folder / "t.geojson", cells()), "--level", "cell"),
    ):
        with panlong(durable, *arguments) as process:
            assert process.wait(60) == 0, process.stderr and process.stderr.read()
    path = folder / "many.csv"
    lines = (f"{i},x{i % 7},2026-03-{1 + i % 28:02d} 10:00,102.70{i % 9},25.00{i % 9}\n" for i in range(ROWS))
    path.write_text("id,category,reported_at,lon,lat\n" + "".join(lines), "utf-8")
    return path


def ask(cluster: Cluster, question: str) -> object:
    url = cluster.url("town").replace("+psycopg", "")
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]  # type: ignore[index, arg-type]


def wait_for(cluster: Cluster, stage: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    url = cluster.url("town").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        while time.monotonic() < end and process.poll() is None:
            if connection.execute(STAGES[stage]).fetchone()[0]:  # type: ignore[index, arg-type]
                return
            time.sleep(0.002)
    pytest.fail(f"never saw the import {stage}")


def left(cluster: Cluster) -> tuple[object, ...]:
    tables = ("cases", "imports WHERE kind = 'cases'", "case_categories")
    return tuple(ask(cluster, f"SELECT count(*) FROM {name}") for name in tables)


@pytest.mark.parametrize("stage", STAGES)
def test_importer_is_killed(durable: Cluster, table: Path, stage: str) -> None:
    with panlong(durable, "import", "cases", table) as process:
        wait_for(durable, stage, process)
        process.kill()
        process.wait(20)
    end = time.monotonic() + 30
    while time.monotonic() < end and ask(
        durable, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')"
    ):
        time.sleep(0.05)
    assert left(durable) == (0, 0, 0)


@pytest.mark.parametrize("stage", STAGES)
def test_postgresql_is_killed(durable: Cluster, table: Path, stage: str) -> None:
    with panlong(durable, "import", "cases", table) as process:
        wait_for(durable, stage, process)
        kill_all(durable)
        assert process.wait(60) != 0
        said = process.stderr.read().decode() if process.stderr else ""
    assert "Traceback" not in said, said
    db.engine(durable.url("town")).dispose()
    with durable.lock():
        durable.start()
    assert left(durable) == (0, 0, 0)


def test_after_all_that_it_loads(durable: Cluster, table: Path) -> None:
    with panlong(durable, "import", "cases", table) as process:
        assert process.wait(120) == 0
    assert left(durable) == (ROWS, 1, 7)

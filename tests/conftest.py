"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from app import db
from app.accounts.service import secrets
from app.postgres import Cluster
from app.settings import settings
from tests.cli import Command, caller
from tests.cluster import clone, run_folder, shared_cluster

ROOT = Path(__file__).resolve().parents[1]

SLOW_HASHER = secrets.hasher
"""The platform's own. Of what thousands of sign-ins of the tests took, most was its work, which is slow on purpose."""

secrets.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


TOWN = frozenset(
    f"tests/browser/{name}.py"
    for name in (
        "plain/test_case_loops", "plain/test_case_pages", "plain/test_case_panel", "plain/test_case_panel_looks",
        "test_campaigns", "test_edit_dispatch", "test_phone", "test_reference_pages",
    )
)  # fmt: skip
"""Browser tests in the toy town: they do without the demo, so another worker can have them."""


class Sharing(LoadScopeScheduling):  # type: ignore[misc]
    """Tests that share what is dear to make stay in one worker: a browser with its demo, a file with its database.

    pytest-xdist's own groups are told by the name of a test, which pytest 9.2 lets nobody change.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        folder = file.split("/")[1]
        browser = "browser in the town" if file in TOWN else "browser with the demo"
        return {"browser": browser, "db": file, "notebooks": file}.get(folder, nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Whom to give which tests."""
    return Sharing(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that all workers end together."""
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is None, item.get_closest_marker("db") is None)
    )


@pytest.fixture
def slow_hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[PasswordHasher]:
    """The platform's own hasher, at work again."""
    monkeypatch.setattr(secrets, "hasher", SLOW_HASHER)
    secrets._nobodys_hash.cache_clear()
    yield SLOW_HASHER
    secrets._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real open data to try the readers on; tests that need it are skipped where it is not there."""
    folder = Path(os.environ.get("PANLONG_REAL_DATA") or ROOT.parent / "shared" / "data" / "real")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set PANLONG_REAL_DATA")
    return folder


@pytest.fixture(autouse=True)
def no_workspace_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test must not find, nor harm, the database that the person at the keyboard works with."""
    for name in ("PANLONG_WORKSPACE", "PANLONG_LANG", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The running cluster of the tests."""
    folder = run_folder(os.environ.get("PYTEST_XDIST_WORKER"))
    with shared_cluster(folder) as found:
        yield found
        last = (folder / "users").read_text() == "1"
    if last:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def worker_url(cluster: Cluster) -> Iterator[str]:
    """The migrated database of this worker; nobody commits in it."""
    with clone(cluster) as url:
        yield url


@pytest.fixture
def connection(worker_url: str) -> Iterator[Connection]:
    """A transaction that is rolled back."""
    with db.engine(worker_url).connect() as found:
        outer = found.begin()
        yield found
        if outer.is_active:
            outer.rollback()


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """A migrated database of one's own."""
    with clone(cluster) as url:
        yield url


@pytest.fixture
def panlong(
    database: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """`./panlong …` on a migrated database of one's own."""
    yield caller(database, monkeypatch, capfd)
    settings.cache_clear()

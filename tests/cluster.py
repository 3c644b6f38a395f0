"""The PostGIS of the tests: one cluster for all workers, one migrated template, a clone for each worker."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app import db
from app.cli.preparing import fetch
from app.cli.words import Steps
from app.postgres import Cluster, Place, create_database, drop_database, place_of
from app.settings import ROOT, settings

TEMPLATE = "template_panlong"


def cluster_in(folder: Path) -> Cluster:
    """A cluster in a folder that its account can reach, with the programs of the project."""
    own = place_of(ROOT, settings().var)
    if own.account:
        os.chown(folder, own.uid, own.gid)
    folder.chmod(0o711)
    cluster = Cluster(Place(own.programs, folder / "pg", own.account), settings().pg_bin, durable=False)
    fetch(cluster, Steps())
    return cluster


@contextmanager
def shared_cluster(folder: Path) -> Iterator[Cluster]:
    """A cluster that all test workers of a run share; the last one out stops it."""
    folder.mkdir(parents=True, exist_ok=True)
    users = folder / "users"
    with _locked(folder):
        cluster = cluster_in(folder)
        with cluster.lock():
            cluster.start()
        if create_database(cluster.url(), TEMPLATE, cluster.url(TEMPLATE)):
            db.migrate(cluster.url(TEMPLATE))
            db.engine(cluster.url(TEMPLATE)).dispose()
        users.write_text(str(int(users.read_text() or 0) + 1 if users.exists() else 1))
    try:
        yield cluster
    finally:
        with _locked(folder):
            left = int(users.read_text()) - 1
            users.write_text(str(left))
            if left == 0:
                with cluster.lock():
                    cluster.stop()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def clone(
    cluster: Cluster, template: str = TEMPLATE, fill: Callable[[str], None] | None = None
) -> Iterator[str]:
    """A database of its own, made from a template; its address.

    Parameters
    ----------
    template, fill
        The migrated one; or another one that is cloned from it where it is not there yet, and filled at its address.
    """
    name = f"clone_{secrets.token_hex(6)}"
    url = cluster.url(name)
    # A template may not be cloned by two at once, nor while anybody is connected to it.
    with _locked(cluster.folder.parent):
        if fill is not None:
            _template(cluster, template, fill)
        create_database(cluster.url(), name, url, template)
    try:
        yield url
    finally:
        db.engine(url).dispose()
        drop_database(cluster.url(), name)


def _template(cluster: Cluster, name: str, fill: Callable[[str], None]) -> None:
    url = cluster.url(name)
    if not create_database(cluster.url(), name, url, TEMPLATE):
        return
    try:
        fill(url)
    except BaseException:
        db.engine(url).dispose()
        drop_database(cluster.url(), name)
        raise
    db.engine(url).dispose()


def run_folder(worker: str | None) -> Path:
    """Where the cluster of this run lies: one folder for the workers of one run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"{os.getpid()}" if worker else str(os.getpid())
    return Path(tempfile.gettempdir()) / f"panlong-tests-{os.geteuid()}-{run}"

"""A cluster of one's own with fsync on, as the platform runs it, to be killed."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app import db
from app.postgres import Cluster, Place, create_database, place_of
from app.settings import ROOT, settings

TOWN = "town"


@contextmanager
def durable_cluster() -> Iterator[Cluster]:
    """A running cluster with a migrated database `town`."""
    folder = Path(tempfile.mkdtemp(prefix="panlong-kill-"))
    own = place_of(ROOT, settings().var)
    if own.account:
        os.chown(folder, own.uid, own.gid)
    cluster = Cluster(Place(own.programs, folder / "pg", own.account), settings().pg_bin)
    with cluster.lock():
        cluster.start()
        create_database(cluster.url(), TOWN, cluster.url(TOWN))
    db.migrate(cluster.url(TOWN))
    try:
        yield cluster
    finally:
        db.engine(cluster.url(TOWN)).dispose()
        with cluster.lock():
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def kill_all(cluster: Cluster) -> None:
    """End the postmaster and its children at once, as a power cut does."""
    postmaster = cluster.pid()
    assert postmaster is not None
    children = [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _parent(p) == postmaster]
    for pid in (postmaster, *children):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 20
    while time.monotonic() < end and any(Path(f"/proc/{pid}").exists() for pid in (postmaster, *children)):
        time.sleep(0.02)


def _parent(process: Path) -> int:
    with suppress(OSError, IndexError, ValueError):
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return 0

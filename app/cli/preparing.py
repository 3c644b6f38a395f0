"""Brings a workspace's database up: server, database, extensions, migrations. Twice at once is no harm."""

from __future__ import annotations

from dataclasses import dataclass

from app.cases.service import contacts
from app.cases.service.starting_reference import fill_districts
from app.cli.words import Steps, words
from app.db import migrate, transaction
from app.errors import UnavailableError
from app.postgres import Cluster, create_database, find_binaries, place_of, unpack
from app.postgres.databases import add_extensions
from app.settings import Settings, settings


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database that is ready: its address, and the cluster that it is in if that is ours."""

    url: str
    cluster: Cluster | None


def own_cluster(given: Settings) -> Cluster:
    """The project's cluster; nothing is made or started yet."""
    return Cluster(place_of(given.root, given.var), given.pg_bin)


def prepare(steps: Steps | None = None) -> Prepared:
    """Bring the workspace's database up to date, starting and making whatever is not there yet.

    Raises
    ------
    UnavailableError
        What is missing, with its remedy.
    """
    given, steps = settings(), steps or Steps()
    if given.given_url is not None:
        add_extensions(given.database_url)
        _migrate(given.database_url)
        return Prepared(given.database_url, None)
    cluster = own_cluster(given)
    with cluster.lock():
        fetch(cluster, steps)
        if cluster.pid() is None:
            with steps.step("cli.step_start" if cluster.data.exists() else "cli.step_make"):
                cluster.start()
        url = cluster.url(given.database_name)
        if create_database(cluster.url(), given.database_name, url):
            with steps.step("cli.step_migrate", workspace=given.workspace):
                _migrate(url)
        else:
            _migrate(url)
    return Prepared(url, cluster)


def _migrate(url: str) -> None:
    """Migrate; districts of an earlier version get the reference data that they have no table of yet, and seals."""
    migrate(url)
    with transaction(url) as connection:
        fill_districts(connection)
        contacts.seal_all(connection)


def fetch(cluster: Cluster, steps: Steps, *, again: bool = False) -> None:
    """Unpack PostGIS where no installed one will do; the caller holds the lock."""
    place = cluster.place
    if not again and _found(cluster):
        return
    with steps.step("cli.step_postgis") as tell:

        def progress(step: str, done: int, total: int) -> None:
            if step == "download":
                tell(words("cli.download", done=f"{done / 1e6:.0f}", total=f"{total / 1e6:.0f}"))
            else:
                tell(words(f"cli.{step}", done=done, total=total))

        unpack(place.programs, progress)
    find_binaries(cluster.given, place.programs, cluster.major)


def _found(cluster: Cluster) -> bool:
    if cluster.given is not None:
        return bool(cluster.binaries)

    try:
        return bool(cluster.binaries)
    except UnavailableError:
        return False


def workspace_url() -> str:
    """Address of the workspace's database, brought up if it stands still."""
    return prepare().url

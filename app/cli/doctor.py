"""`panlong doctor`: what was found, what is missing, what to do about it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from app.cli import serving
from app.cli.preparing import own_cluster
from app.cli.words import words
from app.db import transaction
from app.errors import AppError
from app.jobs import queue
from app.postgres import find_binaries, reasons
from app.settings import Settings, settings

LEAST_FREE_MB = 1500
BROWSER_PACKAGES = {
    "maplibre": "maplibre-gl/maplibre-gl.mjs",
    "cytoscape": "cytoscape/cytoscape.esm.min.mjs",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", str(Path.home() / ".fonts"))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `needed` things that are missing make the doctor's exit status 1."""

    name: str
    good: bool
    detail: str
    remedy: str = ""
    needed: bool = True


@click.command()
def doctor() -> None:
    """Look at everything that the platform needs, and say the remedy for what is missing."""
    findings = list(examine(settings()))
    for found in findings:
        mark = "✓" if found.good else "✗" if found.needed else "–"
        click.echo(f"{mark} {words(f'doctor.{found.name}')}: {found.detail}")
        if not found.good and found.remedy:
            click.echo(f"    → {words(f'doctor.{found.remedy}')}")
    sys.exit(1 if any(found.needed and not found.good for found in findings) else 0)


def examine(given: Settings) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which a start needs it."""
    yield Finding(
        "python",
        sys.version_info >= (3, 11),
        f"{platform.python_version()} {sys.executable}",
        "python_remedy",
    )
    missing = [name for name in ("flask", "geopandas", "psycopg", "granian") if not _installed(name)]
    yield Finding("packages", not missing, ", ".join(missing) or "✓", "packages_remedy")
    for name, module in BROWSER_PACKAGES.items():
        served = given.root / "app/web/static/vendor" / module
        yield Finding(name, served.exists(), str(served.relative_to(given.root)), "vendor_remedy")
    yield Finding(
        "node", shutil.which("npm") is not None, shutil.which("npm") or "-", "node_remedy", needed=False
    )
    yield from _postgres(given)
    free = shutil.disk_usage(given.root).free // 1_000_000
    yield Finding("disk", free >= LEAST_FREE_MB, f"{free} MB", "disk_remedy")
    server = serving.running(given)
    yield Finding("server", server is not None, server.url if server else "-", "server_remedy", needed=False)
    if server is not None:
        url = (
            given.database_url if given.given_url is not None else own_cluster(given).url(given.database_name)
        )
        yield _worker(url)
    yield Finding("browser", any(map(shutil.which, BROWSERS)), "chromium", "browser_remedy", needed=False)
    yield Finding("font", any(_fonts()), "CJK", "font_remedy", needed=False)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _fonts() -> Iterator[bool]:
    for folder in FONT_FOLDERS:
        for pattern in ("**/*CJK*", "**/wqy*", "**/*NotoSansSC*"):
            yield next(Path(folder).glob(pattern), None) is not None


def _postgres(given: Settings) -> Iterator[Finding]:
    if given.given_url is not None:
        yield _tried("database", lambda: _ask(given.database_url), "database_remedy")
        return
    try:
        cluster = own_cluster(given)
        binaries = find_binaries(given.pg_bin, cluster.place.programs, cluster.major)
    except AppError as error:
        looked = "; ".join(reasons(given.pg_bin, given.root / ".pg")) or str(error)
        yield Finding("postgis", False, looked, "postgis_remedy")
        return
    yield Finding(
        "postgis", True, f"PostgreSQL {binaries.version}, PostGIS {binaries.postgis}: {binaries.folder}"
    )
    if cluster.pid() is None:
        yield Finding("database", False, str(cluster.folder), "database_start", needed=False)
    else:
        yield _tried("database", lambda: _ask(cluster.url(given.database_name)), "database_remedy")


def _ask(url: str) -> str:
    with transaction(url, read_only=True, timeout_s=5) as connection:
        return str(connection.exec_driver_sql("SELECT postgis_lib_version()").scalar_one())


def _worker(url: str) -> Finding:
    try:
        with transaction(url, read_only=True, timeout_s=5) as connection:
            found = queue.counts(connection)
    except (AppError, DBAPIError) as error:
        return Finding("worker", False, str(error)[:200], "database_remedy")
    told = words("doctor.jobs", waiting=found.waiting, due=found.due, failed=found.failed)
    return Finding("worker", found.working, told, "worker_remedy")


def _tried(name: str, ask: Callable[[], str], remedy: str) -> Finding:
    try:
        return Finding(name, True, ask())
    except Exception as error:  # noqa: BLE001 - a doctor that falls over at what is broken is none
        return Finding(name, False, str(error)[:200], remedy)

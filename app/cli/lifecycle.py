"""`panlong run`, `stop`, `status`, `reset`, `setup`."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
from dataclasses import asdict
from datetime import date
from ipaddress import ip_address
from typing import Any

import click

from app.cli import serving
from app.cli.accounts import first_accounts
from app.cli.preparing import Prepared, fetch, own_cluster, prepare
from app.cli.words import Steps, bar, say
from app.db import transaction
from app.demo.service import KINDS, load, wanted_kind
from app.errors import InvalidError
from app.grid.store import reading
from app.jobs import queue
from app.postgres import databases, drop_database
from app.settings import DEFAULT_WORKSPACE, Settings, settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535))
@click.option("--detach", is_flag=True)
@click.option("--demo", type=click.Choice([*KINDS, "none"]))
@click.option("--demo-until", type=click.DateTime(["%Y-%m-%d"]))
def run(host: str, port: int | None, detach: bool, demo: str | None, demo_until: Any) -> None:
    """Start the one map and print its address."""
    _loopback_only(host)
    given, steps = settings(), Steps()
    with serving.lock(given):
        server = serving.running(given)
        if server is not None:
            say("cli.already_running", url=server.url)
            return
        prepared = prepare(steps)
        _load_demo(given, prepared, demo, demo_until.date() if demo_until else None)
        with steps.step("cli.step_server"):
            server, process = serving.start(given, prepared.url, host, port)
    say("cli.ready", url=server.url)
    if not detach:
        say("cli.end_by_key")
        _wait(given, process)


def _loopback_only(host: str) -> None:
    try:
        inside = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise InvalidError("host_not_loopback", host=host)


def _load_demo(given: Settings, prepared: Prepared, demo: str | None, until: date | None) -> None:
    default = "small" if given.workspace == DEFAULT_WORKSPACE else "none"
    kind = wanted_kind(prepared.url, asked=demo, default=default)
    if kind is not None:
        say("cli.step_demo", count=KINDS[kind])
        with bar() as progress:
            load(prepared.url, kind, until, progress)
    first_accounts(given, prepared.url)


def _wait(given: Settings, process: subprocess.Popen[bytes]) -> None:
    """Stay until the server ends or somebody wants it to."""

    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        process.wait()
    except KeyboardInterrupt:
        say("cli.stopping")
    finally:
        with serving.lock(given):
            serving.stop(given)
        _stop_cluster(given)


def _stop_cluster(given: Settings) -> bool:
    """Stop PostgreSQL unless another workspace's server still needs it."""
    if given.given_url is not None or serving.all_running(given):
        return False
    cluster = own_cluster(given)
    with cluster.lock():
        return cluster.stop()


@click.command()
@click.option("--all", "everything", is_flag=True)
def stop(everything: bool) -> None:
    """Stop the workspace's server, and PostgreSQL with the last of them."""
    given = settings()
    names = [server.workspace for server in serving.all_running(given)] if everything else [given.workspace]
    with serving.lock(given):
        ended = [name for name in names if serving.stop(given, name)]
    stopped = _stop_cluster(given)
    say("cli.stopped" if ended or stopped else "cli.nothing_ran")


@click.command()
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Say what runs and what it holds."""
    facts = state_of(settings())
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    if not facts["servers"]:
        say("cli.no_server")
    for server in facts["servers"]:
        say("cli.server_runs", **server)
    cluster = facts["postgresql"]
    say(f"cli.postgresql_{cluster['state']}", **cluster)
    for workspace in facts["workspaces"]:
        say("cli.workspace", **workspace)
        if (jobs := workspace["jobs"]) is not None:
            say("cli.worker_works" if jobs["working"] else "cli.worker_away", **jobs)


def state_of(given: Settings) -> dict[str, Any]:
    """What runs and what it holds, without starting anything."""
    servers = serving.all_running(given)
    state: dict[str, Any] = {
        "workspace": given.workspace,
        "servers": [{"workspace": s.workspace, "pid": s.pid, "url": s.url} for s in servers],
        "workspaces": [],
    }
    if given.given_url is not None:
        return state | {
            "postgresql": {"state": "given"},
            "workspaces": [_counts(given.workspace, given.database_url, 0)],
        }
    cluster = own_cluster(given)
    pid = cluster.pid()
    state["postgresql"] = {
        "state": "stopped" if pid is None else "running",
        "pid": pid,
        "folder": str(cluster.folder),
    }
    if pid is not None:
        binaries = cluster.binaries
        state["postgresql"] |= {"version": binaries.version, "postgis": binaries.postgis}
        for database in databases(cluster.url()):
            name = database.name.removeprefix(f"{DEFAULT_WORKSPACE}_")
            state["workspaces"].append(_counts(name, cluster.url(database.name), database.size))
    return state


def _counts(name: str, url: str, size: int) -> dict[str, Any]:
    with transaction(url, read_only=True, timeout_s=20) as connection:
        counts = reading.totals(connection)
        jobs = queue.counts(connection) if queue.is_there(connection) else None
    told = None if jobs is None else {**asdict(jobs), "working": jobs.working}
    return {"name": name, "mb": round(size / 1e6), **counts, "jobs": told}


@click.command()
@click.option("--yes", is_flag=True)
@click.option("--all", "everything", is_flag=True)
def reset(yes: bool, everything: bool) -> None:
    """Delete the workspace's database, or with --all the whole cluster."""
    given = settings()
    if given.given_url is not None:
        raise InvalidError("reset_given_url")
    if not yes:
        raise InvalidError("reset_needs_yes", workspace="*" if everything else given.workspace)
    cluster = own_cluster(given)
    names = [s.workspace for s in serving.all_running(given)] if everything else [given.workspace]
    with serving.lock(given), cluster.lock():
        for name in names:
            serving.stop(given, name)
        if everything:
            cluster.stop()
            cluster.remove()
            shutil.rmtree(given.var / "files", ignore_errors=True)
        elif cluster.data.exists():
            cluster.start()
            drop_database(cluster.url(), given.database_name)
    say("cli.was_reset")


@click.command()
@click.option("--refresh", is_flag=True)
def setup(refresh: bool) -> None:
    """Fetch what a first start needs; with --refresh PostGIS anew, for its security updates."""
    given, steps = settings(), Steps()
    if given.given_url is None:
        cluster = own_cluster(given)
        with cluster.lock():
            if refresh:
                cluster.stop()
            fetch(cluster, steps, again=refresh)
    say("cli.set_up")

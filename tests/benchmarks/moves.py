"""P6: moves of cases through the HTTP interface, beside pgbench with the same statements; fsync is on.

Ours is the whole way: HTTP, sign-in check, the wall, the table of moves, clocks, log. The peer is pgbench with the
very statements that a move sends, on the same database, with the same number of clients. The answer is checked: every
move that was acknowledged is a row of the log, once. The clients of ours are a Node.js program, so that they take
little from the server; what they took is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import text

from app.cases.store import log
from app.cli.preparing import prepare
from app.db import ACTING, IN_TIME, engine, transaction
from app.factory import create_app
from app.postgres import drop_database
from app.settings import ROOT, child_environment, choose_workspace, settings
from tests import casework
from tests.benchmarks import Line, interleaved, report
from tests.casework import Casework

WORKSPACE = "bench_moves"
CLIENTS = 8
CASES = 60
"""Cases of each client."""

BAR = 1 / 3
WHO = "operator"
SCRIPT = Path(__file__).parent / "moves_client.mjs"


def main(argv: list[str]) -> int:
    """Check the answer, then take both rates in turn."""
    parser = argparse.ArgumentParser(prog="bench moves", description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    prepared = prepare()
    try:
        work = casework.build(prepared.url, create_app(prepared.url))
        with tempfile.TemporaryDirectory() as folder, _server(work) as port:
            return _compare(work, port, Path(folder), given.seconds, given.repeat)
    finally:
        engine(prepared.url).dispose()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)


def _compare(work: Casework, port: int, folder: Path, seconds: float, repeat: int) -> int:
    cases = [int(work.report("supervisor")["case_id"]) for _ in range(CLIENTS * CASES)]
    peer_cases = [int(work.report("supervisor")["case_id"]) for _ in range(CLIENTS * CASES)]
    with transaction(work.url) as connection:
        on = connection.execute(text("SELECT current_setting('fsync')")).scalar()
    assert on == "on", "without fsync the figures mean nothing"
    session = _session(work, port)
    times: list[float] = []
    used: list[float] = []
    prepared: list[float] = []

    def ours() -> float:
        told = _client(session, port, _versions(work, cases), seconds)
        assert told["failed"] == 0, told["refusals"]
        found = _rows(work, cases)
        assert found == told["versions"], "every move that was acknowledged is a row, and no other"
        times.extend(told["times"])
        used.append(told["cpu"] / told["seconds"])
        return float(told["seconds"]) / int(told["done"])

    script = folder / "move.sql"
    script.write_text(_statements(work, peer_cases), encoding="utf-8")

    def peer() -> float:
        prepared.append(1 / _pgbench(work.url, script, seconds, "prepared"))
        return 1 / _pgbench(work.url, script, seconds, "extended")

    mine, theirs = interleaved(ours, peer, repeat)
    times.sort()
    print(
        f"ours {1 / mine:.0f} moves/s, pgbench {1 / theirs:.0f}/s, {CLIENTS} clients;"
        f" closed loop p50 {_share(times, 0.5):.1f}"
        f" p95 {_share(times, 0.95):.1f} p99 {_share(times, 0.99):.1f} ms; clients' own CPU {max(used):.2f} cores"
    )
    lines = [
        Line("a move through HTTP", mine, theirs, "s", BAR),
        Line("the same; pgbench keeps every statement prepared", mine, statistics.median(prepared), "s"),
    ]
    return report("moves, seconds each", lines)


def _share(sorted_times: list[float], part: float) -> float:
    return sorted_times[min(len(sorted_times) - 1, int(len(sorted_times) * part))]


def _versions(work: Casework, cases: list[int]) -> dict[int, int]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(text("SELECT id, version FROM cases WHERE id = ANY (:ids)"), {"ids": cases})
        return {row.id: row.version for row in rows}


def _rows(work: Casework, cases: list[int]) -> dict[str, int]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT case_id, count(*) AS n FROM case_transitions WHERE case_id = ANY (:ids) GROUP BY 1"),
            {"ids": cases},
        )
        return {str(row.case_id): row.n for row in rows}


def _client(session: dict[str, str], port: int, versions: dict[int, int], seconds: float) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        sys.exit("Node.js is needed for the clients: apt install nodejs")
    wanted = {
        "port": port, "clients": CLIENTS, "seconds": seconds, "headers": session,
        "versions": {str(case): version for case, version in versions.items()},
    }  # fmt: skip
    done = subprocess.run(
        [node, str(SCRIPT)], input=json.dumps(wanted), text=True, capture_output=True, check=True
    )
    return dict(json.loads(done.stdout))


def _session(work: Casework, port: int) -> dict[str, str]:
    """Signed in at the server as a person would be."""
    client = work.client(WHO)
    cookie = client.get_cookie("__Host-panlong")
    assert cookie is not None
    return {
        "Cookie": f"__Host-panlong={cookie.value}",
        "X-CSRFToken": client.environ_base["HTTP_X_CSRFTOKEN"],
        "Host": f"127.0.0.1:{port}",
    }


@contextmanager
def _server(work: Casework) -> Iterator[int]:
    """The program's own server on the workspace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app.server", "--host", "127.0.0.1", "--port", str(port)]
    environment = child_environment(work.url)
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            sys.exit("the server did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), 0.2):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server does not answer")


def _statements(work: Casework, cases: list[int]) -> str:
    """The statements of one move, as the program sends them, with a case of one's own for each client."""
    with transaction(work.url) as connection:
        view = connection.execute(
            text("SELECT (v).roles, (v).territory::text, (v).units FROM account_view(:id) v"),
            {"id": work.account(WHO)},
        ).one()
        row = connection.execute(text("SELECT * FROM cases WHERE id = :id"), {"id": cases[0]}).one()
        post = connection.execute(
            text(
                "SELECT p.id FROM posts p JOIN post_holders h ON h.post_id = p.id JOIN staff_members s"
                " ON s.id = h.staff_id WHERE s.account_id = :id"
            ),
            {"id": work.account(WHO)},
        ).scalar()  # fmt: skip
    values = {
        "timeout_ms": "'10000'", "account": f"'{work.account(WHO)}'", "roles": f"'{{{','.join(view[0])}}}'",
        "territory": f"'{view[1]}'", "units": f"'{{{','.join(map(str, view[2]))}}}'",
    }  # fmt: skip
    moved = {
        "move": "'comment'", "source": "'reported'", "target": "'reported'", "loop": f"'{row.loop}'", "unit": "NULL",
        "area_no": str(row.area_no), "account": str(work.account(WHO)), "post": str(post),
        "seats": "'{acceptor}'::text[]",
        "given": _literal({"opinion": {"sha256": "0" * 64}}) + "::jsonb",
        "facts": _literal({"due_at": None}) + "::jsonb",
        "at": "now()", "client": "gen_random_uuid()", "stand": _literal(row.stand) + "::jsonb",
        "handler": "NULL::int",
        "co_units": "NULL::int[]", "condition": "NULL::int", "category": str(row.category_id), "due_at": "now()",
        "near_at": "now()", "closed_at": "NULL::timestamptz", "remark_fields": "'{opinion}'::text[]",
        "remark_bodies": "'{请抓紧}'::text[]",
        "remark_salts": "ARRAY[decode('00112233445566778899aabbccddeeff', 'hex')]",
        "file_ids": "'{}'::int[]", "file_fields": "'{}'::text[]",
    }  # fmt: skip
    first = min(cases)
    return "\n".join(
        [
            f"\\set case {first} + :client_id * {CASES} + random(0, {CASES - 1})",
            "BEGIN;",
            _bound(f"SELECT {IN_TIME}, {ACTING}", values) + ";",
            _bound(_one_line(str(log.LOCK)), {"case": ":case"}) + " \\gset",
            _bound(_one_line(str(log.ROWS)), {"case": ":case"}) + ";",
            _bound(_one_line(str(log.RECORD)), {**moved, "case": ":case", "version": "(:version + 1)"}) + ";",
            "COMMIT;",
        ]
    )


def _one_line(statement: str) -> str:
    return " ".join(line for line in statement.split("\n") if not line.strip().startswith("--")).strip()


def _bound(statement: str, values: dict[str, str]) -> str:
    """A statement with its places filled."""
    return re.sub(r"(?<!:):([a-z_]+)", lambda found: values[found.group(1)], statement)


def _literal(content: Any) -> str:
    # A space after each colon, or pgbench takes what follows for a name; the rest is quoted for SQL.
    return (
        "'" + re.sub(r":(?=\S)", ": ", json.dumps(content, separators=(", ", ": "))).replace("'", "''") + "'"
    )


def _pgbench(url: str, script: Path, seconds: float, mode: str) -> float:
    """Transactions a second; the statements are parsed and planned each time, or prepared."""
    parts = urlsplit(url.replace("postgresql+psycopg", "postgresql"))
    where = parse_qs(parts.query)
    host = where.get("host", [parts.hostname or "localhost"])[0]
    command = [
        _program("pgbench"), "-n", "-M", mode, "-c", str(CLIENTS), "-j", "2", "-T", str(max(1, round(seconds))),
        "-f", str(script), "-h", host, "-p", str(parts.port or where.get("port", ["5432"])[0]),
        "-U", parts.username or "",
        parts.path.strip("/"),
    ]  # fmt: skip
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, "PGPASSWORD": parts.password or ""},
        check=False,
    )
    found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
    if done.returncode or found is None or "failed transactions: 0 " not in done.stdout:
        sys.exit(f"pgbench: {done.stderr or done.stdout}")
    return float(found.group(1))


def _program(name: str) -> str:
    found = shutil.which(name)
    places = [Path(found)] if found else sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not places:
        sys.exit(f"{name} is needed: apt install postgresql-contrib")
    return str(places[-1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

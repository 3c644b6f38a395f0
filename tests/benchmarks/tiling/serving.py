"""The servers that are measured: the program's own, the same with a bare handler, and tipg apart from both."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app.settings import ROOT, child_environment

LOCK = ROOT / "requirements-bench.lock"
CLIENT = Path(__file__).parents[1] / "tiles_client.mjs"
STARTED_WITHIN_S = 60
UV = {"UV_NO_CACHE": "1", "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
"""As `./panlong` sets its own environment up."""

TIPG = {
    "TIPG_DB_TABLES": '["public.cases"]',
    "TIPG_DB_SPATIAL_EXTENT": "false",
    "TIPG_DB_DATETIME_EXTENT": "false",
    "TIPG_TILE_BUFFER": "0",  # ours has none either
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of requests came to: milliseconds of each, how many had which status, and what the client used."""

    seconds: float
    times: list[float]
    statuses: dict[str, int]
    bytes: int
    cpu: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds


def load(
    port: int, paths: Sequence[str | Mapping[str, Any]], clients: int, headers: dict[str, str]
) -> Loaded:
    """Ask for each path once, so many at a time; `times` are in their order.

    Parameters
    ----------
    paths
        Texts, or `path` with `headers` of its own, `method` and `body`.
    """
    node = shutil.which("node")
    if node is None:
        sys.exit("Node.js is needed for the clients: apt install nodejs")
    wanted = {"port": port, "paths": list(paths), "clients": clients, "headers": headers}
    done = subprocess.run(
        [node, str(CLIENT)], input=json.dumps(wanted), text=True, capture_output=True, check=True
    )
    return Loaded(**json.loads(done.stdout))


@contextmanager
def ours(url: str) -> Iterator[int]:
    """The program's own server, as it is started for everybody; the port. No worker beside it moves the cases."""
    command = [sys.executable, "-m", "app.server", "--host", "127.0.0.1", "--port"]
    with _process(command, {**child_environment(url), "PANLONG_WORKER": "elsewhere"}, ROOT) as port:
        yield port


@contextmanager
def bare(url: str) -> Iterator[int]:
    """The same server with `tests.benchmarks.tiling.bare` for its front."""
    command = [sys.executable, "-m", "tests.benchmarks.tiling.bare"]
    with _process(command, {**child_environment(url), "PANLONG_WORKER": "elsewhere"}, ROOT) as port:
        yield port


@contextmanager
def tipg(url: str, folder: Path) -> Iterator[int | None]:
    """A server of tipg over the same database, installed for this run; None where it cannot be, and why."""
    python = folder / "tipg" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    steps = (
        [uv, "venv", "--quiet", "--python", sys.executable, folder / "tipg"],
        [uv, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", LOCK],
    )
    for step in steps:
        done = subprocess.run(
            step, env={**os.environ, **UV}, capture_output=True, text=True, check=False
        )  # what it says is said on
        if done.returncode:
            print(f"tipg cannot be installed: {done.stderr.strip() or done.returncode}")
            yield None
            return
    command = [str(python), "-m", "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--log-level", "warning"]
    environment = {**os.environ, **TIPG, "DATABASE_URL": _plain(url)}
    with _process([*command, "--port"], environment, folder) as port:
        yield port


def _plain(url: str) -> str:
    """An address as pydantic and asyncpg take it: a folder of sockets stands where a host would."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    host = f"{parts.netloc}{quote(folder, safe='')}" if folder else parts.netloc
    return f"postgresql://{host}{parts.path}"


@contextmanager
def _process(command: list[Any], environment: dict[str, str], folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*command, str(port)], cwd=folder, env=environment, stdout=subprocess.DEVNULL
    )  # what goes wrong is said on the error stream
    try:
        _wait(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.05)
    sys.exit(f"a server did not start: {process.args!r}"[:300])

"""The web server as a process: started, found again, stopped."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from app.errors import ConflictError, UnavailableError
from app.settings import Settings, child_environment, processes

FIRST_PORT = 8610
PORTS_TRIED = 20
READY_WITHIN_S = 60
STOPPED_WITHIN_S = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server."""

    workspace: str
    pid: int
    host: str
    port: int

    @property
    def url(self) -> str:
        """What to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def _record(given: Settings, workspace: str) -> Path:
    return given.var / "run" / f"{workspace}.json"


@contextmanager
def lock(given: Settings) -> Iterator[None]:
    """Let one start or stop of the workspace's server happen at a time."""
    folder = given.var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{given.workspace}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def running(given: Settings, workspace: str | None = None) -> Server | None:
    """The workspace's server; None where none runs, whatever a stale record says."""
    path = _record(given, workspace or given.workspace)
    try:
        server = Server(**json.loads(path.read_text()))
        arguments = Path(f"/proc/{server.pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, TypeError):
        return None
    ours = (
        b"app.server" in arguments or b"panlong" in arguments[0]
    ) and server.workspace.encode() in arguments
    if not ours and not _answers(server):
        path.unlink(missing_ok=True)
        return None
    return server


def all_running(given: Settings) -> list[Server]:
    """Every workspace's server."""
    names = sorted(path.stem for path in (given.var / "run").glob("*.json"))
    return [server for name in names if (server := running(given, name)) is not None]


def start(
    given: Settings, database_url: str, host: str, port: int | None
) -> tuple[Server, subprocess.Popen[bytes]]:
    """Start a server and wait until it is ready; the caller holds the lock.

    Raises
    ------
    ConflictError
        `port_taken`.
    InvalidError
        `processes_invalid`.
    UnavailableError
        `server_failed`: it ended or never became ready; the log's path is among the facts.
    """
    processes()  # what is wrong with it is said here, not in a log
    chosen = _free_port(host, port)
    log = given.var / "log" / f"{given.workspace}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "app.server",
        "--host",
        host,
        "--port",
        str(chosen),
        "--workspace",
        given.workspace,
    ]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=given.root,
            env=child_environment(database_url),
            start_new_session=True,
        )
    server = Server(given.workspace, process.pid, host, chosen)
    _record(given, given.workspace).write_text(json.dumps(asdict(server)))
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end and process.poll() is None:
        if _answers(server, "readyz"):
            return server, process
        time.sleep(0.1)
    stop_process(process.pid)
    _record(given, given.workspace).unlink(missing_ok=True)
    raise UnavailableError("server_failed", log=str(log))


def stop(given: Settings, workspace: str | None = None) -> bool:
    """Stop the workspace's server; returns whether one ran."""
    server = running(given, workspace)
    _record(given, workspace or given.workspace).unlink(missing_ok=True)
    if server is None:
        return False
    stop_process(server.pid)
    return True


def stop_process(pid: int) -> None:
    """End a process of ours: asked first, forced when it does not listen."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        end = time.monotonic() + STOPPED_WITHIN_S
        while time.monotonic() < end:
            if _ended(pid):
                return
            time.sleep(0.05)


def _ended(pid: int) -> bool:
    with suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
    return not Path(f"/proc/{pid}").exists()


def _answers(server: Server, path: str = "healthz") -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError), opener.open(f"{server.url}{path}", timeout=2) as answer:
        return bool(answer.status == 200)
    return False


def _free_port(host: str, port: int | None) -> int:
    wanted = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED) if port is None else [port]
    for number in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((host, number))
                return number
    raise ConflictError("port_taken", port=wanted[0])

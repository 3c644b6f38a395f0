"""Several processes behind one port: both answer, a lost one is replaced, and a signal ends them all."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

import psutil
import pytest

from app.settings import ROOT

SERVE = "from app.server.__main__ import serve; serve('127.0.0.1', {port}, 'tests.server.bridged:create')"


@pytest.fixture
def server() -> Iterator[tuple[int, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PANLONG_PROCESSES": "2"}
    with subprocess.Popen([sys.executable, "-c", SERVE.format(port=port)], env=environment) as process:
        known = psutil.Process(process.pid)
        try:
            until(lambda: len(answering(port)) == 2)
            yield port, known
        finally:
            for one in [*known.children(), known] if known.is_running() else []:
                with suppress(psutil.NoSuchProcess):
                    one.kill()


def ask(port: int) -> int | None:
    """The process that answers over a new connection; None where it is refused or cut."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/slow", timeout=5) as answer:
            return int(json.loads(answer.read())["process"])
    except (OSError, ValueError):
        return None


def answering(port: int) -> set[int]:
    """The processes that answer sixteen requests at once."""
    with ThreadPoolExecutor(16) as threads:
        return {found for found in threads.map(lambda _: ask(port), range(16)) if found is not None}


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_lost_process_is_replaced_while_the_other_answers(server: tuple[int, psutil.Process]) -> None:
    port, _ = server
    lost, stays = sorted(answering(port))
    os.kill(lost, signal.SIGKILL)
    until(lambda: len(answering(port) - {lost}) == 2)
    assert stays in answering(port)


def test_a_signal_ends_them_all(server: tuple[int, psutil.Process]) -> None:
    _, process = server
    serving = process.children()
    process.terminate()
    _, alive = psutil.wait_procs([process, *serving], 15)
    assert len(serving) == 2 and not alive


def asked(connection: http.client.HTTPConnection) -> tuple[int, bool]:
    """The process that answers, and whether it asks for another connection."""
    connection.request("GET", "/short")
    answer = connection.getresponse()
    closes = answer.headers.get("Connection", "").lower() == "close"
    return int(json.loads(answer.read())["process"]), closes


def test_connections_move_to_the_process_that_has_less_to_do(server: tuple[int, psutil.Process]) -> None:
    port, process = server
    busy, idle = (one.pid for one in process.children())
    taken: list[http.client.HTTPConnection] = []
    with ExitStack() as opened:
        while len(taken) < 6:  # by chance they come to either
            one = opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)))
            if asked(one) == (busy, False):
                taken.append(one)
        with ThreadPoolExecutor(len(taken)) as threads:
            answers = list(threads.map(lambda one: [asked(one) for _ in range(60)], taken))
    assert all(answers[number][0][0] == busy for number in range(6))
    assert any(closes for of_one in answers for _, closes in of_one)
    last = [of_one[-1][0] for of_one in answers]
    assert 2 <= last.count(idle) <= 4

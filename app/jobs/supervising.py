"""A process that is kept running beside this one: started again when it ends, ended with this one."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

logger = logging.getLogger(__name__)

AGAIN_S = 1.0
MOST_AGAIN_S = 60.0
SETTLED_S = 60.0
"""A process that has run for so long is started again without a longer wait."""

STOPPED_WITHIN_S = 10.0


@contextmanager
def kept(command: Sequence[str]) -> Iterator[None]:
    """Keep a process running while the block runs."""
    ending = threading.Event()
    thread = threading.Thread(target=_keep, args=(list(command), ending), name="supervisor", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(STOPPED_WITHIN_S + 1)


def _keep(command: list[str], ending: threading.Event) -> None:
    wait = AGAIN_S
    while not ending.is_set():
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        settled = not _ended(process, ending, SETTLED_S)
        while not ending.is_set() and not _ended(process, ending, SETTLED_S):
            pass
        if ending.is_set():
            _stop(process)
            return
        wait = AGAIN_S if settled else min(wait * 2, MOST_AGAIN_S)
        logger.warning("worker ended with status %s and is started again in %.0f s", process.returncode, wait)
        ending.wait(wait)


def _ended(process: subprocess.Popen[bytes], ending: threading.Event, within_s: float) -> bool:
    """Whether the process ends within a time, unless it is to be ended."""
    for _ in range(int(within_s / 0.2)):
        if process.poll() is not None:
            return True
        if ending.wait(0.2):
            return False
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

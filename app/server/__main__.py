"""The web server: a process for each core, threads for requests, none for open screens. `python -m app.server`."""

from __future__ import annotations

import argparse
import gc
import importlib
import logging
import multiprocessing
import os
import resource
import signal
import sys
from contextlib import nullcontext
from types import FrameType

from granian import Granian
from granian.constants import Interfaces

from app.jobs.supervising import kept
from app.server import sharing
from app.settings import keeps_worker, processes

STOPPED_WITHIN_S = 10
MOST_OPEN = 10_000
"""Requests and open screens together; what comes beyond waits."""


FRONT = "app.server.front:create_front"


def serve(host: str, port: int, front: str = FRONT) -> None:
    """Serve a front, by default the application's, until a signal ends it; each process with screens of its own."""
    # Imported once for all of them, and then left alone by the collector: going through all modules again and again
    # stops a process for a quarter of a second, and would make each of them a copy of its own of what they share.
    importlib.import_module(front.partition(":")[0])
    gc.collect()
    gc.freeze()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # an open screen is an open file
    count = processes()
    sharing.part(count)
    server = Granian(
        front,
        factory=True,
        interface=Interfaces.ASGI,
        address=host,
        port=port,
        workers=count,
        websockets=False,
        backpressure=MOST_OPEN,
        log_access=False,
        workers_kill_timeout=STOPPED_WITHIN_S,
        respawn_failed_workers=True,
    )
    server.on_startup(_end_streams_first)
    server.serve()


def _end_streams_first() -> None:
    """Let a worker end its open streams before it is told to stop: it waits for every answer to be over."""
    for number in (signal.SIGINT, signal.SIGTERM):
        stop = signal.getsignal(number)

        def chained(signum: int, frame: FrameType | None, stop: object = stop) -> None:
            for worker in multiprocessing.active_children():
                os.kill(worker.pid or 0, signal.SIGUSR1)
            if callable(stop):
                stop(signum, frame)

        signal.signal(number, chained)


def main() -> None:
    """Read host and port, and serve, with a worker beside unless one runs elsewhere."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workspace")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with kept([sys.executable, "-m", "app.worker"]) if keeps_worker() else nullcontext():
        serve(given.host, given.port)


if __name__ == "__main__":
    main()

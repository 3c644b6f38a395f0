"""The web server: one process, threads for requests. `python -m app.server --port 8610`."""

from __future__ import annotations

import argparse
import logging

from granian import Granian
from granian.constants import Interfaces

THREADS = 16
"""Requests served at once; as many connections does the pool hold."""


def serve(host: str, port: int) -> None:
    """Serve the application until a signal ends it."""
    Granian(
        "app.factory:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    ).serve()


def main() -> None:
    """Read host and port, and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workspace")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    serve(given.host, given.port)


if __name__ == "__main__":
    main()

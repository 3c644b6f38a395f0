"""A filing condition whose limit is over in seconds, and the worker as a process: for tests that let real time pass."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from app.db import transaction
from app.settings import ROOT

QUICK = "Q01"
LIMIT_S = 3.6
"""Of the condition `QUICK`: near due at once, severely overdue after twice as long."""


def add_condition(url: str) -> None:
    """Add the condition to the category C01."""
    with transaction(url) as connection:
        connection.execute(
            text(
                "INSERT INTO filing_conditions (district_id, number, category_id, condition, closing_condition,"
                " limit_amount, limit_unit, default_unit, lowest_loop, risk, verification)"
                " SELECT district_id, :number, id, 'x', 'y', 0.001, 'urgent_hours', 'sanitation', 'community', 'low',"
                " 'by_photo' FROM case_categories WHERE code = 'C01'"
            ),
            {"number": QUICK},
        )


def begin(module: str, url: str, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a program of the platform on a database, in a session of its own."""
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """Send a signal to a program and all that it has started."""
    os.killpg(process.pid, number)
    process.wait(30)


def wait_until(true: Callable[[], object], seconds: float) -> None:
    """Wait until something is true; fail where it does not become so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.1)

"""Which process gives a connection away: only one that has clearly more to do than another."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from app.server import sharing
from app.server.sharing import Shares


def beside(shares: Shares, pid: int, busy: int) -> None:
    """Another process's place."""
    shares._pids[1], shares._busy[1] = pid, busy


@pytest.mark.parametrize(
    ("mine", "others", "gives"),
    [(0, 0, False), (1, 0, False), (2, 1, False), (2, 0, True), (5, 3, True), (3, 5, False)],
)
def test_only_clearly_more(mine: int, others: int, gives: bool) -> None:
    shares = Shares(2)
    shares.join()
    beside(shares, os.getppid(), others)
    shares.add(mine)
    assert shares.gives_away() is gives
    # What it changes is seen before the next one.
    assert not shares.gives_away()


def test_nothing_is_given_to_nobody() -> None:
    shares = Shares(2)
    shares.add(9)
    assert not shares.gives_away()  # it has not joined
    shares.join()
    shares.add(9)
    assert not shares.gives_away()  # the other has not begun
    alone = Shares(1)
    alone.join()
    alone.add(9)
    assert not alone.gives_away()


def test_the_place_of_one_that_ended_is_taken() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    shares = Shares(1)
    shares._pids[0], shares._busy[0] = ended.pid, 7
    shares.join()
    assert (shares._pids[0], shares._busy[0]) == (os.getpid(), 0)
    full = Shares(1)
    full._pids[0] = os.getppid()
    full.join()
    full.add(3)
    assert (full._pids[0], full._busy[0]) == (os.getppid(), 0)


def test_a_number_that_is_somebody_elses_by_now_is_a_free_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(pid: int, signal: int) -> None:
        raise PermissionError

    shares = Shares(1)
    shares._pids[0] = os.getppid()
    monkeypatch.setattr(os, "kill", refused)
    shares.join()
    assert shares._pids[0] == os.getpid()


def test_a_process_joins_what_its_server_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_of_this_server", [])
    sharing.part(3)
    shares = sharing.joined()
    assert len(shares._pids) == 3 and shares._pids[0] == os.getpid()

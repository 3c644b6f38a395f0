"""A flood of attempts from one address keeps nobody else from signing in. Loopback alone, and it ends by itself."""

from __future__ import annotations

import http.client
import json
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher

from app.accounts.rules import Role
from tests import town
from tests.browser.browsing import served
from tests.people import PASSWORD, employ

# Seconds on the clock mean something only where the cores are not shared with other tests: `test_sign_in.py` holds in
# every run that a flood is turned away before any password is hashed, this one measures the wait.
pytestmark = [pytest.mark.db, pytest.mark.long]

RATE, SECONDS, SENDERS = 210, 6, 48
WITHIN_S = 2.0


def attempt(address: str, source: str, username: str, password: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port, timeout=30, source_address=(source, 0)
    )
    try:
        body = json.dumps({"username": username, "password": password})
        connection.request("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_another_address_still_signs_in(database: str, tmp_path: Path, slow_hasher: PasswordHasher) -> None:
    town.build(database)
    person = employ(database, Role.SUPERVISOR, town.subdistrict("a"), hashed=slow_hasher.hash(PASSWORD))
    with served(database, tmp_path) as address:
        assert attempt(address, "127.0.0.1", person.username, PASSWORD) == 201
        got: list[int] = []
        end = time.monotonic() + SECONDS

        def flood(number: int) -> None:
            # Each sender keeps to its own timetable, and makes up for an answer that came late.
            following = time.monotonic() + number / RATE
            while following < end:
                time.sleep(max(0.0, following - time.monotonic()))
                got.append(attempt(address, "127.0.0.2", f"victim-{number}", "guess"))
                following += SENDERS / RATE

        senders = [threading.Thread(target=flood, args=(n,)) for n in range(SENDERS)]
        for sender in senders:
            sender.start()
        took = []
        time.sleep(0.5)
        while time.monotonic() < end - 0.5:
            begun = time.monotonic()
            assert attempt(address, "127.0.0.1", person.username, PASSWORD) == 201
            took.append(time.monotonic() - begun)
            time.sleep(0.3)
        for sender in senders:
            sender.join()
    assert len(got) >= 200 * SECONDS, f"only {len(got)} attempts"
    assert got.count(429) > len(got) * 0.8
    assert max(took) <= WITHIN_S, took
    print(
        f"{len(got) / SECONDS:.0f} attempts/s; others signed in within {max(took):.2f} s ({len(took)} times)"
    )

"""Passwords are hashed slowly, whatever the other tests do to save time."""

from __future__ import annotations

import time

import pytest
from argon2 import Type, extract_parameters

from app.accounts.service.secrets import hash_password, verify_password


@pytest.mark.usefixtures("slow_hasher")
def test_a_password_takes_memory_and_time() -> None:
    begun = time.perf_counter()
    hashed = hash_password("Seven clouds over a lake")
    took = time.perf_counter() - begun
    found = extract_parameters(hashed)
    # RFC 9106, the second recommended option.
    assert (found.type, found.memory_cost, found.time_cost) == (Type.ID, 65_536, 3)
    assert took > 0.01
    assert verify_password(hashed, "Seven clouds over a lake")
    assert not verify_password(hashed, "Seven clouds over a Lake")


def test_nobody_has_no_password() -> None:
    assert not verify_password(None, "")

"""Roles and permissions, passwords, locks, the life of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules import (
    KIOSK_PERMISSIONS,
    PERMISSIONS,
    POWERS,
    Permission,
    Policy,
    Role,
    SessionState,
    locked_until,
    needs_second_factor,
    password_expired,
    password_faults,
    permissions_of,
    session_state,
)
from app.cases.service import reference

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
POLICY = Policy()


def test_every_role_of_the_reference_data_has_its_permissions() -> None:
    assert set(PERMISSIONS) == set(Role) == {Role(row["code"]) for row in reference("roles")}


def test_three_powers_share_nothing_but_sight_of_staff() -> None:
    """Accounts, rights and the log of what was done with them lie in three hands; none of these sees a case."""
    for one in POWERS:
        assert needs_second_factor([one])
        assert Permission.READ_CASES not in permissions_of([one])
        for other in POWERS - {one}:
            assert permissions_of([one]) & permissions_of([other]) <= {
                Permission.HOME,
                Permission.SELF,
                Permission.READ_STAFF,
            }


def test_a_wall_only_reads() -> None:
    assert permissions_of([*Role], kiosk=True) == KIOSK_PERMISSIONS
    assert Permission.SELF not in KIOSK_PERMISSIONS


def test_unknown_roles_give_nothing() -> None:
    assert permissions_of(["emperor"]) == {Permission.HOME, Permission.SELF}


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Aa1-Aa1-", ["password_short", "password_repeats"]),
        ("abcdefghij", ["password_plain"]),
        ("abcdef1234", ["password_plain"]),
        ("Abcdef1234", []),
        ("盘龙江畔 Aa1 很好", []),
        ("aaaaaaaaA1", ["password_repeats"]),
        ("My-liming-2026", ["password_has_name"]),
        ("Aa1" + "x" * 300, ["password_long", "password_repeats"]),
    ],
)
def test_passwords(password: str, faults: list[str]) -> None:
    assert password_faults(password, "liming", POLICY) == faults


def test_a_lock_falls_at_the_last_failure_allowed_and_lifts_by_itself() -> None:
    times = [NOW - timedelta(minutes=n) for n in (29, 20, 10, 5, 1)]
    assert locked_until(times[:4], 5, POLICY, NOW) is None
    assert locked_until(times, 5, POLICY, NOW) == NOW - timedelta(minutes=1) + timedelta(minutes=30)
    assert locked_until(times, 5, POLICY, NOW + timedelta(minutes=2)) is None, (
        "the oldest failure no longer counts"
    )


@given(st.lists(st.integers(0, 7200), max_size=40), st.integers(3, 20))
def test_a_lock_never_lasts_longer_than_the_policy_says(ago: list[int], allowed: int) -> None:
    until = locked_until([NOW - timedelta(seconds=s) for s in ago], allowed, POLICY, NOW)
    recent = sum(s < 1800 for s in ago)
    assert (until is not None) == (recent >= allowed)
    if until is not None:
        assert NOW < until <= NOW + POLICY.lock


def test_the_life_of_a_session() -> None:
    def state(created_h: float, seen_min: float, *, kiosk: bool = False) -> SessionState:
        created, seen = NOW - timedelta(hours=created_h), NOW - timedelta(minutes=seen_min)
        return session_state(created, seen, POLICY, NOW, kiosk=kiosk)

    assert state(1, 29) is SessionState.LIVE
    assert state(1, 30) is SessionState.LOCKED
    assert state(12, 0) is SessionState.OVER
    assert state(12, 60) is SessionState.OVER
    assert state(24 * 30, 60 * 24, kiosk=True) is SessionState.LIVE


def test_a_password_expires() -> None:
    assert not password_expired(NOW - timedelta(days=179), False, POLICY, NOW)
    assert password_expired(NOW - timedelta(days=180), False, POLICY, NOW)
    assert password_expired(NOW, True, POLICY, NOW)
    assert password_expired(None, False, POLICY, NOW)

"""What a sheet works out by itself: how far a case has come, and what a picture shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.cases.service.sheet import phase, reached

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def steps(*states: str) -> dict[int, datetime]:
    return reached([(state, at(hours)) for hours, state in enumerate(states)])


def test_each_step_has_the_time_at_which_it_was_come_to() -> None:
    assert steps("reported", "registered", "dispatched", "handling", "handled") == {
        1: at(0), 2: at(1), 3: at(2), 4: at(4),
    }  # fmt: skip


def test_a_case_that_goes_back_forgets_what_is_ahead_of_it_again() -> None:
    assert steps("reported", "registered", "dispatched", "handling", "handled", "handling") == {
        1: at(0), 2: at(1), 3: at(5),
    }  # fmt: skip


def test_an_end_apart_from_the_loop_keeps_the_steps_before_it() -> None:
    assert steps("reported", "declined") == {1: at(0)}


@pytest.mark.parametrize(
    ("field", "move", "shown"),
    [
        ("evidence", "report", "before"),
        ("before", "self_handle", "before"),
        ("after", "self_handle", "after"),
        ("evidence", "give_feedback", "after"),
        ("evidence", "verify_fail", "check"),
        ("evidence", "send_back", "before"),
    ],
)
def test_what_a_picture_shows(field: str, move: str, shown: str) -> None:
    assert phase(field, move) == shown

"""States of a case, and the words that mean them."""

from __future__ import annotations

import pytest

from app.cases.rules import OPEN_STATES, STEPS, CaseState, parse_state

WORDS = {"open": "reported", "办结": "closed"}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("open", CaseState.REPORTED),
        ("  OPEN\t", CaseState.REPORTED),
        ("办结", CaseState.CLOSED),
        ("Suspended", CaseState.SUSPENDED),
        ("", None),
        ("ope", None),
    ],
)
def test_words_lead_to_states(text: str, state: CaseState | None) -> None:
    assert parse_state(text, WORDS) is state


def test_every_state_has_its_step_and_the_open_ones_come_before_closing() -> None:
    assert set(STEPS) == set(CaseState)
    assert {state for state in CaseState if state not in OPEN_STATES} == {
        CaseState.CLOSED,
        CaseState.ARCHIVED,
        CaseState.DECLINED,
        CaseState.VOID,
        CaseState.MERGED,
    }

"""JSON answers: what they make of dates, words, numbers too large for most readers, and half a letter."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest

from app.web import answers


class Word(StrEnum):
    OPEN = "open"


SAME = UUID("018f7c1e-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("content", "read"),
    [
        ({"街道": Word.OPEN, 7: None}, {"街道": "open", "7": None}),
        ([date(2026, 11, 28), datetime(2026, 11, 28, 8, 30, tzinfo=UTC)], ["2026-11-28", "2026-11-28T08:30:00+00:00"]),
        ((SAME, 0.1, True, 2**63 - 1), [str(SAME), 0.1, True, 2**63 - 1]),
        ({"id": 10**30, "on": date(2026, 11, 28)}, {"id": 10**30, "on": "2026-11-28"}),
        ({"said": "半\ud800", "at": datetime(2026, 1, 2, 3)}, {"said": "半?", "at": "2026-01-02T03:00:00"}),
    ],
)  # fmt: skip
def test_what_is_answered_reads_as_it_was_meant(content: Any, read: Any) -> None:
    assert json.loads(answers.private(content).get_data()) == read

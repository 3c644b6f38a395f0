"""What the environment says of how many processes serve."""

from __future__ import annotations

import os

import pytest

from app.errors import InvalidError
from app.settings import processes


@pytest.mark.parametrize(("cores", "found"), [(1, 1), (2, 2), (4, 4), (64, 4), (None, 1)])
def test_a_process_for_each_core(monkeypatch: pytest.MonkeyPatch, cores: int | None, found: int) -> None:
    monkeypatch.delenv("PANLONG_PROCESSES", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert processes() == found


def test_as_many_as_somebody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANLONG_PROCESSES", "7")
    assert processes() == 7


@pytest.mark.parametrize("said", ["0", "65", "two", "-1", "1.5"])
def test_what_is_no_such_number_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("PANLONG_PROCESSES", said)
    with pytest.raises(InvalidError, match="processes_invalid") as refused:
        processes()
    assert refused.value.facts == {"value": said}

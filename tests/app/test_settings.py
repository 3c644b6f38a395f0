"""What the environment says: how many processes serve, and the keys of personal numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import settings
from app.errors import InvalidError
from app.settings import Settings, add_seal_key, child_environment, choose_workspace, processes, seal_keys


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


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """Settings whose files lie in a folder of their own, as of the workspace `other`."""
    for name in ("PANLONG_SEAL_KEYS", "PANLONG_SEAL_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PANLONG_VAR", str(tmp_path))
    monkeypatch.setenv("PANLONG_WORKSPACE", "other")
    choose_workspace("other")
    yield settings.settings()
    settings.settings.cache_clear()


def test_keys_are_made_once_for_their_owner_alone(given: Settings, tmp_path: Path) -> None:
    assert seal_keys(given) == {}
    add_seal_key(given, 1)
    first = seal_keys(given)
    add_seal_key(given, 1)
    add_seal_key(given, 2)
    assert seal_keys(given)[1] == first[1] != seal_keys(given)[2]
    (path,) = tmp_path.glob("*")
    assert path.name == "seal_other.keys" and path.stat().st_mode & 0o777 == 0o600


def test_a_server_has_the_keys_of_its_workspace(given: Settings, tmp_path: Path) -> None:
    found = child_environment("postgresql:///x")
    assert found["PANLONG_SEAL_KEYS_FILE"] == str(tmp_path / "seal_other.keys")
    assert "PANLONG_WORKSPACE" not in found


@pytest.mark.parametrize(
    "said", ["1", "1:abc", f"0:{'0' * 64}", f"256:{'0' * 64}", f"1:{'0' * 64} 1:{'1' * 64}"]
)
def test_keys_that_cannot_be_read_are_named(
    monkeypatch: pytest.MonkeyPatch, given: Settings, said: str
) -> None:
    monkeypatch.setenv("PANLONG_SEAL_KEYS", said)
    with pytest.raises(InvalidError, match="seal_keys_invalid") as refused:
        seal_keys(given)
    assert refused.value.facts == {"where": "PANLONG_SEAL_KEYS"}


def test_a_key_is_not_written_where_the_environment_holds_them(
    monkeypatch: pytest.MonkeyPatch, given: Settings
) -> None:
    monkeypatch.setenv("PANLONG_SEAL_KEYS", f"1:{'0' * 64}")
    assert seal_keys(given) == {1: bytes(32)}
    with pytest.raises(InvalidError, match="seal_keys_in_environment"):
        add_seal_key(given, 2)

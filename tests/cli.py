"""The command line, called as a person calls it, with what it said and how it ended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import cli
from app.settings import settings


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, on both channels, and its exit status."""

    status: int
    text: str


Command = Callable[..., Said]


def caller(url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """A function that runs `./panlong …` against a database, in this process."""
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()

    def call(*arguments: str | Path, lang: str = "zh") -> Said:
        monkeypatch.setenv("PANLONG_LANG", lang)
        settings.cache_clear()
        monkeypatch.setattr(sys, "argv", ["panlong", *map(str, arguments)])
        capfd.readouterr()
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = int(end.code or 0)
        out = capfd.readouterr()
        return Said(status, out.out + out.err)

    return call

"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real open data to try the readers on; tests that need it are skipped where it is not there."""
    folder = Path(os.environ.get("PANLONG_REAL_DATA") or ROOT.parent / "shared" / "data" / "real")
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}; set PANLONG_REAL_DATA")
    return folder


@pytest.fixture(autouse=True)
def no_workspace_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test must not find, nor harm, the database that the person at the keyboard works with."""
    for name in ("PANLONG_WORKSPACE", "PANLONG_LANG", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

"""A demo with less of everything, for tests that look at one thing of it."""

from __future__ import annotations

import pytest

from app.demo.service import loading
from app.demo.service.registry import SIZES, Size

FEW = Size(60, 120, 300, 30, 300)


def lessen(patch: pytest.MonkeyPatch, cases: int, size: Size = FEW, kind: str = "small") -> None:
    """Let a kind of demo have so many cases, and a registry of that size."""
    patch.setitem(loading.KINDS, kind, cases)
    patch.setitem(SIZES, kind, size)

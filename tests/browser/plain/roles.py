"""Who sits before the console in the tests, and where."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

DISTRICT, STREET, COMMUNITY, CELL = "530103", "530103005", "530103005001", "530103005001001"

Come = Callable[..., Page]
"""Opens the console as a role."""

"""What is not about the map: the browser has no WebGL here, and draws a page in a fifth of the time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chrome(plain: Browser) -> Browser:
    """A browser for which the server draws the map."""
    return plain

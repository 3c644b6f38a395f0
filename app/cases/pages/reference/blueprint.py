"""The one blueprint of the pages of reference data, and who acts on them."""

from __future__ import annotations

from flask import Blueprint

from app.web.pages import page_locale

blueprint = Blueprint("reference", __name__)


def english() -> bool:
    """Whether the reader is shown English names."""
    return page_locale() == "en"

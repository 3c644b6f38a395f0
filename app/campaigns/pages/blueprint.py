"""The campaign pages' one blueprint, and the words that their modules say."""

from __future__ import annotations

from flask import Blueprint

from app.web.i18n import catalogue
from app.web.pages import page_locale

blueprint = Blueprint("campaigns", __name__)

SPOKEN = frozenset({"campaign", "place_state", "phone", "wrong"})
"""Domains of words that the browser's modules need."""


def words() -> dict[str, str]:
    """The words of the page's modules, in its language."""
    return {key: said for key, said in catalogue(page_locale()).items() if key.split(".")[0] in SPOKEN}

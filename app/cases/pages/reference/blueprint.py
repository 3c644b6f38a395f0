"""The one blueprint of the pages of reference data, and who acts on them."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.guard import me, seat
from app.accounts.service.managing import Hand
from app.web.pages import page_locale

blueprint = Blueprint("reference", __name__)


def hand() -> Hand:
    """Who acts, as the access log names them."""
    return Hand(me().username, me().account_id, seat().address)


def english() -> bool:
    """Whether the reader is shown English names."""
    return page_locale() == "en"

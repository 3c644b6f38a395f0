"""The staffing pages' one blueprint, and what they share."""

from __future__ import annotations

from flask import Blueprint

from app.accounts.guard import me, seat
from app.accounts.service.managing import Hand

blueprint = Blueprint("staffing", __name__)

ROWS = 50
"""Rows of a page of a list."""


def hand() -> Hand:
    """Who acts, as the access log names them."""
    return Hand(me().username, me().account_id, seat().address)

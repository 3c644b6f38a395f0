"""The staffing pages' one blueprint, and what they share."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("staffing", __name__)

ROWS = 50
"""Rows of a page of a list."""

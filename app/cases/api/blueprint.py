"""`/api/v1`: where the routes of cases hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cases", __name__, url_prefix="/api/v1")

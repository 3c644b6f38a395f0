"""The one blueprint of `/api/v1` that staffing has."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("staffing_api", __name__, url_prefix="/api/v1")

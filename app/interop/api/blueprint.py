"""The one blueprint of the imports' door."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("imports_api", __name__, url_prefix="/api/v1")

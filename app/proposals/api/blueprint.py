"""The interface's one blueprint of proposals."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("proposals_api", __name__, url_prefix="/api/v1/grid")

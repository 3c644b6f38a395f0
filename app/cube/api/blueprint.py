"""The blueprint of the cube."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("cube", __name__, url_prefix="/api/v1")

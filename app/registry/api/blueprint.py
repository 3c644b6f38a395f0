"""The blueprint of the registry."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("registry_api", __name__, url_prefix="/api/v1")

"""`/api/v1/evaluation`: where the routes of the evaluation hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("evaluation_api", __name__, url_prefix="/api/v1/evaluation")

"""The evaluation pages' one blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("evaluation", __name__)

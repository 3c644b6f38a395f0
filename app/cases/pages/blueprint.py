"""The case pages' one blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("casework", __name__)

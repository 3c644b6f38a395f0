"""`/api/v1/imports`: files of elements are sent, tried, decided on and written."""

from app.interop.api import imports, steps  # each puts its views on the blueprint
from app.interop.api.blueprint import blueprint

__all__ = ["blueprint", "imports", "steps"]

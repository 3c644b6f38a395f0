"""The pages of staffing: people, units, the board, duty, and what administrators look after."""

from app.staffing.pages import board, people, security, units  # noqa: F401  (each puts its views on the blueprint)
from app.staffing.pages.blueprint import blueprint

__all__ = ["blueprint"]

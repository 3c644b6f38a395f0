"""The cube's door: what a query string means, and the view of a screen."""

from app.cube.api import exporting, viewing, waiting  # noqa: F401  (the routes hang themselves in)
from app.cube.api.asking import QUESTION, question, versions
from app.cube.api.blueprint import blueprint

__all__ = ["QUESTION", "blueprint", "question", "versions"]

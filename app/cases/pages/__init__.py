"""The pages of cases: the queue, the report, one case with its moves, the desk of a department."""

from app.cases.pages import case, desk, queue, report  # each puts its views on the blueprint
from app.cases.pages.blueprint import blueprint

__all__ = ["blueprint", "case", "desk", "queue", "report"]

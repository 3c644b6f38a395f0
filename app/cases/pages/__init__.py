"""The pages of cases: the queue, the report, one case with its moves, the desk of a department."""

from app.cases.pages.blueprint import blueprint

__all__ = ["blueprint"]

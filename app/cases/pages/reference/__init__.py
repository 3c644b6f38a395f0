"""`/reference`: the reference data of cases, edited by the system administrator; whom a case would go to, and why."""

from app.cases.pages.reference import explaining, rows
from app.cases.pages.reference.blueprint import blueprint

__all__ = ["blueprint", "explaining", "rows"]

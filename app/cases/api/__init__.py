"""The interface of cases for programs: lists, one case, its log and clocks, reports and moves."""

from app.cases.api import attachments, dispatch, following, inbox, lists, moving, sheet, story  # noqa: F401  (the routes hang themselves in)
from app.cases.api.blueprint import blueprint
from app.cases.api.lists import FILTER, case_filter

__all__ = ["FILTER", "blueprint", "case_filter"]

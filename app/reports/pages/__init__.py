"""Pages of reports: the list with the form for another, one report, its definitions, schedules, and 核验."""

from app.reports.pages import definitions, listing, report, schedules, verifying
from app.reports.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "definitions", "listing", "report", "schedules", "verifying"]

"""`/api/v1/reports/…`: reports are asked for, fetched, edited, signed; how they are defined, and when made."""

from app.reports.api import definitions, files, runs, schedules, steps
from app.reports.api.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "definitions", "files", "runs", "schedules", "steps"]

"""The pages of the telephone: today's tasks, a report, one case with its big keys."""

from app.field.pages import case, home, report
from app.field.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "case", "home", "report"]

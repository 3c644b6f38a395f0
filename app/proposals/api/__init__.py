"""`/api/v1/grid/proposals/…`: how cells could be drawn anew is drawn, compared, proposed and approved."""

from app.proposals.api import proposals, steps
from app.proposals.api.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "proposals", "steps"]

"""The pages of proposals: the list, the form that begins one, and the one that is drawn on the map."""

from app.proposals.pages import drawing, listing
from app.proposals.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "drawing", "listing"]

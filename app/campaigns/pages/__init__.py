"""The pages of campaigns: the list and one of them at the desk, the form that opens one, the telephone's round."""

from app.campaigns.pages import desk, opening, phone
from app.campaigns.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = ["blueprint", "desk", "opening", "phone"]

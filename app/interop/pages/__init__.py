"""Files that are sent on a page and checked: rosters, tables of reference data, maintenance areas."""

from app.interop.pages import ownership, reference, rosters  # each puts its views on the blueprint
from app.interop.pages.blueprint import blueprint

__all__ = ["blueprint", "ownership", "reference", "rosters"]

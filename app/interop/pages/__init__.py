"""Files that are sent on a page and checked: rosters, reference data, maintenance areas, elements of the registry."""

from app.interop.pages import (  # each puts its views on the blueprint
    deciding,
    importing,
    ownership,
    preparing,
    reference,
    rosters,
)
from app.interop.pages.blueprint import blueprint

__all__ = ["blueprint", "deciding", "importing", "ownership", "preparing", "reference", "rosters"]

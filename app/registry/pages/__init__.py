"""The pages of the registry: lists, one element, its forms, and the care of a person's record."""

from app.registry.pages import caring, element, entering, exporting, listing, merging, seeking, tying
from app.registry.pages.blueprint import blueprint

# Each of the modules puts its views on the blueprint.
__all__ = [
    "blueprint",
    "caring",
    "element",
    "entering",
    "exporting",
    "listing",
    "merging",
    "seeking",
    "tying",
]

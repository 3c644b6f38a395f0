"""Which elements are marks on the map, under which switch, and from how near each stands alone.

Nobody is a point on a map: of who lives in a building no more is told than its card does, as a number.
"""

from __future__ import annotations

from enum import StrEnum

from app.registry.rules.kinds import ElementKind, PlaceType


class Sort(StrEnum):
    """What is switched on and off together."""

    BUILDING = "building"
    COMPOUND = "compound"
    SHOP = "shop"
    BUILDING_SITE = "building_site"
    PUBLIC_PLACE = "public_place"
    OTHER_PLACE = "other_place"
    OBJECT = "object"
    ORGANISATION = "organisation"


SORTS = tuple(Sort)
KINDS = {
    **dict.fromkeys(SORTS, ElementKind.PLACE),
    Sort.OBJECT: ElementKind.OBJECT,
    Sort.ORGANISATION: ElementKind.ORGANISATION,
}
"""The kind of each sort: what is of one kind is gathered together."""

TYPES: dict[str, Sort] = {
    PlaceType.BUILDING: Sort.BUILDING,
    PlaceType.COMPOUND: Sort.COMPOUND,
    PlaceType.COURTYARD: Sort.COMPOUND,
    "shop": Sort.SHOP,
    "building_site": Sort.BUILDING_SITE,
    "public_place": Sort.PUBLIC_PLACE,
}
"""The sort of a place by its type; every other type, also one that is added as data, is another place."""

METRES_PER_FLOOR = 3.0
"""What a storey is taken to measure where a building's height is not recorded. The screen says so."""

OUTLINED_FROM = 16
"""The zoom from which a building with an outline is drawn as one, by its own tiles, and is no mark any more."""

BUILDINGS_FROM = 15
"""The zoom from which there are tiles of outlines."""

BINS = ((15, 4), (16, 8), (17, 16), (18, 32))
FINEST = 64
"""How many bins across a tile has below a zoom: never nearer together than marks are wide, until all stand alone."""


def bins_at(z: int) -> int:
    """How many bins across a tile has at a zoom."""
    return next((bins for below, bins in BINS if z < below), FINEST)

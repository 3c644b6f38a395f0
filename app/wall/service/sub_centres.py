"""The areas whose sub-centres have a tile each."""

from __future__ import annotations

from typing import Any

from app.grid.api import here
from app.wall import store
from app.web import acting

LEVEL = "subdistrict"


def areas() -> tuple[dict[str, Any], ...]:
    """The areas of the sub-centres that the one who asks sees."""
    place = here()
    return store.areas(
        acting.database_url(), acting.actor().view, place.versions["areas"], place.district_id, LEVEL
    )

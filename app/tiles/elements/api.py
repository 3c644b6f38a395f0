"""`/tiles/elements/…`, `/tiles/buildings/…`: what the registry holds, as vector tiles."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.cube.api.asking import PAST
from app.errors import InvalidError
from app.grid.api import HERE, Here, here
from app.registry.rules.kinds import ElementKind
from app.tiles.elements import store
from app.tiles.elements.rules import BUILDINGS_FROM, SORTS, Sort
from app.tiles.elements.service import gathering
from app.tiles.elements.service.columns import Columns
from app.tiles.elements.service.keeping import columns_of
from app.tiles.rules import check_tile, packed
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import several, this_minute
from app.web.shapes import COUNT, items, record, words
from app.web.stating import TILE, Asked, states

blueprint = Blueprint("elements", __name__, url_prefix="/tiles")

VECTOR_TILE = {"type": "string", "contentMediaType": TILE}
NOTHING = packed(b"")
FAILS = {**HERE, InvalidError: ["tile_invalid"]}


KINDS = Asked(
    "kinds",
    several(Sort),
    frozenset(SORTS),
    "Only elements of these kinds, between commas.",
)


@blueprint.get("/elements/<int:z>/<int:x>/<int:y>.mvt")
@needs(Permission.READ_REGISTRY)
@states(VECTOR_TILE, media=[TILE], query=(KINDS, PAST), fails=FAILS)
def elements(z: int, x: int, y: int) -> Response:
    """Places, components and organisations in sight, as they are valid on a day; never people.

    Several of one kind that would lie on each other are one mark with their number; `site_id` is the one place that all
    of them lie in. From zoom 16 on a building with an outline is in the tiles of buildings alone.
    """
    check_tile(z, x, y)
    place = here(look=False)
    body = gathering.tile(_columns(place), acting.actor().view, KINDS.read(), _day(place), (z, x, y))
    return answers.tile(body, body)


@blueprint.get("/elements/counts")
@needs(Permission.READ_REGISTRY)
@states(record(items=items(record(kind=words(Sort), count=COUNT, unplaced=COUNT))), query=(PAST,), fails=HERE)
def counts() -> Response:
    """How many elements of each kind are in sight and on the map, and how many have no place to be drawn at."""
    place = here(look=False)
    found = gathering.counts(_columns(place), acting.actor().view, _day(place))
    return answers.document({"items": found})


@blueprint.get("/buildings/<int:z>/<int:x>/<int:y>.mvt")
@needs(Permission.READ_REGISTRY)
@states(VECTOR_TILE, media=[TILE], query=(PAST,), fails=FAILS)
def buildings(z: int, x: int, y: int) -> Response:
    """Outlines of registered buildings in sight, with their height in metres; from zoom 15 on.

    A height that is not recorded is three metres for each floor, and said to be `assumed`. `ground` is the id of the
    house of the base map on which it stands.
    """
    check_tile(z, x, y)
    place = here(look=False)
    day = _day(place)
    if z < BUILDINGS_FROM:
        return answers.tile(NOTHING, NOTHING)
    versions = tuple(place.versions[topic] for topic in ("registry", "areas", "ground"))
    url, actor = acting.database_url(), acting.actor().view
    body = store.buildings(url, actor, versions, place.district_id, day, (z, x, y))
    return answers.tile(body, body)


def _columns(place: Here) -> dict[ElementKind, Columns]:
    versions = place.versions["registry"], place.versions["areas"]
    return columns_of(acting.database_url(), place.district_id, versions)


def _day(place: Here) -> date:
    """The day that is looked at, in the district."""
    return (PAST.read() or this_minute()).astimezone(ZoneInfo(place.timezone)).date()

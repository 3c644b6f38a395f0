"""`/tiles/…`: vector tiles and the TileJSON documents that describe them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, g, request

from app.accounts.guard import visitor
from app.accounts.rules import Permission
from app.cube.api import QUESTION, question, versions
from app.cube.rules import Tab
from app.cube.service import ask, cube_of
from app.errors import InvalidError, NotFoundError, UnavailableError
from app.grid.api import HERE, here
from app.tiles import store
from app.tiles.rules import LAST_ZOOM, PICTURES, check_tile
from app.tiles.service import marks
from app.web import acting, answers, keeping
from app.web.doors import needs
from app.web.params import one_of
from app.web.shapes import LON, TEXT, Named, items, record, table
from app.web.stating import TILE, Asked, states

blueprint = Blueprint("tiles", __name__, url_prefix="/tiles")

VECTOR_LAYERS: dict[str, dict[str, dict[str, str]]] = {
    "areas": {
        level: {"code": "String", "name": "String", "name_en": "String", "parent": "Number"}
        for level in ("district", "subdistrict", "community", "cell")
    }
    | {
        "borders": {"level": "String"},
        "labels": {"level": "String", "code": "String", "name": "String", "name_en": "String"},
    },
    "ground": {
        kind: {"class": "String", "rank": "Number", "name": "String", "name_en": "String"}
        for kind in ("street", "river", "reservoir", "hill", "park", "landmark", "compound", "building")
    },
    "cases": {
        "cases": {
            "late": "Boolean",
            "count": "Number",
            "near": "Number",
            "closed": "Number",
            "case_id": "Number",
            "category": "Number",
            "state": "String",
            "urgency": "String",
        }
    },
    "elements": {
        kind: {
            "count": "Number",
            "element_id": "Number",
            "sort": "String",
            "site_id": "Number",
            "together": "Boolean",
        }
        for kind in ("place", "object", "organisation")
    },
    "buildings": {
        "buildings": {"name": "String", "height": "Number", "assumed": "Boolean", "ground": "Number"},
    },
}


GRAIN = Asked(
    "grain",
    one_of(["gathered", "fine"]),
    "gathered",
    "How near cases are put together; `fine` for dots and heat.",
)
VECTOR_TILE = {"type": "string", "contentMediaType": TILE}
TILEJSON = Named(
    "TileJSON",
    record(
        ("bounds",),
        tilejson={"const": "3.0.0"},
        name=TEXT,
        tiles=items(TEXT, least=1),
        minzoom={"const": 0},
        maxzoom={"type": "integer", "maximum": LAST_ZOOM},
        vector_layers=items(record(id=TEXT, fields=table(TEXT))),
        bounds=items(LON, least=4, most=4),
    ),
)
FAILS = {**HERE, InvalidError: ["tile_invalid"]}


def _tell(kind: str, stamp: Any, at: float, permission: Permission) -> None:
    """Let the front give this answer again to who may see it, as long as it is still so."""
    if (found := visitor()) is not None and not g.get("by_token"):
        keeping.tell(keeping.Note(kind, stamp, at, found.token, found.actor.view, permission))


@blueprint.get("/areas/<int:z>/<int:x>/<int:y>.mvt")
@needs(Permission.VIEW_MAP)
@states(VECTOR_TILE, media=[TILE], fails=FAILS)
def areas(z: int, x: int, y: int) -> Response:
    """The territory."""
    check_tile(z, x, y)
    place = here(look=False)
    version, actor = place.versions["areas"], acting.actor().view
    body = store.areas_tile(acting.database_url(), actor, version, place.district_id, z, x, y)
    _tell("areas", version, place.at, Permission.VIEW_MAP)
    return answers.tile(body, "areas", version, actor, z, x, y)


@blueprint.get("/ground/<int:z>/<int:x>/<int:y>.mvt")
@needs(Permission.VIEW_MAP)
@states(VECTOR_TILE, media=[TILE], fails=FAILS)
def ground(z: int, x: int, y: int) -> Response:
    """What people find their way by."""
    check_tile(z, x, y)
    place = here(look=False)
    version = place.versions["ground"]
    body = store.ground_tile(acting.database_url(), version, place.district_id, z, x, y)
    _tell("ground", version, place.at, Permission.VIEW_MAP)
    return answers.tile(body, "ground", version, z, x, y)


@blueprint.get("/cases/<int:z>/<int:x>/<int:y>.mvt")
@needs(Permission.READ_CASES)
@states(VECTOR_TILE, media=[TILE], query=(*QUESTION, GRAIN), fails=FAILS)
def cases(z: int, x: int, y: int) -> Response:
    """Cases under the filter of the query string, counted at the moment of the request."""
    check_tile(z, x, y)
    place = here(look=False)
    asked, changed = question(place, turns=False), versions(place)
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, changed, look=False) as answer:
        # Looked up while the columns are held: whatever has been read since then is not in this state.
        stamp, at = (cube.serial, changed, asked.wanted.now), min(place.at, cube.looked)
        body = marks.tile(answer, z, x, y, fine=GRAIN.read() == "fine")
    # Whom somebody follows, and whose turn it is, changes without a move.
    if asked.wanted.tab not in {Tab.FOLLOWED, Tab.TODO}:
        _tell("cases", stamp, at, Permission.READ_CASES)
    return answers.tile(body, body)


@blueprint.get("/basemap/<int:z>/<int:x>/<int:y>")
@needs(Permission.VIEW_MAP)
@states(
    {"type": "string", "format": "binary"},
    media=list(PICTURES.values()),
    fails={
        NotFoundError: ["tile_missing"],
        InvalidError: ["tile_invalid", "basemap_file_invalid"],
        UnavailableError: ["basemap_missing"],
    },
)
def basemap(z: int, x: int, y: int) -> Response:
    """A picture of the map that is laid below ours, where the server keeps one in a file."""
    check_tile(z, x, y)
    given = current_app.config["BASEMAP"]
    found = given and given.file and store.basemap_tile(given.file, z, x, y)
    if not found:
        raise NotFoundError("tile_missing", value=f"{z}/{x}/{y}")
    return answers.picture(*found)


@blueprint.get("/<any(areas, ground, cases, elements, buildings):name>.json")
@needs(Permission.VIEW_MAP)
@states(TILEJSON, fails=HERE)
def tilejson(name: str) -> Response:
    """TileJSON 3.0 of a tile set; the addresses are this server's own."""
    place = here()
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": name,
        "tiles": [f"{request.host_url}tiles/{name}/{{z}}/{{x}}/{{y}}.mvt{query}"],
        "minzoom": 0,
        "maxzoom": 16,
        "vector_layers": [{"id": layer, "fields": fields} for layer, fields in VECTOR_LAYERS[name].items()],
    }
    if place.bounds is not None:
        document["bounds"] = place.bounds
    return answers.document(document)

"""`/tiles/picture.svg`: the map as one drawing, for a browser that cannot draw tiles itself."""

from __future__ import annotations

import re

from flask import Blueprint, Response

from app.accounts.rules import Permission
from app.cube.api import QUESTION, question, versions
from app.cube.service import ask, cube_of
from app.grid.api import HERE, here
from app.tiles.picture import service, store
from app.tiles.picture.rules import MOST_LAT, Frame
from app.web import acting, answers
from app.web.doors import needs
from app.web.pages import page_locale
from app.web.params import Reader
from app.web.shapes import TEXT
from app.web.stating import Asked, states

blueprint = Blueprint("picture", __name__, url_prefix="/tiles")

SVG = "image/svg+xml"
LAST_ZOOM = 19
LARGEST = (4096, 2400)
"""Two screens of a wall side by side."""

PLACE = re.compile(r"(\d{1,2}(?:\.\d{1,4})?)/(-?\d{1,2}(?:\.\d{1,9})?)/(-?\d{1,3}(?:\.\d{1,9})?)", re.ASCII)
SIZE = re.compile(r"([1-9]\d{1,3})x([1-9]\d{1,3})", re.ASCII)


def _place(raw: str) -> tuple[float, float, float]:
    found = PLACE.fullmatch(raw)
    if found is None:
        raise ValueError(raw)
    zoom, lat, lon = (float(part) for part in found.groups())
    if zoom > LAST_ZOOM or abs(lat) > MOST_LAT or abs(lon) > 180:
        raise ValueError(raw)
    return zoom, lat, lon


def _size(raw: str) -> tuple[int, int]:
    found = SIZE.fullmatch(raw)
    if found is None:
        raise ValueError(raw)
    width, height = (int(part) for part in found.groups())
    if width > LARGEST[0] or height > LARGEST[1]:
        raise ValueError(raw)
    return width, height


AT = Asked(
    "at",
    Reader(_place, {**TEXT, "pattern": f"^{PLACE.pattern}$"}),
    (0.0, 0.0, 0.0),
    "What is in the middle: zoom, latitude and longitude between slashes, as in the address of the map.",
)
SIZED = Asked(
    "size",
    Reader(_size, {**TEXT, "pattern": f"^{SIZE.pattern}$"}),
    (1024, 768),
    f"Width and height in pixels, at most {LARGEST[0]}x{LARGEST[1]}.",
)
LEVELS_FROM = {"district": 0.0, "subdistrict": 0.0, "community": 10.5, "cell": 0.0}
"""The levels of areas, the widest first, and the zoom from which each is drawn."""


@blueprint.get("/picture.svg")
@needs(Permission.READ_CASES)
@states(TEXT, media=[SVG], query=(*QUESTION, AT, SIZED), fails=HERE)
def picture() -> Response:
    """The territory, the ground, the names and the cases under the filter, drawn at one place and size."""
    place = here()
    zoom, lat, lon = AT.read()
    frame = Frame(zoom, lon, lat, *SIZED.read())
    asked = question(place, turns=False)
    levels = [level for level, first in LEVELS_FROM.items() if zoom >= first]
    with acting.reading() as connection:
        areas = store.areas(connection, place.district_id, frame, levels)
        ground = store.ground(connection, place.district_id, frame)
    cube = cube_of(acting.database_url(), place.district_id, place.timezone)
    with ask(cube, asked, versions(place)) as answer:
        body = service.draw(frame, areas, ground, answer, english=page_locale().startswith("en"))
    return answers.picture(body, SVG)

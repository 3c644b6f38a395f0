"""`/api/v1/wall`: what a wall shows, and `/api/v1/wall/setting`, by which it knows that somebody drives it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from flask import Blueprint, Response

from app.accounts.guard import me
from app.accounts.rules import Permission
from app.grid.api import BOUNDS, HERE, Here, here
from app.wall import store
from app.wall.rules import LEVEL, Preset, Setting, WarningKind, WarningLevel
from app.wall.service.setting import told
from app.wall.service.showing import View, show
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import this_minute
from app.web.shapes import (
    COUNT,
    ID,
    INSTANT,
    LAT,
    LON,
    NUMBER,
    TEXT,
    YES,
    Named,
    about,
    items,
    maybe,
    record,
    words,
)
from app.web.stating import states

blueprint = Blueprint("wall_api", __name__, url_prefix="/api/v1/wall")

NAMES = {"name": TEXT, "name_en": maybe(TEXT)}
WARNING = record(kind=words(WarningKind), level=words(WarningLevel), text=TEXT, until_at=INSTANT)
SETTING = Named(
    "WallSetting",
    record(
        version=about(COUNT, "Counts on with every change; 0 where nobody has set anything."),
        edition=about(
            TEXT, "Of the program and of the map: a wall that meets another one loads itself anew."
        ),
        preset=words(Preset),
        tours=about(YES, "Whether the wall goes from one overdue case to the next."),
        focus=maybe(record(id=ID, **NAMES, bounds=BOUNDS)),
        warning=maybe(WARNING),
    ),
)
COUNTS = {"open": COUNT, "near": COUNT, "overdue": COUNT, "urgent": COUNT}
TILE = record(id=ID, **NAMES, lon=LON, lat=LAT, **COUNTS, share=maybe(about(NUMBER, "Overdue of open.")))
RED = record(
    category=TEXT, category_en=maybe(TEXT), first=YES, urgent=YES, due_at=INSTANT,
    place=maybe(about(TEXT, "The address; under the preset for visitors no more than the street.")),
    cell=maybe(TEXT), cell_en=maybe(TEXT), cell_code=maybe(TEXT), community=maybe(TEXT), community_en=maybe(TEXT),
    unit=maybe(TEXT), unit_en=maybe(TEXT), lon=maybe(LON), lat=maybe(LAT),
)  # fmt: skip
MARK = record(id=ID, lon=LON, lat=LAT, late=COUNT, urgent=COUNT, first=COUNT)
WALL = Named(
    "Wall",
    record(
        setting=SETTING,
        at=INSTANT,
        simulated=YES,
        figures=record(today=COUNT, **COUNTS),
        scale=about({**COUNT, "maximum": 100}, "Per cent at which the bars of the tiles end; they begin at 0."),
        tiles=items(TILE, most=60),
        kinds=record(
            by=words({"category", "line"}),
            items=items(record(code=maybe(TEXT), name=maybe(TEXT), name_en=maybe(TEXT), open=COUNT, overdue=COUNT),
                        most=store.MOST_KINDS),
        ),
        reds=record(of=COUNT, items=items(RED, most=store.MOST_REDS)),
        marks=record(items=items(MARK, most=2000), elsewhere=about(COUNT, "Overdue cases that are on no map.")),
        duty=record(
            there=about(YES, "Whether they have said that they are there; else they are only on the roster."),
            count=COUNT,
            roles=items(record(role=maybe(TEXT), count=COUNT), most=30),
            people=about(items(record(name=TEXT, role=maybe(TEXT), leads=YES), most=30),
                         "None before visitors; masked for those who may not read who works where."),
        ),
        core=maybe(BOUNDS),
    ),
)  # fmt: skip


def _areas(place: Here) -> tuple[dict[str, Any], ...]:
    return store.areas(
        acting.database_url(), acting.actor().view, place.versions["areas"], place.district_id, LEVEL
    )


def _told(found: Setting, version: int, known: tuple[dict[str, Any], ...], place: Here) -> dict[str, Any]:
    drawn = (metadata.version("panlong"), place.versions["areas"], place.versions["ground"])
    return {**told(found, version, known, datetime.now(UTC)), "edition": "-".join(map(str, drawn))}


@blueprint.get("/setting")
@needs(Permission.READ_CASES)
@states(SETTING, fails=HERE)
def setting() -> Response:
    """What the wall is set to show; a wall asks every second or two, so it is no more than this."""
    place = here()
    known = _areas(place)
    with acting.reading() as connection:
        found, version = store.setting(connection, place.district_id)
    return answers.document(_told(found, version, known, place))


@blueprint.get("")
@needs(Permission.READ_CASES)
@states(WALL, fails=HERE)
def wall() -> Response:
    """All that the wall shows, of one instant, as far as its preset and the one who asks may see it."""
    place = here()
    known = _areas(place)
    streets = store.streets(acting.database_url(), place.versions["ground"], place.district_id)
    staff = Permission.READ_STAFF in me().permissions
    view = View(place.district_id, place.timezone, known, LEVEL, streets, staff, this_minute())
    with acting.reading() as connection:
        found, version = store.setting(connection, place.district_id)
        shown = show(connection, found, view)
    asked = _told(found, version, known, place)
    return answers.document({"setting": asked, "simulated": place.record["simulated"], **shown})

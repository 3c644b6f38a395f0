"""`/api/v1/district`, `/api/v1/areas/…`: the territory, its tree, its names."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app

from app.accounts.rules import Permission
from app.db import Actor, transaction
from app.errors import NotFoundError
from app.grid import store
from app.grid.store import reading
from app.web import acting, answers
from app.web.doors import needs
from app.web.params import number, row_id, written
from app.web.shapes import (
    COUNT,
    ID,
    LON,
    MOST_ID,
    NUMBER,
    TEXT,
    YES,
    Named,
    items,
    maybe,
    page,
    record,
    table,
)
from app.web.stating import Asked, states

blueprint = Blueprint("grid", __name__, url_prefix="/api/v1")

CALLED = {"id": ID, "level": TEXT, "code": TEXT, "name": TEXT, "name_en": maybe(TEXT)}
STEP = Named("AreaStep", record(**CALLED))
PATH = items(STEP, most=10)
BOUNDS = {**items(LON, least=4, most=4), "description": "West, south, east, north in degrees."}
AREA = Named(
    "Area",
    record(
        **CALLED,
        district_id=ID,
        kind=maybe(TEXT),
        households=maybe(COUNT),
        area_m2=NUMBER,
        simulated=YES,
        edition_id=maybe(ID),
        parent_id=maybe(ID),
        cells=items(ID, most=20_000),
        bounds=BOUNDS,
        path=PATH,
    ),
)
LISTED = Named("ListedArea", record(**CALLED, households=maybe(COUNT), area_m2=NUMBER))
DISTRICT = Named(
    "District",
    record(
        id=ID,
        code=TEXT,
        name=TEXT,
        name_en=maybe(TEXT),
        timezone=TEXT,
        metric_srid=maybe(ID),
        simulated=YES,
        bounds=maybe(BOUNDS),
        territory=maybe(PATH),
        levels=items(record(level=TEXT, depth=COUNT, count=COUNT)),
        versions=table(COUNT),
        basemap=maybe(record(tiles=TEXT, attribution=TEXT, last_zoom=COUNT)),
    ),
)
PARENT = Asked("parent", row_id, None, "Id of the area above; left out for the root.")
LIMIT = Asked("limit", number(1, 500), 200, "How many at most.")
AFTER = Asked("after", written(40), "", "`next` of the page before.")
HERE = {NotFoundError: ["district_missing"]}
MISSING = {NotFoundError: ["area_missing"]}


@dataclass(frozen=True, slots=True)
class Here:
    """The district that a request is about, and the versions of its data."""

    district_id: int
    timezone: str
    bounds: list[float] | None
    versions: dict[str, int]
    record: dict[str, Any]
    at: float


LOOK_S = 0.1
_versions: dict[str, tuple[float, dict[str, int]]] = {}
"""By database: when the versions of its data were last looked at, by the monotonic clock, and what they were."""


def here(*, look: bool = True) -> Here:
    """The workspace's district, as the one who asks sees it.

    Parameters
    ----------
    look
        Whether the last tenth of a second has to be in the versions too.

    Raises
    ------
    NotFoundError
        `district_missing`.
    """
    url, now = acting.database_url(), time.monotonic()
    at, versions = _versions.get(url, (0.0, {}))
    if look or now - at > LOOK_S:
        with acting.reading() as connection:
            at, versions = now, reading.versions(connection)
        if at > _versions.get(url, (0.0, {}))[0]:
            _versions[url] = at, versions
    record = _record(acting.database_url(), acting.actor().view, versions["areas"])
    if record is None:
        raise NotFoundError("district_missing")
    return Here(record["id"], record["timezone"], record["bounds"], versions, record, at)


def zone() -> str:
    """The district's time zone; UTC where there is no district."""
    with transaction(acting.database_url(), read_only=True, timeout_s=acting.SLOWEST_S) as connection:
        found = store.find_district(connection)
    return "UTC" if found is None else str(found.timezone)


@lru_cache(maxsize=1024)
def _record(url: str, actor: Actor, version: int) -> dict[str, Any] | None:
    with transaction(url, actor=actor, read_only=True, timeout_s=acting.SLOWEST_S) as connection:
        return reading.district(connection)


@blueprint.get("/district")
@needs(Permission.VIEW_MAP)
@states(DISTRICT, fails=HERE)
def district() -> Response:
    """The district: name, time zone, bounds, levels with their counts."""
    return answers.document(told_district())


def told_district() -> dict[str, Any]:
    """What is told of the workspace's district, as the one who asks sees it.

    Raises
    ------
    NotFoundError
        `district_missing`.
    """
    place = here()
    with acting.reading() as connection:
        levels = reading.levels(connection, place.district_id)
    facts = {"levels": levels, "versions": place.versions, "basemap": _basemap()}
    return {**place.record, **facts}


def _basemap() -> dict[str, Any] | None:
    """The map that is laid below ours, where somebody has named one."""
    given = current_app.config.get("BASEMAP")
    if given is None:
        return None
    tiles = given.tiles or "/tiles/basemap/{z}/{x}/{y}"
    return {"tiles": tiles, "attribution": given.attribution, "last_zoom": given.last_zoom}


@blueprint.get("/areas/<int:area_id>")
@needs(Permission.VIEW_MAP)
@states(AREA, fails=MISSING)
def area(area_id: int) -> Response:
    """One area: what it is, what it lies in, how large it is."""
    if area_id > MOST_ID:
        raise NotFoundError("area_missing", id=area_id)
    with acting.reading() as connection:
        found = reading.area(connection, area_id)
    if found is None:
        raise NotFoundError("area_missing", id=area_id)
    return answers.document(found)


@blueprint.get("/areas")
@needs(Permission.VIEW_MAP)
@states(page(LISTED, TEXT), query=(PARENT, LIMIT, AFTER), fails=HERE)
def areas() -> Response:
    """The areas right below one, or the root: for the crumbs and for those who do not see the map."""
    place = here()
    parent, limit, after = PARENT.read(), LIMIT.read(), AFTER.read()
    with acting.reading() as connection:
        items = reading.children(connection, place.district_id, parent, after, limit)
    following = items[-1]["code"] if len(items) == limit else None
    return answers.document({"items": items, "next": following})

"""`/api/v1/district`, `/api/v1/areas/…`: the territory, its tree, its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app

from app.db import transaction
from app.errors import NotFoundError
from app.grid.store import reading
from app.web import answers
from app.web.params import number, parameter

blueprint = Blueprint("grid", __name__, url_prefix="/api/v1")

SLOWEST_S = 5.0


@dataclass(frozen=True, slots=True)
class Here:
    """The district that a request is about, and the versions of its data."""

    district_id: int
    timezone: str
    bounds: list[float] | None
    versions: dict[str, int]
    record: dict[str, Any]


def here() -> Here:
    """The workspace's district.

    Raises
    ------
    NotFoundError
        `district_missing`.
    """
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        record = reading.district(connection)
        versions = reading.versions(connection)
    if record is None:
        raise NotFoundError("district_missing")
    return Here(record["id"], record["timezone"], record["bounds"], versions, record)


@blueprint.get("/district")
def district() -> Response:
    """The district: name, time zone, bounds, levels with their counts."""
    place = here()
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        levels = reading.levels(connection, place.district_id)
    return answers.document({**place.record, "levels": levels, "versions": place.versions})


@blueprint.get("/areas/<int:area_id>")
def area(area_id: int) -> Response:
    """One area: what it is, what it lies in, how large it is."""
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        found = reading.area(connection, area_id)
    if found is None:
        raise NotFoundError("area_missing", id=area_id)
    return answers.document(found)


@blueprint.get("/areas")
def areas() -> Response:
    """The areas right below one, or the root: for the crumbs and for those who do not see the map."""
    place = here()
    parent = parameter("parent", number(1, 2**31 - 1), None)
    limit = parameter("limit", number(1, 500), 200)
    after = parameter("after", str, "")
    with transaction(current_app.config["DATABASE_URL"], read_only=True, timeout_s=SLOWEST_S) as connection:
        items = reading.children(connection, place.district_id, parent, after, limit)
    following = items[-1]["code"] if len(items) == limit else None
    return answers.document({"items": items, "next": following})

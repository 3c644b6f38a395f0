"""A workspace's district: made once, empty; its areas come by import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row
from sqlalchemy.exc import DBAPIError

from app.errors import ConflictError, InvalidError, NotFoundError
from app.grid import store
from app.grid.rules import ALL_LEVELS, Level, level_rules


def create_district(
    connection: Connection,
    *,
    code: str,
    name: str,
    timezone: str,
    metric_srid: int | None = None,
    levels: Sequence[Level] = ALL_LEVELS,
    name_en: str | None = None,
    gaps_allowed: bool = False,
    simulated: bool = False,
) -> int:
    """Make the workspace's district, without areas.

    Parameters
    ----------
    metric_srid
        EPSG code of the projection in metres for areas and distances; None to choose it from the first areas.
    levels
        From the district down to the cell; a city may have these two alone.

    Raises
    ------
    ConflictError
        `district_exists`: the workspace has one already.
    InvalidError
        `levels_invalid`, `timezone_unknown`, `metric_crs_invalid`, `value_missing`.
    """
    if (present := store.find_district(connection)) is not None:
        raise ConflictError("district_exists", code=present.code, name=present.name)
    for field, value in (("code", code), ("name", name)):
        if not value.strip():
            raise InvalidError("value_missing", field=field)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidError("timezone_unknown", value=timezone) from error
    values = {
        "code": code.strip(),
        "name": name.strip(),
        "name_en": name_en,
        "timezone": timezone,
        "metric_srid": metric_srid,
        "gaps_allowed": gaps_allowed,
        "simulated": simulated,
    }
    try:
        return store.add_district(connection, level_rules(code.strip(), levels), **values)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == "23514":
            raise InvalidError("metric_crs_invalid", value=metric_srid) from error
        raise


def the_district(connection: Connection) -> Row[Any]:
    """The workspace's district.

    Raises
    ------
    NotFoundError
        `district_missing`: none has been made yet.
    """
    district = store.find_district(connection)
    if district is None:
        raise NotFoundError("district_missing")
    return district

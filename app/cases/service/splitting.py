"""拆分: what turns out to be two things becomes two cases, at one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.cases.service import first_rows
from app.cases.service.situation import Situation
from app.cases.store import log, reported


def split(connection: Connection, found: Situation, given: Mapping[str, Any]) -> int:
    """Make another case of a case, reported by the one who splits it; returns its id."""
    place = reported.place_of(connection, found.row.id)
    case = reported.NewCase(
        found.row.district_id,
        place.category_id,
        place.source or "recheck",
        found.case.loop.value,
        found.asker.account,
        description=given["reason"],
        address=place.address,
        position=None if place.lon is None else (place.lon, place.lat),
        area_id=place.area_id,
    )
    made = reported.add(connection, case)
    first_rows.write(connection, case, made, post=None, facts={"split_from": found.row.id})
    log.link(connection, made.id, "split_from", found.row.id, 1)
    return int(made.id)

"""Open and late cases of the parts of one's territory: its subdistricts, or the communities of the one that it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.grid.rules import Level
from app.wall import store as wall
from app.wall.rules import Choice

Record = dict[str, Any]
ALL_ALIKE = Choice(frozenset(), frozenset())
NONE = {"open": 0, "near": 0, "overdue": 0, "urgent": 0}


def parts(
    connection: Connection, url: str, actor: Any, version: int, district_id: int, now: datetime
) -> tuple[Level, list[Record]]:
    """The level of the parts, and each with its counts, the greatest share of late cases first.

    Parameters
    ----------
    actor
        `view` of the one who asks: who sees the same shares what is kept.
    version
        Of the areas.
    """
    level = Level.SUBDISTRICT
    areas = wall.areas(url, actor, version, district_id, level.value)
    if len(areas) < 2:
        level = Level.COMMUNITY
        areas = wall.areas(url, actor, version, district_id, level.value)
    counted = wall.numbers(connection, district_id, level.value, ALL_ALIKE, now)
    found = []
    for area in areas:
        counts = counted.get(area["id"], NONE)
        called = {name: area[name] for name in ("id", "code", "name", "name_en")}
        found.append({**called, **{name: counts[name] for name in NONE}})
    return level, sorted(found, key=_by_share)


def _by_share(part: Record) -> tuple[float, int, str]:
    return -(part["overdue"] / part["open"] if part["open"] else 0), -part["overdue"], part["code"]

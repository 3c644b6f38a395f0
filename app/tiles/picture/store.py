"""Reads what a drawing of the map shows, under row security."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from app.tiles import store
from app.tiles.picture.rules import Frame

AREAS, GROUND = store.statement("picture_areas"), store.statement("picture_ground")
MOST_AREAS, MOST_GROUND = 5_000, 6_000
"""Bounds of a drawing; a district has some hundreds of areas, a screen of a town some thousand buildings."""

Record = dict[str, Any]


def _extent(frame: Frame) -> dict[str, float]:
    west, north = frame.corner
    return {
        "west": west,
        "north": north,
        "east": west + frame.width * frame.metres,
        "south": north - frame.height * frame.metres,
        "metres": frame.metres,
    }


def areas(connection: Connection, district_id: int, frame: Frame, levels: list[str]) -> list[Record]:
    """`id`, `level`, `code`, `name`, `name_en`, `path` in pixels, and `x`, `y` where a name could stand."""
    values = {**_extent(frame), "district": district_id, "levels": levels, "most": MOST_AREAS}
    return [dict(row._mapping) for row in connection.execute(text(AREAS), values)]


def ground(connection: Connection, district_id: int, frame: Frame) -> list[Record]:
    """`kind`, `class`, `name`, `name_en`, `dimension`, `path` in pixels, and `x`, `y`; a point has no path."""
    values = {**_extent(frame), "district": district_id, "level": frame.level, "most": MOST_GROUND}
    return [dict(row._mapping) for row in connection.execute(text(GROUND), values)]

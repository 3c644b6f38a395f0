"""Tiles from PostGIS, kept in the process by who may see them and by the version of the data that they show."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.db import Actor, transaction
from app.errors import UnavailableError
from app.tiles import rules

DRAWN_FROM = """CASE g.kind
    WHEN 'street' THEN CASE g.class WHEN 'arterial' THEN 10 WHEN 'secondary' THEN 12 ELSE 13 END
    WHEN 'compound' THEN 14 WHEN 'building' THEN 15 WHEN 'landmark' THEN 9 + g.rank ELSE 8 END"""
"""The zoom from which something on the ground is drawn, in SQL."""


def statement(name: str) -> str:
    """A statement of the folder `sql`."""
    written = (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")
    return written.replace("{drawn_from}", DRAWN_FROM)


GROUND = statement("ground")
AREAS = "SELECT area_tile(:z, :x, :y, :district, :levels)"
KEPT_TILES = 4096
"""Tiles of a kind kept in memory; about 20 MB."""

SLOWEST_S = 10.0
"""A tile that takes longer is given up."""

LEVELS_FROM = {"district": 0, "subdistrict": 0, "community": 8, "cell": 8}
"""The zoom from which a level's shapes are sent."""


def _tile(url: str, actor: Actor, statement: str, **values: Any) -> bytes:
    with transaction(url, actor=actor, read_only=True, timeout_s=SLOWEST_S) as connection:
        tile = connection.execute(text(statement), values).scalar_one()
    return gzip.compress(bytes(tile), 5, mtime=0)


@lru_cache(maxsize=KEPT_TILES)
def areas_tile(url: str, actor: Actor, version: int, district: int, z: int, x: int, y: int) -> bytes:
    """The territory that an actor sees, gzipped."""
    levels = [level for level, first in LEVELS_FROM.items() if z >= first]
    return _tile(url, actor, AREAS, z=z, x=x, y=y, district=district, levels=levels)


@lru_cache(maxsize=KEPT_TILES)
def ground_tile(url: str, version: int, district: int, z: int, x: int, y: int) -> bytes:
    """Streets, water, hills, landmarks, gzipped: the same for everybody."""
    return _tile(url, Actor(), GROUND, z=z, x=x, y=y, district=district)


KEPT_DIRECTORIES = 64
"""Directories of a base map kept in memory; some 100 kB each."""


def basemap_tile(path: Path, z: int, x: int, y: int) -> tuple[bytes, str] | None:
    """A picture of the base map's file and its media type; None where the file has none there.

    Raises
    ------
    UnavailableError
        `basemap_missing`: the file is not there.
    InvalidError
        `basemap_file_invalid`.
    """
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise UnavailableError("basemap_missing", path=str(path)) from error
    header = _header(path, stamp)
    if not header.first_zoom <= z <= header.last_zoom:
        return None
    number, place = rules.tile_number(z, x, y), header.root
    for _ in range(rules.DEEPEST):
        found = _directory(path, stamp, *place, header.gzipped).find(number)
        if found is None:
            return None
        offset, length, deeper = found
        if not deeper:
            return _bytes(path, header.tiles + offset, length), header.media
        place = (header.leaves + offset, length)
    return None


def _bytes(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(min(length, rules.LARGEST_DIRECTORY))


@lru_cache(maxsize=4)
def _header(path: Path, stamp: int) -> rules.Header:
    return rules.read_header(_bytes(path, 0, rules.HEADER_BYTES))


@lru_cache(maxsize=KEPT_DIRECTORIES)
def _directory(path: Path, stamp: int, offset: int, length: int, gzipped: bool) -> rules.Directory:
    return rules.read_directory(_bytes(path, offset, length), gzipped=gzipped)

"""Tiles from PostGIS, kept in the process by the version of the data that they show."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.cases.store.filters import CaseFilter
from app.db import transaction

SQL = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "sql").glob("*.sql")}

KEPT_TILES = 4096
"""Tiles kept in memory; about 20 MB."""

SLOWEST_S = 10.0
"""A tile that takes longer is given up."""

LEVELS_FROM = {"district": 0, "subdistrict": 0, "community": 8, "cell": 8}
"""The zoom from which a level's shapes are sent."""


def _tile(url: str, name: str, filter_sql: str = "true", **values: Any) -> bytes:
    statement = text(SQL[name].replace("{filter}", filter_sql))
    with transaction(url, read_only=True, timeout_s=SLOWEST_S) as connection:
        tile = connection.execute(statement, values).scalar_one()
    return gzip.compress(bytes(tile), 5, mtime=0)


@lru_cache(maxsize=KEPT_TILES)
def areas_tile(url: str, version: int, district: int, z: int, x: int, y: int) -> bytes:
    """The territory, gzipped; every level at every zoom where the district has no level between."""
    levels = [level for level, first in LEVELS_FROM.items() if z >= first]
    return _tile(url, "areas", z=z, x=x, y=y, district=district, levels=levels)


@lru_cache(maxsize=KEPT_TILES)
def ground_tile(url: str, version: int, district: int, z: int, x: int, y: int) -> bytes:
    """Streets, water, hills, landmarks, gzipped."""
    return _tile(url, "ground", z=z, x=x, y=y, district=district)


@lru_cache(maxsize=KEPT_TILES)
def cases_tile(url: str, version: int, district: int, z: int, x: int, y: int, wanted: CaseFilter) -> bytes:
    """Cases under a filter, gathered; the bins grow finer as one comes nearer."""
    bins = 8 if z < 14 else 16 if z < 16 else 64
    return _tile(
        url, "cases", wanted.predicate, z=z, x=x, y=y, district=district, bins=bins, **wanted.parameters
    )

"""Layers go out in the formats that they come in by; importing an export changes nothing."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np

from app.db import transaction
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop import store
from app.interop.service.report import Progress
from spatial.crs import STORAGE
from spatial.readers import CaseBatch
from spatial.writers import CaseWriter, write_areas

ROWS = 50_000
"""Cases read and written at a time."""


def export_areas(url: str, path: Path, level: Level) -> int:
    """Write the areas of a level that are valid today; returns how many.

    Raises
    ------
    NotFoundError
        `district_missing`, `areas_missing`.
    """
    with transaction(url, read_only=True) as connection:
        district = the_district(connection)
        areas = grid.current_areas(connection, district.id, level)
    if not len(areas):
        raise NotFoundError("areas_missing", district=district.name)
    columns = {
        "code": areas.codes,
        "name": areas.names,
        "parent_code": areas.parents,
        "kind": areas.kinds,
        "households": areas.households,
    }
    write_areas(gpd.GeoDataFrame(columns, geometry=areas.shapes, crs=STORAGE), path)
    return len(areas)


def export_cases(url: str, path: Path, progress: Progress | None = None) -> int:
    """Write every case, block by block; returns how many."""
    done = 0
    with transaction(url, read_only=True) as connection, CaseWriter(path) as writer:
        district = the_district(connection)
        for block in store.each_case(connection, district.id, ROWS):
            columns = {
                name: np.array([row[i] for row in block], dtype=object)
                for i, name in enumerate(block[0]._fields)
            }
            writer.write(
                CaseBatch(
                    row=np.arange(done + 1, done + 1 + len(block)),
                    external_ref=columns["ref"],
                    category=columns["category"],
                    state=columns["state"],
                    source=columns["source"],
                    address=columns["address"],
                    description=columns["description"],
                    reported_at=_instants(columns["reported_at"]),
                    due_at=_instants(columns["due_at"]),
                    closed_at=_instants(columns["closed_at"]),
                    lon=columns["lon"].astype(np.float64),
                    lat=columns["lat"].astype(np.float64),
                    faults=(),
                )
            )
            done += len(block)
            if progress is not None:
                progress(done, 0, 0)
    return done


def _instants(values: np.ndarray) -> np.ndarray:
    naive = [None if value is None else value.replace(tzinfo=None) for value in values]
    return np.array(naive, dtype="datetime64[us]")

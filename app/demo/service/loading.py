"""Loads the demo into a workspace: the territory as any import would, then the cases. All of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
from sqlalchemy import Connection, Row

from app.cases.service import add_reference_cases, categories
from app.db import transaction
from app.demo.service import ownership
from app.demo.service.buildings import find_buildings, find_more
from app.demo.service.cases import simulate_cases
from app.demo.service.playing import Block, Players
from app.demo.service.registry import SIZES, Size, fill, write
from app.demo.service.scene import scene
from app.demo.service.sheets import Sheets
from app.demo.service.world import World
from app.errors import ConflictError, UnavailableError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import create_district, the_district
from app.interop import store
from app.interop.service import AreaImport, ImportReport
from app.interop.service.areas import put_layer
from app.interop.service.cases import CaseImport, Intake, finish
from app.interop.service.report import FaultLog, Progress
from app.registry.service.types import add_reference_types
from app.registry.store.bulk import remove_simulated
from spatial.crs import STORAGE, parse_crs

KINDS = {"small": 20_000, "full": 1_000_000}
"""Number of simulated cases of each kind of demo."""

FOLDER = Path(__file__).resolve().parents[3] / "data" / "panlong"
SEED = 530103
ROWS = 2_500
"""Cases that are played at a time."""


def wanted_kind(url: str, *, asked: str | None, default: str) -> str | None:
    """The kind of demo that a start has to load; None where there is nothing to do.

    Raises
    ------
    ConflictError
        `demo_not_here`: a demo was asked for, and the workspace holds a real district.
    """
    with transaction(url, read_only=True) as connection:
        district = grid.find_district(connection)
        loaded = None if district is None else store.demo_kind(connection, district.id)
    if asked == "none" or (asked is None and district is not None):
        return None
    kind = asked or default
    if kind in {"none", loaded}:
        return None
    if district is not None and not district.simulated:
        raise ConflictError("demo_not_here", district=district.name)
    return kind


def load(url: str, kind: str, until: date | None, progress: Progress, *, cases: int | None = None) -> int:
    """Load a kind of demo in one transaction; returns the number of cases.

    Parameters
    ----------
    until
        Last day of the cases; None for today, up to this minute.
    cases
        How many; None for as many as demos of this kind have.
    """
    report, count = ImportReport(), cases or KINDS[kind]
    with Players() as players, transaction(url) as connection, FaultLog(None, "zh_CN") as log:
        if grid.find_district(connection) is None:
            load_territory(connection)
        district = the_district(connection)
        store.remove_demo_cases(connection, district.id)
        remove_simulated(connection, district.id)
        import_id = store.add_import(connection, district.id, "cases", f"demo:{kind}")
        add_reference_cases(connection, district.id)
        now = _now(district, until)
        world = scene(connection, district, until or now.date(), now, SEED)
        ownership.add(connection, district, read_ground("ground.geojson"))
        intake = Intake(connection, district, import_id=import_id, simulated=True, apart=True)
        for block, played in players.each(world, _blocks(intake, world, count, until), intake.loader.xid):
            intake.loader.add_with_log(played.cases, block.ids, played.standing, played.log, played.beside)
            progress(intake.loader.count, intake.loader.count, count)
        finish(intake, log, report, CaseImport())
        _register(connection, district, kind, now.date())
        grid.count_up(connection, "registry")
        store.finish_import(connection, import_id, report)
    return report.added


def _register(connection: Connection, district: Row[Any], kind: str, today: date) -> None:
    """The registry of the district, in the houses that its map draws."""
    size = SIZES[kind]
    houses = _houses(district.metric_srid, size.buildings)
    fill(connection, district, houses, read_ground("ground.geojson"), size, today)


def write_files(url: str, folder: Path, size: Size) -> dict[str, int]:
    """Write such a registry into files that the importers take, for the simulated district of a workspace.

    Returns
    -------
    dict
        How many rows each file has, in the order in which they go in.

    Raises
    ------
    NotFoundError
        `district_missing`.
    ConflictError
        `demo_not_here`.
    """
    with transaction(url) as connection:
        district = the_district(connection)
        if not district.simulated:
            raise ConflictError("demo_not_here", district=district.name)
        add_reference_types(connection)
        today = grid.today(connection, district.id)
        houses = _houses(district.metric_srid, size.buildings)
        with Sheets(folder, connection, district, today) as sheets:
            write(sheets, houses, read_ground("ground.geojson"), size)
    return sheets.rows


def _houses(metric_srid: int, count: int) -> list[dict[str, Any]]:
    """At least so many houses: those of the map, and others between them where these are too few."""
    houses = _drawn(metric_srid)
    if count <= len(houses):
        return houses
    areas, ground = read_ground("areas.geojson"), read_ground("ground.geojson")
    return find_more(areas, ground, houses, count, metric_srid)


@cache
def _drawn(metric_srid: int) -> list[dict[str, Any]]:
    """The houses of the map; asked twice of a new workspace."""
    return find_buildings(read_ground("areas.geojson"), read_ground("ground.geojson"), metric_srid)


def _now(district: Row[Any], until: date | None) -> datetime:
    """When the play is looked at: this moment, or the end of the last day."""
    zone = ZoneInfo(district.timezone)
    return datetime.now(zone) if until is None else datetime.combine(until + timedelta(days=1), time(), zone)


def _blocks(intake: Intake, world: World, count: int, until: date | None) -> Iterator[Block]:
    """What is reported, with the place and the id of each case."""
    cells = intake.cells
    frame = gpd.GeoDataFrame(
        {"code": cells.codes, "households": cells.households}, geometry=cells.shapes, crs=STORAGE
    )
    batches = simulate_cases(
        frame,
        [row for row in categories() if row["code"] in world.terms],
        count=count,
        until=until or world.now.date(),
        timezone=world.timezone,
        seed=SEED,
        chunk_rows=ROWS,
        now=world.now if until is None else None,
        ground=read_ground("ground.geojson"),
    )
    for batch in batches:
        rows = intake.place(batch)
        yield Block(rows, intake.loader.reserve(len(rows)), batch.category)


def read_ground(name: str) -> gpd.GeoDataFrame:
    """One of the layers of the simulated district.

    Raises
    ------
    UnavailableError
        `demo_missing`.
    """
    path = FOLDER / name
    if not path.exists():
        raise UnavailableError("demo_missing", path=str(path))
    return gpd.read_file(path)


def load_territory(connection: Connection) -> None:
    """Make the simulated district with its areas and its ground in an empty workspace."""
    about = json.loads((FOLDER / "district.json").read_text(encoding="utf-8"))
    create_district(
        connection,
        code=about["code"],
        name=about["name"],
        name_en=about["name_en"],
        timezone=about["timezone"],
        metric_srid=parse_crs(about["metric_crs"]).srid,
        levels=[Level(level) for level in about["levels"]],
        simulated=True,
    )
    areas = read_ground("areas.geojson")
    for level in (*about["levels"], Level.RESIDENT_GROUP):
        _put(connection, areas[areas["level"] == level], Level(level))
    district, ground = the_district(connection), read_ground("ground.geojson")
    features = [_feature(row) for row in ground.to_dict("records")]
    grid.replace_ground(connection, district.id, features + _drawn(district.metric_srid))


def _put(connection: Connection, areas: gpd.GeoDataFrame, level: Level) -> None:
    if areas.empty:
        return
    frame = areas.reset_index(drop=True).to_crs(STORAGE)
    frame["row"] = np.arange(1, len(frame) + 1)
    with FaultLog(None, "zh_CN") as log:
        put_layer(connection, frame, "demo", AreaImport(level, simulated=True), log, ImportReport())


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    words = {
        name: row[name] if isinstance(row.get(name), str) else None
        for name in ("kind", "class", "name", "name_en")
    }
    return {**words, "rank": int(row["rank"]), "source": "demo", "simulated": True, "shape": row["geometry"]}

"""A user's polygons become areas of the district: read, checked, mended where asked, put in. All rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.cases.store import relink
from app.db import transaction
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import AreaRows, choose_projection, parents_of, put_areas, the_district
from app.interop import store
from app.interop.service.parents import derive_root, find_parents
from app.interop.service.report import FaultLog, ImportReport
from app.registry import store as registry
from spatial import coverage
from spatial.crs import STORAGE, transform
from spatial.errors import Fault, LayerError
from spatial.readers import SourceOptions, read_areas

GAP_WIDTH_M = 0.1
"""A gap that is narrower than this, in metres, is rounding of coordinates."""


@dataclass(frozen=True, slots=True)
class AreaImport:
    """How a layer of areas is to be imported."""

    level: Level
    source: SourceOptions = field(default_factory=SourceOptions)
    repair: bool = False
    sliver_width_m: float = coverage.SLIVER_WIDTH_M
    allow_gaps: bool = False
    skip_bad: bool = False
    dry_run: bool = False
    simulated: bool = False


def import_areas(
    url: str, path: Path, options: AreaImport, *, errors: Path | None = None, locale: str = "zh_CN"
) -> ImportReport:
    """Make the areas of a level be exactly those of a file.

    Raises
    ------
    LayerError
        The layer does not hold; its `faults` are all that is wrong, and nothing was written.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file cannot be read.
    NotFoundError
        `district_missing`, `parents_missing`, `level_missing`.
    """
    report = ImportReport(dry_run=options.dry_run)
    layer = read_areas(path, options.source, level=options.level.value)
    report.notes += [(note.code, dict(note.facts)) for note in layer.facts.notes]
    report.skipped = len({fault.row for fault in layer.faults})
    report.rows_read = len(layer.frame) + report.skipped
    with FaultLog(errors, locale) as log, transaction(url) as connection:
        log.add(layer.faults)
        put_layer(connection, layer.frame, path.name, options, log, report)
        report.faults, report.fault_count = log.first, log.count
        if options.dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    return report


def put_layer(
    connection: Connection,
    frame: GeoDataFrame,
    source: str,
    options: AreaImport,
    log: FaultLog,
    report: ImportReport,
) -> None:
    """Check a layer that was read against the district, and put it in.

    Parameters
    ----------
    frame
        Columns row, code, name, parent_code, kind, households and a geometry in EPSG:4490.
    log
        Holds the faults of reading; those of checking are added.
    """
    district = _prepared(connection, frame, options, log)
    if options.level is Level.CELL:
        store.hold_writers(connection, district.id)
    rows = _rows(frame)
    srid = choose_projection(connection, district, rows.shapes)
    parents = parents_of(connection, district, options.level)
    parent_codes, faults = find_parents(connection, district, options.level, frame, parents)
    incomplete = log.count > 0
    log.add(faults)
    rows = replace(rows, parents=parent_codes)
    rows = _covering(rows, frame, parents, srid, options, district.gaps_allowed or incomplete, log, report)
    if log.count and not (options.skip_bad and incomplete and log.count == len(log.read)):
        raise LayerError(log.first, log.count)
    if parents is not None and not len(parents):
        rows = derive_root(connection, district, rows, source, options.simulated, report)
    result = put_areas(connection, district, options.level, rows, source=source, simulated=options.simulated)
    report.added, report.changed, report.unchanged = result.added, result.changed, result.unchanged
    if result.ended:
        report.note("areas_ended", count=result.ended)
    if result.edition is not None:
        report.note("edition_in_force", edition=result.edition, cells=len(rows))
        report.note("cases_relinked", count=relink(connection, district.id))
        if moved := registry.relink(connection, district.id):
            report.note("elements_relinked", count=moved)


def _prepared(connection: Connection, frame: GeoDataFrame, options: AreaImport, log: FaultLog) -> Row[Any]:
    district = the_district(connection)
    if options.level not in grid.levels(connection, district.id):
        raise NotFoundError("level_missing", level=options.level.value, district=district.name)
    if frame.empty:
        raise LayerError(log.first or [Fault("layer_empty")])
    log.read = tuple(log.first)
    if options.allow_gaps and not district.gaps_allowed:
        grid.change_district(connection, district.id, gaps_allowed=True)
        district = the_district(connection)
    return district


def _rows(frame: GeoDataFrame) -> AreaRows:
    def column(name: str) -> NDArray[Any]:
        if name not in frame:
            return np.full(len(frame), None, dtype=object)
        values = frame[name].to_numpy(dtype=object)
        return np.array([None if pd.isna(value) else value for value in values], dtype=object)

    households = np.array([None if h is None else int(h) for h in column("households")], dtype=object)
    return AreaRows(
        codes=column("code"),
        names=column("name"),
        parents=column("parent_code"),
        kinds=column("kind"),
        households=households,
        shapes=frame.geometry.to_numpy(),
        names_en=column("name_en"),
    )


def _covering(
    rows: AreaRows,
    frame: GeoDataFrame,
    parents: grid.AreaSet | None,
    srid: int,
    options: AreaImport,
    gaps_allowed: bool,
    log: FaultLog,
    report: ImportReport,
) -> AreaRows:
    """The rows, mended where asked; whatever still overlaps, gapes or sticks out goes to the log."""
    numbers = frame["row"].to_numpy()
    if options.repair:
        metric, repairs = coverage.repair(
            _project(rows.shapes, STORAGE, srid),
            codes=rows.codes,
            rows=numbers,
            sliver_width_m=options.sliver_width_m,
        )
        report.repairs = list(repairs)
        if repairs:
            rows = replace(rows, shapes=_project(metric, srid, STORAGE))
    log.add(
        coverage.check(
            rows.shapes,
            codes=rows.codes,
            rows=numbers,
            parents=_outlines(rows.parents, parents),
            parent_codes=rows.parents,
            gap_width_m=GAP_WIDTH_M,
            allow_gaps=gaps_allowed,
            to_metric=lambda shapes: _project(shapes, STORAGE, srid),
        )
    )
    return rows


def _outlines(codes: Sequence[Any], parents: grid.AreaSet | None) -> dict[str, Any] | None:
    if parents is None or not len(parents):
        return None
    shapes = dict(zip(parents.codes, parents.shapes, strict=True))
    return {code: shapes[code] for code in sorted({code for code in codes if code in shapes})}


def _project(shapes: NDArray[Any], source: int, target: int) -> NDArray[Any]:
    return shapely.transform(shapes, lambda xy: transform(xy, source, target))  # type: ignore[no-any-return]

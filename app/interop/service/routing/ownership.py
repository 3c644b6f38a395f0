"""管养区段: what a unit looks after where. Lines, grounds, spots of a layer, read, checked and written as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.accounts.service.managing import Hand
from app.cases.rules.validity import Held
from app.cases.store import routing_data
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop.service.report import FaultLog, ImportReport
from app.interop.service.routing.fields import (
    LONGEST_CODE,
    LONGEST_NAME,
    OWNERSHIP_FIELDS,
    OWNERSHIP_REQUIRED,
    Span,
    Words,
    from_today,
    met,
    read_span,
)
from app.interop.service.routing.noting import log_rows
from app.interop.service.routing.plan import Plan
from app.interop.service.staff.rows import BLOCK_ROWS, MOST_ROWS, Reading, Sheet
from app.interop.service.staff.writing import judge, written
from spatial.crs import UserCrs, to_storage
from spatial.errors import Fault, LayerError
from spatial.layers import resolve
from spatial.readers import SourceOptions, columns
from spatial.readers.opening import crs_of, opened

TOLERANCE_M, MOST_TOLERANCE_M = 10.0, 200.0
"""How far a thing may lie from its stretch: by default, and at most."""

RULING = "ruling-"
"""Codes of rulings begin with it: they come from cases, and no file writes them."""


def import_ownership(
    connection: Connection,
    path: Path,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    log: FaultLog,
    source: SourceOptions | None = None,
    by: Hand | None = None,
    file_name: str = "",
) -> ImportReport:
    """Take in maintenance areas; what a code stood for ends where a new row of it begins.

    Columns: 编号 code, 名称 name, 种类 kind (code or name of a category, a major class or a business line; without one
    whatever is there), 单位 unit (code or name), 容差 tolerance_m (10 without one), 起 from, 至 until; points, lines or
    polygons.

    Parameters
    ----------
    by
        The administrator who sends it: their rows leave the past as it was, and are logged one by one.
    file_name
        What they call the file.

    Raises
    ------
    LayerError
        Rows are faulty, or there are none or too many; nothing was written.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file cannot be read.
    ConflictError
        `roster_conflict`: another session was quicker; nothing was written.
    NotFoundError
        `district_missing`.
    """
    district = the_district(connection)
    sheet, shapes = _read(path, source or SourceOptions())
    lines = [Reading(sheet, row, values) for row, values in sheet.lines]
    today = grid.today(connection, district.id)
    held = routing_data.stretches(
        connection, district.id, [code for line in lines if (code := line.values.get("code"))]
    )
    found = _wanted(connection, district, lines, shapes, today, None if by is None else held)
    bad = judge((*sheet.faults, *(fault for line in lines for fault in line.faults)), log, skip_bad=skip_bad)
    good = [one for row, one in found.items() if row not in bad]
    plan = Plan(held, today).of(good)
    report = ImportReport(len(lines) + len(sheet.faults), skipped=len(bad), dry_run=dry_run)
    report.notes += [(note.code, dict(note.facts)) for note in sheet.notes]
    with written(connection, dry_run=dry_run):
        routing_data.end(connection, "maintenance_areas", plan.ends)
        routing_data.add_stretches(
            connection,
            district.id,
            plan.new,
            source="import" if by is None else "entered",
            simulated=district.simulated,
        )
        if by is not None:
            log_rows(connection, "maintenance_areas", file_name, plan, by=by)
    report.added, report.changed, report.unchanged = plan.added, plan.changed, plan.unchanged
    report.faults, report.fault_count = log.first, log.count
    return report


def _read(path: Path, options: SourceOptions) -> tuple[Sheet, dict[int, Any]]:
    """The lines of a layer, and their shapes in EPSG:4490 by row, None where there is none that can be read."""
    with opened(path, options) as source:
        crs, notes = crs_of(source, options)
        required = (*OWNERSHIP_REQUIRED, *(() if source.geometry else ("wkt",)))
        fields = resolve(source.columns, OWNERSHIP_FIELDS, required, options.fields)
        if source.geometry:
            fields.pop("wkt", None)
        wkt = source.geometry or fields.pop("wkt")
        sheet, shapes = Sheet(fields, notes=[*source.notes, *notes]), {}
        wanted = list(dict.fromkeys([*fields.values(), *([] if source.geometry else [wkt])]))
        for block in source.blocks(wanted, BLOCK_ROWS):
            read, broken = columns.shapes(block.batch.column(wkt), block.rows, wkt=not source.geometry)
            sheet.faults += broken
            unreadable = {fault.row for fault in broken}
            texts = [columns.texts(block.batch.column(name)) for name in fields.values()]
            for i, row in enumerate(block.rows.tolist()):
                if row not in unreadable:
                    sheet.lines.append((row, dict(zip(fields, (text[i] for text in texts), strict=True))))
                    shapes[row] = _stored(read[i], crs)
            if len(sheet.lines) > MOST_ROWS:
                raise LayerError([Fault("rows_too_many", facts={"most": MOST_ROWS})])
        sheet.faults += [Fault("row_broken", row, None, said) for row, said in source.bad_rows.items()]
    if not sheet.lines and not sheet.faults:
        raise LayerError([Fault("rows_none")])
    return sheet, shapes


def _stored(shape: Any, crs: UserCrs) -> Any:
    """A shape in the store's degrees; what is not finite stays so, and is told later."""
    return None if shape is None else shapely.transform(shape, lambda xy: to_storage(xy, crs))


def _wanted(
    connection: Connection,
    district: Row[Any],
    lines: list[Reading],
    shapes: Mapping[int, Any],
    today: date,
    held: Mapping[str, Sequence[Held]] | None,
) -> dict[int, tuple[str, tuple[Any, ...], Span]]:
    """What the good lines ask for, by row: code, content, when; among `held` they leave the past as it was."""
    words = Words(connection, district)
    within = _outline(connection, district.id)
    found: dict[int, tuple[str, tuple[Any, ...], Span]] = {}
    spans: dict[str, list[tuple[int, Span]]] = {}
    for line in lines:
        code = line.text("code", LONGEST_CODE, needed=True)
        name = line.text("name", LONGEST_NAME, needed=True)
        kind, unit, span = words.kind(line, needed=False), words.unit(line), read_span(line)
        if held is not None:
            span = from_today(line, span, held.get(code or "", ()), today)
        if unit is not None and unit not in words.unit_ids:
            line.wrong("routing_unit_unknown", "unit")
        if code is not None and code.startswith(RULING):
            line.wrong("code_of_ruling", "code")
        tolerance = line.value("tolerance", _metres, "tolerance_invalid")
        shape = shapes[line.row]
        _judge_shape(line, shape, within)
        if code is not None:
            first = met(spans.get(code, ()), span, today)
            if first is not None:
                line.wrong("code_duplicate", "code", first_row=first)
            spans.setdefault(code, []).append((line.row, span))
        if line.faults or code is None or unit is None:
            continue
        content = (name, kind.category_id, kind.major, kind.line, words.unit_ids[unit],
                   TOLERANCE_M if tolerance is None else tolerance, shapely.to_wkb(shape))  # fmt: skip
        found[line.row] = (code, content, span)
    return found


def _outline(connection: Connection, district_id: int) -> Any:
    """The district's own shape, prepared; None while it has none."""
    root: NDArray[Any] = grid.current_areas(connection, district_id, Level.DISTRICT).shapes
    if not len(root):
        return None
    shapely.prepare(root[0])
    return root[0]


def _judge_shape(line: Reading, shape: Any, within: Any) -> None:
    if shape is None:
        line.wrong("geometry_missing", "geometry")
    elif not np.isfinite(shapely.get_coordinates(shape)).all():
        line.wrong("coordinate_out_of_range", "geometry")
    elif not shapely.is_valid(shape):
        line.wrong("geometry_invalid", "geometry", reason=shapely.is_valid_reason(shape)[:80])
    elif within is not None and not shapely.intersects(within, shape):
        line.wrong("geometry_outside", "geometry")


def _metres(raw: str) -> float:
    value = float(raw)
    if not 0 <= value <= MOST_TOLERANCE_M:
        raise ValueError(raw)
    return value

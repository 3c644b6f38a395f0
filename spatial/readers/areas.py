"""Reads a layer of areas: polygons with code and name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from geopandas import GeoDataFrame
from numpy.typing import NDArray

from spatial.crs import STORAGE, UserCrs, to_storage
from spatial.errors import Fault, SourceError
from spatial.layers import AREA_FIELDS, AREA_REQUIRED, resolve
from spatial.readers import columns
from spatial.readers.opening import crs_of, opened
from spatial.readers.plausible import examine
from spatial.readers.source import Note, Opened, SourceFacts, SourceOptions

BLOCK_ROWS = 20_000
POLYGONS = (3, 6)
"""shapely's numbers of Polygon and MultiPolygon."""


@dataclass(frozen=True, slots=True)
class AreaLayer:
    """A layer of areas that was read.

    Parameters
    ----------
    frame
        The good rows: row (record number, from 1), code, name, parent_code, kind, households, name_en and geometry
        (MultiPolygon, EPSG:4490; its rings may still cross themselves).
    faults
        What is wrong with the others.
    """

    frame: GeoDataFrame
    facts: SourceFacts
    faults: tuple[Fault, ...]


def read_areas(path: Path, options: SourceOptions | None = None, *, level: str = "cell") -> AreaLayer:
    """Read a file of polygons.

    Parameters
    ----------
    level
        What the areas are; names the layer in what is told.

    Raises
    ------
    SourceError
        The file cannot be read, or a column is missing.
    CrsError
        The reference system is missing, unknown, or disagrees with the coordinates.
    """
    options = options or SourceOptions()
    with opened(path, options) as source:
        crs, notes = crs_of(source, options)
        fields = _fields(source, options)
        frames, faults = [], []
        for rows, table, wkt in _blocks(source, fields):
            geometry, broken = columns.shapes(table.column(wkt), rows, wkt=wkt == fields.get("wkt"))
            faults += broken
            frames.append((rows, table, geometry, {fault.row for fault in broken}))
        faults += [Fault("row_broken", row, None, said) for row, said in source.bad_rows.items()]
        notes = [*source.notes, *notes, *examine(_corners([g for _, _, g, _ in frames]), crs)]
        frame = _frame(frames, fields)
        facts = SourceFacts(source.kind, source.encoding, crs, len(frame), source.columns, tuple(notes))
    return _checked(frame, facts, crs, faults, {name: fields.get(name, name) for name in AREA_FIELDS})


def _fields(source: Opened, options: SourceOptions) -> dict[str, str]:
    required = (*AREA_REQUIRED, *(() if source.geometry else ("wkt",)))
    chosen = dict(options.fields)
    # A layer whose areas have nothing but codes is a layer too.
    if "code" in chosen and "name" not in chosen:
        required = tuple(name for name in required if name != "name")
    fields = resolve(source.columns, AREA_FIELDS, required, chosen)
    if source.geometry:
        fields.pop("wkt", None)
    return fields


def _blocks(
    source: Opened, fields: dict[str, str]
) -> Iterator[tuple[NDArray[np.int64], pa.RecordBatch, str]]:
    wanted = list(dict.fromkeys(fields.values()))
    for block in source.blocks(wanted, BLOCK_ROWS):
        yield block.rows, block.batch, source.geometry or fields["wkt"]


def _corners(geometries: list[NDArray[Any]]) -> NDArray[np.float64]:
    """The corners of every shape's box, shape (2n, 2): enough to see where a layer lies."""
    shapes = np.concatenate(geometries) if geometries else np.empty(0, dtype=object)
    return shapely.bounds(shapes).reshape(-1, 2)  # type: ignore[no-any-return]


def _frame(blocks: list[Any], fields: dict[str, str]) -> GeoDataFrame:
    if not blocks:
        raise SourceError("layer_without_rows")
    data: dict[str, NDArray[Any]] = {"row": np.concatenate([rows for rows, _, _, _ in blocks])}
    for name in AREA_FIELDS:
        if name != "wkt":
            parts = [
                columns.texts(table.column(fields[name]))
                if name in fields
                else np.full(len(rows), None, dtype=object)
                for rows, table, _, _ in blocks
            ]
            data[name] = np.concatenate(parts)
    geometry = np.concatenate([shapes for _, _, shapes, _ in blocks])
    unreadable = {row for _, _, _, bad in blocks for row in bad}
    # pandas would guess a type, and turn None into NaN.
    series = {name: pd.Series(v, dtype=None if name == "row" else object) for name, v in data.items()}
    frame = GeoDataFrame(series, geometry=geometry)
    return frame[~frame["row"].isin(unreadable)].reset_index(drop=True)


def _checked(
    frame: GeoDataFrame, facts: SourceFacts, crs: UserCrs, faults: list[Fault], said: dict[str, str]
) -> AreaLayer:
    """Leave out and name every row that is no area; what remains is in the store's degrees."""
    if len(frame) == 0 and not faults:
        raise SourceError("layer_without_rows")
    frame, facts = _named(frame, facts)
    faults = [*faults, *_shape_faults(frame), *_value_faults(frame, said)]
    bad = {fault.row for fault in faults}
    good = frame[~frame["row"].isin(bad)].reset_index(drop=True)
    shapes = shapely.transform(good.geometry.to_numpy(), lambda xy: to_storage(xy, crs))
    shapes = np.array(
        [shapely.multipolygons([s]) if s.geom_type == "Polygon" else s for s in shapes], dtype=object
    )
    lost = ~np.isfinite(shapely.bounds(shapes)).all(axis=1) if len(shapes) else np.zeros(0, bool)
    faults += [Fault("coordinate_out_of_range", int(row), "geometry") for row in good["row"][lost]]
    good = good.drop(columns="geometry")[~lost]
    counts = [None if h is None else int(float(h)) for h in good["households"]]
    good["households"] = pd.Series(counts, dtype=object, index=good.index)
    frame = GeoDataFrame(good, geometry=shapes[~lost], crs=STORAGE)
    return AreaLayer(frame, facts, tuple(sorted(faults, key=lambda fault: fault.row or 0)))


def _named(frame: GeoDataFrame, facts: SourceFacts) -> tuple[GeoDataFrame, SourceFacts]:
    """Let name and code stand in for each other where a layer has only one of them."""
    codes, names = frame["code"].to_numpy(), frame["name"].to_numpy()
    if len(frame) and all(code is None for code in codes):
        frame["code"] = names
        facts = replace(facts, notes=(*facts.notes, Note("code_from_name", {})))
    elif len(frame) and all(name is None for name in names):
        frame["name"] = codes
    return frame, facts


def _shape_faults(frame: GeoDataFrame) -> list[Fault]:
    faults = []
    kinds = shapely.get_type_id(frame.geometry.to_numpy())
    bounds = shapely.bounds(frame.geometry.to_numpy())
    for row, shape, kind, box in zip(frame["row"], frame.geometry, kinds, bounds, strict=True):
        if shape is None:
            faults.append(Fault("geometry_missing", int(row), "geometry"))
        elif kind not in POLYGONS:
            faults.append(Fault("geometry_not_polygon", int(row), "geometry", shape.geom_type))
        elif not np.isfinite(box).all() or not np.isfinite(shapely.get_coordinates(shape)).all():
            faults.append(Fault("coordinate_not_finite", int(row), "geometry", str(box.tolist())))
    return faults


def _value_faults(frame: GeoDataFrame, said: dict[str, str]) -> list[Fault]:
    faults: list[Fault] = []
    first: dict[str, int] = {}
    counts = Counter(code for code in frame["code"] if code is not None)
    for row, code, name, households in zip(
        frame["row"], frame["code"], frame["name"], frame["households"], strict=True
    ):
        for field, value in (("code", code), ("name", name)):
            if value is None:
                faults.append(Fault("value_missing", int(row), said[field]))
        if counts[code] > 1 and first.setdefault(code, int(row)) != int(row):
            faults.append(Fault("code_duplicate", int(row), said["code"], code, {"first_row": first[code]}))
        if households is not None and not _is_count(households):
            faults.append(Fault("number_invalid", int(row), said["households"], households))
    return faults


def _is_count(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return value >= 0 and value.is_integer()

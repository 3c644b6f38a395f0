"""Writes cases block by block; memory does not grow with their number."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyogrio
import shapely
from pyarrow import parquet
from pyproj import CRS

from spatial.crs import STORAGE
from spatial.errors import SourceError
from spatial.readers.cases import TEXTS, TIMES, CaseBatch
from spatial.writers.files import DRIVERS, SHORT_NAMES, kind_of, whole
from spatial.writers.geojson import GeoJsonFile
from spatial.writers.sheets import MOST_ROWS, plain_cells

LONGEST_DBF_TEXT = 254
UTC_US = pa.timestamp("us", "UTC")


class CaseWriter:
    """A file that cases are written to; as a context manager, it appears when the block ends well.

    Parameters
    ----------
    path
        .shp, .zip, .gpkg, .geojson or .parquet with points, .csv or .xlsx with lon and lat; degrees EPSG:4490.

    Raises
    ------
    SourceError
        `kind_unknown`, `write_failed`, `text_too_long`, `too_many_rows`.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.kind = path, kind_of(path)
        self.rows = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        target = self._stack.enter_context(whole(self.path))
        makers: dict[str, Any] = {".csv": _Csv, ".xlsx": _Sheet, ".parquet": _Parquet, ".geojson": _GeoJson}
        self._format = makers.get(self.kind, _Layer)(target)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        if error is None:
            try:
                self._format.finish()
            except BaseException as fault:
                self._stack.__exit__(type(fault), fault, fault.__traceback__)
                raise
        else:
            self._format.drop()
        return self._stack.__exit__(kind, error, trace)

    def write(self, batch: CaseBatch) -> None:
        """Add cases."""
        self.rows += len(batch.row)
        if len(batch.row):
            self._format.write(batch)


def _texts(batch: CaseBatch) -> dict[str, pa.Array]:
    return {name: pa.array(getattr(batch, name), pa.string()) for name in TEXTS}


def _written_times(batch: CaseBatch) -> dict[str, pa.Array]:
    """Times as ISO 8601 in UTC: most formats keep milliseconds or no zone."""
    times = {name: pa.array(getattr(batch, name), pa.timestamp("us")) for name in TIMES}
    return {name: pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ") for name, column in times.items()}


def _numbers(values: Any) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _wkb(batch: CaseBatch) -> pa.Array:
    there = ~np.isnan(batch.lon)
    points = np.full(len(there), None, dtype=object)
    points[there] = shapely.points(batch.lon[there], batch.lat[there])
    return pa.array(shapely.to_wkb(points), pa.binary())


class _Csv:
    def __init__(self, target: Path) -> None:
        self._file = target.open("wb")
        self._file.write(b"\xef\xbb\xbf")  # without it Excel takes Chinese for something else
        self._writer: pacsv.CSVWriter | None = None

    def write(self, batch: CaseBatch) -> None:
        columns = {
            **_texts(batch),
            **_written_times(batch),
            "lon": _numbers(batch.lon),
            "lat": _numbers(batch.lat),
        }
        table = pa.table(columns)
        if self._writer is None:
            self._writer = pacsv.CSVWriter(self._file, table.schema)
        self._writer.write_table(table)

    def finish(self) -> None:
        if self._writer is not None:
            self._writer.close()
        else:
            self._file.write((",".join((*TEXTS, *TIMES, "lon", "lat")) + "\n").encode())
        self._file.close()

    def drop(self) -> None:
        self._file.close()


class _Sheet:
    def __init__(self, target: Path) -> None:
        self._target, self._rows = target, 0
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("cases")
        self._sheet.append([*TEXTS, *TIMES, "lon", "lat"])

    def write(self, batch: CaseBatch) -> None:
        self._rows += len(batch.row)
        if self._rows > MOST_ROWS:
            raise SourceError("too_many_rows", rows=self._rows, most=MOST_ROWS)
        columns = [*(_texts(batch).values()), *(_written_times(batch).values())]
        lists = [*(column.to_pylist() for column in columns), batch.lon.tolist(), batch.lat.tolist()]
        for row in zip(*lists, strict=True):
            self._sheet.append(plain_cells(self._sheet, row))

    def finish(self) -> None:
        self._book.save(self._target)

    def drop(self) -> None:
        self._book.close()


class _Parquet:
    """GeoParquet 1.1, points as WKB."""

    def __init__(self, target: Path) -> None:
        about = {"encoding": "WKB", "geometry_types": ["Point"], "crs": CRS.from_epsg(STORAGE).to_json_dict()}
        geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
        fields = [*((name, pa.string()) for name in TEXTS), *((name, UTC_US) for name in TIMES)]
        self._schema = pa.schema([*fields, ("geometry", pa.binary())], metadata={"geo": json.dumps(geo)})
        self._writer = parquet.ParquetWriter(target, self._schema, compression="zstd")

    def write(self, batch: CaseBatch) -> None:
        times = {name: pa.array(getattr(batch, name), UTC_US) for name in TIMES}
        columns = {**_texts(batch), **times, "geometry": _wkb(batch)}
        self._writer.write_table(pa.table(columns, schema=self._schema))

    def finish(self) -> None:
        self._writer.close()

    def drop(self) -> None:
        self._writer.close()


class _GeoJson:
    def __init__(self, target: Path) -> None:
        self._file = GeoJsonFile(target, STORAGE)

    def write(self, batch: CaseBatch) -> None:
        columns = {**_texts(batch), **_written_times(batch)}
        names, lists = list(columns), [column.to_pylist() for column in columns.values()]
        for lon, lat, *values in zip(batch.lon.tolist(), batch.lat.tolist(), *lists, strict=True):
            point = None if np.isnan(lon) else {"type": "Point", "coordinates": [lon, lat]}
            self._file.write(dict(zip(names, values, strict=True)), point)

    def finish(self) -> None:
        self._file.close()

    def drop(self) -> None:
        self._file.close(whole=False)


class _Layer:
    """A layer that GDAL writes in one go: kept in a Parquet file until all of it is there."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._kept = target.with_name("kept.parquet.part")
        self._short = target.suffix.lower() == ".shp"
        names = [SHORT_NAMES.get(name, name) if self._short else name for name in (*TEXTS, *TIMES)]
        self._schema = pa.schema([*((name, pa.string()) for name in names), ("geometry", pa.binary())])
        self._writer = parquet.ParquetWriter(self._kept, self._schema)

    def write(self, batch: CaseBatch) -> None:
        columns = [*_texts(batch).items(), *_written_times(batch).items()]
        if self._short:
            for name, column in columns:
                _fits(name, column, batch)
        self._writer.write_table(
            pa.table([*(column for _, column in columns), _wkb(batch)], schema=self._schema)
        )

    def finish(self) -> None:
        self._writer.close()
        kept = parquet.ParquetFile(self._kept)
        reader = pa.RecordBatchReader.from_batches(self._schema, kept.iter_batches(50_000))
        pyogrio.write_arrow(
            reader,
            self._target,
            layer=self._target.stem,
            driver=DRIVERS[self._target.suffix.lower()],
            geometry_name="geometry",
            geometry_type="Point",
            crs=f"EPSG:{STORAGE}",
            encoding="UTF-8" if self._short else None,
        )
        kept.close()
        self._kept.unlink()

    def drop(self) -> None:
        self._writer.close()


def _fits(name: str, column: pa.Array, batch: CaseBatch) -> None:
    lengths = pc.binary_length(column)
    longest = pc.max(lengths).as_py() or 0
    if longest > LONGEST_DBF_TEXT:
        at = int(pc.index(lengths, longest).as_py())
        raise SourceError("text_too_long", row=int(batch.row[at]), field=name, bytes=longest)

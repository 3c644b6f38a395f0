"""Writes a layer of areas."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import shapely
import shapely.geometry

from spatial.writers.files import DRIVERS, SHORT_NAMES, kind_of, whole
from spatial.writers.geojson import GeoJsonFile
from spatial.writers.sheets import plain_cells


def write_areas(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write areas in the format that the path's ending names.

    Parameters
    ----------
    frame
        Any columns and a geometry of polygons; a CRS is set.
    path
        .shp, .zip (a shapefile in it), .gpkg, .geojson, .parquet, .csv or .xlsx (shapes as WKT).

    Raises
    ------
    SourceError
        `kind_unknown`, `write_failed`.
    """
    kind = kind_of(path)
    with whole(path) as target:
        if kind == ".parquet":
            frame.to_parquet(target, index=False)
        elif kind == ".geojson":
            _as_geojson(frame, target)
        elif kind in DRIVERS:
            named = frame.rename(columns=SHORT_NAMES) if kind == ".shp" else frame
            named.to_file(target, driver=DRIVERS[kind], encoding="UTF-8", promote_to_multi=True)
        else:
            _as_table(frame, target)


def _as_geojson(frame: gpd.GeoDataFrame, target: Path) -> None:
    file = GeoJsonFile(target, frame.crs.to_epsg())
    records = frame.drop(columns=frame.geometry.name).to_dict("records")
    for record, shape in zip(records, frame.geometry, strict=True):
        file.write({k: None if pd.isna(v) else v for k, v in record.items()}, shapely.geometry.mapping(shape))
    file.close()


def _as_table(frame: gpd.GeoDataFrame, target: Path) -> None:
    """Shapes as text: a plain table says nothing of a reference system, so it must be in degrees."""
    table = frame.drop(columns=frame.geometry.name).astype(object)
    table["wkt"] = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=-1, trim=True)
    if target.suffix.lower() == ".csv":
        table.to_csv(target, index=False, encoding="utf-8-sig")
        return
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("areas")
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False, name=None):
        sheet.append(plain_cells(sheet, row))
    book.save(target)

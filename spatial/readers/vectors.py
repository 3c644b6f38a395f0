"""Layers with shapes: Shapefile, GeoPackage, GeoJSON, through GDAL, in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import open_arrow

from spatial.errors import SourceError
from spatial.readers import encodings, shapefiles
from spatial.readers.source import Block, Note
from spatial.readers.tables import named

KINDS = {".shp": "shapefile", ".gpkg": "geopackage", ".geojson": "geojson", ".json": "geojson"}
OPEN_OPTIONS = {"geojson": {"DATE_AS_STRING": "YES"}}
"""GDAL would take a text that looks like a time for one, and keep its milliseconds only."""

SQLITE = b"SQLite format 3\0"


class Vector:
    """A layer that GDAL reads."""

    def __init__(self, path: Path, layer: str | None, encoding: str | None) -> None:
        self.path = path
        self.kind = KINDS[path.suffix.lower()]
        self.notes: list[Note] = []
        self.bad_rows: dict[int, str] = {}
        self.encoding: str | None = None
        if self.kind == "shapefile":
            shapefiles.check_parts(path)
            self.encoding, self.notes = shapefiles.encoding_of(path, encoding)
        else:
            _check_head(path, self.kind, encoding)
        try:
            self._layer = layer if layer is not None else self._only_layer()
            about = pyogrio.read_info(
                path, layer=self._layer, encoding=self.encoding, force_feature_count=True
            )
        except (DataSourceError, DataLayerError) as error:
            self._explain(layer, error)
        self.columns = named([str(name) for name in about["fields"]])
        self.geometry: str | None = about["geometry_name"] or "wkb_geometry"
        if about["geometry_type"] is None:
            self.geometry = None
        crs = about["crs"]
        self.declared: str | None = None if crs is None else str(crs)
        self.rows: int | None = int(about["features"])
        self._done = 0

    def _only_layer(self) -> str:
        layers = pyogrio.list_layers(self.path)
        shaped = [str(name) for name, geometry in layers if geometry is not None]
        if len(shaped) > 1:
            raise SourceError("layer_ambiguous", layers=", ".join(shaped))
        return shaped[0] if shaped else str(layers[0][0])

    def _explain(self, layer: str | None, error: Exception) -> Any:
        if isinstance(error, DataLayerError):
            names = [str(name) for name, _ in pyogrio.list_layers(self.path)]
            raise SourceError("layer_missing", layer=layer, layers=", ".join(names)) from error
        raise SourceError("not_of_kind", file=self.path.name, kind=self.kind) from error

    def blocks(self, wanted: list[str], rows: int) -> Iterator[Block]:
        """Blocks of at most `rows` records.

        Raises
        ------
        SourceError
            `not_of_kind`: the file breaks off or is damaged further down.
        """
        try:
            with open_arrow(
                self.path,
                layer=self._layer,
                encoding=self.encoding,
                columns=wanted,
                batch_size=rows,
                use_pyarrow=True,
                datetime_as_string=True,
                **OPEN_OPTIONS.get(self.kind, {}),
            ) as (_, reader):
                for batch in reader:
                    numbers = np.arange(self._done + 1, self._done + 1 + len(batch))
                    self._done += len(batch)
                    yield Block(numbers, batch)
        except DataSourceError as error:
            raise SourceError("not_of_kind", file=self.path.name, kind=self.kind) from error

    def position(self) -> tuple[int, int]:
        """Records read, of how many."""
        return self._done, self.rows or 0


def _check_head(path: Path, kind: str, encoding: str | None) -> None:
    """GDAL goes by content and would read a file of another kind, or guess; we want what the name says."""
    with path.open("rb") as file:
        head = file.read(4096)
    good = (
        head.startswith(SQLITE)
        if kind == "geopackage"
        else head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    )
    if not good:
        raise SourceError("not_of_kind", file=path.name, kind=kind)
    if kind == "geojson":
        found = encodings.of_file(path, encoding)
        if found not in {"utf-8", "utf-8-sig"}:  # RFC 7946 allows no other
            raise SourceError("encoding_wrong", encoding="utf-8", row=0)

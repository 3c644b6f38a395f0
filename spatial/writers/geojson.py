"""GeoJSON (RFC 7946, but for the datum where it is named): one feature a line, every bit of a coordinate kept.

GDAL's writer rounds to fifteen significant digits, and a border that was exact would no longer be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class GeoJsonFile:
    """A feature collection that is written feature by feature.

    Parameters
    ----------
    srid
        EPSG number of the coordinates; None for a file that keeps to the standard, and names none.
    members
        What else the collection says of itself.
    """

    def __init__(self, target: Path, srid: int | None, members: Mapping[str, Any] | None = None) -> None:
        self._file = target.open("w", encoding="utf-8")
        said = dict(members or {})
        if srid is not None:
            said["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{srid}"}}
        head = "".join(f"{_text(name)}:{_text(value)}," for name, value in said.items())
        self._file.write(f'{{"type":"FeatureCollection",{head}"features":[')
        self._between = "\n"

    def write(self, properties: Mapping[str, Any], geometry: Mapping[str, Any] | None) -> None:
        """Add a feature; the geometry as a GeoJSON object."""
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        self._file.write(self._between + _text(feature))
        self._between = ",\n"

    def close(self, *, whole: bool = True) -> None:
        """End the collection, or leave it broken off where it will be thrown away."""
        if whole:
            self._file.write("\n]}\n")
        self._file.close()


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

"""A snapshot as a source: the platform of one instant, away from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from spatial.errors import PlatformError
from spatial.layers import LAYERS, VERSION, Layer
from spatial.layers.asking import DAYS
from spatial.platform.source import Day, District, Platform, midnight

MANIFEST = "manifest.json"
FORMAT = "panlong-snapshot"
INDICATORS = "indicators"


class Folder(Platform):
    """A folder that `snapshot` wrote.

    Parameters
    ----------
    folder
        Where it lies.

    Raises
    ------
    PlatformError
        `snapshot_missing`, `version_differs`; later `snapshot_changed`, `snapshot_lacks`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
            known = self.manifest["format"] == FORMAT
            self.district = District(**self.manifest["district"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PlatformError("snapshot_missing", folder=str(folder)) from error
        if not known or self.manifest["version"] != VERSION:
            raise PlatformError("version_differs", server=self.manifest["version"], library=VERSION)

    def __repr__(self) -> str:
        return f"Folder({str(self.folder)!r}, {self.district.name}, {self.manifest['as_of']})"

    def layers(self) -> pd.DataFrame:
        """What it holds."""
        rows = [
            {
                "name": one.name,
                "permitted": one.name in self.manifest["layers"],
                "rows": self.manifest["layers"].get(one.name, {}).get("rows"),
                "narrowed": list(one.narrowed),
                "shape": one.shape,
                "columns": list(one.names),
            }
            for one in LAYERS.values()
        ]
        return pd.DataFrame(rows)

    def indicators(
        self,
        of: str = "district",
        *,
        level: str = "subdistrict",
        since: Day | None = None,
        until: Day | None = None,
    ) -> pd.DataFrame:
        """指标 of the snapshot's period."""
        told = self.manifest.get(INDICATORS)
        period = None if told is None else {"since": told["since"], "until": told["until"]}
        wanted = {"since": since, "until": until}
        if told is None or any(v is not None and str(v) != told[f"{name}_on"] for name, v in wanted.items()):
            raise PlatformError("snapshot_lacks", name=INDICATORS, period=period)
        frame = pd.read_parquet(self._file(told))
        level = level if of == "area" else "subdistrict"  # of all others it says nothing
        if [of, level] not in told["asked"]:
            raise PlatformError("snapshot_lacks", name=INDICATORS, of=of, level=level)
        found = frame[(frame["of"] == of) & (frame["level"] == level)]
        found = found.drop(columns=["of", "level"]).reset_index(drop=True)
        found.attrs = {"formulas": told["formulas"], "period": period}
        return found

    def _rows(self, layer: Layer, narrowed: Mapping[str, Any]) -> tuple[pd.DataFrame, str]:
        told = self.manifest["layers"].get(layer.name)
        if told is None or (layer.name == "areas" and "on" in narrowed):
            raise PlatformError("snapshot_lacks", name=layer.name, narrowed=dict(narrowed))
        frame = self._read(layer, told)
        if len(frame) != told["rows"]:
            raise PlatformError("snapshot_changed", file=told["file"], rows=len(frame), told=told["rows"])
        for name, value in narrowed.items():
            frame = frame[self._within(frame, layer, name, value)]
        return frame, told["as_of"]

    def _read(self, layer: Layer, told: Mapping[str, Any]) -> pd.DataFrame:
        read = pd.read_parquet if layer.shape is None else gpd.read_parquet
        return read(self._file(told))

    def _file(self, told: Mapping[str, Any]) -> Path:
        path = self.folder / Path(told["file"]).name
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise PlatformError("snapshot_missing", folder=str(self.folder), file=path.name) from error
        if found != told["sha256"]:
            raise PlatformError("snapshot_changed", file=path.name)
        return path

    def _within(self, frame: pd.DataFrame, layer: Layer, name: str, value: Any) -> Any:
        if name == "area":
            return self._in_area(frame, value)
        if name == "level":
            return frame["level"] == value
        if name == "on":
            begin, end = (frame[column] for column in DAYS[layer.name])
            on = pd.Timestamp(value)
            return (begin.isna() | (begin <= on)) & (end.isna() | (end > on))
        if name == "as_of":
            return frame["recorded_at"] <= pd.Timestamp(value)
        at = frame[str(layer.when)]
        edge = midnight(value, self.district.timezone, after=name == "until")
        return at >= edge if name == "since" else at < edge

    def _in_area(self, frame: pd.DataFrame, code: str) -> Any:
        if code == self.district.code:
            return np.full(len(frame), True)
        areas = self._read(LAYERS["areas"], self.manifest["layers"]["areas"])
        if code not in set(areas["code"]):
            raise PlatformError("area_unknown", code=code)
        # A resident group lies in a cell, or right in a community.
        columns = [
            name
            for name in ("code", "area", "parent_code", "cell", "community", "subdistrict")
            if name in frame
        ]
        return (frame[columns] == code).any(axis=1)

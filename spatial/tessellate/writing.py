"""A simulated district as files: GeoJSON of one feature a line, the same bytes for the same ground."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping

from spatial.tessellate.areas import Area
from spatial.tessellate.build import Ground
from spatial.tessellate.features import Feature

AREAS, FEATURES = "areas.geojson", "ground.geojson"


def write(ground: Ground, folder: Path) -> list[Path]:
    """Write `areas.geojson` and `ground.geojson` into a folder, and say where they are.

    Coordinates are lon, lat in degrees (EPSG:4490, which GeoJSON readers take for WGS 84: the difference is far
    below the seven decimals' meaning).
    """
    folder.mkdir(parents=True, exist_ok=True)
    areas, features = folder / AREAS, folder / FEATURES
    areas.write_text(_collection("areas", (_of_area(area) for area in ground.areas)), "utf-8", newline="\n")
    text = _collection("ground", (_of_feature(feature) for feature in ground.features))
    features.write_text(text, "utf-8", newline="\n")
    return [areas, features]


def _collection(name: str, features: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(_compact(feature) for feature in features)
    return f'{{"type":"FeatureCollection","name":"{name}","features":[\n{lines}\n]}}\n'


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _of_area(area: Area) -> dict[str, Any]:
    properties = {
        "level": area.level,
        "code": area.code,
        "name": area.name,
        "name_en": area.name_en,
        "parent_code": area.parent_code or None,
        "kind": area.kind,
        "households": area.households,
        "simulated": True,
    }
    return _feature(properties, shapely.orient_polygons(area.polygon))


def _of_feature(feature: Feature) -> dict[str, Any]:
    properties = {
        "kind": feature.kind,
        "class": feature.klass,
        "rank": feature.rank,
        "name": feature.name,
        "name_en": feature.name_en,
        "simulated": True,
    }
    return _feature(properties, feature.geometry)


def _feature(properties: dict[str, Any], geometry: Any) -> dict[str, Any]:
    shape = mapping(geometry)
    coordinates = _whole(shape["coordinates"])
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shape["type"], "coordinates": coordinates},
    }


def _whole(part: Sequence[Any]) -> list[Any]:
    """Rounded once more: seven decimals are what the text shows."""
    return [round(one, 7) if isinstance(one, float) else _whole(one) for one in part]

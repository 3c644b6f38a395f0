"""A town of 2 x 2 cells as files: the good one, and every way to spoil it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

STEP = 0.01
WEST, SOUTH = 102.70, 25.00
CODES = ("530103001001001", "530103001001002", "530103001001003", "530103001001004")

Feature = dict[str, Any]


def square(column: float, row: float, width: float = 1, height: float = 1) -> list[list[list[float]]]:
    west, south = WEST + column * STEP, SOUTH + row * STEP
    east, north = west + width * STEP, south + height * STEP
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(code: str | None, geometry: Any, **properties: Any) -> Feature:
    shape = (
        geometry
        if geometry is None or isinstance(geometry, dict)
        else {"type": "Polygon", "coordinates": geometry}
    )
    return {
        "type": "Feature",
        "properties": {"code": code, "name": f"格{code}", **properties},
        "geometry": shape,
    }


def cells() -> list[Feature]:
    """Four cells, west to east, north to south."""
    places = [(0, 1), (1, 1), (0, 0), (1, 0)]
    return [feature(code, square(*place)) for code, place in zip(CODES, places, strict=True)]


def write(path: Path, features: list[Feature]) -> Path:
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8"
    )
    return path


HEADER = "编号,类别,上报时间,状态,经度,纬度\n"
GOOD = [
    "1,道路破损,2026-03-10 09:20,处置中,102.705,25.005",
    "2,暴露垃圾,2026-03-11 10:00,已结案,102.715,25.015",
    "3,道路破损,2026-03-12 11:30,,,",
]


def table(path: Path, rows: list[str], header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.write_bytes((header + "\n".join(rows) + "\n").encode(encoding))
    return path

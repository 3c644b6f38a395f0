"""Coordinate reference systems: what is stored, what is measured in, what tiles use, what a user may name.

The only room that asks pyproj for a transformation; always longitude or easting first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from spatial.errors import CrsError
from spatial.offsets import bd09_to_wgs84, gcj02_to_wgs84

STORAGE = 4490
"""CGCS2000, degrees: what everything is stored in."""

WEB = 3857
"""Web Mercator: what tiles are cut in; never measured in."""

SAME_DATUM = frozenset({4490, 4326, 4979, 4480})
"""Degrees on CGCS2000 and WGS 84 differ by less than the coordinates' own error: they pass unchanged."""

CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north of where the national zones apply, in degrees."""

Coordinates = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UserCrs:
    """A reference system as a user names it.

    Parameters
    ----------
    name
        What it is called when it is told.
    srid
        EPSG number, or None where it has none.
    crs
        pyproj's; for the shifted datums that of the degrees which they look like.
    shift
        "gcj02" or "bd09" for coordinates that a Chinese map service has moved, else None.
    """

    name: str
    srid: int | None
    crs: CRS
    shift: str | None = None

    @property
    def in_degrees(self) -> bool:
        """Whether its coordinates are longitude and latitude."""
        return bool(self.crs.is_geographic)


def parse_crs(text: str) -> UserCrs:
    """The reference system that a text names: "EPSG:4543", "gcj02", "bd09", WKT, PROJJSON.

    Raises
    ------
    CrsError
        `crs_unknown`.
    """
    name = text.strip()
    if name.lower() in {"gcj02", "bd09"}:
        return UserCrs(name.lower(), None, CRS.from_epsg(STORAGE), name.lower())
    try:
        crs = CRS.from_user_input(int(name) if name.isdigit() else name)
    except (CRSError, OverflowError) as error:
        raise CrsError("crs_unknown", value=name[:80]) from error
    if not (crs.is_geographic or crs.is_projected or crs.is_compound):
        raise CrsError("crs_unknown", value=name[:80])
    srid = crs.to_epsg(min_confidence=70)
    return UserCrs(f"EPSG:{srid}" if srid else crs.name, srid, crs)


def name_of(crs: CRS) -> str:
    """What people call a reference system: its number with its authority, or its name."""
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def metric_crs_for(lon: float, lat: float) -> int:
    """EPSG number of the projection to measure in at a place.

    CGCS2000 / 3-degree Gauss-Krüger by central meridian (4534–4554) in China, UTM on WGS 84 elsewhere. The error of an
    area stays below 0.03 % within a zone.

    Notes
    -----
    Zones by GB/T 17798 and the EPSG registry; the two exceptions of UTM in Norway and Svalbard are left out.
    """
    west, south, east, north = CHINA
    if west <= lon <= east and south <= lat <= north:
        zone = int(np.clip(round(lon / 3), 25, 45))
        return 4534 + zone - 25
    zone = int((lon + 180) // 6) % 60 + 1
    return (32600 if lat >= 0 else 32700) + zone


@cache
def central_meridian(srid: int) -> float:
    """Degrees east of the meridian in the middle of a projection's zone; NaN where it has none.

    Parameters
    ----------
    srid
        EPSG number of the projection.
    """
    operation = CRS.from_epsg(srid).coordinate_operation
    known = {one.name: float(one.value) for one in operation.params} if operation is not None else {}
    return known.get("Longitude of natural origin", float("nan"))


@cache
def _transformer(source: Any, target: Any) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def transform(xy: Coordinates, source: int, target: int) -> Coordinates:
    """Coordinates in another reference system.

    Parameters
    ----------
    xy
        Shape (n, 2), longitude or easting first; rows with NaN stay NaN.
    source, target
        EPSG numbers.

    Returns
    -------
    ndarray of shape (n, 2); NaN where a point has no image.
    """
    if source == target or {source, target} <= SAME_DATUM:
        return xy
    return _run(_transformer(source, target), xy)


def _run(transformer: Transformer, xy: Coordinates) -> Coordinates:
    x, y = transformer.transform(xy[:, 0], xy[:, 1])
    moved = np.column_stack([x, y])
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


def to_storage(xy: Coordinates, source: UserCrs) -> Coordinates:
    """Coordinates of a user's layer in the store's degrees (EPSG:4490).

    Parameters
    ----------
    xy
        Shape (n, 2), longitude or easting first.
    """
    if source.shift == "gcj02":
        return gcj02_to_wgs84(xy)
    if source.shift == "bd09":
        return bd09_to_wgs84(xy)
    if source.srid in SAME_DATUM:
        return xy
    return _run(_transformer(source.crs, STORAGE), xy)

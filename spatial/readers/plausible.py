"""Whether coordinates are what their reference system says: degrees, metres, the right way round, the right place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatial.crs import UserCrs, to_storage
from spatial.errors import CrsError
from spatial.readers.source import Note

Box = tuple[float, float, float, float]

MOST = 0.9
"""Share of the points from which on something is held to be true of a layer."""

ROOM = 1.0
"""How far beyond the district's box a point still counts as near, in widths of the box."""


def examine(xy: NDArray[np.float64], crs: UserCrs, expected: Box | None = None) -> list[Note]:
    """Notice a reference system that disagrees with its coordinates.

    Parameters
    ----------
    xy
        Shape (n, 2), as the layer has them; NaN where there is no point.
    expected
        West, south, east, north of the district in degrees, where it is known.

    Raises
    ------
    CrsError
        `coordinates_swapped`, `coordinates_not_degrees`, `coordinates_are_degrees`.
    """
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return []
    sample = {"x": float(xy[0, 0]), "y": float(xy[0, 1]), "crs": crs.name}
    straight, swapped = _share(_degrees(xy)), _share(_degrees(xy[:, ::-1]))
    if crs.in_degrees:
        if straight < 1 - MOST and swapped < MOST:
            raise CrsError("coordinates_not_degrees", **sample)
        if straight < MOST <= swapped:
            raise CrsError("coordinates_swapped", **sample)
    elif straight >= MOST and np.abs(xy).max() > 0:
        raise CrsError("coordinates_are_degrees", **sample)
    return [] if expected is None else _in_place(xy, crs, expected, sample)


def _in_place(xy: NDArray[np.float64], crs: UserCrs, expected: Box, sample: dict[str, Any]) -> list[Note]:
    near = _share(_near(to_storage(xy, crs), expected))
    if near >= 1 - MOST:
        return []
    if _share(_near(to_storage(xy[:, ::-1].copy(), crs), expected)) > 0.5:
        raise CrsError("coordinates_swapped", **sample)
    return [Note("far_from_district", {"percent": round(100 * (1 - near)), **sample})]


def _degrees(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    return (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)


def _near(xy: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    wide, high = (east - west) * ROOM + 0.1, (north - south) * ROOM + 0.1
    inside: NDArray[np.bool_] = (xy[:, 0] >= west - wide) & (xy[:, 0] <= east + wide)
    return inside & (xy[:, 1] >= south - high) & (xy[:, 1] <= north + high)


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean())

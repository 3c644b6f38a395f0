"""What a verb is given: checked once, in one way, so that each of them says alike what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from spatial.crs import name_of
from spatial.errors import CrsError, DataError

Numbers = NDArray[np.float64]

POINT = shapely.GeometryType.POINT
SHOWN = 10
"""So many rows of those that are wrong are named."""


def numbers(
    name: str, values: ArrayLike, *, count: int | None = None, least: float | None = None, gaps: bool = False
) -> Numbers:
    """One finite number for each row.

    Parameters
    ----------
    name
        What the numbers are, as the caller names them.
    values
        Shape (n,).
    count
        How many there have to be, where something else says.
    least
        The smallest that is possible.
    gaps
        Whether NaN may stand for what has no number.

    Raises
    ------
    DataError
        `not_numbers`, `not_one_dimensional`, `other_count`, `not_finite`, `too_small`; rows count from 0.
    """
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name=name) from error
    if found.ndim != 1:
        raise DataError("not_one_dimensional", name=name, shape=found.shape)
    if count is not None and len(found) != count:
        raise DataError("other_count", name=name, count=len(found), wanted=count)
    refuse_rows("not_finite", np.isinf(found) if gaps else ~np.isfinite(found), name=name)
    if least is not None:
        refuse_rows("too_small", found < least, name=name, least=least)
    return found


def places(name: str, xy: ArrayLike, *, count: int | None = None) -> Numbers:
    """Coordinates in metres, shape (n, 2).

    Raises
    ------
    DataError
        `not_numbers`, `not_coordinates`, `other_count`, `not_finite`.
    """
    try:
        found = np.asarray(xy, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("not_numbers", name=name) from error
    if found.size == 0:
        found = found.reshape(0, 2)
    if found.ndim != 2 or found.shape[1] != 2:
        raise DataError("not_coordinates", name=name, shape=found.shape)
    if count is not None and len(found) != count:
        raise DataError("other_count", name=name, count=len(found), wanted=count)
    refuse_rows("not_finite", ~np.isfinite(found).all(axis=1), name=name)
    return found


def one_of(name: str, value: str, wanted: Iterable[str]) -> str:
    """A word that is one of several.

    Raises
    ------
    DataError
        `not_one_of`.
    """
    known = tuple(wanted)
    if value not in known:
        raise DataError("not_one_of", name=name, value=value, wanted=known)
    return value


def positive(name: str, value: float) -> float:
    """A finite number above 0: a distance in metres, a duration, a count.

    Raises
    ------
    DataError
        `not_positive`.
    """
    if not np.isfinite(value) or value <= 0:
        raise DataError("not_positive", name=name, value=value)
    return value


def share(name: str, value: float) -> float:
    """A number above 0 and up to 1.

    Raises
    ------
    DataError
        `not_a_share`.
    """
    if not 0 < value <= 1:
        raise DataError("not_a_share", name=name, value=value)
    return value


def whole(name: str, value: int, *, least: int, most: int | None = None) -> int:
    """A whole number within bounds: how many times, how many periods.

    Raises
    ------
    DataError
        `not_within`.
    """
    if not float(value).is_integer() or value < least or (most is not None and value > most):
        raise DataError("not_within", name=name, value=value, least=least, most="∞" if most is None else most)
    return int(value)


def distinct(name: str, labels: Sequence[Hashable]) -> None:
    """Labels of which none comes twice.

    Raises
    ------
    DataError
        `not_distinct`.
    """
    twice = [label for label, count in Counter(labels).items() if count > 1]
    if twice:
        raise DataError("not_distinct", name=name, count=len(twice), values=tuple(twice[:SHOWN]))


def same_crs(**layers: Any) -> Any:
    """The one reference system of several GeoSeries or GeoDataFrames; it measures in metres.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_not_metric`, `crs_mixed`.
    """
    for name, layer in layers.items():
        crs = one_crs(**{name: layer})
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            raise CrsError("crs_not_metric", name=name, crs=name_of(crs))
    return one_crs(**layers)


def one_crs(**layers: Any) -> Any:
    """The one reference system of several GeoSeries or GeoDataFrames, whatever it measures in.

    Raises
    ------
    CrsError
        `crs_missing`, `crs_mixed`.
    """
    found = {name: layer.crs for name, layer in layers.items()}
    for name, crs in found.items():
        if crs is None:
            raise CrsError("crs_missing", name=name)
    first, *others = found.values()
    if any(other != first for other in others):
        raise CrsError("crs_mixed", crs={name: name_of(crs) for name, crs in found.items()})
    return first


def point_coordinates(name: str, points: gpd.GeoSeries) -> Numbers:
    """Coordinates of a layer of points, shape (n, 2), in its own units.

    Raises
    ------
    DataError
        `not_points`.
    """
    shapes = np.asarray(points.array, dtype=np.object_)
    refuse_rows("not_points", (shapely.get_type_id(shapes) != POINT) | shapely.is_empty(shapes))
    return places(name, shapely.get_coordinates(shapes))


def refuse_rows(code: str, wrong: ArrayLike, **facts: Any) -> None:
    """Name the rows that are wrong, if there are any.

    Parameters
    ----------
    wrong
        Shape (n,).
    facts
        What else the sentence needs.

    Raises
    ------
    DataError
        Of this code, with `count`, and the first of the `rows`, which count from 0.
    """
    rows = np.flatnonzero(wrong)
    if len(rows):
        raise DataError(code, **facts, count=len(rows), rows=tuple(rows[:SHOWN].tolist()))

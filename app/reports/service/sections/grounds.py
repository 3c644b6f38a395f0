"""The ground that maps of a report stand on: borders, what has to be seen, and the part that is drawn again, larger."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from sqlalchemy import Row

from app.grid.rules import Level
from app.reports.rules.maps import Borders
from app.reports.service.context import Context
from app.reports.service.sections import figures
from app.reports.store import scopes

Bounds = tuple[float, float, float, float]

CROWDED = 0.5
"""A part is drawn again, larger, where it holds more than half of the cells ..."""

NARROW = 0.15
"""... on less than so much of the ground."""


def categories(context: Context) -> dict[int, Row[Any]]:
    """The categories of cases by id."""
    return context.once("categories", lambda: scopes.categories(context.connection, context.district_id))


def units(context: Context) -> dict[int, Row[Any]]:
    """The units in sight by id."""
    return context.once("units", lambda: scopes.units(context.connection, context.district_id))


def borders(context: Context) -> tuple[Borders, ...]:
    """The borders of the areas right below the scope, with their names."""
    parts = figures.parts(context)
    if not parts.rows or parts.rows[0].level == Level.CELL:
        return ()
    level = str(parts.rows[0].level)
    names = tuple(context.called(row) for row in parts.rows)
    return (Borders(context.word(f"level.{level}"), level, names, parts.shapes),)


def shown(context: Context) -> Bounds:
    """What a map of the whole scope has to show."""
    return figures.cells(context).bounds


def inset(context: Context) -> Bounds | None:
    """The part of the scope where most of its cells crowd together; None where they do not.

    The smaller half of the cells, and a frame around nine tenths of them: a stray one does not widen it.
    """
    shapes = np.array(figures.cells(context).shapes, dtype=object)
    if len(shapes) < 30:
        return None
    size = shapely.area(shapes)
    small = shapes[size <= np.quantile(size, CROWDED)]
    at = shapely.get_coordinates(shapely.point_on_surface(small))
    west, south = np.quantile(at, 0.05, axis=0)
    east, north = np.quantile(at, 0.95, axis=0)
    whole = shapely.box(*shapely.total_bounds(shapes))
    frame = shapely.box(west, south, east, north)
    if frame.area > NARROW * whole.area or frame.area == 0:
        return None
    return float(west), float(south), float(east), float(north)

"""Borders drawn once: between two areas runs one line, marked with the widest level that it parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.grid import store
from app.grid.rules import Level
from spatial import coverage
from spatial.crs import STORAGE, WEB, transform


def redraw_borders(connection: Connection, district: Row[Any]) -> None:
    """Draw the borders of today's areas anew, from the finest level that there is."""
    levels = store.levels(connection, district.id)
    chain = [
        name
        for name, row in sorted(levels.items(), key=lambda item: item[1].depth)
        if name != Level.RESIDENT_GROUP
    ]
    for level in reversed(chain):
        areas = store.current_areas(connection, district.id, level)
        if len(areas):
            break
    else:
        return
    lines, parted = _lines(areas, store.ancestors(connection, district.id), chain)
    with np.errstate(invalid="ignore"):  # GEOS leaves the flag of an earlier NaN behind
        drawn = {
            name: shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines[parted == i]))))
            for i, name in enumerate(chain)
            if (parted == i).any()
        }
    store.replace_borders(connection, district.id, drawn)


def _lines(
    areas: store.AreaSet, ancestors: dict[int, dict[str, int]], chain: list[str]
) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The lines in web coordinates, and of each the place in the chain of the widest level that it parts."""
    borders = coverage.shared_edges(areas.shapes)
    table = np.array([[ancestors[int(i)].get(level, -1) for level in chain] for i in areas.ids])
    # Nobody's ancestors are nobody: the edge of the territory parts the district from the rest of the world.
    table = np.vstack([table, np.full(len(chain), -2)])
    parted = (table[borders.left] != table[borders.right]).argmax(axis=1)
    lines = shapely.transform(borders.lines, lambda xy: transform(xy, STORAGE, WEB))
    return lines, parted

"""Borders drawn once: between two areas runs one line, marked with the widest level that it parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    store.replace_borders(
        connection, district.id, list(_drawn(areas, store.ancestors(connection, district.id), chain))
    )


def _drawn(
    areas: store.AreaSet, ancestors: dict[int, dict[str, int]], chain: list[str]
) -> Iterator[store.Border]:
    """Long lines for those who see all of it, then the piece between each two neighbours for those who see a part."""
    borders = coverage.shared_edges(areas.shapes)
    table = np.array([[ancestors[int(i)].get(level, -1) for level in chain] for i in areas.ids])
    # Nobody's ancestors are nobody: the edge of the territory parts the district from the rest of the world.
    table = np.vstack([table, np.full(len(chain), -2)])
    parted = (table[borders.left] != table[borders.right]).argmax(axis=1)
    lines = shapely.transform(borders.lines, lambda xy: transform(xy, STORAGE, WEB))
    for i, name in enumerate(chain):
        yield from (store.Border(name, line) for line in _joined(lines[parted == i]))
    pairs, place = np.unique(np.column_stack([borders.left, borders.right]), axis=0, return_inverse=True)
    numbers = np.append(areas.nos, -1)
    for k, (left, right) in enumerate(pairs):
        at = place.ravel() == k
        sides = [int(no) if no >= 0 else None for no in (numbers[left], numbers[right])]
        level = chain[parted[at][0]]
        yield from (store.Border(level, line, *sides) for line in _joined(lines[at]))


def _joined(lines: NDArray[Any]) -> Iterable[Any]:
    if not len(lines):
        return ()
    with np.errstate(invalid="ignore"):  # GEOS leaves the flag of an earlier NaN behind
        return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))  # type: ignore[no-any-return]

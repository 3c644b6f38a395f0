"""One tile: the marks of each kind, several put together where they would lie on each other, and counted exactly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.cube.service.binning import EXTENT, Tile
from app.db import Actor
from app.registry.rules.kinds import ElementKind
from app.tiles.elements.rules import OUTLINED_FROM, SORTS, Sort, bins_at
from app.tiles.elements.service.columns import Columns, Numbers
from app.tiles.rules import packed
from app.tiles.service.encoding import Tag, layer

SORT_WORDS = [sort.value for sort in SORTS]


def tile(
    columns: Mapping[ElementKind, Columns],
    actor: Actor,
    sorts: Collection[Sort],
    day: date,
    place: tuple[int, int, int],
) -> bytes:
    """A tile of the elements of some sorts that an actor sees, a layer for each kind, gzipped.

    Parameters
    ----------
    place
        Zoom, column and row of the tile.

    Notes
    -----
    All that lies in a tile is one run of the sorted columns, so the cost goes with what it holds: some milliseconds for
    a hundred thousand elements, and nothing is kept that somebody else could be given.
    """
    z, x, y = place
    grid = Tile(z, x, y, bins_at(z).bit_length() - 1)
    made = b""
    for kind, of in columns.items():
        at = _meant(of, actor, sorts, day, grid)
        made += _layer(kind, of, grid, at) if len(at) else b""
    return packed(made)


def _meant(columns: Columns, actor: Actor, sorts: Collection[Sort], day: date, tile: Tile) -> Numbers:
    """Where the elements of a tile stand that are to be drawn."""
    begin, end = np.searchsorted(columns.key, tile.edges[[0, -1]]).tolist()
    part = slice(begin, end)
    found = columns.of(sorts, part) & columns.drawn(actor, day, part)
    if tile.zoom >= OUTLINED_FROM:
        found &= columns["outlined"][part] == 0
    return begin + np.flatnonzero(found)


def _layer(kind: ElementKind, columns: Columns, tile: Tile, at: Numbers) -> bytes:
    bin_no = (columns.key[at] >> tile.shift).astype(np.int64) - tile.first
    used, starts, count = np.unique(bin_no, return_index=True, return_counts=True)
    first, last = at[starts], at[starts + count - 1]
    alone = count == 1
    together = ~alone & (columns.key[first] == columns.key[last])
    site = columns["site"][at]
    one_site = together & (np.minimum.reduceat(site, starts) == np.maximum.reduceat(site, starts))
    x, y = (
        np.where(
            alone | together,
            (own[first] >> tile.step) - tile.corner[axis],
            _middle(tile, axis, used, np.add.reduceat(own[at], starts) / count),
        )
        for axis, own in enumerate((columns.column, columns.row))
    )
    # What is drawn last lies on top: the many.
    order = np.lexsort((x, y, count))
    first, alone, one_site = first[order], alone[order], one_site[order]
    ids = np.where(alone, columns["id"][first], 0)
    tags = {
        "count": Tag(count[order]),
        "element_id": Tag(ids, alone),
        "sort": Tag(columns["sort"][first].astype(np.int64), alone, SORT_WORDS),
        "site_id": Tag(np.where(one_site, columns["site"][first], 0), one_site),
        "together": Tag(together[order]),
    }
    return layer(kind.value, x[order], y[order], ids, tags, EXTENT)


def _middle(tile: Tile, axis: int, used: Numbers, mean: NDArray[np.float64]) -> Numbers:
    """Where several stand: in the middle of those that are meant, off the edges of their bin."""
    every = np.zeros(tile.bins)
    every[used] = mean
    return tile.inside(axis, every)[used]


def counts(columns: Mapping[ElementKind, Columns], actor: Actor, day: date) -> list[dict[str, str | int]]:
    """Of each sort how many elements an actor sees, and how many of them have no place that they may be shown at."""
    total, drawn = (np.zeros(len(SORTS), np.int64) for _ in range(2))
    for of in columns.values():
        whole, placed = slice(0, len(of)), slice(0, of.placed)
        total += np.bincount(of["sort"][whole][of.seen(actor, day, whole)], minlength=len(SORTS))
        drawn += np.bincount(of["sort"][placed][of.drawn(actor, day, placed)], minlength=len(SORTS))
    return [
        {"kind": sort.value, "count": int(drawn[n]), "unplaced": int(total[n] - drawn[n])}
        for n, sort in enumerate(SORTS)
    ]

"""Tiles of a full registry: 60,000 buildings with outlines, 100,000 components, 20,000 organisations.

Every tile of some zooms that holds anything, for the whole district and for one subdistrict; the peer of the marks is
the SQL that gathers the same. Both are counted before anything is timed. The bar is the clock: a tile in 100 ms.
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
from sqlalchemy import text

from app.cli.preparing import prepare
from app.db import Actor, engine, transaction
from app.demo.service.loading import load_territory
from app.postgres import drop_database
from app.registry.service.types import add_reference_types
from app.settings import choose_workspace, settings
from app.tiles.elements import store
from app.tiles.elements.rules import BUILDINGS_FROM, OUTLINED_FROM, SORTS
from app.tiles.elements.service import gathering, keeping
from tests.benchmarks import seconds
from tests.benchmarks.tiling.vector import summed

WORKSPACE = "bench_element_tiles"
BAR_MS = 100
TODAY = date(2026, 11, 20)
CHECKED = 3
Place = tuple[int, int, int]
ZOOMS = (8, 10, 12, 14, 15, 16, 17)
FILL = """
CREATE TEMP TABLE spots AS SELECT row_number() OVER () AS n, d.geom AS at FROM (
    SELECT (ST_Dump(ST_GeneratePoints(geom, greatest(1, (:many * 1.02 * weight)::int), 7))).geom FROM (
        SELECT geom, greatest(households, 20)::float / sum(greatest(households, 20)) OVER () AS weight
        FROM areas WHERE level = 'cell' ORDER BY id) cell) d
"""
ADD = """
INSERT INTO elements (district_id, kind, type, name, geom, site_id, area_no, valid_from_on, source)
SELECT 1, :kind, :type, 'x', {geom}, {site}, 0, DATE '2020-01-01', 'bench' FROM spots WHERE n <= :many
"""
OUTLINE = """
INSERT INTO places (id, shape, floors)
SELECT id, ST_Envelope(ST_Buffer(geom, 0.0001)), 6 FROM elements WHERE type = 'building'
"""
PEER = """
SELECT coalesce(sum(n), 0) FROM (SELECT kind, count(*) AS n, avg(ST_X(at)), avg(ST_Y(at)) FROM (
    SELECT e.kind, coalesce(e.geom_3857, s.geom_3857) AS at FROM elements e LEFT JOIN elements s ON s.id = e.site_id
    WHERE ST_Intersects(coalesce(e.geom_3857, s.geom_3857), ST_TileEnvelope(:z, :x, :y))
        AND e.area_no <@ CAST(:seen AS int8multirange)
) f GROUP BY kind, floor(ST_X(at) / :step), floor(ST_Y(at) / :step)) g
"""


def main(argv: list[str]) -> int:
    """Count what is told, then time it."""
    parser = argparse.ArgumentParser(prog="bench element_tiles", description=__doc__)
    parser.add_argument("--part", type=float, default=1.0, help="of the full registry")
    part = parser.parse_args(argv).part
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        _fill(url, part)
        worst = _measure(url)
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return int(worst > BAR_MS)


def _fill(url: str, part: float) -> None:
    with transaction(url) as connection:
        load_territory(connection)
        add_reference_types(connection)
        connection.execute(text(FILL), {"many": int(100_000 * part)})
        for kind, kind_of, many, geom, site in (
            ("place", "building", 60_000, "at", "NULL"),
            ("object", "0402", 100_000, "ST_Translate(at, 0.00003, 0.00002)", "NULL"),
            ("organisation", "enterprise", 20_000, "NULL",
             "(SELECT min(id) FROM elements WHERE type = 'building') + (n * 7) % 50000"),
        ):  # fmt: skip
            values = {"kind": kind, "type": kind_of, "many": int(many * part)}
            connection.execute(text(ADD.format(geom=geom, site=site)), values)
        connection.execute(text(OUTLINE))
    with transaction(url) as connection:
        connection.execute(text("ANALYZE elements, places, ground_features"))


def _measure(url: str) -> float:
    took = seconds(lambda: keeping.columns_of(url, 1, (1, 1)))
    columns = keeping.columns_of(url, 1, (1, 1))
    print(f"{sum(map(len, columns.values())):,} elements read in {took:.2f} s")
    worst = 0.0
    for name, actor in _readers(url).items():
        for zoom in ZOOMS:
            places = _places(columns, zoom)
            marks = _timed(places, partial(gathering.tile, columns, actor, SORTS, TODAY))
            peers = [_peer(url, actor, place) for place in places[:CHECKED]]
            if zoom < OUTLINED_FROM:
                _check(columns, actor, places, [count for count, _ in peers])
            slowest = max(ms for _, ms in peers)
            said = f"{name:12} z{zoom:<2} {len(places):4} tiles  marks {_figures(marks)}   by SQL {slowest:7.1f} ms"
            if zoom >= BUILDINGS_FROM:
                made = _timed(places, partial(store.buildings, url, actor, (1,), 1, TODAY))
                said += f"   outlines {_figures(made)}"
                marks = [*marks, *made]
            print(said)
            worst = max(worst, *marks)
    return worst


def _timed(places: list[Place], tile: Callable[[Place], bytes]) -> list[float]:
    return [1000 * seconds(partial(tile, place)) for place in places]


def _check(columns: keeping.Kinds, actor: Actor, places: list[Place], there: list[int]) -> None:
    tiles = [gathering.tile(columns, actor, SORTS, TODAY, place) for place in places[:CHECKED]]
    told = [summed(gzip.decompress(tile), "count") for tile in tiles]
    if told != there:
        raise SystemExit(f"{places[0]}: {told} told, {there} there")


def _figures(ms: list[float]) -> str:
    return f"{statistics.median(ms):6.1f} ms, worst {max(ms):6.1f}"


def _readers(url: str) -> dict[str, Actor]:
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT DISTINCT ON (level) level, no, last_no FROM areas WHERE level IN ('district', 'subdistrict')"
                 " ORDER BY level, households DESC NULLS LAST")
        ).all()  # fmt: skip
    return {row.level: Actor(1, ("supervisor",), f"{{[{row.no},{row.last_no + 1})}}") for row in rows}


def _places(columns: keeping.Kinds, zoom: int) -> list[Place]:
    """The tiles that hold anything, the fullest first."""
    x, y = (
        np.concatenate([getattr(of, axis)[: of.placed] for of in columns.values()]) >> (30 - zoom)
        for axis in ("column", "row")
    )
    found, count = np.unique(np.stack([x, y]), axis=1, return_counts=True)
    order = np.argsort(-count)[:200]
    return [(zoom, int(a), int(b)) for a, b in found.T[order]]


def _peer(url: str, actor: Actor, place: Place) -> tuple[int, float]:
    z, x, y = place
    values = {"z": z, "x": x, "y": y, "seen": actor.territory, "step": 40075016.7 / 2**z / 8}
    with transaction(url, read_only=True) as connection:
        counted: list[int] = []
        took = seconds(lambda: counted.append(int(connection.execute(text(PEER), values).scalar_one())))
    return counted[0], 1000 * took


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

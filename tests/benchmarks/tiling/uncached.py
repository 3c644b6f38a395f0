"""P1: a trace of tiles that nobody has made yet, beside tipg and beside the SQL alone.

A tile of ours stands for all its cases, gathered. tipg gathers nothing and is asked for as many points as ours has
marks. The SQL alone makes the same marks, equal in number and in counts; beside it stands what it takes to send just as
many points, which says nothing of the others.
"""

from __future__ import annotations

import gzip
import statistics
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app.db import transaction
from app.tiles.service.marks import bins_at
from tests.benchmarks import Line, seconds
from tests.benchmarks.tiling.serving import Loaded, load
from tests.benchmarks.tiling.trace import Tile, walk
from tests.benchmarks.tiling.vector import features

POINTS = """
SELECT ST_AsMVT(point, 'cases', 4096, 'geom', 'id') FROM (
    SELECT id, category_id, state, ST_AsMVTGeom(geom_3857, tile, 4096, 0, false) AS geom
    FROM cases, ST_TileEnvelope(%s, %s, %s) AS tile WHERE geom_3857 && tile LIMIT %s) point
"""
"""The raw tile: every point of it, or as many as the last value says; None for all."""

MARKS = """
SELECT ST_AsMVT(mark, 'cases', 4096, 'geom') FROM (
    SELECT late, count, near, closed, ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(x, y), 3857), tile, 4096, 0, false) AS geom
    FROM (
        SELECT c.late, count(*) AS count, count(*) FILTER (WHERE c.soon) AS near,
            count(*) FILTER (WHERE c.ended) AS closed, avg(c.x) AS x, avg(c.y) AS y
        FROM (
            SELECT ST_X(geom_3857) AS x, ST_Y(geom_3857) AS y, NOT open_state(state) AS ended,
                open_state(state) AND state <> 'suspended' AND coalesce(due_at < now(), false) AS late,
                open_state(state) AND state <> 'suspended' AND coalesce(due_at >= now(), true)
                    AND coalesce(near_from(near_at, due_at) <= now(), false) AS soon
            FROM cases, ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile WHERE geom_3857 && tile
                -- Boxes are rounded outwards: what is a metre beyond would make marks of its own.
                AND ST_X(geom_3857) >= ST_XMin(tile) AND ST_X(geom_3857) < ST_XMax(tile)
                AND ST_Y(geom_3857) > ST_YMin(tile) AND ST_Y(geom_3857) <= ST_YMax(tile)
        ) c GROUP BY late, floor((c.x + 20037508.342789244) / 40075016.685578488 * %(bins)s),
            floor((20037508.342789244 - c.y) / 40075016.685578488 * %(bins)s)
    ) binned, ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS tile
) mark
"""
"""The tile that ours is: a mark of each bin and kind, with its counts."""

CLIENTS = 8
PIECE = 240
SEED = 16
RATE_BAR, P95_BAR, SQL_BAR = 2.0, 2.0, 1 / 1.5
PLACES = (
    "SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat FROM cases WHERE geom IS NOT NULL AND id % 97 = 3"
    " ORDER BY id LIMIT 5000"
)


@dataclass(slots=True)
class Seen:
    """What was measured of one of them."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, one: Loaded) -> None:
        """Another piece."""
        self.seconds += one.seconds
        self.times += one.times
        self.cpu.append(one.cpu)

    @property
    def each(self) -> float:
        """Milliseconds a request took the server, all clients together."""
        return 1000 * self.seconds / len(self.times)

    @property
    def p95(self) -> float:
        """Milliseconds."""
        return float(np.percentile(self.times, 95))


_numbers = count(1)


def ours_of(tile: Tile) -> str:
    """Where ours is: all cases, whatever became of them."""
    return "/tiles/cases/{}/{}/{}.mvt?state=all".format(*tile)


def unseen(tile: Tile) -> str:
    """The same at an address that nobody has asked for, so that the front of the server has nothing for it."""
    return f"{ours_of(tile)}&v={next(_numbers)}"


def trace(url: str, requests: int) -> list[Tile]:
    """The trace over the cases of a workspace."""
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(text(PLACES)).all()
    return walk(np.array([(row.lon, row.lat) for row in rows]), requests, SEED)


def raw(url: str) -> Any:
    """A connection on which statements are prepared at once, as every pool of a tile server does."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True, prepare_threshold=0)


def body(port: int, path: str, headers: dict[str, str]) -> bytes:
    """The bytes of a tile as somebody is sent them."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = bytes(answer.read())
        return gzip.decompress(found) if answer.headers.get("Content-Encoding") == "gzip" else found


def compare(
    url: str, port: int, peer: int | None, headers: dict[str, str], tiles: Sequence[Tile]
) -> list[Line]:
    """The lines of P1."""
    marks = {tile: features(body(port, ours_of(tile), headers)) for tile in dict.fromkeys(tiles)}
    print(
        f"trace of {len(tiles)} requests, {len(marks)} tiles; marks in a tile: median"
        f" {statistics.median(marks.values()):.0f}, most {max(marks.values())}"
    )
    ours, theirs, alone = Seen(), Seen(), Seen()
    sql: list[float] = []
    points: list[float] = []

    def tipg_of(tile: Tile) -> str:
        wanted = f"limit={max(1, marks[tile])}&geom-column=geom_3857&properties=category_id,state"
        return "/collections/public.cases/tiles/WebMercatorQuad/{}/{}/{}?".format(*tile) + wanted

    with raw(url) as connection:
        _check(connection, peer, tipg_of, headers, marks)
        for begin in range(0, len(tiles), PIECE):
            piece = tiles[begin : begin + PIECE]
            ours.add(_load(port, [unseen(tile) for tile in piece], CLIENTS, headers))
            if peer is not None:
                theirs.add(_load(peer, [tipg_of(tile) for tile in piece], CLIENTS, headers))
            alone.add(_load(port, [unseen(tile) for tile in piece], 1, headers))
            sql += [
                1000 * seconds(lambda t=tile: connection.execute(MARKS, _of(t)).fetchone()) for tile in piece
            ]
            points += [
                1000 * seconds(lambda t=tile: connection.execute(POINTS, (*t, marks[t])).fetchone())
                for tile in piece
            ]
    print(f"the clients' own CPU: {max(ours.cpu + theirs.cpu):.2f} cores at most;"
          f" ours {1000 / ours.each:.0f} req/s at {CLIENTS} clients, {1000 / alone.each:.0f} at one")  # fmt: skip
    lines = [
        Line("P1 mean, 1 client; the SQL alone", alone.each, statistics.mean(sql), "ms", SQL_BAR),
        Line("P1 the same; as many points, of all", alone.each, statistics.mean(points), "ms"),
    ]
    if peer is None:
        return [*lines, Line("P1 no tipg to compare with", 1, 0, "", 1)]
    return [
        Line("P1 time a request, 8 clients; tipg", ours.each, theirs.each, "ms", RATE_BAR),
        Line("P1 p95, 8 clients; tipg", ours.p95, theirs.p95, "ms", P95_BAR),
        *lines,
    ]


def _load(port: int, paths: list[str], clients: int, headers: dict[str, str]) -> Loaded:
    found = load(port, paths, clients, headers)
    assert set(found.statuses) <= {"200", "204"}, found.statuses
    return found


def _of(tile: Tile) -> dict[str, int]:
    z, x, y = tile
    return {"z": z, "x": x, "y": y, "bins": bins_at(z) * 2**z}


def _check(connection: Any, peer: int | None, tipg_of: Any, headers: dict[str, str], marks: Any) -> None:
    """The SQL makes the same marks, but for cases on an edge or just due; as many points come from both peers."""
    for tile, wanted in list(marks.items())[::25]:
        made = features(bytes(connection.execute(MARKS, _of(tile)).fetchone()[0]))
        assert abs(made - wanted) <= 1 + wanted // 50, (tile, "SQL", made, wanted)
        found = features(bytes(connection.execute(POINTS, (*tile, wanted)).fetchone()[0]))
        assert found == wanted, (tile, "SQL", found, wanted)
        if peer is not None and wanted:
            found = features(body(peer, tipg_of(tile), headers))
            assert found == wanted, (tile, "tipg", found, wanted)

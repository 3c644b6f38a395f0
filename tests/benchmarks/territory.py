"""What the wall costs: tiles and boxes behind row security, beside the same questions without it.

Ours is what the application asks on behalf of somebody. The peer is the same SQL, asked by the owner of the tables with
the territory written out as a plain condition, so that neither row security nor a function stands in the way. Both
answers are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from app.cases.store import reading
from app.cases.store.filters import CaseFilter
from app.cli.preparing import prepare
from app.db import Actor, engine, transaction
from app.demo.service import load
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from app.tiles import store as tiles
from tests.benchmarks import Line, interleaved, report, seconds

WORKSPACE = "bench_territory"
PLAIN = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parent / "plain").glob("*.sql")}
TILES = 15
BAR = 0.5
"""The peer may be at best twice as fast."""

SUBDISTRICT = "联盟街道"


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads, with the interval of their territory."""

    name: str
    actor: Actor
    first: int
    last: int


def main(argv: list[str]) -> int:
    """Compare answers, then times."""
    parser = argparse.ArgumentParser(prog="bench territory", description=__doc__)
    parser.add_argument("--kind", choices=["small", "full"], default="full")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        load(url, given.kind, date(2026, 11, 20), lambda *_: None)
        with transaction(url) as connection:
            connection.execute(text("ANALYZE cases"))
        lines = [line for reader in _readers(url) for line in _compare(url, reader, given.repeat)]
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return report("row security, medians per tile or page", lines)


def _readers(url: str) -> list[Reader]:
    with transaction(url) as connection:
        rows = connection.execute(
            text("SELECT level, name, no, last_no FROM areas WHERE level = 'district' OR name = :name"),
            {"name": SUBDISTRICT},
        ).all()
    return [
        Reader(row.level, Actor(1, ("supervisor",), f"{{[{row.no},{row.last_no + 1})}}"), row.no, row.last_no)
        for row in rows
    ]


def _compare(url: str, reader: Reader, repeat: int) -> list[Line]:
    wanted = CaseFilter(now=datetime.now(UTC), states="all")
    who = (url, reader)
    works: list[tuple[str, Callable[..., Any], Callable[..., Any], list[tuple[Any, ...]]]] = []
    for zoom in (12, 14, 16):
        at = [(*who, wanted, zoom, *place) for place in _places(url, reader, zoom)]
        works.append((f"tile of all cases, z{zoom}", _tile, _plain_tile, at))
    for zoom in (11, 14):
        at = [(*who, zoom, *place) for place in _places(url, reader, zoom)]
        works.append((f"tile of the territory, z{zoom}", _areas, _plain_areas, at))
    boxes = [_degrees(url, 13, *place) for place in _places(url, reader, 13)]
    for order in ("new", "due"):
        at = [(*who, wanted, box, order) for box in boxes]
        works.append((f"page of a box, {order}", _box, _plain_box, at))
    return [_line(f"{reader.name}: {work}", ours, peer, at, repeat) for work, ours, peer, at in works]


def _line(
    work: str, ours: Callable[..., Any], peer: Callable[..., Any], at: list[tuple[Any, ...]], repeat: int
) -> Line:
    for given in at:
        if ours(*given) != peer(*given):
            raise SystemExit(f"{work}: the answers differ at {given[2:]}")
    figures = [
        interleaved(
            lambda g=given: seconds(lambda: ours(*g)), lambda g=given: seconds(lambda: peer(*g)), repeat
        )
        for given in at
    ]
    mine, plain = (1000 * statistics.median(figure[i] for figure in figures) for i in (0, 1))
    return Line(work, mine, plain, "ms", BAR)


def _places(url: str, reader: Reader, zoom: int) -> list[tuple[int, int]]:
    """The tiles that hold most of the reader's cases."""
    with transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT ST_X(p) AS lon, ST_Y(p) AS lat, n FROM (SELECT ST_Transform(label_3857, 4490) AS p,"
                " (SELECT count(*) FROM cases c WHERE c.area_no = a.no) AS n FROM areas a WHERE level = 'cell'"
                " AND no BETWEEN :first AND :last) x ORDER BY n DESC"
            ),
            {"first": reader.first, "last": reader.last},
        ).all()
    found: dict[tuple[int, int], None] = {}
    for row in rows:
        x = int((row.lon + 180) / 360 * (1 << zoom))
        y = int((1 - asinh(tan(radians(row.lat))) / pi) / 2 * (1 << zoom))
        found.setdefault((x, y))
    return list(found)[:TILES]


def _degrees(url: str, zoom: int, x: int, y: int) -> tuple[float, ...]:
    with engine(url).connect() as connection:
        row = connection.execute(
            text("SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
                 " (SELECT ST_Transform(ST_TileEnvelope(:z, :x, :y), 4490) AS b) t"),
            {"z": zoom, "x": x, "y": y},
        ).one()  # fmt: skip
    return tuple(row)


def _owner(connection: Connection, reader: Reader, name: str, wanted: CaseFilter, **values: Any) -> Any:
    given = {**wanted.parameters, "first": reader.first, "last": reader.last, "district": 1, **values}
    statement = PLAIN[name].replace("{filter}", wanted.predicate)
    return connection.execute(text(statement), given)


def _tile(url: str, reader: Reader, wanted: CaseFilter, z: int, x: int, y: int) -> bytes:
    bins = 8 if z < 14 else 16 if z < 16 else 64
    with transaction(url, actor=reader.actor, read_only=True) as connection:
        values = {"z": z, "x": x, "y": y, "district": 1, "bins": bins, **wanted.parameters}
        return bytes(connection.execute(text(tiles.CASES), values).scalar_one())


def _plain_tile(url: str, reader: Reader, wanted: CaseFilter, z: int, x: int, y: int) -> bytes:
    bins = 8 if z < 14 else 16 if z < 16 else 64
    with transaction(url, read_only=True) as connection:
        return bytes(_owner(connection, reader, "cases", wanted, z=z, x=x, y=y, bins=bins).scalar_one())


LEVELS = list(tiles.LEVELS_FROM)


def _areas(url: str, reader: Reader, z: int, x: int, y: int) -> bytes:
    with transaction(url, actor=reader.actor, read_only=True) as connection:
        values = {"z": z, "x": x, "y": y, "district": 1, "levels": LEVELS}
        return bytes(connection.execute(text(tiles.AREAS), values).scalar_one())


def _plain_areas(url: str, reader: Reader, z: int, x: int, y: int) -> bytes:
    whole = reader.name == "district"
    wanted = CaseFilter(now=datetime.now(UTC))
    with transaction(url, read_only=True) as connection:
        rows = _owner(connection, reader, "areas", wanted, z=z, x=x, y=y, levels=LEVELS, whole=whole)
        return bytes(rows.scalar_one())


def _box(url: str, reader: Reader, wanted: CaseFilter, box: Any, order: str) -> list[int]:
    with transaction(url, actor=reader.actor, read_only=True) as connection:
        rows = reading.cases(connection, 1, wanted, scope="box", order=order, box=box, limit=51)
    return [row["id"] for row in rows]


def _plain_box(url: str, reader: Reader, wanted: CaseFilter, box: Any, order: str) -> list[int]:
    west, south, east, north = box
    values = {"west": west, "south": south, "east": east, "north": north, "near": 90, "limit": 51}
    values |= {"after_rank": None, "after_at": None, "after_id": None}
    statement = reading.LIST.format(
        predicate=wanted.predicate,
        scope="c.geom_3857 && ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857)"
        " AND c.area_no BETWEEN :first AND :last",
        **reading.ORDERS[order],
    )
    given = {**wanted.parameters, **values, "district": 1, "first": reader.first, "last": reader.last}
    with transaction(url, read_only=True) as connection:
        return [row.id for row in connection.execute(text(statement), given)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""P2: tiles of z9 to z11 under every filter and territory: whether their counts are exact, then how long they take.

A fresh tile is of a question that nobody has asked before; a repeated one of a question whose sums are kept.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import text

from app.cube.rules import OPEN, STATES, STEP, Tab, Wanted
from app.cube.service import Cube, Question, ask, cube_of
from app.cube.service.keeper import Known
from app.db import Actor, transaction
from app.tiles.service import marks
from tests.benchmarks import Line, seconds
from tests.benchmarks.tiling.filling import ZONE
from tests.benchmarks.tiling.trace import Tile
from tests.benchmarks.tiling.uncached import POINTS, raw

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
VERSIONS = (0, 0)
ZOOMS = (9, 10, 11)
BINS = 8
FACET_BAR, OTHER_BAR_MS = 1000, 1000.0
MAJOR = (
    "SELECT major, array_agg(id) AS ids FROM case_categories WHERE major IS NOT NULL"
    " GROUP BY major ORDER BY count(*) DESC"
)
UNITS = "SELECT DISTINCT unit_id FROM cases WHERE unit_id > 0 ORDER BY 1 LIMIT 3"
TERRITORY = (
    "SELECT DISTINCT ON (level) level, no, last_no FROM areas a WHERE level IN ('district', 'subdistrict')"
    " ORDER BY level, (SELECT count(*) FROM cases c WHERE c.area_no BETWEEN a.no AND a.last_no) DESC"
)
COUNTED = """
SELECT mark = 'overdue' AS late, floor((x + 20037508.342789244) / 40075016.685578488 * :bins)::int AS column_no,
    floor((20037508.342789244 - y) / 40075016.685578488 * :bins)::int AS row_no, count(*) AS count,
    count(*) FILTER (WHERE mark = 'near') AS near, count(*) FILTER (WHERE mark = 'closed') AS closed
FROM (
    SELECT ST_X(c.geom_3857) AS x, ST_Y(c.geom_3857) AS y,
        CASE WHEN c.state <> ALL (:open) THEN 'closed' WHEN c.state = 'suspended' THEN 'paused'
             WHEN c.due_at < :now THEN 'overdue' WHEN near_from(c.near_at, c.due_at) <= :now THEN 'near'
             ELSE 'normal' END AS mark
    FROM cases c WHERE c.geom_3857 IS NOT NULL AND ({wall}) AND ({filter})
) seen WHERE ({states}) GROUP BY 1, 2, 3
"""
OPEN_STATES = [state.value for state, is_open in zip(STATES, OPEN, strict=True) if is_open]
GROUPS = {
    "open": "mark <> 'closed'",
    "overdue": "mark = 'overdue'",
    "near": "mark = 'near'",
    "closed": "mark = 'closed'",
    "all": "true",
}

Wall = tuple[Actor, str, dict[str, Any]]
"""Who looks, and what they see in SQL with its values."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, as the cube is asked and as the database is."""

    name: str
    wanted: Wanted
    predicate: str = "true"
    values: dict[str, Any] = field(default_factory=dict)
    facet: str = ""
    tab: str = "true"


def questions(url: str) -> list[Asked]:
    """State groups, major classes, days, units, and what else a filter can say."""
    with transaction(url, read_only=True) as connection:
        majors = [tuple(row.ids) for row in connection.execute(text(MAJOR)).all()][:3]
        units = list(connection.execute(text(UNITS)).scalars())
        area = connection.execute(text(TERRITORY)).all()[-1]
    every = Wanted(now=NOW, states="all")
    found = [Asked(f"state {name}", replace(every, states=name), facet="state group") for name in GROUPS]
    found += [
        Asked(f"major {n}", replace(every, categories=ids), "c.category_id = ANY (:some)", {"some": list(ids)}, "大类")
        for n, ids in enumerate(majors)
    ]  # fmt: skip
    found += [_days(every, back, length) for back, length in ((1, 1), (30, 1), (90, 30))]
    found += [
        Asked(f"unit {n}", replace(every, units=(unit,)), "c.unit_id = :unit", {"unit": unit}, "unit")
        for n, unit in enumerate(units)
    ]
    step = [state.value for state, number in zip(STATES, STEP, strict=True) if number == 3]
    inside, values = "c.area_no BETWEEN :low AND :high", {"low": area.no, "high": area.last_no}
    return [
        *found,
        Asked("tab overdue", replace(every, tab=Tab.OVERDUE), tab="mark = 'overdue'"),
        Asked("step 3", replace(every, step=3), "c.state = ANY (:step)", {"step": step}),
        Asked("an area", replace(every, areas=((area.no, area.last_no),)), inside, values),
        Asked("outside every cell", replace(every, where="outside"), "c.cell_id IS NULL"),
        Asked("cells with 1 to 40 open", replace(every, states="open", per_cell=(1, 40)),
              # Nobody learns from a filter how many there are that they do not see.
              "c.cell_id IN (SELECT c.cell_id FROM cases c WHERE c.state = ANY (:open) AND ({wall}) GROUP BY 1"
              " HAVING count(*) BETWEEN 1 AND 40)"),
        Asked("open, major, area",
              replace(every, states="open", categories=majors[0], areas=((area.no, area.last_no),)),
              f"{inside} AND c.category_id = ANY (:some)", {**values, "some": list(majors[0])}),
    ]  # fmt: skip


def _days(every: Wanted, back: int, length: int) -> Asked:
    since = NOW.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0) - timedelta(days=back)
    until = since + timedelta(days=length)
    return Asked(
        f"{length} days, {back} ago",
        replace(every, since=since, until=until),
        "c.reported_at >= :since AND c.reported_at < :until",
        {"since": since, "until": until},
        "day",
    )


def territories(url: str, asked: list[Asked]) -> dict[str, Wall]:
    """Who looks: the actor, and the wall again in SQL."""
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(text(TERRITORY)).all()
    found: dict[str, Wall] = {
        row.level: (
            Actor(territory=f"{{[{row.no},{row.last_no + 1})}}"),
            "c.area_no BETWEEN :first AND :last",
            {"first": row.no, "last": row.last_no},
        )
        for row in rows
    }
    unit = next(one.values["unit"] for one in asked if one.facet == "unit")
    return {**found, "unit": (Actor(units=(unit,)), "c.unit_id = :own", {"own": unit})}


def compare(url: str, tiles: list[Tile], repeat: int) -> list[Line]:
    """The lines of P2."""
    cube, asked = cube_of(url, _district(url), ZONE), questions(url)
    walls = territories(url, asked)
    checked = sum(_exact(url, cube, wall, one, tiles) for wall in walls.values() for one in asked)
    print(
        f"{len(asked)} filters, {len(walls)} territories, {len(tiles)} tiles: {checked} bins, all as SQL counts them"
    )
    whole = next(iter(walls.values()))[0]
    sql, ours = _rounds(url, cube, whole, asked, tiles, repeat)
    for tile, took in sql.items():
        print(f"raw tile {tile}: {took:.0f} ms")
    lines = []
    for kind, facet in ours:
        timed = ours[kind, facet]
        worst = min(tiles, key=lambda tile: sql[tile] / timed[tile])
        name = f"P2 {facet or 'other filters'}, {kind}, z{worst[0]}"
        if facet:
            lines.append(Line(f"{name}; raw", timed[worst], sql[worst], "ms", FACET_BAR))
        else:
            lines.append(Line(f"{name}; a second", max(timed.values()), OTHER_BAR_MS, "ms", 1.0))
    return lines


def _rounds(
    url: str, cube: Cube, actor: Actor, asked: list[Asked], tiles: list[Tile], repeat: int
) -> tuple[dict[Tile, float], dict[tuple[str, str], dict[Tile, float]]]:
    """Medians in milliseconds of the SQL that sends every point, and of ours by kind and facet, of each tile.

    In turn, round by round: both know the same hours of the machine.
    """
    sql: dict[Tile, list[float]] = {tile: [] for tile in tiles}
    facets = list(dict.fromkeys(one.facet for one in asked))
    kinds = [(kind, facet) for kind in ("fresh", "repeated") for facet in facets]
    ours: dict[tuple[str, str], dict[Tile, list[float]]] = {of: {tile: [] for tile in tiles} for of in kinds}
    with raw(url) as connection:
        for _ in range(repeat):
            for tile in tiles:
                sql[tile].append(
                    1000 * seconds(lambda t=tile: connection.execute(POINTS, (*t, None)).fetchone())
                )
                for kind, facet in kinds:
                    those = [one for one in asked if one.facet == facet]
                    ours[kind, facet][tile] += _timed(cube, actor, those, tile, fresh=kind == "fresh")
    return (
        {tile: statistics.median(took) for tile, took in sql.items()},
        {of: {tile: statistics.median(took) for tile, took in by.items()} for of, by in ours.items()},
    )


def _district(url: str) -> int:
    with transaction(url, read_only=True) as connection:
        return int(connection.execute(text("SELECT id FROM districts")).scalar_one())


def _exact(url: str, cube: Cube, wall: Wall, one: Asked, tiles: list[Tile]) -> int:
    actor, walled, values = wall
    bins = 0
    for zoom in sorted({tile[0] for tile in tiles}):
        statement = COUNTED.format(
            wall=walled,
            filter=one.predicate.replace("{wall}", walled),
            states=f"({GROUPS[one.wanted.states]}) AND {one.tab}",
        )
        given = {**values, **one.values, "now": NOW, "open": OPEN_STATES, "bins": BINS * 2**zoom}
        with transaction(url, read_only=True) as connection:
            rows = connection.execute(text(statement), given).all()
        counted = {(r.late, r.column_no, r.row_no): (r.count, r.near, r.closed) for r in rows}
        for _, x, y in (tile for tile in tiles if tile[0] == zoom):
            here = {k: v for k, v in counted.items() if k[1] // BINS == x and k[2] // BINS == y}
            with ask(cube, Question(actor, one.wanted), VERSIONS, look=False) as answer:
                found = dict(_bins(answer.tile(zoom, x, y, BINS), x, y))
            assert found == here, (one.name, zoom, x, y, set(found.items()) ^ set(here.items()))
            bins += len(found)
    return bins


def _bins(found: Any, x: int, y: int) -> Iterator[tuple[Any, Any]]:
    width = 4096 // BINS
    columns, rows = found.x // width + x * BINS, found.y // width + y * BINS
    parts = (found.late, columns, rows, found.count, found.near, found.closed)
    for late, column, row, *counts in zip(*(np.asarray(part).tolist() for part in parts), strict=True):
        yield (late, column, row), tuple(counts)


def _timed(cube: Cube, actor: Actor, those: list[Asked], tile: Tile, *, fresh: bool) -> list[float]:
    """Milliseconds of a tile under each of some questions."""

    def made(one: Asked) -> None:
        with ask(cube, Question(actor, one.wanted), VERSIONS, look=False) as answer:
            marks.tile(answer, *tile)

    took = []
    for one in those:
        made(one)
        if fresh:
            cube.known = Known(6)
        took.append(1000 * seconds(lambda o=one: made(o)))
    return took

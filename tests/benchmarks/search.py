"""Search in a million cases: a page of what is found, newest first, as people of three territories ask for it.

The peer is the same question asked without an index: every case is read. Both answers are compared before anything is
timed. The bar is the clock: a page in 100 ms.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.cases.store import add_categories, partitions, reading
from app.cases.store.filters import CaseFilter
from app.cases.store.searching import index_words
from app.cli.preparing import prepare
from app.db import Actor, engine, transaction
from app.demo.service.loading import load_territory
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from tests.benchmarks import seconds

WORKSPACE = "bench_search"
BAR_MS = 100
PART = "cases_900"

FILL = (Path(__file__).parent / "plain" / "search_fill.sql").read_text("utf-8")
SAID = {
    "common words": "垃圾",
    "two words": "垃圾 白云路",
    "rare words": "幼儿园",
    "one case": "孔雀",
    "nothing": "长颈鹿",
    "end of a number": "0042",
}


def main(argv: list[str]) -> int:
    """Compare answers, then times."""
    parser = argparse.ArgumentParser(prog="bench search", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        took = _fill(url, given.cases)
        print(f"{given.cases:,} cases; their words indexed in {took:.0f} s")
        worst = max(_time(url, name, actor, given.repeat) for name, actor in _readers(url).items())
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return int(worst > BAR_MS)


def _fill(url: str, cases: int) -> float:
    """Make the cases; how many seconds it took to index their words."""
    with transaction(url) as connection:

        def run(statement: str, **values: Any) -> Any:
            return connection.execute(text(statement), values)

        load_territory(connection)
        category = {"code": "C01", "name": "暴露垃圾", "name_en": None, "line": None, "major": None}
        add_categories(connection, 1, [category])
        partitions.begin(run, PART, "cases")
        run(FILL, cases=cases)
        partitions.attach(run, PART, "cases", "id", 900, 901 + cases)
    with transaction(url) as connection:
        took = seconds(lambda: index_words(connection))
    with transaction(url) as connection:
        connection.execute(text("ANALYZE cases"))
    return took


def _readers(url: str) -> dict[str, Actor]:
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT DISTINCT ON (level) level, no, last_no FROM areas WHERE level <> 'cell' ORDER BY level, no"
            )
        ).all()
    return {row.level: Actor(1, ("supervisor",), f"{{[{row.no},{row.last_no + 1})}}") for row in rows}


def _time(url: str, name: str, actor: Actor, repeat: int) -> float:
    worst = 0.0
    for what, said in SAID.items():
        for states, order in (("all", "new"), ("open", "due")):
            asked = (url, actor, said, states, order)
            if _ours(*asked) != _read_through(*asked):
                raise SystemExit(f"{name}, {what}: the answers differ")
            ours = 1000 * statistics.median(seconds(lambda a=asked: _ours(*a)) for _ in range(repeat))
            peer = 1000 * seconds(lambda a=asked: _read_through(*a))
            print(f"{name:12} {what:16} {states:5} {ours:8.1f} ms   read through {peer:8.0f} ms")
            worst = max(worst, ours)
    return worst


def _ours(url: str, actor: Actor, said: str, states: str, order: str) -> list[int]:
    wanted = CaseFilter(now=NOW, states=states)
    with transaction(url, actor=actor, read_only=True) as connection:
        rows = reading.cases(connection, 1, wanted, scope="everywhere", order=order, said=said, limit=51)
    return [row["id"] for row in rows]


def _read_through(url: str, actor: Actor, said: str, states: str, order: str) -> list[int]:
    wanted = CaseFilter(now=NOW, states=states)
    scope = "c.area_no <@ CAST(:territory AS int8multirange) AND " + (
        "right(c.number, 4) = :said"
        if said.isdecimal()
        else "search_text(c.address, c.description) LIKE ALL (:like)"
    )
    statement = reading.LIST.format(predicate=wanted.predicate, scope=scope, **reading.ORDERS[order])
    given: dict[str, Any] = {
        "after_rank": None,
        "after_at": None,
        "after_id": None,
        "limit": 51,
        "district": 1,
    }
    given |= {"territory": actor.territory, "said": said, "like": [f"%{word}%" for word in said.split()]}
    with transaction(url, read_only=True) as connection:
        connection.execute(text("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off"))
        return [row.id for row in connection.execute(text(statement), {**wanted.parameters, **given})]


NOW = datetime.now(UTC).replace(second=0, microsecond=0)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

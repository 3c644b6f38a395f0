"""The evaluation of a month, while the log behind it grows tenfold.

A district is played, its answer held against pandas over the raw log, and its figures timed as a reader of the whole
district and a sub-centre ask for them. Then nine times as many cases are put before it, whole logs of other years, and
the same month is asked again. The bars are the clock and the growth.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from app.cases.store import partitions
from app.cli.preparing import prepare
from app.db import Actor, engine, transaction
from app.demo.service import load
from app.evaluation import store
from app.evaluation.rules import Of
from app.postgres import drop_database
from app.settings import choose_workspace, settings
from tests import evaluated
from tests.benchmarks import seconds

WORKSPACE = "bench_evaluation"
UNTIL = date(2026, 11, 20)
MONTH = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
KNOWN_AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
EVERYBODY = Actor(None, (), "{[1,9223372036854775807)}")
BAR_S, GROWTH = 5.0, 1.5
SHIFTED = {
    "cases": ("id", "reported_at", "due_at", "near_at", "closed_at"),
    "case_transitions": ("case_id", "at", "recorded_at"),
}
"""What of a row says which case it is of, and what says when."""


def main(argv: list[str]) -> int:
    """Compare answers, then times before and after the log has grown."""
    parser = argparse.ArgumentParser(prog="bench evaluation", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=5)
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        load(url, "small", UNTIL, lambda *_: None, cases=given.cases)
        rows = _compare(url)
        print(f"{given.cases:,} cases; the month has {rows:,} counted rows, all as pandas counts them")
        before = _time(url, given.repeat)
        grow(url, given.times)
        print(f"{given.cases * given.times:,} cases")
        after = _time(url, given.repeat)
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    growth = {what: after[what] / before[what] for what in before}
    for what, ratio in growth.items():
        print(f"{what:24} grows {ratio:.2f} times")
    return int(max(after.values()) > BAR_S or max(growth.values()) > GROWTH)


def _question(of: Of) -> store.Question:
    return store.Question(1, of, *MONTH, KNOWN_AT)


def _compare(url: str) -> int:
    """Hold the month's figures of the district against another program's; how many rows are counted."""
    with transaction(url, actor=EVERYBODY, read_only=True) as connection:
        (ours,) = store.counted(connection, _question(Of.DISTRICT), limit=9)
    with transaction(url, read_only=True) as connection:
        told = evaluated.told(evaluated.read(connection), KNOWN_AT)
    rows = evaluated.counted(told, *MONTH, KNOWN_AT)
    theirs = evaluated.by_key(rows, rows["name"].map(lambda _: "district"))["district"]
    if {name: count for name, count in ours.counts.items() if count} != theirs:
        raise SystemExit("the answers differ")
    return len(rows)


def _readers(connection: Connection) -> dict[str, Actor]:
    found = connection.execute(
        text(
            "SELECT DISTINCT ON (level) level, no, last_no FROM area_numbers WHERE level IN ('district', 'subdistrict')"
            " ORDER BY level, no"
        )
    )
    return {row.level: Actor(1, ("supervisor",), f"{{[{row.no},{row.last_no + 1})}}") for row in found}


def _time(url: str, repeat: int) -> dict[str, float]:
    with transaction(url, read_only=True) as connection:
        readers = _readers(connection)
    found: dict[str, float] = {}
    for name, actor in readers.items():
        for of in (Of.DISTRICT, Of.AREA, Of.UNIT):

            def ask(actor: Actor = actor, of: Of = of) -> None:
                with transaction(url, actor=actor, read_only=True) as connection:
                    store.counted(connection, _question(of), limit=2_000)

            ask()
            took = found[f"{name} by {of.value}"] = statistics.median(seconds(ask) for _ in range(repeat))
            print(f"{name + ' by ' + of.value:24} {took:6.2f} s")
    return found


def grow(url: str, times: int, *, gap: timedelta = timedelta(days=90)) -> None:
    """Put the whole district before itself, again and again: other cases, other years, the same streets.

    Parameters
    ----------
    gap
        How long before the first report of one copy the last of the copy before it is.
    """
    with transaction(url) as connection:

        def run(statement: str, **values: Any) -> Any:
            return connection.execute(text(statement), values)

        first, last, span = run(
            "SELECT min(id), max(id), max(reported_at) - min(reported_at) FROM cases"
        ).one()
        span += gap
        width = last - first + 1
        for back in range(1, times):
            for table, (key, *instants) in SHIFTED.items():
                columns = run(
                    "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
                    " AND table_name = :name AND is_generated = 'NEVER' ORDER BY ordinal_position",
                    name=table,
                ).scalars()
                values = {
                    **{name: name for name in columns},
                    key: f"{key} - {width * back}",
                    **{name: f"{name} - CAST(:past AS interval)" for name in instants},
                }
                names = ", ".join(f'"{name}"' for name in values)
                said = ", ".join(f'"{one}"' if one in values else one for one in values.values())
                part = f"{table}_before_{back}"
                partitions.begin(run, part, table)
                run(
                    f"INSERT INTO {part} ({names}) SELECT {said} FROM {table} WHERE {key} BETWEEN :first AND :last"
                    f" ORDER BY {key}",
                    past=timedelta(seconds=span.total_seconds() * back),
                    first=first,
                    last=last,
                )
                partitions.attach(run, part, table, key, first - width * back, first - width * (back - 1))
    with transaction(url) as connection:
        connection.execute(text("ANALYZE cases, case_transitions"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

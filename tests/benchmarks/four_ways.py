"""One table of indicators made four ways: 24 months of 12 subdistricts, every count and every share to the digit.

A district is played over three years, of which the last two are asked. The interface answers a program, a notebook
asks by `spatial`, pandas counts the raw log another way, and monthly reports are read back from their pages. What
differs ends the run and is named.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd
import requests
from sqlalchemy import Connection

import spatial as sp
from app.accounts.rules import Permission, Role
from app.accounts.service import managing
from app.cli.notebooks import served
from app.cli.preparing import prepare
from app.db import engine, transaction
from app.demo.service import load
from app.evaluation.rules import COUNTED, INDICATORS, SECONDS
from app.factory import create_app
from app.grid.service import the_district
from app.postgres import drop_database
from app.reports.service.asking import Wanted, plan
from app.reports.service.formats.page import page
from app.reports.service.making import context_of, make
from app.reports.service.running import OPERATOR
from app.reports.store.scopes import areas_of
from app.settings import choose_workspace, settings
from tests import evaluated
from tests.app.reports.parsed import numbers_of_page
from tests.benchmarks.evaluation import UNTIL, grow
from tests.people import employ

WORKSPACE = "bench_four_ways"
MONTHS, AREAS = 24, 12
ZONE = "Asia/Shanghai"
SCOPES = (Permission.VIEW_MAP.value, Permission.READ_CASES.value, Permission.READ_REGISTRY.value)
COLUMNS = (*COUNTED, SECONDS, *(one.code for one in INDICATORS))

Table = dict[tuple[str, str, str], float | None]
"""What stands in a month, a subdistrict and a column."""


def main(argv: list[str]) -> int:
    """Make the table four ways; the exit status is 1 where two of them differ."""
    parser = argparse.ArgumentParser(prog="bench four_ways", description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="cases of each of the three years")
    given = parser.parse_args(argv)
    choose_workspace(WORKSPACE)
    url = prepare().url
    try:
        load(url, "small", UNTIL, lambda *_: None, cases=given.cases)
        grow(url, 3, gap=timedelta(hours=1))
        who = employ(url, Role.ANALYST, "530103", username="four-ways")
        with transaction(url) as connection:
            token, _ = managing.create_token(connection, who.username, "bench", SCOPES, timedelta(hours=2))
        with served(create_app(url)) as address:
            tables = {
                "interface": _timed("interface", by_interface, address, token),
                "notebook": _timed("notebook", by_notebook, address, token),
                "pandas": _timed("pandas", by_pandas, url),
                "reports": _timed("reports", by_reports, url),
            }
    finally:
        engine(url).dispose()
        prepared = prepare()
        if prepared.cluster is not None:
            drop_database(prepared.cluster.url(), settings().database_name)
    return _judge(tables)


def months() -> list[tuple[str, str]]:
    """First and last day of each month, the last one that in which the play ends."""
    ends = pd.period_range(end=pd.Period(UNTIL, "M"), periods=MONTHS, freq="M")
    return [(f"{one.start_time:%Y-%m-%d}", f"{one.end_time:%Y-%m-%d}") for one in ends]


def by_interface(address: str, token: str) -> Table:
    """As the console is answered."""
    found: Table = {}
    for since, until in months():
        answer = requests.get(
            f"{address}/api/v1/evaluation/period",
            {"of": "area", "level": "subdistrict", "from": since, "to": until},
            headers={"Authorization": f"Bearer {token}"},
            timeout=120,
        )
        answer.raise_for_status()
        for row in answer.json()["items"]:
            values = {**row["counts"], **row["indicators"]}
            found |= {(since, row["key"], name): values[name] for name in COLUMNS}
    return found


def by_notebook(address: str, token: str) -> Table:
    """As an analyst asks in a notebook."""
    platform, found = sp.connect(address, token), Table()
    for since, until in months():
        table = platform.indicators("area", level="subdistrict", since=since, until=until)
        for row in table.to_dict("records"):
            found |= {
                (since, row["key"], name): None if pd.isna(row[name]) else row[name] for name in COLUMNS
            }
    return found


def by_pandas(url: str) -> Table:
    """From the raw log, by a program that shares no line with the platform's; shares as whole numbers divide."""
    known_at, found = datetime.now(UTC), Table()
    with transaction(url, read_only=True) as connection:
        told = evaluated.told(evaluated.read(connection), known_at)
        for since, until in months():
            rows = evaluated.counted(told, _instant(since), _instant(until, 1), known_at)
            keyed = evaluated.by_key(rows, evaluated.keys_of(connection, rows, "area"))
            for key, counts in evaluated.complete(keyed).items():
                found |= {(since, key, name): value for name, value in {**counts, **_shares(counts)}.items()}
    return found


def by_reports(url: str) -> Table:
    """From the pages of monthly reports, one of each subdistrict and month, read back."""
    found: Table = {}
    with transaction(url, actor=OPERATOR, read_only=True) as connection:
        codes = [row.code for row in areas_of(connection, the_district(connection).id, None, limit=1_000)
                 if row.level == "subdistrict"]  # fmt: skip
        for since, _ in months():
            for code in codes:
                found |= {
                    (since, code, name): value for name, value in _reported(connection, code, since).items()
                }
    return found


def _reported(connection: Connection, code: str, since: str) -> dict[str, float | None]:
    """What the section of indicators of one report says: its rows stand in the order of the definitions."""
    district = the_district(connection)
    planned = plan(connection, district, Wanted("monthly", code, since[:7], ("html",)))
    run = planned | {"known_at": datetime.now(UTC), "sections": ["indicators"]}
    report, failed = make(context_of(connection, district, run), run, lambda part, doing: None)
    assert not failed, (code, since)
    tables = numbers_of_page(page(report), "indicators")
    counts = dict(zip(COUNTED, [row[2] for row in tables["counts"]], strict=True))
    values = [*(row[4] for row in tables["shares"]), *(row[3] for row in tables["hours"])]
    ordered = sorted(INDICATORS, key=lambda one: not one.is_share)
    shares = {
        one.code: None if value is None else round(float(value), 6)
        for one, value in zip(ordered, values, strict=True)
    }
    return {**counts, SECONDS: tables["hours"][0][1], **shares}


def _shares(counts: dict[str, int]) -> dict[str, float | None]:
    shares: dict[str, float | None] = {}
    for one in INDICATORS:
        below = sum(counts[name] for name in one.denominator) * one.per
        above = sum(counts[name] for name in one.numerator)
        shares[one.code] = round(float(Fraction(above, below)), 6) if below else None
    return shares


def _instant(day: str, days: int = 0) -> datetime:
    return (pd.Timestamp(day, tz=ZONE) + pd.Timedelta(days=days)).tz_convert(UTC).to_pydatetime()


def _timed(name: str, make: Any, *given: Any) -> Table:
    begin = time.perf_counter()
    found: Table = make(*given)
    print(f"{name}: {len(found):,} values in {time.perf_counter() - begin:.1f} s")
    return found


def _judge(tables: dict[str, Table]) -> int:
    cells = set().union(*tables.values())
    differ = [
        cell for cell in sorted(cells) if len({table.get(cell, "nothing") for table in tables.values()}) > 1
    ]
    for cell in differ[:20]:
        print(*cell, {name: table.get(cell, "nothing") for name, table in tables.items()})
    first = tables["interface"]
    asked, areas = {month for month, _, _ in first}, {key for _, key, _ in first}
    cases = sum(int(value or 0) for (_, _, name), value in first.items() if name == "handled")
    rows = len(first) // len(COLUMNS)
    print(
        f"{len(asked)} months, {len(areas)} subdistricts, {rows} rows of {len(COLUMNS)}; {cases:,} handlings"
    )
    print(f"{len(differ)} values differ")
    return int(bool(differ) or len(asked) < MONTHS or len(areas) < AREAS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

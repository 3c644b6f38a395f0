"""截至: figures of any instant are those of the log, counted by a query that knows nothing of the cube."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.cube.rules import GROUPS, Wanted
from app.cube.service import Cube, Question, ask
from app.db import Actor, transaction
from app.demo.service import load
from app.postgres import Cluster
from tests.cluster import clone
from tests.lessened import lessen

pytestmark = pytest.mark.db

UNTIL = date(2026, 11, 20)
CASES, INSTANTS = 1_500, 50
EVERYWHERE = "{[1,9223372036854775807)}"

# Of each case its last row up to the instant, and what that row says.
STOOD = """
WITH stood AS (
    SELECT DISTINCT ON (case_id) case_id, target AS state, loop, unit_id, area_no,
        CAST(facts ->> 'due_at' AS timestamptz) AS due_at
    FROM case_transitions WHERE at <= :at ORDER BY case_id, version DESC
)
SELECT count(*) FILTER (WHERE open_state(state)) AS open,
    count(*) FILTER (WHERE open_state(state) AND state <> 'suspended' AND due_at < :at) AS overdue,
    count(*) FILTER (WHERE state = 'suspended') AS suspended, count(*) FILTER (WHERE state = 'handled') AS to_verify,
    count(*) AS every,
    count(*) FILTER (WHERE open_state(state) AND stood.area_no BETWEEN :first AND :last) AS here
FROM stood
"""
BY_UNIT = """
SELECT unit_id, count(*) AS n FROM (SELECT DISTINCT ON (case_id) target AS state, unit_id FROM case_transitions
    WHERE at <= :at ORDER BY case_id, version DESC) s WHERE open_state(state) AND unit_id IS NOT NULL GROUP BY 1
"""
TODAY = """
SELECT count(*) FROM (SELECT min(at) AS at FROM case_transitions GROUP BY case_id) f
WHERE f.at <= :at AND f.at >= date_trunc('day', CAST(:at AS timestamptz) AT TIME ZONE :zone) AT TIME ZONE :zone
"""


@pytest.fixture(scope="module")
def demo(cluster: Cluster) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, clone(cluster) as url:
        lessen(patch, CASES)
        load(url, "small", UNTIL, lambda *_: None)
        yield url


def query(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement), values))


def instants(url: str) -> list[datetime]:
    first, last = query(url, "SELECT min(at), max(at) FROM case_transitions")[0]
    luck = random.Random(20261126)
    spread = [first + (last - first) * luck.random() for _ in range(INSTANTS - 4)]
    # And the moments at which something happened, to the microsecond, and just before the first and after the last.
    exact = query(url, "SELECT at FROM case_transitions ORDER BY hash LIMIT 2")
    edges = [first - timedelta(microseconds=1), last + timedelta(microseconds=1)]
    return [*spread, *(row.at for row in exact), *edges]


def test_fifty_instants_are_as_the_log_has_them(demo: str) -> None:
    zone = query(demo, "SELECT timezone FROM districts")[0][0]
    street = query(demo, "SELECT no, last_no FROM areas WHERE level = 'subdistrict' ORDER BY id LIMIT 1")[0]
    cube, now = Cube(demo, query(demo, "SELECT id FROM districts")[0][0], zone), datetime.now(UTC)
    seer, seen = Actor(None, (), EVERYWHERE), 0
    for at in instants(demo):
        told = query(demo, STOOD, at=at, first=street.no, last=street.last_no)[0]
        with ask(cube, Question(seer, Wanted(now), past=at), (1, 1)) as answer:
            figures = answer.figures()
            units = answer.by("unit")
        assert {name: figures[name] for name in ("open", "overdue", "suspended", "to_verify")} == {
            name: told._mapping[name] for name in ("open", "overdue", "suspended", "to_verify")
        }, at
        assert units == {row.unit_id: row.n for row in query(demo, BY_UNIT, at=at)}, at
        assert figures["today"] == query(demo, TODAY, at=at, zone=zone)[0][0], at
        with ask(cube, Question(seer, Wanted(now, "all"), past=at), (1, 1)) as answer:
            assert answer.total == told.every, at
            assert sum(answer.marks().values()) == told.every, at
        inside = Wanted(now, areas=((street.no, street.last_no),))
        with ask(cube, Question(seer, inside, past=at), (1, 1)) as answer:
            assert answer.total == told.here, at
        seen += told.every
    assert seen > CASES


def test_the_present_is_the_past_of_now(demo: str) -> None:
    cube = Cube(demo, query(demo, "SELECT id FROM districts")[0][0], "Asia/Shanghai")
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    for states in GROUPS:
        with ask(cube, Question(Actor(None, (), EVERYWHERE), Wanted(now, states)), (1, 1)) as answer:
            present = (answer.total, answer.figures())
        with ask(
            cube, Question(Actor(None, (), EVERYWHERE), Wanted(now, states), past=now), (1, 1)
        ) as answer:
            assert (answer.total, answer.figures()) == present

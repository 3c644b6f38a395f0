"""What fills the cells is what the database counts; a class filters everything; cells out of sight are not told."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.cube.rules import SCALE, Fill, Wanted, Within
from app.cube.service import Cube, Question, ask
from app.db import transaction
from app.postgres import Cluster
from tests import town
from tests.casework import Casework, cloned
from tests.db.test_cube import VERSIONS, WHO, ZONE, actor, shown

pytestmark = pytest.mark.db

ABOVE = {
    Fill.RATE: "open_state(c.state)",
    Fill.RECENT: "(c.reported_at AT TIME ZONE 'Asia/Shanghai')::date > district_today(1) - 30",
    Fill.LATE: "open_state(c.state) AND c.state <> 'suspended' AND c.due_at < :now",
    Fill.REPEATED: "c.stand ->> 'root' IS NOT NULL",
}
BELOW = {Fill.LATE: "open_state(c.state)", Fill.REPEATED: "true"}
PAIRS = """
SELECT a.id, count(c.id) FILTER (WHERE {above}) AS above, {below} AS below FROM areas a
LEFT JOIN cases c ON c.cell_id = a.id WHERE a.level = 'cell' GROUP BY a.id, a.households
"""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    """Cases by the hundred in the first cells; of some cells nobody knows the households."""
    with cloned(cluster) as made:
        fill(made, random.Random(20261127))
        yield made


def fill(work: Casework, luck: random.Random) -> None:
    now = datetime.now(UTC)
    with transaction(work.url) as connection:
        statement = (
            "UPDATE areas SET households = CASE WHEN id % 3 > 0 THEN 100 + id END WHERE level = 'cell'"
        )
        connection.execute(text(statement))
        connection.execute(
            text("UPDATE areas SET households = 0 WHERE code = :code"), {"code": town.cell(0, 2)}
        )
        rows = [
            {
                "state": luck.choice(["reported", "handling", "suspended", "closed", "declined"]),
                "reported": now - timedelta(days=luck.randrange(60)),
                "due": luck.choice([None, now + timedelta(minutes=luck.randrange(-3000, 3000))]),
                "stand": json.dumps(luck.choice([{}, {}, {"root": 1}, {"root": None}])),
                "lon": town.WEST + luck.random() * 2.5 * town.STEP,
                "lat": town.SOUTH + luck.random() * 4 * town.STEP,
            }
            for _ in range(400)
        ]
        connection.execute(
            text("INSERT INTO cases (district_id, category_id, state, loop, reported_at, due_at, area_id, area_no,"
                 " stand, geom) SELECT 1, (SELECT min(id) FROM case_categories), :state, 'subdistrict', :reported,"
                 " :due, d.id, 0, CAST(:stand AS jsonb), ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)"
                 " FROM areas d WHERE d.level = 'district'"),
            rows,
        )  # fmt: skip


def minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def pairs(work: Casework, name: str, of: Fill, now: datetime) -> dict[int, tuple[int, int]]:
    """The same in SQL, behind the wall of the database."""
    below = f"count(c.id) FILTER (WHERE {BELOW[of]})" if of in BELOW else "coalesce(a.households, 0)"
    with transaction(work.url, actor=actor(work, name), read_only=True) as connection:
        rows = connection.execute(text(PAIRS.format(above=ABOVE[of], below=below)), {"now": now})
        return {row.id: (row.above, row.below) for row in rows if row.below > 0}


@pytest.mark.parametrize("name", WHO)
@pytest.mark.parametrize("of", Fill)
def test_a_fill_is_what_the_database_counts(work: Casework, name: str, of: Fill) -> None:
    cube, who, now = Cube(work.url, 1, ZONE), actor(work, name), minute()
    with ask(cube, Question(who, Wanted(now)), VERSIONS) as answer:
        found = answer.fill(of, who)
    assert found == pairs(work, name, of, now)
    assert name != "duty" or any(above for above, _ in found.values())


@pytest.mark.parametrize("of", Fill)
def test_a_class_filters_cases_and_leaves_its_own_legend_whole(work: Casework, of: Fill) -> None:
    cube, who, now = Cube(work.url, 1, ZONE), actor(work, "duty"), minute()
    with ask(cube, Question(who, Wanted(now)), VERSIONS) as answer:
        every, legend = shown(answer), answer.fill(of, who)
    values = sorted(SCALE[of] * above / below for above, below in legend.values())
    middle = values[len(values) // 2]
    found: list[set[int]] = []
    for within in (Within(of), Within(of, 0, 0), Within(of, 5e-324, middle), Within(of, middle)):
        with ask(cube, Question(who, Wanted(now, within=within)), VERSIONS) as answer:
            assert answer.fill(of, who) == legend
            found.append(shown(answer))
            cells = {int(cell) for cell in answer.values["cell"][answer.chosen.at]}
            assert 0 not in cells
            assert sum(answer.marks().values()) == answer.total == len(found[-1])
            for cell in cells:
                value = SCALE[of] * legend[cell][0] / legend[cell][1] if cell in legend else None
                assert (value is None) == (within.least is None), cell
                assert value is None or within.least <= value <= within.most  # type: ignore[operator]
    assert sum(map(len, found)) == len(set().union(*found))
    inside = work.scalar("SELECT count(*) FROM cases WHERE open_state(state) AND cell_id IS NOT NULL")
    assert len(set().union(*found)) == inside <= len(every)


def view(work: Casework, who: str, status: int = 200, **asked: Any) -> dict[str, Any]:
    answer = work.client(who).get("/api/v1/view", query_string=asked)
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def test_at_the_door(work: Casework) -> None:
    assert view(work, "duty")["fill"] is None
    told = view(work, "duty", fill="late")
    assert told["fill"]["of"] == "late"
    assert {cell: sum(pair) > 0 for cell, pair in told["fill"]["cells"].items()}
    narrow = view(work, "duty", fill="late", within="10-")
    assert narrow["queue"]["total"] < told["queue"]["total"]
    assert narrow["figures"]["overdue"] <= told["figures"]["overdue"]
    assert narrow["fill"] == told["fill"]
    assert view(work, "duty", within="10-")["queue"]["total"] == told["queue"]["total"]
    for wrong in ("10", "-10", "20-10", "1e3-", "none-", "nan-"):
        assert view(work, "duty", 400, fill="late", within=wrong)["code"] == "parameter_invalid"
    assert view(work, "duty", 400, fill="speed")["code"] == "parameter_invalid"


def test_a_neighbour_is_told_of_their_own_cells(work: Casework) -> None:
    with transaction(work.url, actor=actor(work, "neighbour"), read_only=True) as connection:
        mine = set(connection.execute(text("SELECT id FROM areas WHERE level = 'cell'")).scalars())
    told = {int(cell) for cell in view(work, "neighbour", fill="rate")["fill"]["cells"]}
    assert told and told < mine
    area = work.scalar("SELECT id FROM areas WHERE code = :code", code=town.community("a"))
    inside = view(work, "duty", fill="rate", area=area)["fill"]["cells"]
    assert 0 < len(inside) <= 4


def test_of_the_past_no_repetition_is_claimed(work: Casework) -> None:
    then = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert view(work, "duty", fill="repeated", as_of=then)["fill"]["cells"] == {}
    assert view(work, "duty", fill="late", as_of=then)["past"]

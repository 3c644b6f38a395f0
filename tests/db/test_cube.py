"""The cube counts what the database counts: for everybody, under every filter, at every zoom, while cases move."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.cases.rules.states import CaseState
from app.cases.service.turns import turn_of
from app.cases.store import reading
from app.cases.store.filters import CaseFilter
from app.cases.store.queue import SCOPES, TODO, Turn
from app.cube.rules import GROUPS, Tab, Wanted
from app.cube.service import Answer, Cube, Question, ask
from app.cube.service.places import HALF_M
from app.db import Actor, transaction
from app.postgres import Cluster
from tests import town
from tests.casework import Casework, cloned

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
VERSIONS = (1, 1)
CASES = 3_000
WHO = ("duty", "operator", "neighbour", "station", "officer", "sanitation", "crew", "drains")

FILL = """
INSERT INTO cases (district_id, category_id, state, loop, reported_at, due_at, near_at, area_id, area_no, unit_id,
    handler_id, reporter_id, co_unit_ids, stand, geom)
SELECT 1, :category, :state, :loop, :reported, :due, :near, d.id, 0, :unit, :handler, :reporter,
    CAST(:helpers AS int[]), CAST(:stand AS jsonb),
    CASE WHEN :lon > 0 THEN ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) END
FROM areas d WHERE d.level = 'district'
"""


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        fill(made, random.Random(20261126))
        yield made


def fill(work: Casework, luck: random.Random) -> None:
    """Cases of every kind, many of them on the edges of cells and tiles, or at one and the same place."""
    now = datetime.now(UTC)
    with transaction(work.url) as connection:
        categories = (
            connection.execute(text("SELECT id FROM case_categories ORDER BY id LIMIT 9")).scalars().all()
        )
        units = [*connection.execute(text("SELECT id FROM units ORDER BY id")).scalars().all(), None, None]
        accounts = [work.account(name) for name in WHO]
        rows = []
        for _ in range(CASES):
            lon = luck.choice(
                [
                    0,
                    town.WEST - 1,
                    *[town.WEST + luck.randrange(9) * town.STEP / 2 for _ in range(2)],
                    *[town.WEST + luck.random() * 4 * town.STEP for _ in range(6)],
                ]
            )
            lat = luck.choice(
                [town.SOUTH + luck.randrange(9) * town.STEP / 2, town.SOUTH + luck.random() * 4 * town.STEP]
            )
            due = luck.choice([None, now + timedelta(minutes=luck.randrange(-3000, 3000))])
            pending = luck.sample(["return", "extension", "supervision", "up"], luck.randrange(3))
            rows.append({
                "category": luck.choice(categories), "state": luck.choice(list(CaseState)).value,
                "loop": luck.choice(["community", "subdistrict", "district"]),
                "reported": now - timedelta(minutes=luck.randrange(0, 60 * 24 * 40)), "due": due,
                "near": luck.choice([None, due and due - timedelta(minutes=luck.randrange(2000))]),
                "unit": luck.choice(units), "handler": luck.choice([None, None, *accounts]),
                "reporter": luck.choice([None, None, *accounts]),
                "helpers": luck.choice([None, None, [luck.choice(units[:-2])]]),
                "stand": json.dumps({
                    "pending": dict.fromkeys(pending, 1), "verified": luck.random() < 0.4,
                    **luck.choice([{}, {"checker": luck.choice(accounts)}]),
                    **luck.choice([{}, {"confirmer": luck.choice(accounts)}])}),
                "lon": lon, "lat": lat,
            })  # fmt: skip
        connection.execute(text(FILL), rows)


def actor(work: Casework, name: str) -> Actor:
    with transaction(work.url, read_only=True) as connection:
        row = connection.execute(
            text("SELECT roles, CAST(territory AS text) AS territory, units FROM account_view(:id)"),
            {"id": work.account(name)},
        ).one()
    return Actor(work.account(name), tuple(row.roles), row.territory, tuple(row.units))


def filters(work: Casework, who: Actor, now: datetime) -> Iterator[tuple[Wanted, CaseFilter]]:
    """Questions to the cube, and the same to the database; an area that is out of sight holds nothing."""
    areas: dict[int, tuple[tuple[int, int], ...]] = {}
    with transaction(work.url, read_only=True) as connection:
        for one in connection.execute(text("SELECT id FROM areas ORDER BY id LIMIT 9")).scalars():
            areas[one] = ()
    with transaction(work.url, actor=who, read_only=True) as connection:
        for row in connection.execute(text("SELECT id, no, last_no FROM areas")):
            areas[row.id] = ((row.no, row.last_no),)
    luck = random.Random(1)
    for states in [*GROUPS, "handled", "suspended"]:
        yield Wanted(now, states), CaseFilter(now, states)
        area = luck.choice(list(areas))
        yield Wanted(now, states, areas=areas[area]), CaseFilter(now, states, area=area)
        since = now - timedelta(days=luck.randrange(30))
        kinds = tuple(luck.sample(range(1, 9), 3))
        until = since + timedelta(days=9)
        yield (
            Wanted(now, states, categories=kinds, since=since, until=until, areas=areas[area]),
            CaseFilter(now, states, kinds, since, until, area),
        )


@pytest.mark.parametrize("name", WHO)
def test_the_cube_counts_what_the_database_counts(work: Casework, name: str) -> None:
    who, now = actor(work, name), datetime.now(UTC).replace(second=0, microsecond=0)
    cube = Cube(work.url, 1, ZONE)
    counted = 0
    for wanted, asked in filters(work, who, now):
        with transaction(work.url, actor=who, read_only=True) as connection:
            listed = (
                connection.execute(
                    text(f"SELECT c.id FROM cases c WHERE {asked.predicate}"), asked.parameters
                )
                .scalars()
                .all()
            )
            figures = reading.figures(connection, 1, asked, ZONE)
            cells = reading.counts_by_cell(connection, 1, asked)
        with ask(cube, Question(who, wanted), VERSIONS) as answer:
            assert answer.total == len(listed)
            assert shown(answer) == set(listed)
            assert {name: n for name, n in answer.figures().items() if name in figures} == figures
            assert answer.by("cell") == cells
            assert sum(answer.marks().values()) == answer.total
        counted += len(listed)
    assert counted


def shown(answer: Answer) -> set[int]:
    return {int(one) for one in answer.columns["id"][answer.chosen.shown]}


@pytest.mark.parametrize("name", WHO)
def test_tabs_and_steps_are_those_of_the_queue(work: Casework, name: str) -> None:
    who, now = actor(work, name), datetime.now(UTC).replace(second=0, microsecond=0)
    with transaction(work.url, actor=who, read_only=True) as connection:
        turn = turn_of(connection, who)

        def listed(condition: str) -> set[int]:
            found = connection.execute(
                text(f"SELECT c.id FROM cases c WHERE open_state(c.state) AND {condition}"),
                {**turn.parameters, "now": now},
            )
            return set(found.scalars())

        expected = {
            Tab.TODO: listed(TODO),
            Tab.OVERDUE: listed("c.state <> 'suspended' AND c.due_at < :now"),
            Tab.TO_VERIFY: listed("c.state = 'handled'"),
            Tab.SUPERVISED: listed("c.stand -> 'pending' ? 'supervision'"),
            Tab.ALL: listed(SCOPES["all"]),
        }
    cube = Cube(work.url, 1, ZONE)
    for tab, ids in expected.items():
        with ask(cube, Question(who, Wanted(now, tab=tab), turn), VERSIONS) as answer:
            assert shown(answer) == ids, tab
            assert answer.tabs()[tab] == len(ids)
            assert sum(answer.steps()) == len(ids)
    for step in range(1, 5):
        with ask(cube, Question(who, Wanted(now, step=step), turn), VERSIONS) as answer:
            assert answer.total == answer.steps()[step - 1]


def test_a_page_follows_the_other_in_the_order_of_the_desk(work: Casework) -> None:
    who, now = actor(work, "duty"), datetime.now(UTC).replace(second=0, microsecond=0)
    cube = Cube(work.url, 1, ZONE)
    for states, order in (("open", "due"), ("all", "new"), ("all", "due")):
        found: list[int] = []
        after: Any = None
        with ask(cube, Question(who, Wanted(now, states)), VERSIONS) as answer:
            for _ in range(CASES):
                ids, following = answer.page(order, after, 170)
                found += ids
                if following is None:
                    break
                after = tuple(int(part) for part in following.split("~"))
            assert len(found) == len(set(found)) == answer.total
        with transaction(work.url, actor=who, read_only=True) as connection:
            listed = reading.cases(
                connection, 1, CaseFilter(now, states), scope="everywhere", order=order, limit=9_999
            )
            urgent = set(connection.execute(text(
                "SELECT c.id FROM cases c JOIN filing_conditions f ON f.id = c.condition_id WHERE open_state(c.state)"
                " AND (f.risk = 'severe' OR f.control_amount IS NOT NULL)")).scalars())  # fmt: skip
        assert not urgent
        if (states, order) != ("all", "due"):
            assert found == [row["id"] for row in listed]


@pytest.mark.parametrize("name", ["duty", "operator", "sanitation"])
def test_the_marks_of_a_tile_are_exact(work: Casework, name: str) -> None:
    who, now = actor(work, name), datetime.now(UTC).replace(second=0, microsecond=0)
    cube = Cube(work.url, 1, ZONE)
    with transaction(work.url, read_only=True) as connection:
        corner = connection.execute(
            text(
                "SELECT ST_X(p) AS x, ST_Y(p) AS y FROM"
                " ST_Transform(ST_SetSRID(ST_MakePoint(:lon, :lat), 4490), 3857) p"
            ),
            {"lon": town.WEST + town.STEP, "lat": town.SOUTH + 2 * town.STEP},
        ).one()  # fmt: skip
    for wanted, asked in list(filters(work, who, now))[:12]:
        for z, bins in ((9, 8), (11, 8), (14, 16), (16, 64), (18, 64)):
            size = 2 * HALF_M / (1 << z)
            x, y = int((corner.x + HALF_M) / size), int((HALF_M - corner.y) / size)
            with transaction(work.url, actor=who, read_only=True) as connection:
                ids = connection.execute(
                    text(
                        "SELECT c.id, open_state(c.state) AND c.state <> 'suspended' AND c.due_at < :now AS late"
                        f" FROM cases c WHERE {asked.predicate}"
                        " AND ST_X(geom_3857) >= :west AND ST_X(geom_3857) < :west + :size"
                        " AND ST_Y(geom_3857) <= :north AND ST_Y(geom_3857) > :north - :size"
                    ),
                    {**asked.parameters, "west": x * size - HALF_M, "north": HALF_M - y * size, "size": size},
                ).all()  # fmt: skip
            with ask(cube, Question(who, wanted), VERSIONS) as answer:
                marks = answer.tile(z, x, y, bins)
                late = int(marks.count[marks.late].sum())
                assert (late, int(marks.count.sum())) == (sum(bool(row.late) for row in ids), len(ids))
                places = zip(marks.late, marks.x * bins >> 12, marks.y * bins >> 12, strict=True)
                assert len(set(places)) == len(marks.count)
                assert ((marks.position >= 0) == (marks.count == 1)).all()
                alone = marks.position[marks.count == 1].tolist()
                assert {answer.at_position(one)["id"] for one in alone} <= {row.id for row in ids}
                assert ((marks.x >= 0) & (marks.x < 4096) & (marks.y >= 0) & (marks.y < 4096)).all()


def test_what_moves_is_counted_anew(work: Casework) -> None:
    who = actor(work, "duty")
    cube = Cube(work.url, 1, ZONE)

    def stands(case: int) -> tuple[int, int]:
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        with ask(cube, Question(who, Wanted(now, "all", ids=(case,))), VERSIONS) as answer:
            return answer.total, answer.steps().index(1) + 1 if answer.total else 0

    first = work.report("supervisor")["case_id"]
    assert stands(first) == (1, 1)
    second = work.report("supervisor")["case_id"]
    assert stands(second) == (1, 1)
    work.move("operator", first, "accept")
    assert stands(first) == (1, 1)
    work.move("operator", first, "register", condition="C01")
    assert stands(first) == (1, 2)
    work.move("operator", first, "dispatch", unit=work.unit("sanitation"))
    assert stands(first) == (1, 3)
    helper = replace(actor(work, "sanitation"), account_id=None)
    with ask(cube, Question(helper, Wanted(datetime.now(UTC), "all", ids=(first,))), VERSIONS) as answer:
        assert answer.total == 1
    assert cube._columns is not None
    assert cube._columns.tail == 1


def test_a_case_that_leaves_its_place_is_counted_once(work: Casework) -> None:
    who = actor(work, "duty")
    cube = Cube(work.url, 1, ZONE)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    case = work.report("supervisor")["case_id"]
    with ask(cube, Question(who, Wanted(now, "all")), VERSIONS) as answer:
        before = answer.total
    with transaction(work.url) as connection:
        lon, lat = town.centre(town.cell(3, 3))
        connection.execute(
            text("UPDATE cases SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) WHERE id = :id"),
            {"lon": lon, "lat": lat, "id": case},
        )
    work.move("neighbour", case, "accept")
    with ask(cube, Question(who, Wanted(now, "all")), VERSIONS) as answer:
        assert answer.total == before
        assert case in shown(answer)


def test_a_ring_holds_what_postgis_finds_in_it(work: Casework) -> None:
    who, now = actor(work, "duty"), datetime.now(UTC)
    west, south, step = town.WEST, town.SOUTH, town.STEP
    rings = [
        [(0.1, 0.1), (2.6, 0.4), (1.9, 3.7), (0.4, 2.2)],
        [(0.3, 0.3), (3.1, 3.2), (3.1, 0.3), (0.3, 3.2)],  # crosses itself
        [(-9, -9), (-8, -9), (-8, -8)],
    ]
    for ring in rings:
        corners = tuple((west + x * step, south + y * step) for x, y in ring)
        line = ", ".join(f"{lon} {lat}" for lon, lat in (*corners, corners[0]))
        with transaction(work.url, read_only=True) as connection:
            ids = (
                connection.execute(
                    text(
                        "SELECT id FROM cases WHERE ST_Intersects(geom_3857, ST_MakeValid(ST_Transform("
                        f"ST_GeomFromText('POLYGON(({line}))', 4490), 3857)))"
                    )
                )
                .scalars()
                .all()
            )
        with ask(
            Cube(work.url, 1, ZONE), Question(who, Wanted(now, "all", ring=corners)), VERSIONS
        ) as answer:
            assert shown(answer) == set(ids)


NOBODY = Turn(me=0)


def test_nobody_sees_nothing(work: Casework) -> None:
    now = datetime.now(UTC)
    with ask(Cube(work.url, 1, ZONE), Question(Actor(), Wanted(now, "all"), NOBODY), VERSIONS) as answer:
        assert answer.total == 0
        assert not any(answer.figures().values())
        assert answer.page("new", None, 9) == ([], None)

"""1+1+1+N: one cell, one full-time officer, whatever concurrent sessions do; and what each cell lacks on a day."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.postgres import Cluster
from app.staffing import store
from app.staffing.rules import Duty, Part
from app.staffing.store import cells
from tests import town
from tests.cluster import clone
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

START = date(2026, 1, 1)
CELLS = sorted(town.CELLS)[:3]


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def numbers(built: str) -> dict[str, int]:
    with transaction(built) as connection:
        return {area.code: area.no for area in store.named_areas(connection, 1, "cell")}


@pytest.fixture(scope="module")
def staff(built: str) -> list[int]:
    with transaction(built) as connection:
        return [
            store.add_staff(connection, district_id=1, code=f"T{n}", name=f"人{n}", simulated=True)
            for n in range(3)
        ]


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["assign", "assign", "end", "move"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 40),
        st.one_of(st.none(), st.integers(1, 30)),
    ),
    min_size=4,
    max_size=14,
)


def act(url: str, numbers: dict[str, int], staff: list[int], move: tuple[Any, ...]) -> None:
    """One session's attempt; what the constraints refuse, and whom a deadlock picks, changes nothing."""
    what, person, place, day, length = move
    first = START + timedelta(days=day)
    last = None if length is None else first + timedelta(days=length)
    try:
        with transaction(url, timeout_s=20) as connection:
            if what == "assign":
                row = (staff[person], numbers[CELLS[place]], Duty.GRID_OFFICER)
                cells.assign(connection, [row], first, last)
                return
            change = "until_on = :day" if what == "end" else "cell_no = :cell"
            connection.execute(
                text(
                    f"UPDATE assignments SET {change} WHERE id = (SELECT id FROM assignments WHERE staff_id = :s"
                    " AND from_on < :day ORDER BY id DESC LIMIT 1)"
                ),
                {"s": staff[person], "day": first, "cell": numbers[CELLS[place]]},
            )
    except (IntegrityError, OperationalError):
        pass


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_no_instant_has_two(built: str, numbers: dict[str, int], staff: list[int], moves: list[Any]) -> None:
    with transaction(built) as connection:
        connection.execute(text("DELETE FROM assignments"))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda move: act(built, numbers, staff, move), moves))
    with transaction(built, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT staff_id, cell_no, from_on, until_on"
                 " FROM (SELECT staff_id, cell_no, from_on, coalesce(until_on, DATE '9999-01-01') AS until_on"
                 " FROM assignments) a")
        ).all()  # fmt: skip
    for one, other in combinations(rows, 2):
        together = one.from_on < other.until_on and other.from_on < one.until_on
        assert not (together and one.cell_no == other.cell_no), (one, other)
        assert not (together and one.staff_id == other.staff_id), (one, other)


def test_what_each_cell_lacks(database: str) -> None:
    town.build(database)
    day = date(2026, 6, 1)
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
        place = {area.code: area.no for area in store.named_areas(connection, 1, "cell")}
        west = next(
            a for a in store.named_areas(connection, 1, "subdistrict") if a.code == town.subdistrict("a")
        )
        people = [store.add_staff(connection, district_id=1, code=f"P{n}", name=f"人{n}") for n in range(4)]
        inspector = store.add_post(connection, units["command_centre"], Role.INSPECTOR, "巡查", [
            area.no for area in store.named_areas(connection, 1, "district")])  # fmt: skip
        store.hold(connection, inspector, people[0], day)
        supervisor = store.add_post(connection, units["command_centre"], Role.SUPERVISOR, "监督", [west.no])
        store.hold(connection, supervisor, people[1], day)
        mine = place[town.cell(0, 0)]
        cells.assign(
            connection, [(people[2], mine, Duty.GRID_OFFICER), (people[3], mine, Duty.BUILDING_HEAD)], day
        )
    app = create_app(database)
    chief = sign_in(app, employ(database, Role.DUTY_OFFICER, town.DISTRICT))

    def ask(**query: str) -> Any:
        answer = chief.get("/api/v1/staffing", query_string={"on": day.isoformat(), "limit": "200", **query})
        assert answer.status_code == 200, answer.text
        return answer.json

    found = {item["code"]: set(item["missing"]) for item in ask()["items"]}
    assert len(found) == 16
    assert found[town.cell(0, 0)] == set()
    assert found[town.cell(1, 0)] == {Part.OFFICER, Part.PART_TIME}
    assert found[town.cell(3, 0)] == {Part.SUPERVISOR, Part.OFFICER, Part.PART_TIME}
    assert len(ask(missing="supervisor")["items"]) == 8
    assert len(ask(missing="any")["items"]) == 15
    assert ask(on="2026-05-31", missing="inspector")["items"][0]["inspectors"] == 0
    assert len(ask(on="2026-05-31", missing="inspector")["items"]) == 16
    whole = next(area for area in ask()["areas"] if area["level"] == "district")
    assert (whole["cells"], whole["complete"], whole["supervisor"], whole["officer"]) == (16, 1, 8, 15)
    seen, after = [], ""
    while after is not None:
        page = ask(limit="5", **({"after": after} if after else {}))
        seen += [item["code"] for item in page["items"]]
        after = page["next"]
    assert seen == list(dict.fromkeys(seen))
    assert len(seen) == 16
    cell = next(item["id"] for item in ask()["items"] if item["code"] == town.cell(1, 0))
    near = chief.get(f"/api/v1/staffing/cells/{cell}?on={day}").json
    assert [person["code"] for person in near["people"]] == ["P0", "P1"], "its inspector and its supervisor"  # type: ignore[index]
    assert [person["code"] for person in near["stand_ins"]] == ["P2"]  # type: ignore[index]


def test_an_officer_sees_the_cell_that_is_theirs(database: str) -> None:
    """The territory comes with the assignment, and goes with it."""
    town.build(database)
    person = employ(database, Role.GRID_OFFICER, None, username="officer")
    client = sign_in(create_app(database), person)
    assert client.get("/api/v1/cases?state=all").json["items"] == []  # type: ignore[index]
    with transaction(database) as connection:
        staff_id = connection.execute(
            text("SELECT id FROM staff_members WHERE account_id = :a"), {"a": person.account_id}
        ).scalar_one()
        place = {area.code: area.no for area in store.named_areas(connection, 1, "cell")}
        cells.assign(connection, [(staff_id, place[town.cell(2, 2)], Duty.GRID_OFFICER)], START)
    client = sign_in(create_app(database), person)
    items = client.get("/api/v1/cases?state=all").json["items"]  # type: ignore[index]
    assert [item["ref"] for item in items] == [f"ref-{town.cell(2, 2)}"]

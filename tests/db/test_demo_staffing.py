"""The staffed demo: the numbers of 2017, gaps on purpose, codes that say they are invented, nobody in two places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.db import Actor, transaction
from app.demo.service import staff
from app.demo.service.credit import MARK
from app.demo.service.loading import load_territory
from app.postgres import Cluster
from app.staffing.service import add_reference_units
from app.staffing.store import councils, duty, neighbourhood
from spatial.codes import is_credit_code
from tests import town
from tests.cluster import clone

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def staffed(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        with transaction(url) as connection:
            load_territory(connection)
        assert staff(url)
        yield url


@pytest.fixture
def seen(staffed: str) -> Iterator[Connection]:
    """What somebody sees whose territory is the district."""
    with transaction(staffed, read_only=True) as connection:
        root = connection.execute(text("SELECT no, last_no FROM area_numbers WHERE parent_no IS NULL")).one()
    actor = Actor(territory=f"{{[{root.no},{root.last_no}]}}")
    with transaction(staffed, actor=actor, read_only=True) as connection:
        yield connection


@pytest.fixture
def whole(staffed: str) -> Iterator[Connection]:
    with transaction(staffed, read_only=True) as connection:
        yield connection


def today(connection: Connection) -> Any:
    return connection.execute(text("SELECT district_today(min(id)) FROM districts")).scalar_one()


def test_the_five_levels_have_the_numbers_of_2017(seen: Connection) -> None:
    total, rows = neighbourhood.five_levels(seen, 1, None, today(seen))
    found = {name: total[name] for name in ("five_levels", "chairs", "members", "led", "heads", "councils")}
    assert found == {
        "five_levels": 51,
        "chairs": 37,
        "members": 223,
        "led": 508,
        "heads": 1106,
        "councils": 37,
    }
    assert total["communities"] == 103
    assert total["over"] == 2
    inside = [row for row in rows if row["five_levels"] and row["level"] == "community"]
    assert sum(row["groups"] - row["led"] for row in inside) >= 20, "some groups are vacant on purpose"
    assert not [row for row in rows if row["level"] == "community" and row["led"] and not row["heads"]]


def test_councils_differ_and_teams_are_there(seen: Connection) -> None:
    found = councils.bodies(seen, None, "council", today(seen), "", 200)
    assert {body["term"] for body in found} == {3}
    assert all(body["head"] and body["head_simulated"] for body in found)
    assert len({body["members"] for body in found}) > 3
    teams = councils.bodies(seen, None, "security_team", today(seen), "", 200)
    assert Counter(body["credit_code"] is None for body in teams) == {True: 40, False: 15}
    assert all("模拟" in body["name"] and is_credit_code(body["credit_code"])
               for body in teams if body["credit_code"])  # fmt: skip
    assert all(3 <= body["members"] <= 8 and body["head"] for body in teams)


def test_a_building_head_belongs_to_a_group_of_the_cell(whole: Connection) -> None:
    rows = whole.execute(
        text(
            "SELECT a.place, a.simulated, n.parent_no = g.parent_no AS together, kind FROM (SELECT x.*, s.simulated"
            " FROM assignments x JOIN staff_members s ON s.id = x.staff_id WHERE duty = 'building_head') a"
            " JOIN area_numbers n ON n.no = a.cell_no JOIN area_numbers g ON g.no = a.group_no"
        )
    ).all()
    assert len(rows) == 1106
    assert all(row.together and row.simulated and row.place for row in rows)
    assert {row.place.startswith("户长") for row in rows} == {True, False}


def test_credit_codes_are_right_and_say_that_they_are_invented(whole: Connection) -> None:
    rows = whole.execute(text("SELECT kind, credit_code, simulated FROM units")).all()
    codes = [row.credit_code for row in rows if row.credit_code]
    assert len(codes) == len(set(codes))
    assert all(is_credit_code(code) and MARK in code for code in codes)
    assert all(row.simulated for row in rows if row.credit_code)
    assert all(row.credit_code for row in rows if row.kind in {"department", "agency", "utility"})


def test_sub_centres_are_called_by_the_places_that_they_serve(whole: Connection) -> None:
    names = whole.execute(
        text(
            "SELECT u.name, u.name_en, a.name AS place, a.name_en AS place_en FROM units u"
            " JOIN areas a ON a.no = u.area_no WHERE u.kind = 'sub_centre'"
        )
    ).all()
    assert len(names) == 12
    for row in names:
        assert row.name == f"{row.place}分中心"
        assert row.name_en == row.place_en.replace("Subdistrict", "Sub-centre")


def test_a_real_district_gets_no_codes_and_its_desks_get_hours(database: str) -> None:
    town.build(database)
    with transaction(database) as connection:
        units = add_reference_units(connection, 1)
        rows = connection.execute(text("SELECT * FROM units")).all()
    assert not [row for row in rows if row.credit_code]
    hours = {(str(r.opens_at), str(r.closes_at), r.night_unit_id) for r in rows if r.kind == "sub_centre"}
    assert hours == {("08:00:00", "22:00:00", units["command_centre"])}


def test_stand_ins_count(whole: Connection, seen: Connection) -> None:
    away = whole.execute(
        text(
            "SELECT l.staff_id, l.from_on, l.until_on, (SELECT cell_no FROM assignments a WHERE a.kind = 'full_time'"
            " AND a.staff_id = l.staff_id) AS cell_no, (SELECT a.staff_id FROM assignments a WHERE a.leave_id = l.id)"
            " AS by FROM leaves l"
        )
    ).all()
    assert len(away) == 12
    stood_in = {row.cell_no for row in away if row.by}
    assert len(stood_in) == 8
    assert len({row.by for row in away if row.by}) == 8
    assert all(row.from_on <= today(whole) < row.until_on for row in away)
    counted = seen.execute(text("SELECT * FROM staffing_seen(1, :day) WHERE away > 0"), {"day": today(seen)})
    found = {row.cell_no: row for row in counted}
    assert set(found) == {row.cell_no for row in away}
    for no, row in found.items():
        assert (row.officers, "officer" in row.missing) == ((1, False) if no in stood_in else (0, True))
    near = whole.execute(
        text(
            "SELECT bool_and(ST_Intersects(c.geom, o.geom)) FROM assignments x JOIN areas c ON c.no = x.cell_no"
            " JOIN assignments y ON y.staff_id = x.staff_id AND y.kind = 'full_time' JOIN areas o ON o.no = y.cell_no"
            " WHERE x.kind = 'stand_in'"
        )
    ).scalar_one()
    assert near


def test_every_desk_is_served_for_two_weeks(whole: Connection) -> None:
    desks = whole.execute(text("SELECT id, kind FROM units WHERE kind IN ('command', 'sub_centre')")).all()
    assert len(desks) == 13
    local = "SELECT district_today(1)::timestamp AT TIME ZONE timezone FROM districts"
    begin: datetime = whole.execute(text(local)).scalar_one()
    for desk in desks:
        rows = duty.shifts(whole, desk.id, begin, begin + timedelta(days=14))
        assert len(rows) == 14 * (6 if desk.kind == "command" else 4)
        assert all(row["simulated"] and not row["away"] for row in rows)
        leading = Counter((row["starts_at"], row["ends_at"]) for row in rows if row["leads"])
        assert set(leading.values()) == {1}
        assert set(Counter(row["starts_at"] for row in rows).values()) == {2}
        lengths = {row["ends_at"] - row["starts_at"] for row in rows}
        assert lengths == {timedelta(hours=8 if desk.kind == "command" else 7)}


def test_nobody_is_in_two_places(whole: Connection) -> None:
    several = whole.execute(
        text(
            "SELECT count(*) FROM (SELECT FROM shifts GROUP BY staff_id HAVING count(DISTINCT unit_id) > 1) s"
        )
    ).scalar_one()
    strangers = whole.execute(
        text(
            "SELECT count(*) FROM shifts h WHERE NOT EXISTS (SELECT FROM post_holders o"
            " JOIN posts p ON p.id = o.post_id WHERE o.staff_id = h.staff_id AND p.unit_id = h.unit_id)"
        )
    ).scalar_one()
    tired = whole.execute(
        text(
            "SELECT count(*) FROM shifts a JOIN shifts b ON b.staff_id = a.staff_id AND b.starts_at > a.starts_at"
            " AND b.starts_at < a.ends_at + interval '10 hours'"
        )
    ).scalar_one()
    assert (several, strangers, tired) == (0, 0, 0)
    assert whole.execute(text("SELECT bool_and(simulated) FROM staff_members")).scalar_one()
    idle = whole.execute(
        text(
            "SELECT count(*) FROM staff_members s WHERE NOT EXISTS (SELECT FROM post_holders WHERE staff_id = s.id)"
            " AND NOT EXISTS (SELECT FROM assignments WHERE staff_id = s.id)"
            " AND NOT EXISTS (SELECT FROM unit_members WHERE staff_id = s.id)"
            " AND NOT EXISTS (SELECT FROM group_leaders WHERE staff_id = s.id)"
        )
    ).scalar_one()
    assert idle < 100

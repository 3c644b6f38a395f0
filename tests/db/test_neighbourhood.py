"""Below the community: one leader a group, one chair a council; each reader sees their own communities alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from app.accounts.rules import Role
from app.db import Actor, transaction
from app.factory import create_app
from app.grid.rules import Level
from app.grid.service import AreaRows, put_areas, the_district
from app.postgres import Cluster
from app.staffing import store
from app.staffing.rules import Standing
from app.staffing.store import councils, neighbourhood
from tests import town
from tests.cluster import clone
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
DAY = date(2026, 6, 1)
BEGUN, OVER = date(2026, 1, 1), date(2029, 1, 1)
CORNERS = {"a": (0, 2), "b": (2, 2), "c": (0, 0), "d": (2, 0)}


@dataclass
class Place:
    """What stands in the town: its address, numbers of groups and cells, ids of communities, units, terms, people."""

    url: str
    groups: dict[str, int]
    cells: dict[str, int]
    areas: dict[str, int]
    units: dict[str, int]
    terms: dict[str, int]
    people: Iterator[int]


def group(letter: str, number: int) -> str:
    return f"{town.community(letter)}Z{number:02d}"


def add_groups(connection: Connection) -> None:
    """Two resident groups in each community, one above the other."""
    found = [
        (group(letter, n + 1), shapely.box(x, y, x + 2 * town.STEP, y + town.STEP))
        for letter, (column, row) in CORNERS.items()
        for n in range(2)
        for x, y in [(town.WEST + column * town.STEP, town.SOUTH + (row + n) * town.STEP)]
    ]

    def column(values: list[Any]) -> Any:
        return np.array(values, dtype=object)

    codes = [code for code, _ in found]
    rows = AreaRows(
        codes=column(codes),
        names=column([f"组{code}" for code in codes]),
        parents=column([code[:12] for code in codes]),
        kinds=column([None] * len(codes)),
        households=column([100] * len(codes)),
        shapes=column([shape for _, shape in found]),
        names_en=column([f"group-{code}" for code in codes]),
    )
    put_areas(connection, the_district(connection), Level.RESIDENT_GROUP, rows, source="town")


def people_of(connection: Connection) -> Iterator[int]:
    ids = [
        store.add_staff(connection, district_id=1, code=f"N{n:02d}", name=f"邻{n:02d}", simulated=n == 0)
        for n in range(60)
    ]
    return iter(ids)


@pytest.fixture(scope="module")
def place(cluster: Cluster) -> Iterator[Place]:
    with clone(cluster) as url:
        town.build(url)
        with transaction(url) as connection:
            add_groups(connection)
            rows = connection.execute(text("SELECT id, no, code, level FROM areas")).all()
            at = Place(
                url,
                {row.code: row.no for row in rows if row.level == "resident_group"},
                {row.code: row.no for row in rows if row.level == "cell"},
                {row.code: row.id for row in rows if row.level != "cell"},
                {},
                {},
                people_of(connection),
            )
            fill(connection, at)
        yield at


def fill(connection: Connection, at: Place) -> None:
    """Community a has all five levels, b a council past its term, d a leader and no building head; c has nothing."""
    for letter, until in (("a", OVER), ("b", date(2026, 5, 1))):
        no = connection.execute(
            text("SELECT no FROM areas WHERE id = :id"), {"id": at.areas[town.community(letter)]}
        )
        about = {"district_id": 1, "name": f"会{letter}", "kind": "council", "area_no": no.scalar_one()}
        at.units[letter] = store.add_unit(connection, code=f"council_{letter}", **about)
        at.terms[letter] = councils.add_term(connection, at.units[letter], 2, BEGUN, until)
        standings = [Standing.CHAIR, Standing.MEMBER, Standing.MEMBER]
        rows = [(at.terms[letter], next(at.people), standing, BEGUN, until) for standing in standings]
        councils.add_members(connection, rows)
    about["kind"] = "security_team"
    at.units["team"] = store.add_unit(connection, code="team_b", **about)
    neighbourhood.lead_group(
        connection,
        [(next(at.people), at.groups[group("a", 1)]), (next(at.people), at.groups[group("d", 1)])],
        BEGUN,
    )
    first = town.cell(0, 2)
    heads = [(next(at.people), at.cells[first], "3栋", at.groups[group("a", 1)])]
    heads += [(next(at.people), at.cells[first], "5栋", None)]  # type: ignore[list-item]
    neighbourhood.add_building_heads(connection, heads, BEGUN)


@pytest.fixture(scope="module")
def clients(place: Place) -> dict[str, FlaskClient]:
    app = create_app(place.url)
    west = employ(place.url, Role.SUPERVISOR, town.subdistrict("a"), username="west")
    duty = employ(place.url, Role.DUTY_OFFICER, town.DISTRICT, username="whole")
    return {"west": sign_in(app, west), "whole": sign_in(app, duty)}


def refused(place: Place, constraint: str, act: Callable[[Connection], Any]) -> None:
    with pytest.raises(IntegrityError) as caught, transaction(place.url) as connection:
        act(connection)
    assert caught.value.orig.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_terms_do_not_overlap(place: Place) -> None:
    unit, day = place.units["a"], timedelta(days=1)
    for begun, over in ((OVER - day, None), (date(2020, 1, 1), BEGUN + day), (date(2020, 1, 1), None)):
        refused(place, "unit_terms_once", lambda c, b=begun, o=over: councils.add_term(c, unit, 9, b, o))
    refused(place, "unit_terms_no", lambda c: councils.add_term(c, unit, 2, OVER))
    refused(place, "unit_terms_order", lambda c: councils.add_term(c, unit, 9, OVER, OVER))


def test_one_chair_at_a_time_and_nobody_outside_the_term(place: Place) -> None:
    someone, term = next(place.people), place.terms["a"]

    def join(standing: Standing, begun: date, over: date | None) -> Callable[[Connection], None]:
        return lambda c: councils.add_members(c, [(term, someone, standing, begun, over)])

    refused(place, "unit_members_one_head", join(Standing.CHAIR, DAY, OVER))
    refused(place, "unit_members_one_head", join(Standing.LEADER, DAY, OVER))
    refused(place, "unit_members_term", join(Standing.MEMBER, BEGUN - timedelta(days=1), OVER))
    refused(place, "unit_members_term", join(Standing.MEMBER, DAY, None))
    with transaction(place.url) as connection:
        chair = connection.execute(
            text("SELECT id FROM unit_members WHERE term_id = :t AND standing = 'chair'"), {"t": term}
        ).scalar_one()
        assert councils.end_member(connection, chair, OVER - timedelta(days=9))
        assert not councils.end_member(connection, chair, OVER)
        join(Standing.CHAIR, OVER - timedelta(days=9), OVER)(connection)


def test_one_leader_a_group(place: Place) -> None:
    someone, other = next(place.people), next(place.people)
    led = place.groups[group("d", 1)]
    refused(place, "group_leaders_one", lambda c: neighbourhood.lead_group(c, [(someone, led)], DAY))
    cell = place.cells[town.cell(0, 0)]
    refused(place, "resident_group", lambda c: neighbourhood.lead_group(c, [(someone, cell)], DAY))
    refused(
        place,
        "resident_group",
        lambda c: neighbourhood.add_building_heads(c, [(someone, cell, "1栋", cell)], DAY),
    )
    with transaction(place.url) as connection:
        leader = connection.execute(
            text("SELECT id FROM group_leaders WHERE group_no = :g"), {"g": led}
        ).scalar_one()
        assert neighbourhood.end_group_leader(connection, leader, date(2030, 1, 1))
        neighbourhood.lead_group(connection, [(other, led)], date(2030, 1, 1))


def test_the_five_levels_are_counted(clients: dict[str, FlaskClient]) -> None:
    found = clients["whole"].get(f"/api/v1/neighbourhood?on={DAY}").json
    assert found is not None
    total = {name: found["total"][name] for name in ("communities", "five_levels", "groups", "led", "heads")}
    assert total == {"communities": 4, "five_levels": 1, "groups": 8, "led": 2, "heads": 2}
    assert {n: found["total"][n] for n in ("councils", "over", "chairs", "members", "teams")} == {
        "councils": 2,
        "over": 1,
        "chairs": 2,
        "members": 4,
        "teams": 1,
    }
    rows = {row["code"]: row for row in found["items"]}
    assert [row["level"] for row in found["items"]][:3] == ["district", "subdistrict", "community"]
    assert rows[town.subdistrict("a")]["led"] == 1
    assert rows[town.subdistrict("b")]["over"] == 1
    assert (rows[town.community("d")]["led"], rows[town.community("d")]["five_levels"]) == (1, 0)
    before = clients["whole"].get("/api/v1/neighbourhood?on=2025-12-31").json["total"]  # type: ignore[index]
    assert (before["led"], before["heads"], before["chairs"], before["councils"]) == (0, 0, 0, 2)


def test_a_reader_sees_their_own_communities(place: Place, clients: dict[str, FlaskClient]) -> None:
    west = clients["west"]
    items = west.get(f"/api/v1/neighbourhood?on={DAY}").json["items"]  # type: ignore[index]
    assert [row["code"] for row in items] == [
        town.subdistrict("a"),
        town.community("a"),
        town.community("c"),
    ]
    bodies = west.get(f"/api/v1/bodies?on={DAY}").json["items"]  # type: ignore[index]
    assert [row["code"] for row in bodies] == ["council_a"]
    shown = west.get(f"/neighbourhood?on={DAY}", headers=PAGE)
    assert shown.status_code == 200
    assert town.community("a") in shown.text
    assert town.community("b") not in shown.text
    own, other = place.areas[town.community("a")], place.areas[town.community("b")]
    assert west.get(f"/neighbourhood/{own}", headers=PAGE).status_code == 200
    narrow = (other, place.areas[town.DISTRICT])
    for path in ("/api/v1/neighbourhood?area={}", "/api/v1/bodies?area={}", "/neighbourhood?area={}"):
        assert [west.get(path.format(area), headers=PAGE).status_code for area in narrow] == [404, 404]
    nowhere = (other, place.areas[town.subdistrict("a")], place.areas[group("a", 1)], 99999)
    for area in nowhere:
        assert west.get(f"/neighbourhood/{area}", headers=PAGE).status_code == 404
    with transaction(place.url, actor=Actor(), read_only=True) as connection:
        assert councils.body(connection, place.units["a"], DAY) is None
        assert neighbourhood.groups(connection, own, DAY, None, 9) == []


def test_a_community_shows_vacant_groups_first(place: Place, clients: dict[str, FlaskClient]) -> None:
    own = place.areas[town.community("a")]
    page = clients["west"].get(f"/neighbourhood/{own}?on={DAY}", headers=PAGE).text
    assert page.index(group("a", 2)) < page.index(group("a", 1)), "the vacant one first"
    assert page.index("3栋") < page.index("未归入小组的楼栋长") < page.index("5栋")
    assert "第 2 届" in page
    assert page.count("badge-sim") == 1, "of all people here only N00 is simulated"
    assert "届满未换届" not in page
    late = place.areas[town.community("b")]
    page = clients["whole"].get(f"/neighbourhood/{late}?on={DAY}", headers=PAGE).text
    assert "届满未换届" in page
    assert "邻03" in page, "who chaired when the term ran out is not lost"
    assert "无任期" in page


def test_bodies_come_in_pages(clients: dict[str, FlaskClient]) -> None:
    seen, after = [], ""
    while after is not None:
        found = clients["whole"].get(f"/api/v1/bodies?on={DAY}&limit=1&after={after}").json
        assert found is not None
        seen += found["items"]
        after = found["next"]
    assert [body["code"] for body in seen] == ["council_a", "council_b", "team_b"]
    assert [body["over"] for body in seen] == [False, True, False]
    assert [body["head"] for body in seen] == ["邻00", "邻03", None]
    assert [body["members"] for body in seen] == [2, 2, 0]
    teams = clients["whole"].get("/api/v1/bodies?kind=security_team").json["items"]  # type: ignore[index]
    assert [body["code"] for body in teams] == ["team_b"]
    assert clients["whole"].get("/api/v1/bodies?kind=command").status_code == 400


def test_groups_come_in_pages(place: Place) -> None:
    with transaction(place.url, read_only=True) as connection:
        whole = connection.execute(
            text("SELECT int8multirange(int8range(no, last_no, '[]')) FROM areas WHERE level = 'district'")
        ).scalar_one()
    actor = Actor(territory="{" + ",".join(map(str, whole)) + "}")
    with transaction(place.url, actor=actor, read_only=True) as connection:
        area = place.areas[town.community("a")]
        first = neighbourhood.groups(connection, area, DAY, None, 1)
        then = neighbourhood.groups(connection, area, DAY, (first[0]["led"], first[0]["code"]), 9)
    assert [row["code"] for row in first + then] == [group("a", 2), group("a", 1)]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_no_word_is_missing(place: Place, clients: dict[str, FlaskClient], lang: str) -> None:
    late = place.areas[town.community("b")]
    for path in (f"/neighbourhood?lang={lang}", f"/neighbourhood/{late}?lang={lang}"):
        assert "neighbourhood." not in clients["whole"].get(path, headers=PAGE).text.replace(
            "staffing.neighbourhood", ""
        )

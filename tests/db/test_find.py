"""What the search box of the console finds: for whom which groups, in whose territory, and whose telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.ledger import service as watching
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.people import employ

pytestmark = pytest.mark.db

OWN, WORK = "13800001111", "13800002222"
GROUPS = ("areas", "places", "cases", "units", "staff", "sites", "organisations", "objects")


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    """The town at work: a cell with an officer and a volunteer, everybody with a telephone, a unit with two."""
    with casework.cloned(cluster) as made:
        made.people["analyst"] = employ(made.url, Role.ANALYST, town.DISTRICT, username="analyst")
        with transaction(made.url) as connection:
            connection.execute(
                text("INSERT INTO staff_members (district_id, code, name, phone) VALUES (1, 'V-1', '楼栋长甲', :own)"),
                {"own": OWN},
            )  # fmt: skip
            connection.execute(
                text("INSERT INTO staff_members (district_id, code, name) VALUES (1, 'GONE', '从前甲')")
            )
            connection.execute(
                text("INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
                     " SELECT s.id, n.no, x.kind, x.duty, district_today(1) - 9"
                     " FROM (VALUES ('officer', 'full_time', 'grid_officer'), ('V-1', 'part_time', 'building_head'))"
                     " AS x (who, kind, duty) JOIN staff_members s ON x.who IN (s.code, s.name)"
                     " JOIN area_numbers n ON n.code = :cell"),
                {"cell": casework.AREA},
            )  # fmt: skip
            connection.execute(
                text(
                    "UPDATE staff_members SET phone = :work WHERE name IN ('officer', 'operator', 'resident')"
                ),
                {"work": WORK},
            )
            connection.execute(
                text("UPDATE units SET day_phone = '0871-5551', night_phone = '0871-5552'"
                     " WHERE code = 'sanitation'")
            )  # fmt: skip
        yield made


def find(work: Casework, who: str, said: str, **more: Any) -> dict[str, list[Any]]:
    answer = work.client(who).get("/api/v1/find", query_string={"q": said, **more})
    assert answer.status_code == 200, answer.text
    assert set(answer.get_json()) == set(GROUPS)
    return dict(answer.get_json())


def code_of(work: Casework, name: str) -> str:
    return str(work.scalar("SELECT code FROM staff_members WHERE name = :name", name=name))


def call(work: Casework, who: str, code: str, status: int = 200) -> dict[str, Any]:
    answer = work.client(who).post(f"/api/v1/staff/{code}/call")
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def test_an_area_is_found_by_its_code_and_the_very_code_comes_first(work: Casework) -> None:
    found = find(work, "duty", casework.COMMUNITY)["areas"]
    assert found[0]["code"] == casework.COMMUNITY
    assert {area["code"][:12] for area in found} == {casework.COMMUNITY}
    (cell,) = find(work, "duty", casework.AREA)["areas"]
    assert (cell["kind"], cell["code"]) == ("cell", casework.AREA)


def test_a_case_is_found_by_number_last_digits_and_words_where_it_is_seen(work: Casework) -> None:
    case = work.report(address="映象路口", description="窨井盖破损")["case_id"]
    number = work.client("duty").get(f"/api/v1/cases/{case}").get_json()["number"]
    for said in (number, number[-4:], "窨井盖", "映象路"):
        assert case in [one["id"] for one in find(work, "duty", said)["cases"]], said
        assert find(work, "neighbour", said)["cases"] == [] or said == number[-4:]
    assert find(work, "duty", "盖")["cases"] == []
    told = find(work, "duty", number)["cases"][0]
    assert (told["category"], told["address"]) != (None, None)


def test_a_unit_is_found_with_its_telephones_by_those_who_may_read_staff(work: Casework) -> None:
    name = work.scalar("SELECT name FROM units WHERE code = 'sanitation'")
    (unit,) = [one for one in find(work, "duty", name)["units"] if one["code"] == "sanitation"]
    assert (unit["day_phone"], unit["night_phone"]) == ("0871-5551", "0871-5552")
    assert find(work, "duty", "sanit")["units"][0]["code"] == "sanitation"
    for who in ("officer", "analyst", "resident"):
        found = find(work, who, name)
        assert found["units"] == found["staff"] == [], who


def test_people_are_found_with_what_they_do_and_without_a_number(work: Casework) -> None:
    (officer,) = [one for one in find(work, "duty", "officer")["staff"] if one["name"] == "officer"]
    assert officer["posts"][0]["word"] == "grid_officer"
    assert officer["posts"][0]["level"] == "cell"
    assert officer["work_phone"]
    assert set(officer) == {"code", "name", "simulated", "work_phone", "posts"}, "nothing is told beside it"
    (head,) = find(work, "duty", "楼栋长甲")["staff"]
    assert (head["code"], head["work_phone"]) == ("V-1", False)
    for who in ("duty", "operator"):
        answer = work.client(who).get("/api/v1/find?q=officer")
        assert OWN not in answer.text and WORK not in answer.text


def test_who_only_reports_or_has_left_is_nobody_to_be_found(work: Casework) -> None:
    assert find(work, "duty", "resident")["staff"] == []
    assert find(work, "duty", "从前甲")["staff"] == []


def test_everybody_finds_their_own_territory(work: Casework) -> None:
    assert [one["name"] for one in find(work, "operator", "officer", limit=20)["staff"]]
    assert find(work, "neighbour", "officer")["staff"] == []
    assert find(work, "neighbour", "楼栋长甲")["staff"] == []


def test_a_name_that_many_have_elsewhere_is_found_at_home(work: Casework) -> None:
    with transaction(work.url) as connection:
        connection.execute(
            text("WITH made AS (INSERT INTO staff_members (district_id, code, name)"
                 " SELECT 1, 'A-' || to_char(n, 'FM0000'), '重名甲' FROM generate_series(1, 230) n RETURNING id),"
                 " own AS (INSERT INTO staff_members (district_id, code, name)"
                 " VALUES (1, 'Z-9', '重名甲') RETURNING id)"
                 " INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
                 " SELECT m.id, n.no, 'part_time', 'building_head', district_today(1) - 9 FROM made m CROSS JOIN"
                 " (SELECT no FROM area_numbers WHERE level = 'cell' AND code NOT LIKE :street || '%' LIMIT 1) n"
                 " UNION ALL SELECT o.id, n.no, 'part_time', 'building_head', district_today(1) - 9"
                 " FROM own o CROSS JOIN area_numbers n WHERE n.code = :cell"),
            {"street": casework.SUBDISTRICT, "cell": casework.AREA},
        )  # fmt: skip
    assert [one["code"] for one in find(work, "operator", "重名甲")["staff"]] == ["Z-9"]
    assert len(find(work, "duty", "重名甲", limit=20)["staff"]) == 20


def test_each_group_is_bounded(work: Casework) -> None:
    found = find(work, "duty", town.DISTRICT, limit=3)
    assert len(found["areas"]) == 3
    assert all(len(found[group]) <= 3 for group in GROUPS)
    assert work.client("duty").get("/api/v1/find?q=a&limit=21").status_code == 400
    assert find(work, "duty", " ") == {group: [] for group in GROUPS}


def test_any_text_is_taken_as_it_is(work: Casework) -> None:
    for said in ("%", "_", "%%%%", "\\", "'", '"', "a%b"):
        assert find(work, "duty", said)["areas"] == [], said


def test_a_work_telephone_is_told_one_by_one_and_logged(work: Casework) -> None:
    code = code_of(work, "officer")
    assert call(work, "operator", code) == {"name": "officer", "phone": WORK}
    logged = work.scalar(
        "SELECT facts || jsonb_build_object('who', account_name, 'of', subject_kind, 'code', subject_id,"
        " 'outcome', outcome) FROM access_log WHERE action = 'personal.read' ORDER BY no DESC LIMIT 1"
    )
    assert logged == {"field": "contact", "who": "operator", "of": "staff", "code": code, "outcome": "done"}


def test_no_number_of_ones_own_of_another_territory_or_for_who_may_not(work: Casework) -> None:
    assert call(work, "operator", "V-1", 404)["code"] == "work_phone_missing"
    assert call(work, "operator", code_of(work, "resident"), 404)["code"] == "work_phone_missing"
    assert call(work, "neighbour", code_of(work, "officer"), 404)["code"] == "staff_missing"
    assert call(work, "operator", "nobody", 404)["code"] == "staff_missing"
    for who in ("overseer", "officer", "analyst"):
        assert "phone" not in call(work, who, code_of(work, "officer"), 403)


def test_more_calls_than_anybody_makes_are_refused_and_logged(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_AN_HOUR", 1)
    code = code_of(work, "officer")
    call(work, "head", code)
    assert "phone" not in call(work, "head", code, 429)
    last = work.scalar("SELECT outcome FROM access_log WHERE account_name = 'head' ORDER BY no DESC LIMIT 1")
    assert last == "refused"

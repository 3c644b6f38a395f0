"""First screens: what each role is told of, decides and draws, and nothing of what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from tests import town
from tests.casework import ELSEWHERE, SUBDISTRICT, Casework, cloned
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with cloned(cluster) as made:
        made.people["mayor"] = employ(made.url, Role.LEADER, town.DISTRICT, username="mayor")
        yield made


def ask(work: Casework, who: str, path: str, status: int = 200) -> dict[str, Any]:
    answer = work.client(who).get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def waiting(work: Casework, who: str, case: int) -> dict[str, list[str]]:
    """What somebody is told to decide of a case: the moves by their matter."""
    items = ask(work, who, "screens/command")["decisions"]["items"]
    return {item["matter"]: item["moves"] for item in items if item["id"] == case}


def handled(work: Casework, who: str = "supervisor", **fields: Any) -> int:
    """A case of the subdistrict that a unit handles."""
    case = int(work.report(who, **fields)["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    return case


def test_what_a_unit_asks_for_waits_for_the_head_of_its_loop_until_it_is_decided(work: Casework) -> None:
    case = handled(work)
    before = ask(work, "head", "screens/command")["decisions"]["counts"]
    work.move("sanitation", case, "request_extension", reason="需调机械", amount="2")
    assert waiting(work, "head", case) == {"extension": ["grant_extension", "refuse_extension"]}
    told = ask(work, "head", "screens/command")["decisions"]
    assert told["counts"] == {**before, "extension": before["extension"] + 1}
    assert told["whole"]
    for other in ("duty", "operator", "neighbour", "sanitation", "mayor", "acceptor"):
        assert waiting(work, other, case) == {}, f"{other} does not decide of it"
    for move in waiting(work, "head", case)["extension"]:
        offered = ask(work, "head", f"cases/{case}/moves")["items"]
        assert move in {item["move"] for item in offered}, "what is offered here can be done there"
    work.move("head", case, "grant_extension")
    assert waiting(work, "head", case) == {}


def test_a_return_waits_for_the_dispatcher_and_the_second_one_for_a_ruling(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "send_back", reason="不属本单位职责")
    for who in ("operator", "head"):
        assert waiting(work, who, case) == {"return": ["uphold_return", "refuse_return"]}
    work.move("operator", case, "uphold_return", opinion="确实")
    work.move("operator", case, "dispatch", unit=work.unit("urban_management"))
    work.move("bureau", case, "send_back", reason="也不是")
    work.move("operator", case, "uphold_return", opinion="确实")
    assert waiting(work, "head", case) == {"ruling": ["adjudicate"]}
    assert waiting(work, "operator", case) == {}
    work.move("head", case, "adjudicate", unit=work.unit("sanitation"), reason="裁定")
    assert waiting(work, "head", case) == {}, "it was ruled on"


def test_closing_by_force_is_named_when_the_clock_says_twice_the_time(work: Casework) -> None:
    case = handled(work)
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE cases SET due_at = now() - interval '2 days' WHERE id = :c"), {"c": case}
        )
    assert waiting(work, "head", case) == {}
    with transaction(work.url) as connection:
        connection.execute(
            text("INSERT INTO case_alarms (case_id, version, kind, stage, at, told, loop, area_no)"
                 " SELECT id, version, 'severe', 'handling', now(), 'leader', loop, area_no FROM cases WHERE id = :c"),
            {"c": case},
        )  # fmt: skip
    assert waiting(work, "head", case) == {"force_close": ["force_close"]}
    counts = ask(work, "duty", "screens/command")["decisions"]["counts"]
    assert counts["force_close"] == 0, "the loop is the subdistrict's"


def test_parts_and_urgent_cases_are_those_of_ones_own_territory(work: Casework) -> None:
    district, street = (ask(work, who, "screens/command") for who in ("duty", "head"))
    assert district["parts"]["level"] == "subdistrict"
    assert {part["code"] for part in district["parts"]["items"]} == {SUBDISTRICT, ELSEWHERE}
    assert street["parts"]["level"] == "community"
    assert {part["code"][:9] for part in street["parts"]["items"]} == {SUBDISTRICT}
    west = next(part for part in district["parts"]["items"] if part["code"] == SUBDISTRICT)
    assert sum(part["open"] for part in street["parts"]["items"]) <= west["open"]
    assert district["urgent"]["of"] == len(district["urgent"]["items"])
    assert all(item["urgency"] == "most" for item in district["urgent"]["items"])


def test_what_waits_is_told_with_what_of_it_is_most_urgent(work: Casework) -> None:
    severe = work.scalar("SELECT number FROM filing_conditions WHERE risk = 'severe' ORDER BY number LIMIT 1")
    category = work.scalar(
        "SELECT k.code FROM case_categories k JOIN filing_conditions f ON f.category_id = k.id WHERE f.number = :n",
        n=severe,
    )
    case = int(work.report("supervisor", category=category)["case_id"])
    before = ask(work, "operator", "view/waiting")
    assert case in before["ids"] and before["total"] == len(before["ids"])
    assert case not in {item["id"] for item in before["urgent"]["items"]}, (
        "nobody has said yet how grave it is"
    )
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition=severe)
    told = ask(work, "operator", "view/waiting")
    assert case in {item["id"] for item in told["urgent"]["items"]}
    assert told["urgent"]["of"] == before["urgent"]["of"] + 1
    assert told["ids"][0] in {item["id"] for item in told["urgent"]["items"]}, "it comes first"
    assert case not in ask(work, "neighbour", "view/waiting")["ids"]
    assert ask(work, "operator", "view?tab=todo")["queue"]["total"] == told["total"]


def test_the_spot_check_is_drawn_of_what_the_inspector_may_verify(work: Casework) -> None:
    lon, lat = town.centre(town.cell(3, 3))
    made = []
    for number in range(3):
        position = {"lon": lon, "lat": lat}
        case = int(work.report("inspector", position=position, description=f"第 {number} 处")["case_id"])
        by = work.account("inspector") if number == 2 else 0
        with transaction(work.url) as connection:
            connection.execute(
                text("UPDATE cases SET state = 'handled', loop = 'district',"
                     " stand = stand || jsonb_build_object('handled_by', jsonb_build_array(CAST(:by AS int)))"
                     " WHERE id = :c"),
                {"c": case, "by": by},
            )  # fmt: skip
        made.append(case)
    first, again = (ask(work, "inspector", "screens/spot-check") for _ in range(2))
    drawn = [item["id"] for item in first["items"]]
    assert first == again
    assert set(made[:2]) <= set(drawn) and made[2] not in drawn, "nobody looks at what they have handled"
    assert first["of"] == len(drawn) <= first["most"]
    assert ask(work, "operator", "screens/spot-check")["items"] == []
    assert ask(work, "crew", "screens/spot-check")["of"] == 0


def test_a_leader_begins_with_one_page_and_may_go_on_to_the_map(work: Casework) -> None:
    client = work.client("mayor")
    landed = client.get("/", headers=PAGE)
    assert landed.status_code == 303 and landed.location.endswith("/brief")
    assert client.get("/?lay=map", headers=PAGE).status_code == 200
    assert work.client("duty").get("/", headers=PAGE).status_code == 200
    page = client.get("/brief", headers=PAGE).text
    figures = ask(work, "mayor", "view")["figures"]
    assert f"<b>{figures['open']}</b>" in page and "今日简报" in page
    assert "Today&#39;s brief" in client.get("/brief?lang=en", headers=PAGE).text


def test_the_brief_tells_of_ones_own_territory_alone(work: Casework) -> None:
    west = sign_in(work.app, employ(work.url, Role.LEADER, SUBDISTRICT, username="west-leader"))
    with transaction(work.url) as connection:
        connection.execute(
            text("INSERT INTO cases (district_id, category_id, state, reported_at, due_at, geom)"
                 " SELECT 1, id, 'handling', now() - interval '9 days', now() - interval '1 day',"
                 " ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) FROM case_categories CROSS JOIN generate_series(1, 25)"
                 " WHERE code = 'C01'"),
            dict(zip(("lon", "lat"), town.centre(town.cell(3, 0)), strict=True)),
        )  # fmt: skip
    work.clients.pop("mayor", None)
    whole, street = (one.get("/brief", headers=PAGE).text for one in (work.client("mayor"), west))
    assert f"名{ELSEWHERE}" in whole, "named as one of the worst"
    assert f"名{ELSEWHERE}" not in street and f"名{town.community('d')}" not in street


def test_a_community_s_stations_divide_its_cases(work: Casework) -> None:
    service = work.scalar(
        "SELECT min(code) FROM case_categories WHERE line = 'public_service' AND switched_on"
    )
    case = int(work.report("officer", category=service)["case_id"])
    litter = int(work.report("officer")["case_id"])

    def ids(query: str) -> set[int]:
        return {item["id"] for item in ask(work, "station", f"view?limit=200{query}")["queue"]["items"]}

    services, safety = ids("&station=community_services"), ids("&station=community_safety")
    assert case in services and litter in safety
    assert not services & safety and services | safety == ids("")
    of_litter = work.scalar("SELECT id FROM case_categories WHERE code = 'C01'")
    assert ids(f"&station=community_services&category={of_litter}") == set()
    assert ask(work, "station", "view?station=fire", 400)["code"] == "parameter_invalid"

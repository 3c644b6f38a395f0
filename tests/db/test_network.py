"""关系网络 at its door: what is tied to what, who is shown how much of it, how much of it at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.console.network.store import reading
from app.db import transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.people import employ

pytestmark = pytest.mark.db

BESIDE = town.cell(1, 3)
PHONE = "13812345678"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    """The town at work; the first cell has an officer and a volunteer of its own, a stretch and a campaign's place."""
    with casework.cloned(cluster) as made:
        made.people["analyst"] = employ(made.url, Role.ANALYST, town.DISTRICT, username="analyst")
        lon, lat = town.centre(casework.AREA)
        with transaction(made.url) as connection:
            connection.execute(
                text("INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
                     " SELECT s.id, n.no, x.kind, x.duty, district_today(1) - 9"
                     " FROM (VALUES ('officer', 'full_time', 'grid_officer'), ('resident', 'part_time', 'volunteer'))"
                     " AS x (who, kind, duty) JOIN accounts a ON a.username = x.who"
                     " JOIN staff_members s ON s.account_id = a.id JOIN area_numbers n ON n.code = :cell"),
                {"cell": casework.AREA},
            )  # fmt: skip
            connection.execute(text("UPDATE staff_members SET phone = :phone"), {"phone": PHONE})
            connection.execute(
                text("INSERT INTO maintenance_areas (district_id, code, name, unit_id, source, geom)"
                     " SELECT 1, 'R-1', '一环路北段', id, 'entered', ST_SetSRID(ST_MakeLine("
                     " ST_MakePoint(:lon, :lat), ST_MakePoint(:lon + 0.01, :lat)), 4490)"
                     " FROM units WHERE code = 'sanitation'"),
                {"lon": lon, "lat": lat},
            )  # fmt: skip
        yield made


def ask(work: Casework, who: str, of: str, status: int = 200, **query: Any) -> Any:
    answer = work.client(who).get("/api/v1/network", query_string={"of": of, **query})
    assert answer.status_code == status, answer.text
    return answer.get_json()


def area(work: Casework, code: str) -> int:
    return int(work.scalar("SELECT id FROM areas WHERE code = :code", code=code))


def here(work: Casework) -> str:
    return f"cell:{area(work, casework.AREA)}"


def labels(found: Any, **which: Any) -> set[str]:
    return {
        node["label"] for node in found["nodes"] if all(node[name] == value for name, value in which.items())
    }


def ties(found: Any, relation: str) -> set[tuple[str, str]]:
    return {(e["source"], e["target"]) for e in found["edges"] if e["relation"] == relation}


def staff(work: Casework, who: str) -> str:
    code = work.scalar(
        "SELECT s.code FROM staff_members s WHERE s.account_id = :account", account=work.account(who)
    )
    return f"staff:{code}"


def test_a_cell_with_its_people_and_cases(work: Casework) -> None:
    case = work.report()["case_id"]
    found = ask(work, "duty", here(work))
    assert (found["of"], found["depth"], found["folded"]) == (here(work), 1, None)
    assert found["on"] == str(work.scalar("SELECT district_today(1)"))
    middle = found["nodes"][0]
    assert (middle["key"], middle["ring"], middle["code"]) == (here(work), 0, casework.AREA)
    assert {node["ring"] for node in found["nodes"][1:]} == {1}
    above = f"area:{area(work, casework.COMMUNITY)}"
    assert ties(found, "part_of") == {(here(work), above)}
    assert (f"case:{case}", here(work)) in ties(found, "lies_in")
    assert (staff(work, "officer"), here(work)) in ties(found, "answers")
    words = {node["key"]: node["word"] for node in found["nodes"]}
    assert words[staff(work, "officer")] == "grid_officer"
    assert words[staff(work, "resident")] == "volunteer"
    assert words[staff(work, "inspector")] == "inspector"
    (shown,) = [node for node in found["nodes"] if node["key"] == f"case:{case}"]
    assert shown["state"] == "reported"
    assert shown["cell"]["id"] == area(work, casework.AREA)
    assert (round(shown["lon"], 6), round(shown["lat"], 6)) == town.centre(casework.AREA)
    assert found["elements"] == len(found["nodes"]) == sum(found["totals"].values())


def test_a_vacant_post_is_an_element(work: Casework) -> None:
    full = ask(work, "duty", here(work), kinds="staff")
    assert not [node for node in full["nodes"] if node["vacant"]]
    gap = ask(work, "duty", f"cell:{area(work, BESIDE)}", kinds="staff")
    vacant = [node for node in gap["nodes"] if node["vacant"]]
    assert {node["word"] for node in vacant} == {"officer", "part_time"}
    assert {(node["opens"], node["label"], node["count"]) for node in vacant} == {(None, "", 1)}


def test_two_steps_lead_from_a_cell_to_who_has_its_cases(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    unit = f"unit:{work.unit('sanitation')}"
    near, far = ask(work, "duty", here(work)), ask(work, "duty", here(work), depth=2)
    assert unit not in {node["key"] for node in near["nodes"]}
    assert (unit, f"case:{case}") in ties(far, "handles")
    assert {node["ring"] for node in far["nodes"] if node["key"] == unit} == {2}
    assert f"名{BESIDE}" in labels(far, kind="cell", ring=2)
    assert (f"case:{case}", here(work)) in ties(ask(work, "duty", f"case:{case}"), "lies_in")
    assert (unit, f"case:{case}") in ties(ask(work, "duty", unit), "handles")


def test_cases_that_were_merged_are_tied_until_they_are_parted(work: Casework) -> None:
    first, second = (work.report("supervisor")["case_id"] for _ in range(2))
    work.move("operator", second, "merge", into=first)
    tie = (f"case:{second}", f"case:{first}")
    assert ties(ask(work, "duty", f"case:{first}"), "merged") == {tie}
    found = ask(work, "duty", here(work), depth=2)
    assert tie in ties(found, "merged")
    assert {node["ring"] for node in found["nodes"] if node["key"] == tie[0]} == {2}, (
        "ended: by its link alone"
    )
    work.move("operator", second, "unmerge")
    assert ties(ask(work, "duty", f"case:{first}"), "merged") == set()


def test_stretches_and_the_units_that_maintain_them(work: Casework) -> None:
    own = int(work.scalar("SELECT id FROM maintenance_areas WHERE code = 'R-1'"))
    found = ask(work, "duty", here(work), depth=2)
    assert (f"stretch:{own}", here(work)) in ties(found, "lies_in")
    assert (f"unit:{work.unit('sanitation')}", f"stretch:{own}") in ties(found, "maintains")
    both = ties(ask(work, "duty", f"stretch:{own}"), "lies_in")
    assert {target for _, target in both} == {here(work), f"cell:{area(work, BESIDE)}"}


def test_a_campaign_its_places_and_what_was_found(work: Casework) -> None:
    today = str(work.scalar("SELECT district_today(1)"))
    lon, lat = town.centre(casework.AREA)
    body = {
        "client_id": str(uuid.uuid4()), "name": "楼道清查", "admission": "准入-7", "category": "A01",
        "area": casework.AREA, "first_on": today, "last_on": today,
        "places": [{"label": "3 幢 2 单元", "lon": lon, "lat": lat}],
    }  # fmt: skip
    campaign = work.client("duty").post("/api/v1/campaigns", json=body).get_json()["id"]
    listed = work.client("duty").get(f"/api/v1/campaigns/{campaign}/places").get_json()["items"][0]["id"]
    visit = {"client_id": str(uuid.uuid4()), "outcome": "found", "description": "堆物"}
    answer = work.client("officer").post(f"/api/v1/campaigns/{campaign}/places/{listed}/visits", json=visit)
    assert answer.status_code == 201, answer.text
    found = ask(work, "duty", here(work), depth=2)
    assert "3 幢 2 单元" in labels(found, kind="place", word="spot", ring=1)
    assert (f"spot:{listed}", f"campaign:{campaign}") in ties(found, "listed")
    assert (f"spot:{listed}", f"case:{answer.get_json()['case_id']}") in ties(found, "found")
    assert {source for source, _ in ties(ask(work, "duty", f"campaign:{campaign}"), "listed")} == {
        f"spot:{listed}"
    }


def test_people_are_named_and_their_numbers_are_not(work: Casework) -> None:
    everything = work.client("duty").get("/api/v1/network", query_string={"of": here(work), "depth": 2})
    assert "officer" in everything.text
    assert PHONE not in everything.text
    assert PHONE[-4:] not in everything.text


def test_who_may_not_read_staff_is_shown_neither_people_nor_gaps(work: Casework) -> None:
    for who in ("analyst", "officer"):
        found = ask(work, who, here(work), depth=2)
        assert "staff" not in found["totals"]
        assert labels(found, kind="staff") == set()
        assert {"answers", "works_in", "member"} & {edge["relation"] for edge in found["edges"]} == set()
        ask(work, who, staff(work, "officer"), 404)


def test_somebody_from_farther_away_is_named_and_leads_no_farther(work: Casework) -> None:
    found = ask(work, "supervisor", here(work))
    opens = {node["key"]: node["opens"] for node in found["nodes"]}
    assert opens[staff(work, "inspector")] is None
    assert opens[staff(work, "officer")] == staff(work, "officer")
    ask(work, "supervisor", staff(work, "inspector"), 404)
    assert (staff(work, "officer"), here(work)) in ties(
        ask(work, "supervisor", staff(work, "officer")), "answers"
    )


def test_what_is_out_of_sight_is_not_there(work: Casework) -> None:
    case = work.report("supervisor")["case_id"]
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    sub_centre = work.scalar(
        "SELECT u.id FROM units u JOIN area_numbers n ON n.no = u.area_no WHERE u.kind = 'sub_centre'"
        " AND n.code = :code", code=casework.SUBDISTRICT,
    )  # fmt: skip
    hidden = [here(work), f"area:{area(work, casework.COMMUNITY)}", f"case:{case}", f"unit:{sub_centre}"]
    missing = {
        ask(work, "neighbour", of, 404)["code"] for of in [*hidden, staff(work, "station"), "cell:999999"]
    }
    assert missing == {"network_missing"}
    root = work.scalar("SELECT id FROM areas WHERE level = 'district'")
    for of in (f"area:{root}", f"unit:{work.unit('sanitation')}", f"area:{area(work, casework.ELSEWHERE)}"):
        answer = work.client("neighbour").get("/api/v1/network", query_string={"of": of, "depth": 2})
        assert answer.status_code == 200
        for secret in (casework.SUBDISTRICT, f"case:{case}", '"label":"station"'):
            assert secret not in answer.text
        counted = sum(answer.get_json()["totals"].values())
        assert counted == sum(node["count"] for node in answer.get_json()["nodes"])


def test_a_unit_sees_its_own_cases_alone(work: Casework) -> None:
    found = ask(work, "drains", f"unit:{work.unit('sanitation')}")
    assert labels(found, kind="case") == set()
    mine = ask(work, "sanitation", f"unit:{work.unit('sanitation')}")
    assert len(labels(mine, kind="case")) > 0


def test_only_wanted_kinds_and_only_through_them(work: Casework) -> None:
    found = ask(work, "duty", here(work), depth=2, kinds="case,organisation")
    assert {node["kind"] for node in found["nodes"][1:]} == {"case", "organisation"}
    assert set(found["totals"]) == {"cell", "case", "organisation"}
    assert labels(ask(work, "duty", here(work), depth=2, kinds="organisation"), ring=2) == set()


def test_too_much_is_gathered_and_still_counted(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(work.url) as connection:
        connection.execute(
            text("INSERT INTO cases (district_id, category_id, state, reported_at, area_id, unit_id, geom)"
                 " SELECT 1, (SELECT min(id) FROM case_categories), 'handling', now(), a.id, :unit,"
                 " ST_PointOnSurface(a.geom) FROM areas a CROSS JOIN generate_series(1, 40) WHERE a.level = 'cell'"),
            {"unit": work.unit("water_supply")},
        )  # fmt: skip
    unit = f"unit:{work.unit('water_supply')}"
    whole = ask(work, "duty", unit)
    assert (whole["folded"], whole["totals"]["case"]) == ("cell", 640)
    heaps = [node for node in whole["nodes"] if node["kind"] == "case"]
    assert sorted((node["count"], node["opens"] is not None) for node in heaps) == [(40, True)] * 16
    assert {edge["count"] for edge in whole["edges"] if edge["relation"] == "handles"} == {40}
    monkeypatch.setattr(reading, "MOST_READ", 100)
    cut = ask(work, "duty", unit)
    assert (cut["totals"]["case"], cut["elements"]) == (640, whole["elements"])
    assert len(cut["nodes"]) < 201


def test_the_question_is_judged(work: Casework) -> None:
    assert ask(work, "duty", "", 400)["code"] == "field_needed"
    for of, more in (
        ("cell:x", {}),
        ("house:1", {}),
        (here(work), {"depth": 3}),
        (here(work), {"kinds": "cat"}),
    ):
        assert ask(work, "duty", of, 400, **more)["code"] == "parameter_invalid"
    assert ask(work, "resident", here(work), 403)["code"] == "not_permitted"
    assert work.app.test_client().get("/api/v1/network?of=cell:1").status_code == 401

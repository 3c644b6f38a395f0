"""The pages of the telephone: whose tasks they show, which keys, and what somebody without the right finds there."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.cases.rules.loops import Seat
from app.cases.rules.moves import Move
from app.cases.rules.states import OPEN_STATES, CaseState
from app.db import transaction
from app.field.rules import KEYS, TASKS, loops_of, metres, seats_in_units
from app.postgres import Cluster
from app.web.i18n import catalogue
from tests import casework, town
from tests.casework import Casework

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


def page(work: Casework, who: str, path: str, status: int = 200) -> str:
    answer = work.client(who).get(path, headers=PAGE)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def tasks(work: Casework, who: str, task: str = "") -> set[int]:
    """Ids of the cases that somebody's home lists as tasks."""
    shown = page(work, who, f"/m?task={task}").split('id="g-mine"')[0]
    return {int(found) for found in re.findall(r'href="/m/cases/(\d+)"', shown)}


def keys(work: Casework, who: str, case: int) -> list[str]:
    """The keys that somebody is offered, in their order."""
    return re.findall(r'<details class="act[^"]*" id="([a-z_]+)"', page(work, who, f"/m/cases/{case}"))


def dispatched(work: Casework, crew: str | None = "crew") -> int:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "register", condition="C01")
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
    if crew is not None:
        work.move("sanitation", case, "acknowledge", crew=work.account(crew))
    return case


def handled(work: Casework) -> int:
    case = dispatched(work)
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")])
    return case


def test_whoever_is_named_confirms(work: Casework) -> None:
    case = int(work.report("resident")["case_id"])
    work.move("station", case, "request_confirmation", confirmer=work.account("officer"))
    assert case in tasks(work, "officer") and case in tasks(work, "officer", "confirm")
    assert case not in tasks(work, "officer", "verify")
    assert case not in tasks(work, "officer2") and case not in tasks(work, "inspector")
    assert keys(work, "officer", case)[:2] == ["confirm_true", "confirm_false"]


def test_a_unit_signs_and_its_crew_handles(work: Casework) -> None:
    case = dispatched(work, None)
    assert case in tasks(work, "sanitation", "sign") and case not in tasks(work, "crew")
    assert case not in tasks(work, "bureau")
    assert "acknowledge" in keys(work, "sanitation", case)
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    assert case in tasks(work, "crew", "handle") and case not in tasks(work, "sanitation")
    assert keys(work, "crew", case)[:2] == ["give_feedback", "control"]


def test_whoever_handled_it_does_not_check_it(work: Casework) -> None:
    case = handled(work)
    assert case in tasks(work, "officer", "verify") and case in tasks(work, "supervisor")
    assert case not in tasks(work, "crew") and case not in tasks(work, "neighbour")
    assert keys(work, "officer", case)[:2] == ["verify_pass", "verify_fail"]
    work.move("operator", case, "reassign_check", checker=work.account("officer2"))
    assert case in tasks(work, "officer2") and case not in tasks(work, "officer")
    work.move("officer2", case, "verify_pass", evidence=[work.file("officer2")])
    assert case not in tasks(work, "officer2")


def test_whoever_reported_may_handle_it_at_once(work: Casework) -> None:
    case = int(work.report("officer")["case_id"])
    assert keys(work, "officer", case)[0] == "self_handle"
    shown = page(work, "officer", f"/m/cases/{case}")
    assert 'data-camera="before"' in shown and 'data-camera="after"' in shown and "同一角度" in shown
    assert "self_handle" not in keys(work, "officer2", case)
    assert "登记自行处置" in page(work, "officer", f"/m/reported/{case}")


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_key_is_a_move_that_the_server_takes(work: Casework, state: CaseState) -> None:
    """Whatever is offered on the telephone is offered by the interface too, and nothing that it takes is missing."""
    case = {
        CaseState.REPORTED: lambda: int(work.report("officer")["case_id"]),
        CaseState.CONFIRMING: lambda: _confirming(work),
        CaseState.DISPATCHED: lambda: dispatched(work, None),
        CaseState.HANDLING: lambda: dispatched(work),
        CaseState.HANDLED: lambda: handled(work),
    }.get(state, lambda: _other(work, state))()
    for who in ("officer", "supervisor", "crew", "sanitation", "inspector"):
        answer = work.client(who).get(f"/api/v1/cases/{case}/moves")
        if answer.status_code == 404:
            page(work, who, f"/m/cases/{case}", 404)
            continue
        offered = {item["move"] for item in answer.get_json()["items"]}
        assert set(keys(work, who, case)) == offered & {move.value for move in KEYS}, who


def _confirming(work: Casework) -> int:
    case = int(work.report("resident")["case_id"])
    work.move("station", case, "request_confirmation", confirmer=work.account("officer"))
    return case


def _other(work: Casework, state: CaseState) -> int:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "register", condition="C01")
    if state is CaseState.SUSPENDED:
        work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
        work.move("sanitation", case, "acknowledge")
        on = str(work.scalar("SELECT district_today(1) + 5"))
        work.move("sanitation", case, "request_suspension", reason="待种植季", interim="围挡",
                  evidence=[work.file("sanitation")], review_on=on)  # fmt: skip
        work.move("head", case, "grant_suspension")
    return case


def test_a_resident_sees_what_became_of_their_own_and_nothing_else(work: Casework) -> None:
    mine = int(work.report("resident", description="我家门口的垃圾")["case_id"])
    other = int(work.report("officer", description="别人报的")["case_id"])
    work.move("station", mine, "accept")
    work.move("station", mine, "register", condition="C01", opinion="内部意见")
    work.move("station", mine, "dispatch", unit=work.unit("sanitation"))
    home = page(work, "resident", "/m")
    assert f"/m/cases/{mine}" in home and f"/m/cases/{other}" not in home
    shown = page(work, "resident", f"/m/cases/{mine}")
    assert "派遣处置" in shown and "内部意见" not in shown and 'class="act' not in shown
    assert not re.search(
        r"station|sanitation-person", shown.split("<main")[1].split("</main>")[0].replace("/m", "")
    )
    page(work, "resident", f"/m/cases/{other}", 404)
    page(work, "resident", f"/m/reported/{other}", 404)
    assert work.client("resident").get("/").location.endswith("/m")


def test_a_case_out_of_sight_is_not_there(work: Casework) -> None:
    lon, lat = town.centre(town.cell(3, 0))
    case = int(work.report("inspector", position={"lon": lon, "lat": lat})["case_id"])
    page(work, "officer", f"/m/cases/{case}", 404)
    for number in ("0", str(2**63), "99999999999999999999999"):
        page(work, "officer", f"/m/cases/{number}", 404)


def test_a_telephone_shows_no_contact(work: Casework) -> None:
    told = work.report("station", contact={"phone": "13812345678", "name": "李四"})
    for who in ("station", "officer"):
        shown = page(work, who, f"/m/cases/{told['case_id']}")
        assert "13812345678" not in shown and "李四" not in shown


def test_the_receipt_of_a_report_leads_to_the_look_up(work: Casework) -> None:
    told = work.report("station", contact={"phone": "13812345678"})
    shown = page(work, "station", f"/m/reported/{told['case_id']}?receipt=1")
    assert told["number"] in shown and "/r?n=" in shown and "data:image/svg+xml" in shown
    assert "/r?n=" not in page(work, "station", f"/m/reported/{told['case_id']}")


def test_a_desk_that_reports_for_somebody_is_shown_the_slip(work: Casework) -> None:
    lon, lat = town.centre(casework.AREA)
    client = work.client("station")
    form = {"csrf_token": client.get("/api/v1/session").get_json()["csrf_token"], "client_id": str(uuid.uuid4()),
            "category": "C02", "lon": str(lon), "lat": str(lat), "description": "桶满了"}  # fmt: skip
    answer = client.post("/cases/new", data={**form, "contact_phone": "13900001234"}, headers=PAGE)
    assert re.search(r"/m/reported/\d+\?receipt=1$", answer.location)
    assert "/r?n=" in page(work, "station", answer.location)


def test_place_and_accuracy_go_along_and_how_far_a_picture_was_taken_is_shown(work: Casework) -> None:
    case = dispatched(work)
    lon, lat = town.centre(casework.AREA)
    file = work.file("crew")
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE files SET lon = :lon, lat = :lat WHERE id = :id"),
            {"id": file, "lon": lon + 0.001, "lat": lat},
        )
    place = {"lon": lon, "lat": lat, "accuracy_m": 12.34}
    work.move("crew", case, "give_feedback", evidence=[file], place=place)
    given = work.scalar(
        "SELECT given FROM case_transitions WHERE case_id = :case AND move = 'give_feedback'", case=case
    )
    assert given["place"] == [round(lon, 7), round(lat, 7), 12.3]
    shown = page(work, "officer", f"/m/cases/{case}")
    assert re.search(r'class="far">拍摄处距案件 1\d\d 米', shown)
    assert "办理处距案件 0 米（定位精度 ±12 米）" in shown


@pytest.mark.parametrize("accuracy", [-1, "x", 10**9, [1], {"a": 1}])
def test_an_accuracy_that_is_none_is_a_fault_of_the_place(work: Casework, accuracy: Any) -> None:
    case = handled(work)
    place = {"lon": 102.7, "lat": 25.0, "accuracy_m": accuracy}
    told = work.move("officer", case, "verify_pass", 400, evidence=[work.file("officer")], place=place)
    assert [(fault["field"], fault["reason"]) for fault in told["faults"]] == [("place", "not_place")]


def test_the_form_knows_every_category_with_its_conditions(work: Casework) -> None:
    shown = page(work, "officer", "/m/report")
    found = re.search(r'id="categories">(.*?)</script>', shown, re.DOTALL)
    assert found is not None
    known = json.loads(found[1])
    litter = next(one for one in known if one["code"] == "C01")
    assert litter["conditions"][0]["number"] == "C01" and litter["conditions"][0]["self"] is True
    assert len(known) == work.scalar("SELECT count(*) FROM case_categories WHERE switched_on")


def test_lists_end(work: Casework) -> None:
    for _ in range(22):
        work.report("resident")
    first = page(work, "resident", "/m")
    ids = [int(found) for found in re.findall(r'href="/m/cases/(\d+)"', first)]
    assert len(ids) == 20 and f"before={ids[-1]}" in first
    assert ids[-1] not in map(
        int, re.findall(r'href="/m/cases/(\d+)"', page(work, "resident", f"/m?before={ids[-1]}"))
    )


@pytest.mark.parametrize("path", ["/m", "/m/report", "/m/cases/{}", "/m/reported/{}", "/inbox"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_no_word_is_missing(work: Casework, path: str, lang: str) -> None:
    case = int(work.report("officer")["case_id"])
    shown = page(work, "officer", f"{path.format(case)}?lang={lang}")
    visible = re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)
    domains = {word.split(".")[0] for word in catalogue("zh_CN")}
    left = [
        word
        for word in re.findall(r">\s*([a-z_]+\.[a-z_0-9]+)\s*<", visible)
        if word.split(".")[0] in domains
    ]
    assert not left


def test_seats_of_posts_are_those_of_the_table() -> None:
    assert loops_of(Seat.CHECKER, frozenset({"inspector"})) == ["district"]
    assert seats_in_units([("unit_dispatcher", 7), ("grid_officer", 8)], Seat.UNIT) == [
        ("community", 7), ("subdistrict", 7), ("district", 7),
    ]  # fmt: skip
    assert set(KEYS) <= set(Move) and set(TASKS) <= OPEN_STATES


def test_metres_are_those_of_the_database(work: Casework) -> None:
    pairs = [((102.7, 25.0), (102.71, 25.01)), ((102.7, 25.0), (102.7, 25.0)), ((102.7, 25.0), (102.7, 25.3))]
    for one, other in pairs:
        found = work.scalar(
            "SELECT ST_DistanceSphere(ST_MakePoint(:a, :b), ST_MakePoint(:c, :d))",
            a=one[0], b=one[1], c=other[0], d=other[1],
        )  # fmt: skip
        assert metres(one, other) == pytest.approx(found, rel=1e-5, abs=1e-6)

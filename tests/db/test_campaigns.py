"""专项任务 at the doors: admitted or refused, all faults at once, who visits what, what is counted, what is kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.cases.store import reported
from app.db import ACT, Actor, transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework

pytestmark = pytest.mark.db

WEST, SOUTH = town.WEST, town.SOUTH
HERE = town.centre(casework.AREA)
BESIDE = town.centre(town.cell(1, 3))
OTHER_COMMUNITY = town.centre(town.cell(0, 0))
ELSEWHERE = town.centre(town.cell(3, 3))


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def today(work: Casework) -> date:
    found: date = work.scalar("SELECT district_today(1)")
    return found


def listed(*positions: tuple[float, float]) -> list[dict[str, Any]]:
    """Places with labels of their own."""
    return [{"label": f"{n} 单元", "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(positions, 1)]


def asked(today: date, **fields: Any) -> dict[str, Any]:
    """A request that is in order unless the fields say otherwise; None leaves one out."""
    body = {
        "client_id": str(uuid.uuid4()),
        "name": "楼道电动车充电",
        "admission": f"准入-{uuid.uuid4().hex[:8]}",
        "category": "A01",
        "area": casework.SUBDISTRICT,
        "first_on": str(today),
        "last_on": str(today + timedelta(days=13)),
        "places": listed(HERE, BESIDE, OTHER_COMMUNITY),
        **fields,
    }
    return {name: value for name, value in body.items() if value is not None}


def opened(work: Casework, body: dict[str, Any], who: str = "head", status: int = 201) -> dict[str, Any]:
    answer = work.client(who).post("/api/v1/campaigns", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def places(work: Casework, campaign: int, who: str = "head") -> list[dict[str, Any]]:
    answer = work.client(who).get(f"/api/v1/campaigns/{campaign}/places")
    assert answer.status_code == 200, answer.text
    return list(answer.get_json()["items"])


def counts(work: Casework, campaign: int, who: str = "head") -> dict[str, int]:
    answer = work.client(who).get(f"/api/v1/campaigns/{campaign}")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json()["counts"])


def visit(
    work: Casework, campaign: int, place: int, who: str = "officer", status: int = 201, **fields: Any
) -> dict[str, Any]:
    body = {"client_id": str(uuid.uuid4()), "outcome": "clear", **fields}
    answer = work.client(who).post(f"/api/v1/campaigns/{campaign}/places/{place}/visits", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def found(work: Casework, campaign: int, place: int, who: str = "officer", **fields: Any) -> int:
    """A visit at which something is found; the id of its case."""
    told = visit(work, campaign, place, who, outcome="found", description="飞线充电", **fields)
    return int(told["case_id"])


def faults(told: dict[str, Any]) -> set[tuple[str, int | None, str]]:
    return {(fault["field"], fault["row"], fault["reason"]) for fault in told["faults"]}


@pytest.mark.parametrize("admission", [None, "", "  "])
def test_without_an_admission_number_it_is_refused_at_the_door(
    work: Casework, today: date, admission: str | None
) -> None:
    before = work.scalar("SELECT count(*) FROM campaigns")
    told = opened(work, asked(today, admission=admission, places=[]), "bureau", 409)
    assert (told["code"], told["reason"]) == ("campaign_not_admitted", "not_admitted")
    assert work.scalar("SELECT count(*) FROM campaigns") == before


def test_all_faults_are_told_at_once_with_their_rows(work: Casework, today: date) -> None:
    rows = [
        *listed(HERE),
        {"label": "", "lon": HERE[0], "lat": HERE[1]},
        {"label": "远处", "lon": ELSEWHERE[0], "lat": ELSEWHERE[1]},
        {"label": "纬度不对", "lon": HERE[0], "lat": 91},
        {"label": "没有经度", "lat": HERE[1]},
        *listed(HERE),
    ]
    body = asked(today, name=None, admission="有 空格", category="ZZ", last_on=str(today - timedelta(days=1)),
                 places=rows, colour="red", unit=2**31 - 1)  # fmt: skip
    told = opened(work, body, status=400)
    assert faults(told) == {
        ("name", None, "missing"),
        ("admission", None, "not_code"),
        ("category", None, "unknown"),
        ("last_on", None, "over_already"),
        ("colour", None, "unknown_field"),
        ("unit", None, "unknown"),
        ("label", 2, "missing"),
        ("position", 3, "outside_area"),
        ("lat", 4, "not_degrees"),
        ("lon", 5, "missing"),
        ("label", 6, "twice"),
    }
    assert told["count"] == 11
    assert not work.scalar(
        "SELECT count(*) FROM campaigns WHERE name = '楼道电动车充电' AND admission LIKE '有%'"
    )


def test_the_border_of_the_area_is_its_own(work: Casework, today: date) -> None:
    west_edge = (WEST, HERE[1])
    corner_of_four_cells = (WEST + town.STEP, SOUTH + 2 * town.STEP)
    told = opened(work, asked(today, area=casework.COMMUNITY, places=listed(west_edge, corner_of_four_cells)))
    codes = work.scalar(
        "SELECT array_agg(n.code ORDER BY p.id) FROM campaign_places p JOIN area_numbers n ON n.no = p.area_no"
        " WHERE p.campaign_id = :c",
        c=told["id"],
    )
    assert codes == [casework.AREA, town.cell(0, 2)], "of the community's own cells, the first by its code"
    beyond = listed((WEST - 1e-6, HERE[1]))
    assert faults(opened(work, asked(today, places=beyond), status=400)) == {("position", 1, "outside_area")}


def test_who_opens_where(work: Casework, today: date) -> None:
    for who in ("duty", "dispatcher", "head", "bureau"):
        assert opened(work, asked(today), who)["state"] == "open"
    for who in ("officer", "operator", "acceptor", "resident", "crew"):
        opened(work, asked(today), who, 403)
    there = asked(today, area=casework.ELSEWHERE, places=listed(ELSEWHERE))
    assert faults(opened(work, there, "head", 400)) == {("area", None, "unknown")}
    of_others = asked(today, unit=work.unit("drainage"))
    assert faults(opened(work, of_others, "bureau", 400)) == {("unit", None, "unknown")}
    assert opened(work, of_others, "head")["unit_id"] == work.unit("drainage")


def test_one_number_serves_one_task_at_a_time(work: Casework, today: date) -> None:
    number = "准入-2026-10"
    first = opened(work, asked(today, admission=number))
    again = asked(today, admission=number, last_on=str(today))
    assert faults(opened(work, again, "bureau", 400)) == {("admission", None, "in_use")}
    work.client("head").post(f"/api/v1/campaigns/{first['id']}/end", json={"reason": "清单有误"})
    assert opened(work, again, "head")["admission"] == number


def test_what_is_told_in_confidence_is_no_campaign(work: Casework, today: date) -> None:
    with transaction(work.url) as connection:
        reported.restrict(connection, 1, ["Z07"])
    told = opened(work, asked(today, category="Z07"), status=400)
    assert faults(told) == {("category", None, "told_in_confidence")}


def test_sent_twice_it_is_one_campaign(work: Casework, today: date) -> None:
    body = asked(today)
    first, second = opened(work, body), opened(work, body)
    assert first == second
    assert opened(work, body, "duty", 409)["code"] == "client_id_used"


def test_a_place_is_visited_by_those_in_whose_territory_it_lies(work: Casework, today: date) -> None:
    told = opened(work, asked(today, unit=work.unit("urban_management")))
    one, _, other = places(work, told["id"])
    assert [place["label"] for place in places(work, told["id"], "officer")] == ["1 单元", "2 单元"]
    assert counts(work, told["id"], "officer")["places"] == 2
    assert work.client("officer").get(f"/api/v1/campaigns/{told['id']}").get_json()["size"] == 3
    visit(work, told["id"], one["id"])
    assert visit(work, told["id"], other["id"], status=404)["code"] == "campaign_place_missing"
    visit(work, told["id"], one["id"], "supervisor")
    visit(work, told["id"], other["id"], "inspector")
    visit(work, told["id"], one["id"], "neighbour", 404)
    visit(work, told["id"], one["id"], "resident", 403)
    assert work.client("neighbour").get(f"/api/v1/campaigns/{told['id']}").status_code == 404
    assert work.client("drains").get(f"/api/v1/campaigns/{told['id']}").status_code == 404
    # The unit that asked sees how it goes, and goes round nobody's stairwells.
    assert counts(work, told["id"], "bureau")["visited"] == 2
    assert [place["own"] for place in places(work, told["id"], "bureau")] == [False] * 3
    assert visit(work, told["id"], one["id"], "bureau", 403)["code"] == "not_permitted"


def test_what_is_found_is_an_ordinary_case(work: Casework, today: date) -> None:
    told = opened(work, asked(today))
    one, two, _ = places(work, told["id"])
    spot, onward = found(work, told["id"], one["id"]), found(work, told["id"], two["id"])
    row = work.client("officer").get(f"/api/v1/cases/{spot}").get_json()
    assert (row["address"], row["lon"], row["lat"]) == ("1 单元", one["lon"], one["lat"])
    assert counts(work, told["id"]) == {
        "places": 3, "visited": 2, "clear": 0, "found": 2, "on_the_spot": 0, "handed_on": 0,
    }  # fmt: skip
    before, after = work.file("officer"), work.file("officer")
    work.move("officer", spot, "self_handle", condition="A01", before=[before], after=[after])
    work.move("station", onward, "accept_register_dispatch", condition="A01", unit=work.unit("sanitation"))
    assert counts(work, told["id"]) == {
        "places": 3, "visited": 2, "clear": 0, "found": 2, "on_the_spot": 1, "handed_on": 1,
    }  # fmt: skip
    assert [place["state"] for place in places(work, told["id"])] == ["on_the_spot", "handed_on", "unvisited"]
    assert (places(work, told["id"])[0]["before_id"], places(work, told["id"])[0]["after_id"]) == (
        before,
        after,
    )
    one_campaign = work.client("head").get(f"/api/v1/campaigns/{told['id']}").get_json()
    assert one_campaign["case_ids"] == sorted([spot, onward])
    work.move("officer", spot, "undo")
    assert counts(work, told["id"])["on_the_spot"] == 0, "what was undone never was"


def test_with_something_found_and_nothing_said_nothing_is_kept(work: Casework, today: date) -> None:
    told = opened(work, asked(today))
    place = places(work, told["id"])[0]["id"]
    said = visit(work, told["id"], place, status=400, outcome="found")
    assert said["faults"] == [{"field": "description", "reason": "missing", "value": ""}]
    said = visit(work, told["id"], place, status=400, outcome="clear", description="其实有")
    assert said["faults"] == [{"field": "description", "reason": "nothing_found", "value": ""}]
    visit(work, told["id"], place, status=400, outcome="perhaps", position={"lon": 1, "lat": 1})
    assert counts(work, told["id"])["visited"] == 0


def test_a_visit_sent_twice_is_one(work: Casework, today: date) -> None:
    told = opened(work, asked(today))
    one, two, _ = places(work, told["id"])
    client = str(uuid.uuid4())
    fields = {"client_id": client, "outcome": "found", "description": "飞线"}
    first = visit(work, told["id"], one["id"], **fields)
    assert visit(work, told["id"], one["id"], **fields) == first
    visit(work, told["id"], two["id"], status=409, **fields)
    visit(work, told["id"], one["id"], "officer2", 409, **fields)
    assert places(work, told["id"])[0]["visits"] == 1
    key = str(uuid.uuid4())
    work.report("officer", client_id=key)
    assert (
        visit(work, told["id"], two["id"], status=409, **{**fields, "client_id": key})["code"]
        == "client_id_used"
    )


def test_the_last_of_two_visits_counts_and_both_are_kept(work: Casework, today: date) -> None:
    told = opened(work, asked(today))
    place = places(work, told["id"])[0]["id"]
    found(work, told["id"], place)
    assert counts(work, told["id"])["found"] == 1
    visit(work, told["id"], place, "officer2")
    after = counts(work, told["id"])
    assert (after["visited"], after["clear"], after["found"]) == (1, 1, 0)
    assert places(work, told["id"])[0]["visits"] == 2
    kept = work.scalar(
        "SELECT array_agg(outcome ORDER BY id) FROM campaign_visits WHERE place_id = :p", p=place
    )
    assert kept == ["found", "clear"]


def test_before_its_first_day_and_after_its_last_nobody_visits(work: Casework, today: date) -> None:
    coming = opened(work, asked(today, first_on=str(today + timedelta(days=1))))
    place = places(work, coming["id"])[0]["id"]
    assert coming["state"] == "coming"
    assert visit(work, coming["id"], place, status=409)["code"] == "campaign_not_begun"
    last = opened(work, asked(today, last_on=str(today)))
    place = places(work, last["id"])[0]["id"]
    assert last["days_left"] == 1
    visit(work, last["id"], place)
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE campaigns SET first_on = first_on - 2, last_on = last_on - 1 WHERE id = :c"),
            {"c": last["id"]},
        )
    refused = visit(work, last["id"], place, status=409)
    assert (refused["code"], refused["reason"]) == ("campaign_over", "last_day_gone")
    answer = work.client("head").post(f"/api/v1/campaigns/{last['id']}/end", json={"reason": "晚了"})
    assert answer.status_code == 409


def test_it_is_ended_early_by_those_who_may_with_a_reason(work: Casework, today: date) -> None:
    told = opened(work, asked(today), "duty")
    path = f"/api/v1/campaigns/{told['id']}/end"
    place = places(work, told["id"])[0]["id"]
    assert work.client("officer").post(path, json={"reason": "x"}).status_code == 403
    assert work.client("neighbour").post(path, json={"reason": "x"}).status_code == 403
    assert work.client("head").post(path, json={}).status_code == 400
    ended = work.client("head").post(path, json={"reason": "提前完成"}).get_json()
    assert (ended["state"], ended["end_reason"], ended["days_left"]) == ("over", "提前完成", 0)
    assert work.client("head").post(path, json={"reason": "再来"}).status_code == 409
    refused = visit(work, told["id"], place, status=409)
    assert (refused["code"], refused["reason"]) == ("campaign_over", "ended")
    wide = opened(work, asked(today, area=town.DISTRICT), "duty")
    answer = work.client("head").post(f"/api/v1/campaigns/{wide['id']}/end", json={"reason": "x"})
    assert answer.status_code == 403, "it only touches the subdistrict"


def test_a_visit_that_meets_the_end_is_refused(work: Casework, today: date) -> None:
    """The end is written and not committed yet: the visit waits for it, and comes too late."""
    told = opened(work, asked(today))
    place = places(work, told["id"])[0]["id"]
    ending = "UPDATE campaigns SET ended_at = now(), ended_by = opened_by, end_reason = 'x' WHERE id = :c"
    with ThreadPoolExecutor(1) as other:
        with transaction(work.url) as connection:
            connection.execute(text(ending), {"c": told["id"]})
            coming = other.submit(visit, work, told["id"], place, "officer", 409)
            with pytest.raises(TimeoutError):
                coming.result(0.5)
        assert coming.result(20)["code"] == "campaign_over"
    assert not work.scalar("SELECT count(*) FROM campaign_visits WHERE place_id = :p", p=place)


def test_lists_are_paged_and_filtered(work: Casework, today: date) -> None:
    made = [opened(work, asked(today))["id"] for _ in range(3)]
    work.client("head").post(f"/api/v1/campaigns/{made[0]}/end", json={"reason": "够了"})

    def ids(query: str, who: str = "head") -> list[int]:
        return [one["id"] for one in work.client(who).get(f"/api/v1/campaigns?{query}").get_json()["items"]]

    assert ids("limit=2") == made[:0:-1]
    following = work.client("head").get("/api/v1/campaigns?limit=2").get_json()["next"]
    assert ids(f"limit=1&before={following}") == [made[0]]
    assert made[0] in ids("state=over&limit=100") and made[1] not in ids("state=over&limit=100")
    assert made[0] not in ids("state=open&limit=100") and made[1] in ids("state=open&limit=100")
    assert not set(made) & set(ids("limit=100", "neighbour"))
    path = f"/api/v1/campaigns/{made[2]}/places"
    page = work.client("head").get(f"{path}?limit=2").get_json()
    rest = work.client("head").get(f"{path}?limit=2&after={page['next']}").get_json()
    assert [one["label"] for one in page["items"] + rest["items"]] == ["1 单元", "2 单元", "3 单元"]
    assert rest["next"] is None


def test_visits_are_only_added(work: Casework, today: date) -> None:
    told = opened(work, asked(today))
    place = places(work, told["id"])[0]["id"]
    visit(work, told["id"], place)
    for statement in ("UPDATE campaign_visits SET outcome = 'clear'", "DELETE FROM campaign_visits",
                      "TRUNCATE campaign_visits"):  # fmt: skip
        with pytest.raises(IntegrityError, match="only added"), transaction(work.url) as connection:
            connection.execute(text(statement))
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(work.url, actor=acting(work, "duty")) as connection,
        ):
            connection.execute(text(statement))


def acting(work: Casework, who: str) -> Actor:
    with transaction(work.url, read_only=True) as connection:
        view = connection.execute(
            text("SELECT (v).roles, (v).territory::text, (v).units FROM account_view(:account) v"),
            {"account": work.account(who)},
        ).one()
    return Actor(work.account(who), tuple(view[0]), view[1], tuple(view[2]))


def test_the_database_keeps_the_wall_by_itself(work: Casework, today: date) -> None:
    """Whatever the program forgets: nobody visits elsewhere, adds to a list, or counts by person."""
    told = opened(work, asked(today))
    mine, _, elsewhere = places(work, told["id"])
    add = (
        "INSERT INTO campaign_visits (place_id, client_id, outcome, account_id)"
        " VALUES (:p, gen_random_uuid(), 'clear', :a)"
    )

    def tried(who: str, statement: str, **values: Any) -> None:
        with transaction(work.url, actor=acting(work, who)) as connection:
            connection.execute(text(statement), values)

    tried("officer", add, p=mine["id"], a=work.account("officer"))
    for values in (
        {"p": elsewhere["id"], "a": work.account("officer")},
        {"p": mine["id"], "a": work.account("officer2")},
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            tried("officer", add, **values)
    with pytest.raises(ProgrammingError, match="permission denied"):
        tried("duty", "SELECT account_id, count(*) FROM campaign_visits GROUP BY account_id")
    later = (
        "INSERT INTO campaign_places (campaign_id, label, geom)"
        " VALUES (:c, 'x', ST_SetSRID(ST_MakePoint(:x, :y), 4490))"
    )
    with pytest.raises(ProgrammingError, match="row-level security"):
        tried("head", later, c=told["id"], x=HERE[0], y=HERE[1])
    with transaction(work.url) as connection:
        ending = "UPDATE campaigns SET ended_at = now(), ended_by = opened_by, end_reason = 'x' WHERE id = :c"
        connection.execute(text(ending), {"c": told["id"]})
        with pytest.raises(IntegrityError, match="does not run"), connection.begin_nested():
            connection.execute(text(add), {"p": mine["id"], "a": work.account("officer")})
        connection.execute(ACT, acting(work, "officer").settings)
        assert (
            connection.execute(
                text("SELECT count(*) FROM campaign_visits WHERE place_id = :p"), {"p": elsewhere["id"]}
            ).scalar()
            == 0
        )


@pytest.mark.parametrize("outcome", [["clear"], {"a": 1}, 7, "gone"])
def test_an_outcome_is_one_of_two_words(work: Casework, outcome: Any) -> None:
    told = visit(work, 1, 1, status=400, outcome=outcome)
    assert [(fault["field"], fault["reason"]) for fault in told["faults"]] == [("outcome", "unknown")]

"""Open screens before a real server: who hears of a move, who does not, and what ends a stream."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import text

from app.accounts import store
from app.db import Actor, transaction
from app.notify.rules import Sight, folded, ranges, told, told_one
from app.notify.store import begin, changes, read
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.watching import Site, Watcher, ask, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def site(work: Casework, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = Site(work.url, tmp_path_factory.mktemp("live"))
    yield found
    found.stop()


@pytest.fixture
def watch(work: Casework, site: Site) -> Iterator[object]:
    """Opens a screen for somebody."""
    opened: list[Watcher] = []

    def watcher(name: str, since: str = "", *, fresh: bool = False) -> Watcher:
        if fresh or name not in site.cookies:
            site.cookies[name] = sign_in(site.address, work.people[name])
        opened.append(Watcher(site.address, site.cookies[name], since).open())
        return opened[-1]

    yield watcher
    for one in opened:
        one.close()


PLACES = count()


def report(work: Casework) -> int:
    """A report at a place of its own: the worker would tie one beside another to that, which is a move too."""
    number = next(PLACES)
    lon, lat = town.centre(casework.AREA)
    place = {"lon": lon + (number % 9 - 4) * 0.001, "lat": lat + (number // 9 - 4) * 0.001}
    return int(work.report("supervisor", position=place)["case_id"])


def dispatched(work: Casework, **given: object) -> int:
    """A case that was given to the sanitation centre."""
    case = report(work)
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C01")
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"), **given)
    return case


def test_nobody_gets_in_without_a_session(site: Site) -> None:
    for headers in (
        {},
        {"Accept": "text/event-stream"},
        {"Cookie": "__Host-panlong=forged"},
        {"Accept": "text/html"},
    ):
        answer, body = ask(site.address, "GET", "/live", headers)
        assert answer.status == 401 and answer.headers.get_content_type() == "application/problem+json"
        assert json.loads(body)["code"] == "sign_in_needed"


def test_whoever_may_not_read_cases_may_not_watch_them(work: Casework, site: Site) -> None:
    cookie = sign_in(site.address, work.people["resident"])
    assert ask(site.address, "GET", "/live", {"Cookie": cookie})[0].status == 403


def test_a_server_without_the_front_says_so(work: Casework) -> None:
    answer = work.client("operator").get("/live")
    assert answer.status_code == 503 and answer.get_json()["code"] == "live_unserved"


def test_a_move_is_heard_within_a_second_by_those_who_see_the_case(work: Casework, watch) -> None:
    operator, acceptor, neighbour, drains = (
        watch(n) for n in ("operator", "acceptor", "neighbour", "drains")
    )
    case = report(work)
    work.move("operator", case, "accept")
    begun = time.monotonic()
    for one in (operator, acceptor):
        one.wait(lambda one=one: [c for c in one.of(case) if c["version"] == 2])
        assert one.of(case)[-1] == {"case_id": case, "version": 2, "state": "reported", "loop": "subdistrict",
                                    "unit_id": None}  # fmt: skip
    assert time.monotonic() - begun < 1
    time.sleep(0.5)
    assert neighbour.of(case) == drains.of(case) == []


def test_a_unit_hears_when_it_gets_a_case_and_when_it_loses_it(work: Casework, watch) -> None:
    unit, other = watch("sanitation"), watch("bureau")
    case = dispatched(work)
    unit.wait(lambda: [c for c in unit.of(case) if c.get("state") == "dispatched"])
    work.move("sanitation", case, "send_back", reason="不属于我单位")
    work.move("operator", case, "uphold_return", opinion="同意")
    unit.wait(lambda: unit.of(case)[-1].get("gone"))
    assert unit.of(case)[-1] == {"case_id": case, "version": work.version(case), "gone": True}
    count = len(unit.of(case))
    work.move("operator", case, "dispatch", unit=work.unit("urban_management"))
    other.wait(lambda: other.of(case))
    time.sleep(0.5)
    assert len(unit.of(case)) == count


def test_helpers_and_crew_hear_too(work: Casework, watch) -> None:
    helper, crew = watch("drains"), watch("crew")
    case = dispatched(work, co_units=[work.unit("drainage")])
    helper.wait(lambda: helper.of(case))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    crew.wait(lambda: [c for c in crew.of(case) if c.get("state") == "handling"])


def test_whom_the_hub_would_tell_is_whom_the_database_shows_it(work: Casework) -> None:
    """After each move, every person of the town: told of it as of a case seen, or lost, just when the wall says so."""
    actors: dict[str, Actor] = {}
    with transaction(work.url, read_only=True) as connection:
        cursor = begin(connection)
        for name in work.people:
            actors[name] = store.actor_of(connection, work.account(name))
    case = report(work)
    seen: set[str] = set()
    sanitation, drainage = work.unit("sanitation"), work.unit("drainage")
    moves = [
        ("operator", "accept", {}), ("operator", "register", {"condition": "C01"}),
        ("operator", "dispatch", {"unit": sanitation, "co_units": [drainage]}),
        ("sanitation", "acknowledge", {"crew": work.account("crew")}),
        ("crew", "return_inside", {"reason": "车坏了"}),
        ("sanitation", "assign_inside", {"crew": work.account("crew")}),
        ("sanitation", "undo", {}), ("sanitation", "send_back", {"reason": "不归我管"}),
        ("operator", "uphold_return", {"opinion": "同意"}),
        ("operator", "dispatch", {"unit": work.unit("urban_management")}),
    ]  # fmt: skip
    for step in [None, *moves]:
        if step is not None:
            who, move, given = step
            work.move(who, case, move, **given)
        with transaction(work.url, read_only=True) as connection:
            page = read(connection, cursor, 100)
            found = [one for one in folded(changes(connection, page.rows)) if one.case_id == case]
        cursor = page.cursor
        assert [one.version for one in found] == [work.version(case)]
        now = set()
        for name, actor in actors.items():
            sight = Sight(ranges(actor.territory), frozenset(actor.units))
            pair = [told(found[0], sight), told_one(found[0], work.account(name))]
            with transaction(work.url, actor=actor, read_only=True) as connection:
                shown = connection.execute(
                    text("SELECT count(*) FROM cases WHERE id = :id"), {"id": case}
                ).scalar()
            heard = [one for one in pair if one is not None]
            assert any("gone" not in one for one in heard) == bool(shown), (name, step)
            if shown:
                now.add(name)
            elif name in seen:
                assert heard and all(one.keys() == {"case_id", "version", "gone"} for one in heard), (
                    name,
                    step,
                )
            else:
                assert heard == [], (name, step)
        seen = now
    assert "sanitation" not in seen and "bureau" in seen


def test_an_event_says_no_more_than_a_list(work: Casework, watch) -> None:
    operator = watch("operator")
    case = dispatched(work)
    operator.wait(lambda: [c for c in operator.of(case) if c.get("state") == "dispatched"])
    assert {key for heard in operator.cases for key in heard} <= {
        "case_id", "version", "state", "loop", "unit_id", "gone",
    }  # fmt: skip
    assert not any("垃圾" in json.dumps(m, ensure_ascii=False, default=str) for m in operator.messages)


def test_who_comes_back_misses_nothing(work: Casework, site: Site, watch) -> None:
    first = watch("operator")
    case = dispatched(work)
    first.wait(lambda: [c for c in first.of(case) if c.get("state") == "dispatched"])
    first.close()
    since = first.since
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    other = report(work)
    again = watch("operator", since)
    again.wait(lambda: again.of(other))
    assert "resync" not in {m["event"] for m in again.messages}
    mine = [(c["case_id"], c["version"]) for c in again.cases if c["case_id"] in {case, other}]
    assert mine == [(case, work.version(case)), (other, 1)]
    again.close()
    took = site.stop()
    assert took < 5
    work.move("operator", other, "accept")
    site.start()
    third = watch("operator", again.since)
    third.wait(lambda: third.of(other))
    assert third.of(other)[-1]["version"] == 2 and not third.of(case)
    said = [m["event"] for m in watch("operator", "nonsense").messages]
    assert [event for event in said if event != "beat"] == ["resync"]


def test_stopping_ends_every_stream_at_once(site: Site, watch) -> None:
    opened = [watch(name) for name in ("operator", "acceptor", "sanitation") for _ in range(10)]
    assert site.stop() < 5
    for one in opened:
        assert one.ended.wait(1)
    site.start()


def test_a_session_that_ends_ends_its_stream(work: Casework, site: Site, watch) -> None:
    one, other = watch("head", fresh=True), watch("dispatcher")
    token = json.loads(ask(site.address, "GET", "/api/v1/session", {"Cookie": one.cookie})[1])["csrf_token"]
    answer, _ = ask(site.address, "DELETE", "/api/v1/session", {"Cookie": one.cookie, "X-CSRFToken": token})
    assert answer.status == 204
    assert one.ended.wait(3) and not other.ended.is_set()


def test_rights_that_change_end_the_stream_and_the_next_one_starts_anew(work: Casework, watch) -> None:
    one, other = watch("officer2", fresh=True), watch("officer")
    with transaction(work.url) as connection:
        connection.execute(
            text(
                "INSERT INTO post_areas (post_id, area_no)"
                " SELECT h.post_id, (SELECT no FROM area_numbers WHERE code = :code)"
                " FROM post_holders h JOIN staff_members s ON s.id = h.staff_id WHERE s.account_id = :who"
            ),
            {"who": work.account("officer2"), "code": casework.ELSEWHERE},
        )
    assert one.ended.wait(8) and not other.ended.is_set()
    assert [m["event"] for m in watch("officer2", one.since, fresh=True).messages] == ["resync"]


def test_an_idle_session_is_locked_out_of_its_stream(work: Casework, site: Site, watch) -> None:
    one = watch("inspector", fresh=True)
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE sessions SET seen_at = now() - interval '31 minutes' WHERE account_id = :who"),
            {"who": work.account("inspector")},
        )
    assert one.ended.wait(3)
    time.sleep(1.1)  # for so long a process remembers who somebody is
    answer, body = ask(site.address, "GET", "/live", {"Cookie": one.cookie, "Accept": "text/event-stream"})
    assert (answer.status, json.loads(body)["code"]) == (401, "session_locked")


def test_a_screen_that_comes_back_by_itself_keeps_no_session_awake(work: Casework, watch) -> None:
    watch("overseer", fresh=True).close()
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE sessions SET seen_at = now() - interval '20 minutes' WHERE account_id = :who"),
            {"who": work.account("overseer")},
        )
    time.sleep(1.1)  # for so long a process remembers who somebody is
    watch("overseer")
    idle = "SELECT now() - max(seen_at) > interval '19 minutes' FROM sessions WHERE account_id = :who"
    assert work.scalar(idle, who=work.account("overseer"))


def test_who_never_reads_is_let_go_and_harms_nobody(work: Casework, site: Site, watch) -> None:
    good = watch("operator")
    idle = []
    for _ in range(5):
        connection = socket.create_connection(("127.0.0.1", site.port), 10)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(
            f"GET /live HTTP/1.1\r\nHost: h\r\nCookie: {site.cookies['operator']}\r\n\r\n".encode()
        )
        idle.append(connection)
    case = report(work)
    good.wait(lambda: good.of(case), 1)
    for connection in idle:
        connection.close()

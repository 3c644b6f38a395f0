"""The demo's cases are as if people had moved them: log, row and clocks agree, by the functions of live cases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.cases.rules.folding import LoggedMove, fold, from_stand
from app.cases.rules.states import OPEN_STATES, CaseState
from app.cases.service.moving import Request, make
from app.cases.service.situation import timed, times
from app.cases.service.timetable import timetable_of
from app.cases.store import log as log_store
from app.db import Actor, transaction
from app.demo.service import load
from app.demo.service.cast import SEATS
from app.demo.service.people import staff_demo
from app.factory import create_app
from app.grid.service import the_district
from app.postgres import Cluster
from app.settings import settings
from tests.cluster import clone
from tests.lessened import lessen
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

UNTIL = date(2026, 11, 20)
COUNT = 1_500


@pytest.fixture(scope="module")
def demo(cluster: Cluster) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, clone(cluster) as url:
        lessen(patch, COUNT)
        load(url, "small", UNTIL, lambda *_: None)
        yield url


def query(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url, read_only=True) as connection:
        return list(connection.execute(text(statement), values))


def scalar(url: str, statement: str, **values: Any) -> Any:
    return query(url, statement, **values)[0][0]


def test_every_row_is_what_its_log_gives(demo: str) -> None:
    cases = query(demo, "SELECT * FROM cases ORDER BY id")
    assert len(cases) == COUNT
    with transaction(demo, read_only=True) as connection:
        for case in cases:
            rows = log_store.rows(connection, case.id)
            logged = [LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows]
            columns = {
                "state": case.state,
                "loop": case.loop,
                "version": case.version,
                "unit": case.unit_id,
            }
            now = fold(logged)
            assert now == from_stand(columns, case.stand), case.id
            assert (now.crew, now.reporter) == (case.handler_id, case.reporter_id)
            assert sorted(now.co_units) == sorted(case.co_unit_ids or [])


def test_clocks_that_are_replayed_say_what_is_stored(demo: str) -> None:
    """By the last row of each log and by every row of some."""
    cases = query(demo, "SELECT id, district_id, state, due_at, near_at FROM cases ORDER BY id")
    with transaction(demo, read_only=True) as connection:
        table = timetable_of(connection, cases[0].district_id)
        for number, case in enumerate(cases):
            rows = [*log_store.rows(connection, case.id)]
            moves = [timed(row) for row in rows]
            for count in range(1, len(rows) + 1) if number % 10 == 0 else [len(rows)]:
                found = times(table, moves[:count], CaseState(rows[count - 1].target), rows[count - 1].at)
                kept = rows[count - 1].facts["due_at"]
                assert found.due_at == (None if kept is None else datetime.fromisoformat(kept)), case.id
            assert found.due_at == case.due_at
            if case.state in OPEN_STATES:
                assert found.near_at == case.near_at


def test_the_chain_holds_and_every_version_is_there(demo: str) -> None:
    broken = (
        "SELECT count(*) FROM case_transitions t LEFT JOIN case_transitions b ON b.case_id = t.case_id"
        " AND b.version = t.version - 1 WHERE t.hash <> transition_hash(t) OR t.previous IS DISTINCT FROM"
        " CASE t.version WHEN 1 THEN first_link(t.case_id) ELSE b.hash END"
    )
    assert scalar(demo, broken) == 0
    gaps = "SELECT count(*) FROM cases c WHERE version <> (SELECT count(*) FROM case_transitions WHERE case_id = c.id)"
    assert scalar(demo, gaps) == 0


def test_what_the_log_names_exists_and_texts_fit_their_hashes(demo: str) -> None:
    missing = (
        "SELECT count(*) FROM case_transitions t LEFT JOIN accounts a ON a.id = t.account_id"
        " LEFT JOIN posts p ON p.id = t.post_id LEFT JOIN units u ON u.id = t.unit_id"
        " WHERE (t.account_id IS NOT NULL AND NOT a.simulated) OR (t.account_id IS NOT NULL AND a.id IS NULL)"
        " OR (t.post_id IS NOT NULL AND p.id IS NULL) OR (t.unit_id IS NOT NULL AND u.id IS NULL)"
    )
    assert scalar(demo, missing) == 0
    remarks = "SELECT count(*), count(*) FILTER (WHERE t.given -> r.field ->> 'sha256'"
    fitting = (
        f"{remarks} = encode(sha256(r.salt || convert_to(r.body, 'UTF8')), 'hex')) FROM case_remarks r"
        " JOIN case_transitions t USING (case_id, version) WHERE r.field NOT LIKE 'kept_%'"
    )
    found = query(demo, fitting)[0]
    assert found[0] == found[1] > 500
    pictures = (
        "SELECT count(*) FROM case_attachments a JOIN case_transitions t USING (case_id, version)"
        " WHERE NOT (t.given -> a.field @> to_jsonb(a.file_id) OR t.move = 'report')"
    )
    assert scalar(demo, pictures) == 0
    merged = "SELECT count(*) FROM cases c LEFT JOIN case_links l ON l.case_id = c.id WHERE (c.state = 'merged') <> (l.kind IS NOT DISTINCT FROM 'merged_into')"  # noqa: E501
    assert scalar(demo, merged) == 0


def test_indexes_and_triggers_are_those_of_the_log(demo: str) -> None:
    parts = query(
        demo,
        "SELECT i.inhparent::regclass::text AS parent,"
        " (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS indexes,"
        " (SELECT count(*) FROM pg_index WHERE indrelid = i.inhparent) AS of_parent,"
        " (SELECT count(*) FROM pg_index WHERE indrelid = c.oid AND pg_get_indexdef(indexrelid) LIKE '%letter_pairs%')"
        " AS words,"
        " (SELECT array_agg(tgname::text ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid) AS triggers"
        " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent IN ('case_transitions'::regclass, 'cases'::regclass)",
    )
    for parent in ("case_transitions", "cases"):
        mine = [part for part in parts if part.parent == parent]
        assert len(mine) == 2
        # Attaching has adopted what was there: nothing is there twice. (Words get an index of their own in each part.)
        twice = [part for part in mine if part.indexes - part.words > part.of_parent]
        assert not twice
        own = [{name for name in part.triggers if not name.startswith("RI_")} for part in mine]
        assert {name.split("_")[-1] for name in own[0] ^ own[1]} <= {"emptied"}, own


def test_the_log_of_the_demo_is_only_added_to(demo: str) -> None:
    name = scalar(demo, "SELECT tableoid::regclass::text FROM case_transitions LIMIT 1")
    for statement in (f"UPDATE {name} SET move = 'x'", f"DELETE FROM {name}", f"TRUNCATE {name}"):
        with pytest.raises(Exception, match="only added to"), transaction(demo) as connection:
            connection.execute(text(statement))


def test_a_case_of_the_demo_moves_on_and_goes_with_it(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Moves by hand go on where the play stopped; another demo takes their case away, one reported by hand stays."""
    lessen(monkeypatch, 300)
    lessen(monkeypatch, 200, kind="full")
    with clone(cluster) as url:
        load(url, "small", UNTIL, lambda *_: None)
        case = query(
            url, "SELECT id, version FROM cases WHERE state IN ('handling', 'dispatched') ORDER BY id LIMIT 1"
        )[0]
        duty = employ(url, Role.DUTY_OFFICER, "530103", username="duty-officer")
        whole = scalar(
            url, "SELECT '{' || int8range(no, last_no, '[]') || '}' FROM areas WHERE level = 'district'"
        )
        actor = Actor(duty.account_id, ("duty_officer",), whole)
        with transaction(url, actor=actor) as connection:
            wanted = Request(case.id, "comment", {"opinion": "请注意安全"}, case.version, uuid.uuid4())
            assert make(connection, actor, wanted)["version"] == case.version + 1
        client = sign_in(create_app(url), duty)
        token = client.get("/api/v1/session").get_json()["csrf_token"]
        place = query(url, "SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM areas"
                           " WHERE level = 'cell' ORDER BY id LIMIT 1) x")[0]  # fmt: skip
        report = {
            "client_id": str(uuid.uuid4()), "category": "C01", "description": "手工上报",
            "position": {"lon": place.lon, "lat": place.lat},
        }  # fmt: skip
        answer = client.post("/api/v1/cases", json=report, headers={"X-CSRFToken": token})
        assert answer.status_code == 201, answer.text
        load(url, "full", UNTIL, lambda *_: None)
        assert scalar(url, "SELECT count(*) FROM cases") == 201
        for table in ("case_transitions", "case_remarks", "case_attachments", "case_links"):
            left = f"SELECT count(*) FROM {table} t WHERE NOT EXISTS (SELECT FROM cases WHERE id = t.case_id)"
            assert scalar(url, left) == 0, table
        assert scalar(url, "SELECT count(*) FROM case_transitions t JOIN cases c ON c.id = t.case_id"
                           " WHERE c.reporter_id = :who AND c.import_id IS NULL", who=duty.account_id) == 1  # fmt: skip
        assert scalar(url, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'cases'::regclass") == 2


def test_nothing_lies_after_now(demo: str) -> None:
    end = datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert scalar(demo, "SELECT max(at) FROM case_transitions") <= end
    assert settings().var.exists()


def test_whoever_signs_in_finds_what_waits_for_their_seat(demo: str) -> None:
    """An account of the demo is somebody of the play: their log is theirs, and what is open waits for them."""
    played = {str(role) for roles in SEATS.values() for role in roles}
    with transaction(demo) as connection:
        made = {account.role: account for account in staff_demo(connection, the_district(connection))}
        assert set(made) == set(Role)
        acted = connection.execute(
            text(
                "SELECT a.username FROM accounts a WHERE NOT starts_with(a.username, 'sim-')"
                " AND EXISTS (SELECT FROM case_transitions t WHERE t.account_id = a.id)"
            )
        ).scalars()
        assert set(acted) >= played - {
            "supervisor",
            "supervision_officer",
        }
        posts = connection.execute(
            text(
                "SELECT a.username, count(*) FROM accounts a JOIN staff_members s ON s.account_id = a.id"
                " JOIN post_holders h ON h.staff_id = s.id WHERE NOT starts_with(a.username, 'sim-') GROUP BY 1"
            )
        ).all()
        assert {(row.username, row.count) for row in posts} == {(str(role), 1) for role in Role}
        assert all("模拟" in made[Role(role)].name for role in played)
        connection.rollback()

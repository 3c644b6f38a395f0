"""A period from open to frozen: who may do what, what is kept, what comes to light later, who sees whose figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app import db
from app.accounts.rules import Permission
from app.cases.store import log
from app.db import Actor, transaction
from app.errors import ForbiddenError
from app.evaluation.rules import Of
from app.evaluation.service import periods as service
from app.evaluation.service import schemes
from app.evaluation.service.looking import Looker
from app.evaluation.store import periods as period_store
from app.postgres import Cluster
from tests import casework
from tests.casework import Casework
from tests.stage import Play, at_the_hour

pytestmark = pytest.mark.db

ZONE = "Asia/Shanghai"
MARCH, APRIL = ("2026-03-01", "2026-03-31"), ("2026-04-01", "2026-04-30")
PERIODS = "/evaluation/periods"


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        with pytest.MonkeyPatch.context() as patch, playing(made, patch) as play:
            for end in ("2026-03-10 11:00", "2026-03-11 11:00"):
                _closed(play, end)
        yield made


@contextmanager
def playing(work: Casework, patch: pytest.MonkeyPatch, *, written_then: bool = True) -> Iterator[Play]:
    """A story that stays; what it does is written down when it happens, or only now."""
    record = log.RECORD
    at_the_hour(patch)
    if not written_then:
        patch.setattr(log, "RECORD", record)
    with db.engine(work.url).begin() as connection:
        yield Play(connection, work)


def _closed(play: Play, end: str) -> int:
    case = play.report("supervisor", "C01", "2026-03-10 09:00")
    unit = play.work.unit("sanitation")
    play.move("operator", case, "accept_register_dispatch", condition="C01", unit=unit)
    play.move("sanitation", case, "acknowledge", "2026-03-10 09:30")
    play.move("sanitation", case, "give_feedback", end, evidence=True)
    play.move("officer2", case, "verify_pass", end, evidence=True)
    play.move("operator", case, "close", end, closing_condition=True)
    return case


def post(work: Casework, who: str, path: str, status: int = 303, **form: str) -> str:
    client = work.client(who)
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    answer = client.post(path, data={**form, "csrf_token": token}, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("Location", answer.text))


def opened(work: Casework, days: tuple[str, str]) -> int:
    return int(post(work, "duty", PERIODS, first_on=days[0], last_on=days[1]).rsplit("/", 1)[1])


def soon(days: int = 1) -> str:
    return (datetime.now(UTC) + timedelta(days=days, hours=8)).date().isoformat()


def read(work: Casework, who: str, path: str) -> Any:
    answer = work.client(who).get(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def duty(work: Casework) -> Actor:
    with transaction(work.url, read_only=True) as connection:
        view = connection.execute(
            text("SELECT (v).roles, (v).territory::text, (v).units FROM account_view(:account) v"),
            {"account": work.account("duty")},
        ).one()
    return Actor(work.account("duty"), tuple(view[0]), view[1], tuple(view[2]))


def pass_the_day(work: Casework, period: int) -> None:
    """Let the day until which objections may be filed be over."""
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE evaluation_periods SET object_until_on = object_until_on - 10 WHERE id = :id"),
            {"id": period},
        )


def test_a_period_from_open_to_frozen_and_its_corrections(
    work: Casework, monkeypatch: pytest.MonkeyPatch
) -> None:
    march, april = opened(work, MARCH), opened(work, APRIL)
    one = f"{PERIODS}/{march}"
    assert "第一天" in post(work, "duty", PERIODS, 400, first_on="2026-03-15", last_on="2026-04-02")
    post(work, "head", f"{one}/publish", 403, object_until_on=soon())
    assert "1 到 60 天" in post(work, "duty", f"{one}/publish", 400, object_until_on=soon(90))
    post(work, "duty", f"{one}/publish", object_until_on=soon())
    post(work, "duty", f"{PERIODS}/{april}/publish", 409, object_until_on=soon())

    mine = read(work, "head", f"/api/v1/evaluation/periods/{march}")
    assert [row["key"] for row in mine["figures"] if row["of"] == "area"] == [casework.SUBDISTRICT]
    assert read(work, "neighbour", f"/api/v1/evaluation/periods/{march}")["figures"] == []
    of_unit = read(work, "sanitation", f"/api/v1/evaluation/periods/{march}")["figures"]
    assert [(row["of"], row["key"]) for row in of_unit] == [("unit", "sanitation")]
    (area,) = (row for row in mine["figures"] if row["of"] == "area")
    assert area["counts"]["handled"] == 2 and area["counts"]["handled_late"] == 1 and area["place"] is None
    assert area["score"] == 90, "of a hundred, half of the twenty for being in time are lost"

    sent = {
        "object": f"area:{casework.SUBDISTRICT}",
        "reason": "有一件因停电延误",
        "client_id": "0" * 31 + "1",
    }
    for _ in range(2):
        post(work, "head", f"{one}/objections", **sent)
    post(work, "neighbour", f"{one}/objections", 403, **sent)
    post(work, "sanitation", f"{one}/objections", 404, **{**sent, "client_id": "0" * 31 + "2"})
    assert "异议期未满" in post(work, "duty", f"{one}/freeze", 409)
    pass_the_day(work, march)
    assert "没有答复" in post(work, "duty", f"{one}/freeze", 409)
    post(work, "head", f"{one}/objections", 409, **{**sent, "client_id": "0" * 31 + "3"})
    (filed,) = read(work, "duty", f"/api/v1/evaluation/periods/{march}")["objection_list"]
    post(work, "duty", f"{one}/objections/{filed['id']}", upheld="yes", answer="属实，请提出申诉")
    post(work, "duty", f"{one}/objections/{filed['id']}", 404, upheld="no", answer="再答")
    post(work, "duty", f"{one}/freeze")
    assert "核验一致" in post(work, "duty", f"{one}/verify", 200)
    post(work, "duty", f"{one}/publish", 409, object_until_on=soon())
    _kept(work, march)

    late = int(
        work.scalar("SELECT id FROM cases WHERE closed_at > '2026-03-11' AND closed_at < '2026-03-12'")
    )
    with playing(work, monkeypatch, written_then=False) as play:
        play.move("sanitation", late, "appeal", "2026-03-20 10:00", reason="停电")
        play.move("head", late, "uphold_appeal", "2026-03-21 10:00", opinion="属实")
    with transaction(work.url, actor=duty(work)) as connection:
        _publish_later(connection, april)
    lines = read(work, "duty", f"/api/v1/evaluation/periods/{april}")["corrections"]
    told = {
        row["name"]: (row["was"], row["now_is"], row["added"], row["removed"])
        for row in lines
        if row["of"] == "area"
    }
    assert told == {
        "exempted": (0, 1, [late], []), "handled_in_time": (1, 2, [late], []),
        "closed_in_time": (1, 2, [late], []), "closed_late": (1, 0, [], [late]),
    }  # fmt: skip
    assert {row["of"] for row in lines} == {"district", "area", "unit"}
    assert "核验一致" in post(work, "duty", f"{one}/verify", 200), "as known then it is what it was"
    assert read(work, "neighbour", f"/api/v1/evaluation/periods/{april}")["corrections"] == []
    assert "更正" in work.client("duty").get(f"{PERIODS}/{april}", headers={"Accept": "text/html"}).text


def _publish_later(connection: Connection, period: int) -> None:
    known = schemes.schemes(connection, 1)
    later = datetime.now(UTC) + timedelta(minutes=2)
    until = later.date() + timedelta(days=3)
    service.publish(connection, 1, ZONE, _acting(connection), period, known[:2], until, later)


def _acting(connection: Connection) -> Actor:
    return Actor(int(connection.execute(text("SELECT acting_account()")).scalar_one()))


def _kept(work: Casework, period: int) -> None:
    """Nobody changes what is frozen, the owner neither; what the owner forces past the triggers is found."""
    for statement in (
        "UPDATE evaluation_periods SET known_at = now() WHERE frozen_at IS NOT NULL",
        "DELETE FROM evaluation_periods WHERE frozen_at IS NOT NULL",
        "UPDATE evaluation_figures SET score = 100", "DELETE FROM evaluation_figures",
        "UPDATE evaluation_objections SET upheld = false", "DELETE FROM evaluation_objections",
        "INSERT INTO evaluation_figures (period_id, of, key, counts)"
        " SELECT id, 'area', 'x', '{}' FROM evaluation_periods"
        " WHERE frozen_at IS NOT NULL",
    ):  # fmt: skip
        with (
            pytest.raises(Exception, match="frozen period is not changed"),
            transaction(work.url) as connection,
        ):
            connection.execute(text(statement))
    with db.engine(work.url).connect() as connection:
        outer = connection.begin()
        connection.execute(text("ALTER TABLE evaluation_figures DISABLE TRIGGER USER"))
        connection.execute(
            text(
                "UPDATE evaluation_figures SET counts = jsonb_set(counts, '{handled}', '3') WHERE of = 'unit'"
            )
        )
        connection.execute(text("SELECT set_config('panlong.territory', '{[1,9223372036854775807)}', true)"))
        found = service.verify(connection, 1, period)
        outer.rollback()
    assert not found["sealed"]
    assert [(row["of"], row["name"], row["stored"], row["found"]) for row in found["differs"]] == [
        ("unit", "handled", 3, 2)
    ]


def test_a_scheme_is_changed_by_another_edition(work: Casework) -> None:
    path = "/evaluation/schemes/department"
    post(work, "head", path, 403, name="x")
    wrong = post(work, "duty", path, 400, name="", points_rework_rate="many", points_closure_rate="1001")
    assert wrong.count("0 到 1000") == 2
    post(
        work,
        "duty",
        path,
        name="部门",
        points_on_time_handling_rate="70",
        points_rework_rate="30",
        sense_rework_rate="less",
    )
    found = {one["code"]: one for one in read(work, "officer", "/api/v1/evaluation/schemes")["items"]}
    assert [(w["indicator"], w["points"], w["sense"]) for w in found["department"]["weights"]] == [
        ("on_time_handling_rate", "70", "more"), ("rework_rate", "30", "less"),
    ]  # fmt: skip
    assert found["department"]["edition"] and found["sub_centre"]["edition"] is None
    query = "of=unit&scheme=department&from=2026-03-01&to=2026-03-31&known_at=2026-03-12T00:00:00Z"
    (unit,) = read(work, "sanitation", f"/api/v1/evaluation/period?{query}")["items"]
    assert unit["score"]["value"] == 65 and unit["score"]["place"] is None
    assert work.client("duty").get("/api/v1/evaluation/period?scheme=nothing").status_code == 404


def test_figures_of_people_are_for_themselves_and_for_who_answers_for_them(work: Casework) -> None:
    query = "/api/v1/evaluation/period?of=person&from=2026-03-01&to=2026-03-31"
    looks = "SELECT count(*) FROM access_log WHERE action = 'evaluation.person'"
    before = work.scalar(looks)
    own = work.scalar("SELECT code FROM staff_members WHERE account_id = :id", id=work.account("officer2"))
    assert [row["key"] for row in read(work, "officer2", query)["items"]] == [own]
    assert work.scalar(looks) == before, "nobody is told that somebody looked at themselves"
    everybody = {row["key"]: row for row in read(work, "duty", query)["items"]}
    assert own in everybody and len(everybody) > 3 and everybody[own]["counts"]["checked"] == 2
    facts = work.scalar(
        "SELECT facts FROM access_log WHERE action = 'evaluation.person' ORDER BY no DESC LIMIT 1"
    )
    assert work.scalar(looks) == before + 1 and set(facts["people"]) >= {own}
    read(work, "duty", query.replace("period?", "cases?") + f"&key={own}&count=checked")
    assert work.scalar(looks) == before + 2
    with pytest.raises(ForbiddenError):
        Looker(Actor(1), "wall", True, frozenset(Permission)).only(Of.PERSON)
    other = next(key for key in everybody if key != own)
    path = query.replace("period?", "cases?")
    assert read(work, "officer2", f"{path}&key={other}&count=reported")["items"] == []


def test_nobody_publishes_who_sees_a_part(work: Casework) -> None:
    part = Actor(work.account("duty"), ("duty_officer",), "{[1,3)}")
    days = datetime(2025, 1, 1).date(), datetime(2025, 1, 31).date()
    with (
        pytest.raises(Exception, match="row-level security"),
        transaction(work.url, actor=part) as connection,
    ):
        service.open_period(connection, 1, part, *days)
    with transaction(work.url) as connection:
        made = service.open_period(connection, 1, duty(work), *days)
        assert period_store.period(connection, 1, made) is not None
        connection.execute(text("DELETE FROM evaluation_periods WHERE id = :id"), {"id": made})

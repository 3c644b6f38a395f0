"""What comes of a case by itself: alarms once each, the platform's own moves, jobs that wait, due times set anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.accounts.rules import Role
from app.cases.service import news, redating, sealing, timers
from app.db import transaction
from app.errors import AppError
from app.jobs import queue
from app.postgres import Cluster
from tests import casework, town, wallclock
from tests.casework import Casework
from tests.logs import folded
from tests.people import employ

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        wallclock.hang(made.url)
        made.people["mayor"] = employ(made.url, Role.LEADER, town.DISTRICT, username="mayor")
        follow(made)
        yield made


@pytest.fixture(autouse=True)
def today(work: Casework) -> Iterator[None]:
    yield
    wallclock.put_forward(work.url, timedelta())


def look(work: Casework, case: int, after: timedelta) -> None:
    """Have a case looked at when so much time has passed."""
    wallclock.put_forward(work.url, after)
    with transaction(work.url) as connection:
        timers.look(connection, case)


def follow(work: Casework) -> None:
    """Read the log to its end, as the worker does."""
    for reader in (timers.follow, news.follow):
        more = True
        while more:
            with transaction(work.url) as connection:
                more = reader(connection)


def alarms(work: Casework, case: int, stage: str = "handling") -> list[str]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT kind FROM case_alarms WHERE case_id = :case AND stage = :stage ORDER BY at, id"),
            {"case": case, "stage": stage},
        )
        return list(rows.scalars())


def heard(work: Casework, name: str, case: int) -> list[str]:
    """Of what somebody was told in their inbox."""
    kinds = "SELECT array_agg(DISTINCT kind ORDER BY kind) FROM notices WHERE case_id = :case AND account_id = :who"
    return list(work.scalar(kinds, case=case, who=work.account(name)))


def waiting(work: Casework, case: int) -> list[Any]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT scheduled_at FROM jobs.procrastinate_jobs WHERE queueing_lock = 'case:' || :case"),
            {"case": case},
        )
        return list(rows.scalars())


def handled(work: Casework) -> int:
    """A case that a unit handles."""
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "acknowledge", crew=work.account("crew"))
    return case


def moves(work: Casework, case: int) -> list[str]:
    log = work.client("operator").get(f"/api/v1/cases/{case}/log").get_json()["items"]
    return [row["move"] for row in log]


def test_each_alarm_is_raised_once_however_often_one_looks(work: Casework) -> None:
    case = handled(work)
    for days in (0, 30, 30, 40):
        look(work, case, timedelta(days=days))
        follow(work)
    assert alarms(work, case) == ["near_due", "due", "late", "severe"]
    assert alarms(work, case, "acknowledgement") == [], "its clock had stopped"
    told = work.scalar("SELECT array_agg(told ORDER BY at) FROM case_alarms WHERE case_id = :case", case=case)
    assert told == ["holder", "head", "deputy", "leader"]
    assert heard(work, "crew", case) == ["near_due", "overdue", "to_do"]
    assert heard(work, "head", case) == ["late", "overdue", "severe"]
    assert heard(work, "mayor", case) == ["severe"]


def test_a_case_that_has_moved_on_is_left_alone(work: Casework) -> None:
    case = handled(work)
    work.move("crew", case, "give_feedback", evidence=[work.file("crew")])
    look(work, case, timedelta(days=30))
    assert alarms(work, case) == []
    assert alarms(work, case, "check") == ["near_due", "due", "late", "severe"], "whoever checks has not"


def test_a_suspended_case_is_resumed_on_its_review_date(work: Casework) -> None:
    case = handled(work)
    soon = work.scalar("SELECT (current_date + 10)::text")
    work.move("sanitation", case, "request_suspension", reason="待种植季", interim="围护",
              evidence=[work.file("sanitation")], review_on=soon)  # fmt: skip
    work.move("head", case, "grant_suspension")
    look(work, case, timedelta(days=8))
    assert moves(work, case)[-1] == "grant_suspension"
    for _ in "12":
        look(work, case, timedelta(days=11))
    assert moves(work, case)[-1] == "resume" and moves(work, case).count("resume") == 1
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) is not None
    folded(work.url, case)


def test_a_closed_case_is_archived_when_its_window_is_over(work: Casework) -> None:
    case = handled(work)
    work.move("head", case, "force_close", reason="重复")
    look(work, case, timedelta(days=14, hours=23))
    assert moves(work, case)[-1] == "force_close"
    for _ in "12":
        look(work, case, timedelta(days=15, minutes=1))
    assert moves(work, case)[-1] == "archive" and moves(work, case).count("archive") == 1
    folded(work.url, case)


def test_an_appeal_keeps_a_case_from_the_archive_until_it_is_answered(work: Casework) -> None:
    case = handled(work)
    work.move("head", case, "force_close", reason="重复")
    work.move("sanitation", case, "appeal", reason="不属实")
    look(work, case, timedelta(days=20))
    assert moves(work, case)[-1] == "appeal"
    wallclock.put_forward(work.url, timedelta())
    work.move("head", case, "reject_appeal", opinion="属实")
    look(work, case, timedelta(days=20))
    assert moves(work, case)[-1] == "archive"


def test_what_nobody_takes_up_goes_up_loop_by_loop(work: Casework) -> None:
    case = int(work.report("officer")["case_id"])
    loop = "SELECT loop FROM cases WHERE id = :case"
    assert work.scalar(loop, case=case) == "community"
    for after, wanted in ((5, "subdistrict"), (5, "subdistrict"), (10, "district"), (20, "district")):
        look(work, case, timedelta(days=after))
        assert work.scalar(loop, case=case) == wanted
    assert moves(work, case) == ["report", "escalate", "escalate"]
    log = work.client("duty").get(f"/api/v1/cases/{case}/log").get_json()["items"]
    assert log[1]["account_id"] is None and log[1]["given"]["reason"].startswith("本级")
    assert alarms(work, case, "acceptance")[:3] == ["near_due", "due", "late"]
    folded(work.url, case)


def test_returned_twice_it_waits_for_a_ruling_and_goes_up_without_one(work: Casework) -> None:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    work.move("sanitation", case, "send_back", reason="不属本单位职责")
    work.move("operator", case, "uphold_return", opinion="确实")
    work.move("operator", case, "dispatch", unit=work.unit("urban_management"))
    work.move("bureau", case, "send_back", reason="也不是")
    work.move("operator", case, "uphold_return", opinion="确实")
    look(work, case, timedelta())
    assert alarms(work, case, "dispatch") == ["returned_twice"]
    assert work.scalar("SELECT loop FROM cases WHERE id = :case", case=case) == "subdistrict"
    look(work, case, timedelta(days=3))
    assert work.scalar("SELECT loop FROM cases WHERE id = :case", case=case) == "district"


def test_one_job_waits_for_each_live_case_at_its_next_instant(work: Casework) -> None:
    follow(work)
    case = handled(work)
    assert waiting(work, case) == [], "a move writes its log row and nothing else"
    follow(work)
    due = work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case)
    first = waiting(work, case)
    assert len(first) == 1 and first[0] < due, "nearly due comes before due"
    look(work, case, timedelta(0))
    assert waiting(work, case) == first
    work.move("head", case, "force_close", reason="重复")
    follow(work)
    again = waiting(work, case)
    assert len(again) == 1 and again[0] - first[0] > timedelta(days=10), "the archive, fifteen days on"


def test_a_lost_job_is_found_by_the_sweep(work: Casework) -> None:
    case = handled(work)
    follow(work)
    with transaction(work.url) as connection:
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
        timers.sweep(connection)
    assert waiting(work, case) == [None]
    with transaction(work.url) as connection:
        timers.sweep(connection)
        assert queue.counts(connection).failed == 0
    assert waiting(work, case) == [None]


def test_after_a_restore_every_live_case_is_looked_at_and_sealed(work: Casework) -> None:
    """Places in the log mean nothing in another history of the database."""
    case = handled(work)
    follow(work)
    with transaction(work.url) as connection:
        sealing.seal(connection)
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
        foreign = "UPDATE job_marks SET mark = overlay(mark PLACING 'ffffffffffff' FROM 1 FOR 12) WHERE name <> :other"
        connection.execute(text(foreign), {"other": redating.MARK})
    seals = "SELECT count(*) FROM case_seals WHERE :case = ANY (case_ids)"
    before = work.scalar(seals, case=case)
    follow(work)
    with transaction(work.url) as connection:
        sealing.seal(connection)
        sealing.seal(connection)
    assert waiting(work, case) == [None]
    assert work.scalar(seals, case=case) == before + 1


def test_one_unreadable_log_does_not_hold_up_the_others(work: Casework) -> None:
    bad, good = handled(work), handled(work)
    limit = 'UPDATE case_transitions SET facts = facts || \'{"limit": ["x", "hours"]}\' WHERE case_id = :case'
    with transaction(work.url) as connection:
        connection.execute(text("ALTER TABLE case_transitions DISABLE TRIGGER ALL"))
        connection.execute(text(limit), {"case": bad})
        connection.execute(text("ALTER TABLE case_transitions ENABLE TRIGGER ALL"))
    follow(work)
    assert len(waiting(work, bad)) == len(waiting(work, good)) == 1
    with pytest.raises(AppError), transaction(work.url) as connection:
        timers.look(connection, bad)


def test_a_changed_calendar_sets_due_times_anew_by_a_row_of_the_log(work: Casework) -> None:
    case, over = handled(work), handled(work)
    before = work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case)
    with transaction(work.url) as connection:
        redating.look_through(connection)
        close_office(connection, before.date())
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
    with transaction(work.url) as connection:
        redating.look_through(connection)
        wanted = "SELECT array_agg((args ->> 'case_id')::bigint) FROM jobs.procrastinate_jobs"
        assert {case, over} <= set(connection.execute(text(wanted)).scalar_one())
    for _ in "12":
        with transaction(work.url) as connection:
            redating.redate(connection, case)
    assert moves(work, case)[-1] == "redate" and moves(work, case).count("redate") == 1
    after = work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case)
    assert after - before >= timedelta(days=8)
    folded(work.url, case)
    wallclock.put_forward(work.url, timedelta(days=60))
    with transaction(work.url) as connection:
        redating.redate(connection, over)
    assert moves(work, over)[-1] == "acknowledge", "what was due already stays as it was"


def test_unchanged_calendars_move_nothing(work: Casework) -> None:
    handled(work)
    with transaction(work.url) as connection:
        redating.look_through(connection)
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
    with transaction(work.url) as connection:
        redating.look_through(connection)
        assert queue.counts(connection).waiting == 0


def close_office(connection: Connection, first: date) -> None:
    """Close the office, by whose calendar units work, for ten days from the day before one on."""
    connection.execute(
        text(
            'INSERT INTO calendar_days (district_id, "on", calendar, state)'
            " SELECT 1, CAST(:first AS date) + day, 'office', 'closed' FROM generate_series(-1, 8) day"
        ),
        {"first": first},
    )

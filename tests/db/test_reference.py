"""Reference data edited by the system administrator, against the real database."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import time as clock
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.rules import Role
from app.accounts.service.managing import CONSOLE
from app.cases.rules.clocks import ClockReading
from app.cases.rules.reference_tables import BY_NAME
from app.cases.service import redating, starting_reference
from app.cases.service.situation import situation
from app.cases.service.timetable import season_is_on, timetable, timetable_of
from app.cases.store import reference as store
from app.cases.store.almanac import calendars
from app.db import ACT, Actor, transaction
from app.interop.service.reference import import_reference
from app.interop.service.report import FaultLog
from app.postgres import Cluster
from app.settings import ROOT
from tests import casework
from tests.casework import Casework
from tests.people import employ, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        with transaction(made.url) as connection:
            connection.execute(
                text(
                    "INSERT INTO filing_conditions (district_id, number, category_id, condition, closing_condition,"
                    " limit_amount, limit_unit, default_unit, lowest_loop, risk, verification)"
                    " SELECT 1, 'T' || days, id, '甲', '乙', days, 'working_days', 'urban_management', 'community',"
                    " 'low', 'by_photo' FROM case_categories, unnest(ARRAY[12, 300]) days WHERE code = 'C01'"
                )
            )
        yield made


@pytest.fixture(scope="module")
def admin(work: Casework) -> FlaskClient:
    person = employ(work.url, Role.SYS_ADMIN, username="admin")
    work.people["admin"] = person
    return sign_in(work.app, person)


def today(work: Casework) -> date:
    return date.fromisoformat(str(work.scalar("SELECT district_today(1)")))


def post(client: FlaskClient, path: str, status: int = 303, **form: Any) -> str:
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    answer = client.post(f"/reference/{path}", data={"csrf_token": token, **form})
    assert answer.status_code == status, answer.text
    return answer.text


def acting(work: Casework, name: str, *roles: str) -> dict[str, str]:
    return Actor(work.account(name), roles).settings


def row_id(work: Casework, table: str, **key: str) -> int:
    where = " AND ".join(f'"{name}" = :{name}' for name in key)
    return int(work.scalar(f"SELECT max(id) FROM {table} WHERE {where}", **key))


def take_in(work: Casework, table: str, content: str, tmp_path: Any, *, dry_run: bool = False) -> Any:
    path = tmp_path / f"{table}.csv"
    path.write_text(content, encoding="utf-8")
    with FaultLog(None, "en") as log, transaction(work.url) as connection:
        return import_reference(connection, table, path, dry_run=dry_run, log=log, by=CONSOLE)


def test_a_district_begins_with_the_files_and_is_not_filled_twice(work: Casework) -> None:
    with transaction(work.url) as connection:
        assert timetable_of(connection, 1) == timetable()
        assert timetable_of(connection, 1).calendars == calendars()
        counts = "SELECT (SELECT count(*) FROM phrases), (SELECT count(*) FROM stage_limits)"
        before = connection.execute(text(counts)).one()
        starting_reference.add(connection, 1)
        assert connection.execute(text(counts)).one() == before
        connection.execute(text("DELETE FROM loops"))
        starting_reference.fill_districts(connection)
        assert connection.execute(text("SELECT count(*) FROM loops")).scalar_one() == 3


TABLES = sorted({table.table for table in BY_NAME.values()})


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYS_ADMIN])
def test_nobody_else_writes(work: Casework, table: str, role: Role) -> None:
    """Neither a new row nor an end; whoever is signed in reads."""
    # The administrator of rights makes units by another door.
    changes = [f"UPDATE {table} SET valid_to_on = '2099-01-01'"]
    if not (table == "units" and role is Role.SEC_ADMIN):
        changes.append(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")
        with transaction(work.url) as connection:
            connection.execute(ACT, acting(work, "duty", role))
            done = connection.execute(text(changes[0])).rowcount
            assert done == 0
            connection.rollback()
    with transaction(work.url, actor=Actor(work.account("duty"), (role,))) as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() >= 0


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.SEC_ADMIN, Role.AUDIT_ADMIN, Role.SUBCENTRE_HEAD])
def test_the_wall_refuses_a_new_row(work: Casework, role: Role) -> None:
    statement = text(
        'INSERT INTO seasons (district_id, code, name, "begin", "end", valid_from_on)'
        " VALUES (1, 'own', '自定', '01-01', '02-01', district_today(1))"
    )
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(work.url, actor=Actor(work.account("duty"), (role,))) as connection,
    ):
        connection.execute(statement)


def test_the_past_stays_and_no_row_is_rewritten(work: Casework, admin: FlaskClient) -> None:
    mine = Actor(work.account("admin"), (Role.SYS_ADMIN,))
    refused = {
        "UPDATE seasons SET name = '别的'": "permission denied",
        "DELETE FROM seasons": "permission denied",
        "UPDATE seasons SET valid_to_on = district_today(1) - 1": "reference_past_kept",
        "INSERT INTO seasons (district_id, code, name, \"begin\", \"end\") VALUES (1, 'x', 'x', '01-01', '02-01')":
            "reference_past_kept",
        "UPDATE units SET kind = 'command' WHERE code = 'sanitation'": "administrator of rights",
        "INSERT INTO units (district_id, code, name, kind) VALUES (1, 'x', 'x', 'command')": "row-level security",
    }  # fmt: skip
    for statement, said in refused.items():
        with (
            pytest.raises(DBAPIError) as error,
            transaction(work.url, actor=mine) as connection,
        ):
            connection.execute(text(statement))
        constraint = getattr(getattr(error.value.orig, "diag", None), "constraint_name", None)
        assert said in str(error.value.orig) or said == constraint, statement


def test_a_case_keeps_its_condition_after_it_was_replaced(work: Casework, admin: FlaskClient) -> None:
    case = int(work.report("supervisor", category="C02")["case_id"])
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C02")
    before = work.scalar("SELECT condition_id FROM cases WHERE id = :case", case=case)
    with transaction(work.url) as connection, pytest.raises(DBAPIError, match="registered under"):
        connection.execute(
            text("UPDATE filing_conditions SET limit_amount = 9 WHERE id = :id"), {"id": before}
        )
    post(admin, f"filing_conditions/{before}", **condition(work, before), limit="7")
    after = row_id(work, "filing_conditions", number="C02")
    assert after != before
    assert work.scalar("SELECT valid_to_on FROM filing_conditions WHERE id = :id", id=before) == today(work)
    work.move("operator", case, "dispatch", unit=work.unit("sanitation"))
    facts = "SELECT condition_id FROM cases WHERE id = :case"
    assert work.scalar(facts, case=case) == before
    with transaction(work.url) as connection:
        limits = {c.stage.value: c.events[0].limit for c in situation(connection, case, None).clocks}
    assert limits["handling"].amount == 2  # type: ignore[union-attr]
    other = int(work.report("supervisor", category="C02")["case_id"])
    work.move("operator", other, "accept")
    work.move("operator", other, "register", condition="C02")
    assert work.scalar(facts, case=other) == after


def condition(work: Casework, row: int) -> dict[str, str]:
    """The fields of a condition's form, as they are."""
    table = BY_NAME["filing_conditions"]
    with transaction(work.url, read_only=True) as connection:
        found = store.one(connection, 1, table, row)
    assert found is not None
    return {name: found.values[name] for name in table.by_name if name not in {"number", "limit"}}


def test_a_form_tells_every_fault_at_its_field(work: Casework, admin: FlaskClient) -> None:
    count = work.scalar("SELECT count(*) FROM filing_conditions")
    said = post(
        admin, "filing_conditions/new?lang=en", 422, number="bad number!", limit="soon", limit_unit="working_hours",
        category="nowhere", valid_from_on="2001-01-01",
    )  # fmt: skip
    for field in ("number", "limit"):
        assert f'id="wrong-{field}"' in said and f'aria-describedby="wrong-{field}"' in said
    said = post(
        admin, "filing_conditions/new?lang=en", 422, number="X1", category="nowhere", limit="4",
        limit_unit="working_hours", control_limit="1", unit="nobody",
    )  # fmt: skip
    for field in (
        "category",
        "condition",
        "closing_condition",
        "control_unit",
        "unit",
        "lowest_loop",
        "risk",
    ):
        assert f'id="wrong-{field}"' in said, field
    assert work.scalar("SELECT count(*) FROM filing_conditions") == count
    said = post(admin, "calendar_days/new?lang=en", 422, on="some day", calendar="office", state="closed")
    assert 'id="wrong-on"' in said


def test_pages_are_for_the_system_administrator(work: Casework, admin: FlaskClient) -> None:
    for path in ("", "/filing_conditions", "/seasons/new", "/calendars/export.csv", "/loops/import"):
        assert admin.get(f"/reference{path}").status_code == 200, path
        assert work.client("duty").get(f"/reference{path}").status_code == 403, path
    assert "Monday–Friday" in admin.get("/reference/calendar_hours?lang=en").get_data(as_text=True)
    assert admin.get("/reference/passwords").status_code == 404
    assert admin.get("/reference/seasons/999999").status_code == 404
    assert admin.get("/reference/seasons/99999999999").status_code == 404


def test_a_long_table_is_paged_to_its_end(work: Casework, admin: FlaskClient) -> None:
    """Also one whose key has several columns; no row twice, none left out."""
    days = [date(2031, 1, 1) + timedelta(days=number) for number in range(130)]
    with transaction(work.url) as connection:
        rows = [{"on": day} for day in days]
        statement = (
            'INSERT INTO calendar_days (district_id, "on", calendar, state)'
            " VALUES (1, :on, 'patrol', 'closed')"
        )
        connection.execute(text(statement), rows)
    seen: list[str] = []
    path = "/reference/calendar_days?q=2031"
    pages = 0
    while pages < 9:
        pages += 1
        body = admin.get(path).get_data(as_text=True)
        seen += re.findall(r">(2031-\d\d-\d\d)</a>", body)
        following = re.search(r'class="pager"><a class="button" href="([^"]+)"', body)
        if following is None:
            break
        path = html.unescape(following[1])
    assert pages == 3 and seen == [str(day) for day in days]


def test_every_change_is_in_the_access_log(work: Casework, admin: FlaskClient) -> None:
    post(admin, "seasons/new", code="hot", name="高温", begin="07-01", end="08-31")
    row = row_id(work, "seasons", code="hot")
    post(admin, f"seasons/{row}", name="高温季", begin="07-01", end="09-15")
    later = row_id(work, "seasons", code="hot")
    post(admin, f"seasons/{later}/end", valid_to_on=str(today(work) + timedelta(days=3)))
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text(
                "SELECT facts ->> 'fate', facts -> 'changed', account_name FROM access_log"
                " WHERE action = 'reference.edit' AND subject_id = 'seasons: hot' ORDER BY no"
            )
        ).all()
        assert [tuple(row) for row in rows] == [
            ("added", None, "admin"),
            ("changed", ["end", "name"], "admin"),
            ("ended", None, "admin"),
        ]
        day = datetime(2027, 9, 1).date()
        assert season_is_on(connection, 1, "rain", day) and not season_is_on(connection, 1, "hot", day)
    # The row of this morning never held; the one that followed is the whole history.
    assert work.scalar("SELECT valid_from_on = valid_to_on FROM seasons WHERE id = :id", id=row)
    post(admin, f"seasons/{row}/end", 409, valid_to_on=str(today(work)))


def dispatched(work: Casework, condition: str = "T12") -> int:
    case = int(work.report("supervisor")["case_id"])
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition=condition)
    work.move("operator", case, "dispatch", unit=work.unit("urban_management"))
    return case


def test_a_calendar_changed_a_week_ahead(work: Casework, admin: FlaskClient) -> None:
    """Cases dispatched afterwards are due by the new days; what was stored before stays until it is dated anew."""
    due = "SELECT due_at FROM cases WHERE id = :case"
    before = dispatched(work)
    first = work.scalar(due, case=before)
    off = [today(work) + timedelta(days=number) for number in range(7, 14)]
    for day in off:
        post(admin, "calendar_days/new", on=str(day), calendar="office", state="closed", name="停办")
    assert work.scalar(due, case=before) == first
    second = work.scalar(due, case=dispatched(work))
    with transaction(work.url) as connection:
        found = situation(connection, before, None)
        office = found.table.calendars["office"]
        assert all(not office.day(day).spans for day in off)
        again = next(c for c in found.clocks if c.stage.value == "handling").read(found.now).due_at
    assert second - first >= timedelta(days=5)
    assert again is not None and abs(again - second) < timedelta(minutes=5)
    # Withdrawn before its day, it never was.
    for day in off:
        row = row_id(work, "calendar_days", on=str(day))
        post(admin, f"calendar_days/{row}/end", valid_to_on=str(today(work)))
    third = work.scalar(due, case=dispatched(work))
    assert abs(third - first) < timedelta(minutes=5)


WATCH = """
import sys, time
from datetime import datetime, timedelta, timezone
from app.cases.service.timetable import timetable_of
from app.db import transaction
end = time.monotonic() + 60
while time.monotonic() < end:
    with transaction(sys.argv[1]) as connection:
        table = timetable_of(connection, 1)
    desk = table.on(datetime.now(timezone.utc)).desks["district"]
    print(desk, time.time(), flush=True)
    if desk == "office":
        break
    time.sleep(0.05)
"""


def test_two_other_processes_see_a_change_within_a_second(work: Casework, admin: FlaskClient) -> None:
    """Each keeps what it has read under a version; a change has another."""
    command = [sys.executable, "-c", WATCH, work.url]
    watchers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in "12"]
    for watcher in watchers:
        assert watcher.stdout is not None and watcher.stdout.readline().startswith("command ")
    loop = row_id(work, "loops", code="district")
    post(admin, f"loops/{loop}", name="小循环", name_en="District loop", calendar="office")
    done = clock.time()
    for watcher in watchers:
        last = watcher.communicate(timeout=60)[0].splitlines()[-1].split()
        assert last[0] == "office" and float(last[1]) - done < 1.0
    loop = row_id(work, "loops", code="district")
    post(admin, f"loops/{loop}", name="小循环", name_en="District loop", calendar="command")


def test_beyond_the_known_calendars_a_due_time_is_provisional_until_they_are_known(
    work: Casework, tmp_path: Any
) -> None:
    """暂定: the holidays of a year are entered with the day until which they are known, and the case is dated anew."""
    with transaction(work.url) as connection:
        redating.look_through(connection)
    case = dispatched(work, "T300")
    with transaction(work.url) as connection:
        found = situation(connection, case, None)
        known = found.table.calendars["office"].known_until
    before = handling(work, case)
    assert known is not None and before.provisional and before.due_at is not None
    assert before.due_at.date() > known
    last = before.due_at.date() + timedelta(days=90)
    spring = [before.due_at.date() - timedelta(days=number) for number in range(10, 17)]
    days = "".join(f"{day},*,closed,,春节,Spring Festival\n" for day in spring)
    take_in(work, "calendar_days", f"on,calendar,state,hours,name,name_en\n{days}", tmp_path)
    take_in(work, "calendars", f"code,known_until_on\noffice,{last}\n", tmp_path)
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) == before.due_at
    with transaction(work.url) as connection:
        redating.look_through(connection)
        redating.redate(connection, case)
    assert work.scalar(
        "SELECT move FROM case_transitions WHERE case_id = :case ORDER BY version DESC", case=case
    ) == ("redate")
    after = handling(work, case)
    assert not after.provisional and after.due_at is not None
    assert work.scalar("SELECT due_at FROM cases WHERE id = :case", case=case) == after.due_at
    # A week of seven days has five that were counted as worked.
    assert after.due_at - before.due_at >= timedelta(days=7)


def handling(work: Casework, case: int) -> ClockReading:
    """What the handling clock of a case shows."""
    with transaction(work.url) as connection:
        found = situation(connection, case, None)
        return next(c for c in found.clocks if c.stage.value == "handling").read(found.now)


def test_a_unit_works_by_its_own_calendar(work: Casework, admin: FlaskClient) -> None:
    unit = work.unit("urban_management")
    current = {name: "" for name in BY_NAME["units"].by_name if name not in {"code", "kind"}}
    post(
        admin,
        f"units/{unit}",
        **{**current, "name": "城管局", "calendar": "patrol", "day_phone": "0871-65123456"},
    )
    case = dispatched(work)
    calendar = "SELECT facts ->> 'calendar' FROM case_transitions WHERE case_id = :case AND move = 'dispatch'"
    assert work.scalar(calendar, case=case) == "patrol"
    with transaction(work.url) as connection:
        running = [c for c in situation(connection, case, None).clocks if c.stage.value == "handling"]
    assert running[0].calendar.code == "patrol"
    assert work.scalar("SELECT day_phone FROM units WHERE id = :id", id=unit) == "0871-65123456"
    hours = row_id(work, "calendar_hours", calendar="patrol")
    said = post(
        admin, f"calendar_hours/{hours}/end?lang=en", 400, valid_to_on=str(today(work) + timedelta(days=1))
    )
    assert "has to have hours" in said
    post(admin, f"units/{unit}", **{**current, "name": "城管局"})


def test_a_category_that_is_switched_off_takes_no_reports(work: Casework, admin: FlaskClient) -> None:
    codes = [row["code"] for row in work.client("duty").get("/api/v1/categories").get_json()["items"]]
    off = work.scalar("SELECT code FROM case_categories WHERE NOT switched_on ORDER BY code LIMIT 1")
    assert off is not None and off not in codes and "C05" in codes
    row = row_id(work, "case_categories", code="C05")
    with transaction(work.url, read_only=True) as connection:
        held = store.one(connection, 1, BY_NAME["categories"], row)
    assert held is not None
    post(admin, f"categories/{row}", **{**held.values, "switched_on": "no"})
    refused = work.report("supervisor", 400, category="C05")
    assert refused["code"] == "fields_invalid"
    post(admin, f"categories/{row}", **{**held.values})
    work.report("supervisor", category="C05")

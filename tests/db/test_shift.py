"""上岗 from the bar: who is there, for whom, and the telephone of somebody on duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.ledger import store as ledger
from app.staffing import store
from app.staffing.store import duty
from tests import town
from tests.db.test_duty import WEST, head, hire
from tests.people import UNLIMITED, employ, sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    town.build(database)
    made = create_app(database)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    yield made


def api(client: FlaskClient, path: str = "", status: int = 200, **sent: Any) -> dict[str, Any]:
    if path:
        token = client.get("/api/v1/session").get_json()["csrf_token"]
        answer = client.post(f"/api/v1/duty{path}", json=sent, headers={"X-CSRFToken": token})
    else:
        answer = client.get("/api/v1/duty")
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def number(client: FlaskClient, status: int = 200) -> dict[str, Any]:
    """The answer to 拨打."""
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    answer = client.post("/api/v1/staff/A1/call", headers={"X-CSRFToken": token})
    assert answer.status_code == status, answer.text
    return dict(answer.get_json())


def names(shift: dict[str, Any], *, there: bool = True) -> dict[str, list[str]]:
    found = {
        unit["name"]: [one["name"] for one in unit["people"] if one["there"] is there]
        for unit in shift["units"]
    }
    return {unit: people for unit, people in found.items() if people}


def test_one_press_goes_on_duty_and_one_goes_off(app: Flask, database: str) -> None:
    client = head(app, database)
    before = api(client)
    assert before["on"] is None and [desk["name"] for desk in before["desks"]]
    on = api(client, "/on")
    assert on["on"]["id"] == before["desks"][0]["id"]
    assert list(names(on).values()) == [[f"subcentre_head-{town.subdistrict('a')}"]]
    again = api(client, "/on", unit=before["desks"][0]["id"])
    assert len(names(again)) == 1, "nobody is there twice"
    assert api(client, "/on", 404, unit=999_999)["code"] == "desk_missing"
    assert api(client, "/on", 400, unit=True)["code"] == "parameter_invalid"
    assert api(client, "/off")["on"] is None
    assert api(client, "/off", 409)["code"] == "not_on_duty"


def test_who_is_there_is_told_to_those_whose_territory_it_is(app: Flask, database: str) -> None:
    west, east = head(app, database, "a"), head(app, database, "b")
    officer = sign_in(app, employ(database, Role.DUTY_OFFICER, town.DISTRICT, username="duty"))
    for client in (west, east, officer):
        api(client, "/on")
    assert len(names(api(west))) == 1
    assert f"subcentre_head-{town.subdistrict('b')}" not in str(api(west))
    whole = api(officer)
    assert len(names(whole)) == 3
    assert names(whole)[whole["units"][0]["name"]] == ["duty"], "one's own desk comes first"


def test_where_nobody_has_gone_on_duty_the_roster_says_who_should_be(app: Flask, database: str) -> None:
    person, other = hire(database, "A1", town.cell(0, 0)), hire(database, "A2", town.cell(1, 0))
    now = datetime.now(UTC)
    with transaction(database) as connection:
        unit = store.unit_ids(connection, 1)[WEST]
        hours = timedelta(hours=4)
        duty.add_shifts(connection, unit, [(person, now - hours, now + hours, True)])
        duty.add_shifts(connection, unit, [(other, now + hours, now + 2 * hours, False)])
    client = head(app, database)
    planned = api(client)
    assert list(names(planned, there=False).values()) == [["人A1"]]
    assert planned["units"][0]["people"][0]["leads"]
    api(client, "/on")
    assert names(api(client), there=False) == {}, "somebody is there: the roster is no news"


def test_a_desk_s_telephone_is_that_of_the_hour(app: Flask, database: str) -> None:
    client = head(app, database)
    api(client, "/on")
    for hours, expected in (("now() - interval '1 hour', now() + interval '1 hour'", "0871-1"),
                            ("now() + interval '2 hours', now() + interval '3 hours'", "0871-2")):  # fmt: skip
        begin, end = hours.split(", ")
        clock = "(({}) AT TIME ZONE 'Asia/Shanghai')::time"
        with transaction(database) as connection:
            connection.execute(
                text(f"UPDATE units SET day_phone = '0871-1', night_phone = '0871-2',"
                     f" opens_at = {clock.format(begin)}, closes_at = {clock.format(end)},"
                     " night_unit_id = (SELECT id FROM units WHERE code = 'command_centre') WHERE code = :code"),
                {"code": WEST},
            )  # fmt: skip
        assert api(client)["units"][0]["phone"] == expected


def test_the_number_of_somebody_on_duty_is_shown_and_logged(app: Flask, database: str) -> None:
    person = hire(database, "A1")
    client, east = head(app, database), head(app, database, "b")
    with transaction(database) as connection:
        unit = store.unit_ids(connection, 1)[WEST]
        connection.execute(
            text("INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
                 " SELECT :s, no, 'part_time', 'volunteer', '2026-01-01' FROM areas WHERE code = :c"),
            {"s": person, "c": town.cell(0, 0)},
        )  # fmt: skip
    assert number(client, 404)["code"] == "work_phone_missing", (
        "who helps out is called for a purpose that is written"
    )
    with transaction(database) as connection:
        duty.begin_spell(connection, person, unit)
    assert "13800001234" not in str(api(client)), "no number is told unasked"
    assert number(client)["phone"] == "13800001234"
    assert number(east, 404)["code"] == "staff_missing"
    with transaction(database) as connection:
        entries = [entry for entry in ledger.page(connection, limit=20) if entry["action"] == "personal.read"]
    assert [(one["subject_id"], one["outcome"]) for one in entries] == [("A1", "done")]
    assert "1380000" not in str(entries)


def test_a_handler_keeps_duty_and_calls_nobody(app: Flask, database: str) -> None:
    handler = sign_in(app, employ(database, Role.HANDLER, unit="sanitation", username="crew"))
    assert api(handler, "/on")["on"]["name"]
    assert number(handler, 403)["code"] == "not_permitted"
    analyst = sign_in(app, employ(database, Role.ANALYST, town.DISTRICT, username="analyst"))
    api(analyst, status=403)

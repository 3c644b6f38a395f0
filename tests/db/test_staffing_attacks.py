"""Staffing under attack: rights beyond one's own, rows turned into others, forged signatures, hostile input."""

from __future__ import annotations

# ruff: noqa: F811  (fixtures of another module are named by arguments here)
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.rules import Role
from app.db import transaction
from app.staffing import store
from app.staffing.rules import Duty
from app.staffing.service import handing_over, sub_centre_code
from app.staffing.store import cells, duty
from tests import town
from tests.db.test_duty import (  # noqa: F401  (app and signers are fixtures)
    EAST,
    FAR,
    HOURS,
    ONE,
    PAGE,
    WEST,
    actor_of,
    app,
    head,
    hire,
    signers,
    today,
)
from tests.db.test_staff_pages import post
from tests.people import PASSWORD, employ, sign_in

pytestmark = pytest.mark.db


def test_whoever_has_left_is_not_written_about(app: Flask, database: str) -> None:
    """Entering somebody gives sight of them until they work somewhere; then the place decides."""
    with transaction(database) as connection:
        area = connection.execute(text("SELECT id FROM areas WHERE code = :c"), {"c": ONE}).scalar_one()
        far = store.cell_number(connection, FAR)
    client, day = head(app, database), today(database).isoformat()
    path = f"/staffing/areas/{area}"
    form = {"code": "N1", "name": "甲某", "phone": "13911112222", "duty": "volunteer"}
    assert post(client, f"{path}/assign", **form).status_code == 303
    assert "13911112222" in post(client, "/people/phone", code="N1", purpose="联系本人").text
    with transaction(database) as connection:
        made = connection.execute(text("SELECT max(id) FROM assignments")).scalar_one()
        person = store.staff_id(connection, "N1")
    assert post(client, f"{path}/release", assignment=str(made)).status_code == 303
    with transaction(database) as connection:
        assert person is not None
        assert far is not None
        cells.assign(connection, [(person, far, Duty.GRID_OFFICER)], date(2026, 1, 1))
    assert post(client, "/people/phone", code="N1", purpose="联系本人").status_code == 404
    assert post(client, "/leaves", **{"code": "N1", "from": day, "until": day}).status_code == 404
    actor = actor_of(database, f"subcentre_head-{town.subdistrict('a')}")
    with transaction(database, actor=actor) as connection:
        changed = connection.execute(text("UPDATE staff_members SET name = '改名' WHERE code = 'N1'"))
        assert changed.rowcount == 0


def test_old_rows_are_ended_and_not_turned_into_others(app: Flask, database: str) -> None:
    hire(database, "A1", ONE)
    stranger = hire(database, "B1", FAR)
    head(app, database)
    actor = actor_of(database, f"subcentre_head-{town.subdistrict('a')}")
    for statement in ("UPDATE assignments SET staff_id = :b", "UPDATE assignments SET cell_no = cell_no",
                      "UPDATE leaves SET staff_id = :b", "UPDATE shifts SET staff_id = :b",
                      "UPDATE unit_members SET staff_id = :b", "UPDATE group_leaders SET staff_id = :b",
                      "UPDATE takeovers SET by_unit_id = :b", "UPDATE units SET area_no = NULL WHERE id = :b",
                      "DELETE FROM duty_spells WHERE staff_id = :b",
                      "DELETE FROM handovers WHERE id = :b"):  # fmt: skip
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            transaction(database, actor=actor) as connection,
        ):
            connection.execute(text(statement), {"b": stranger})


def test_a_stand_in_has_no_more_than_the_absent_one(app: Flask, database: str) -> None:
    """Not a post before it is theirs, not after it was taken, and not a department's sight of its cases elsewhere."""
    day = today(database)
    client = head(app, database)
    unit = sub_centre_code(town.subdistrict("a"))
    absent = employ(database, Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), unit=unit, username="absent")
    other = employ(database, Role.GRID_OFFICER, ONE, unit=unit, username="other")
    outside = employ(
        database, Role.UNIT_DISPATCHER, town.community("a"), unit="urban_management", username="um"
    )
    code = {person.username: f"A{person.account_id:05d}" for person in (absent, other, outside)}
    with transaction(database) as connection:
        posts = dict(connection.execute(text("SELECT role, id FROM posts")).all())
        units = store.unit_ids(connection, 1)
        later = store.add_post(connection, units[unit], Role.SUBCENTRE_HEAD, "将任", [
            area.no for area in store.named_areas(connection, 1, "subdistrict")][:1])  # fmt: skip
        me = store.staff_id(connection, code["absent"])
        assert me is not None
        store.hold(connection, later, me, day + timedelta(days=300))
    for who in ("absent", "um"):
        form = {"code": code[who], "from": day.isoformat(), "until": (day + timedelta(days=30)).isoformat()}
        assert post(client, "/leaves", **form).status_code == 303
    early = post(client, "/leaves/1/stand-in", code=code["other"], post=str(later))
    assert early.status_code == 409
    abroad = post(client, "/leaves/2/stand-in", code=code["other"], post=str(posts["unit_dispatcher"]))
    assert abroad.status_code == 403
    right = post(client, "/leaves/1/stand-in", code=code["other"], post=str(posts["subcentre_operator"]))
    assert right.status_code == 303, right.text
    with transaction(database) as connection:
        held = connection.execute(
            text("SELECT id FROM post_holders WHERE staff_id = :s AND leave_id IS NULL AND post_id = :p"),
            {"s": me, "p": posts["subcentre_operator"]},
        ).scalar_one()
        assert store.end_holding(connection, held, day)
        left = connection.execute(
            text("SELECT count(*) FROM post_holders WHERE leave_id IS NOT NULL")
        ).scalar_one()
    assert left == 0, "what is taken from the absent one is taken from the stand-in"


def test_a_volunteer_s_cell_does_not_stretch_a_desk(app: Flask, database: str) -> None:
    """A head who is a volunteer in a cell elsewhere is no head there."""
    client = head(app, database)
    actor = actor_of(database, f"subcentre_head-{town.subdistrict('a')}")
    with transaction(database) as connection:
        account = connection.execute(text("SELECT id FROM accounts")).scalar_one()
        person = connection.execute(
            text("SELECT id FROM staff_members WHERE account_id = :a"), {"a": account}
        ).scalar_one()
        number = store.cell_number(connection, FAR)
        assert number is not None
        cells.assign(connection, [(person, number, Duty.VOLUNTEER)], date(2026, 1, 1))
    assert actor_of(database, f"subcentre_head-{town.subdistrict('a')}").territory == actor.territory
    del client


def test_one_supervisor_counts_once(app: Flask, database: str) -> None:
    client = head(app, database)
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
        person = store.add_staff(connection, district_id=1, code="S1", name="监督")
        nested = [
            area.no
            for level in ("subdistrict", "community")
            for area in store.named_areas(connection, 1, level)
        ]
        post_id = store.add_post(connection, units[WEST], Role.SUPERVISOR, "监督员", nested)
        store.hold(connection, post_id, person, date(2026, 1, 1))
        number = store.cell_number(connection, ONE)
        assert number is not None
        cells.assign(connection, [(person, number, Duty.SUPERVISOR)], date(2026, 1, 1))
    items = client.get("/api/v1/staffing?limit=200").json["items"]  # type: ignore[index]
    assert {item["supervisors"] for item in items} == {1}


def test_who_signs_works_at_the_desk(signers: dict[str, FlaskClient], database: str) -> None:
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
    form = {"unit": str(units[WEST]), "to": str(units[WEST])}
    assert post(signers["duty"], "/handovers/new", **form, password=PASSWORD).status_code in {403, 404}
    given = post(signers["west"], "/handovers/new", **form, password=PASSWORD)
    assert given.status_code == 303
    assert post(signers["duty"], f"{given.location}/take", password=PASSWORD).status_code == 403
    abroad = {"unit": str(units[WEST]), "to": str(units["sanitation"])}
    assert post(signers["west"], "/handovers/new", **abroad, password=PASSWORD).status_code == 404
    actor = actor_of(database, "west")
    forged = {"unit_id": units[WEST], "to_unit_id": units[WEST], "facts": {}, "given_by": actor.account_id,
              "given_name": "别人", "given_at": datetime.now(UTC), "content_hash": b"x"}  # fmt: skip
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(database, actor=actor) as connection,
    ):
        duty.add_handover(connection, **forged)


def test_a_changed_countersignature_and_a_lost_hand_over_are_found(
    signers: dict[str, FlaskClient], database: str
) -> None:
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
    form = {"unit": str(units[WEST]), "to": str(units[WEST]), "happened": "x"}
    for _ in range(2):
        given = post(signers["west"], "/handovers/new", **form, password=PASSWORD)
        assert (
            post(signers["next"], f"{given.location}/take", password=PASSWORD, remark="好").status_code == 303
        )
    with transaction(database) as connection:
        assert handing_over.altered(connection) == []
        connection.execute(text("ALTER TABLE handovers DISABLE TRIGGER handovers_keep"))
        connection.execute(text("UPDATE handovers SET remark = '不好' WHERE id = 1"))
        connection.execute(text("DELETE FROM handovers WHERE id = 2"))
        assert handing_over.altered(connection) == [1, 2]


def test_nobody_is_sent_round_in_a_circle(app: Flask, database: str) -> None:
    officer = sign_in(app, employ(database, Role.DUTY_OFFICER, town.DISTRICT, username="duty"))
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
        connection.execute(text(HOURS), {"n": units["command_centre"]})
    west, east = {"desk": str(units[WEST])}, {"desk": str(units[EAST])}
    reason = {"reason": "人员全部外出"}
    assert post(officer, "/duty/take-over", **west, by=str(units[EAST]), **reason).status_code == 303
    assert post(officer, "/duty/take-over", **east, by=str(units[WEST]), **reason).status_code == 409
    assert post(officer, "/duty/take-over", **east, by=str(units["sanitation"]), **reason).status_code == 409
    with transaction(database) as connection:
        moment = datetime.now(UTC) + timedelta(days=1)
        late = moment.replace(hour=15)  # 23:00 in Kunming
        found = connection.execute(
            text("SELECT desk_at(:u, :at)"), {"u": units[WEST], "at": late}
        ).scalar_one()
    assert found == units["command_centre"], "the desk that took over has hours too"


HOSTILE = (
    "\x00",
    "张\x02三",
    "9999-12-31",
    "0001-01-01",
    "2026-13-01",
    "08:00+05:00",
    "99999999999",
    "-1",
    "x" * 5000,
    "😀",
)


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_nothing_that_is_written_breaks_a_page(app: Flask, database: str, value: str) -> None:
    """Every field of every form, and every parameter: a clear no, never an error of ours."""
    hire(database, "A1", ONE)
    client = head(app, database)
    with transaction(database) as connection:
        area = connection.execute(text("SELECT id FROM areas WHERE code = :c"), {"c": ONE}).scalar_one()
        units = store.unit_ids(connection, 1)
    day = today(database).isoformat()
    forms = {
        "/leaves": {"code": "A1", "from": day, "until": day},
        f"/staffing/areas/{area}/assign": {"code": "Z9", "name": "某", "phone": "13800000000", "duty": "volunteer",
                                           "place": "3栋", "from": day, "until": day},
        f"/staffing/areas/{area}/cover": {"code": "A1", "until": day},
        f"/staffing/areas/{area}/release": {"assignment": "1"},
        "/duty/shifts": {"unit": str(units[WEST]), "code": "A1", "day": day, "start": "08:00", "end": "12:00",
                         "days": "1"},
        "/people/phone": {"code": "A1", "purpose": "联系"},
        "/people/unlock": {"username": "x", "reason": "本人核实"},
        "/handovers/new": {"unit": str(units[WEST]), "to": str(units[WEST]), "happened": "x", "password": "x"},
    }  # fmt: skip
    for path, form in forms.items():
        for name in form:
            answer = post(client, path, **{**form, name: value})
            assert answer.status_code < 500, (path, name, answer.status_code)
    for path in ("/people?q", "/people?after", "/staffing?on", "/duty?from", "/duty?unit", "/neighbourhood?on",
                 f"/staffing/areas/{area}?on", "/leaves?after", "/handovers?before", "/api/v1/staffing?after",
                 "/api/v1/staffing/gaps?on", "/api/v1/bodies?after", "/staffing/export.xlsx?on"):  # fmt: skip
        place, _, name = path.partition("?")
        answer = client.get(place, query_string={name: value}, headers=PAGE)
        assert answer.status_code < 500, (path, answer.status_code)

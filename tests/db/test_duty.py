"""在岗: leave and who stands in, the roster, whose desk it is, hand-overs that two people sign."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts import store as accounts
from app.accounts.rules import Role
from app.accounts.service.visiting import REMEMBERED_S
from app.db import transaction
from app.factory import create_app
from app.ledger import store as ledger
from app.staffing import store
from app.staffing.rules import Duty
from app.staffing.service import handing_over, sub_centre_code
from app.staffing.service.duty import shift_times
from app.staffing.store import cells, duty, leave
from tests import town
from tests.db.test_staff_pages import post
from tests.people import PASSWORD, UNLIMITED, Person, employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
WEST, EAST = sub_centre_code(town.subdistrict("a")), sub_centre_code(town.subdistrict("b"))
HOURS = (
    "UPDATE units SET opens_at = '08:00', closes_at = '22:00', night_unit_id = :n WHERE kind = 'sub_centre'"
)
ONE, TWO, FAR = town.cell(0, 0), town.cell(1, 0), town.cell(3, 3)


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    town.build(database)
    made = create_app(database)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    yield made


def hire(url: str, code: str, cell: str | None = None) -> int:
    """Somebody without an account, a full-time officer of a cell where one is named."""
    with transaction(url) as connection:
        made = store.add_staff(connection, district_id=1, code=code, name=f"人{code}", phone="13800001234")
        if cell is not None:
            no = store.cell_number(connection, cell)
            assert no is not None
            cells.assign(connection, [(made, no, Duty.GRID_OFFICER)], date(2026, 1, 1))
    return made


def today(url: str) -> date:
    with transaction(url) as connection:
        return store.today(connection)


def head(app: Flask, url: str, side: str = "a", role: Role = Role.SUBCENTRE_HEAD, **more: Any) -> FlaskClient:
    unit = sub_centre_code(town.subdistrict(side))
    return sign_in(app, employ(url, role, town.subdistrict(side), unit=unit, **more))


def missing(client: FlaskClient, code: str, on: date) -> set[str]:
    items = client.get("/api/v1/staffing", query_string={"on": on.isoformat(), "limit": 200}).json["items"]  # type: ignore[index]
    return set(next(item["missing"] for item in items if item["code"] == code))


def test_a_leave_leaves_a_gap_and_a_stand_in_fills_it(app: Flask, database: str) -> None:
    hire(database, "A1", ONE)
    hire(database, "A2", TWO)
    client, day = head(app, database), today(database)
    assert "officer" not in missing(client, ONE, day)
    last = day + timedelta(days=6)
    form = {"code": "A1", "from": day.isoformat(), "until": last.isoformat()}
    assert post(client, "/leaves", **form).status_code == 303
    assert "officer" in missing(client, ONE, day)
    assert "officer" in missing(client, ONE, last)
    assert "officer" not in missing(client, ONE, last + timedelta(days=1))
    page = client.get("/leaves", headers=PAGE).text
    assert "人A2" in page, "the neighbour's officer is suggested"
    assert post(client, "/leaves/1/stand-in", code="A1", cell=ONE).status_code == 409, "nobody for themselves"
    assert post(client, "/leaves/1/stand-in", code="A2", cell=TWO).status_code == 409, "not the absent one's"
    assert post(client, "/leaves/1/stand-in", code="A2", cell=ONE).status_code == 303
    assert "officer" not in missing(client, ONE, day)
    assert "officer" not in missing(client, TWO, day), "the stand-in keeps the cell that is theirs"
    assert post(client, "/leaves/1/end").status_code == 303
    with transaction(database) as connection:
        assert leave.leaves(connection, day, 0, 10) == []
        kinds = connection.execute(text("SELECT kind FROM assignments")).scalars().all()
    assert kinds == ["full_time", "full_time"], "a leave that never was leaves no stand-in"


def test_a_leave_cut_short_cuts_the_stand_in(app: Flask, database: str) -> None:
    one, two = hire(database, "A1", ONE), hire(database, "A2", TWO)
    del one
    day = today(database)
    with transaction(database) as connection:
        found = store.staff_id(connection, "A1")
        assert found is not None
        begun = leave.add_leave(connection, found, day - timedelta(days=3), day + timedelta(days=9))
        no = store.cell_number(connection, ONE)
        assert no is not None
        leave.stand_in_cell(connection, begun, two, no, day - timedelta(days=1), day + timedelta(days=9))
    client = head(app, database)
    assert post(client, f"/leaves/{begun}/end").status_code == 303
    with transaction(database) as connection:
        row = connection.execute(
            text("SELECT until_on FROM assignments WHERE kind = 'stand_in'")
        ).scalar_one()
    assert row == day
    assert "officer" not in missing(client, ONE, day), "the officer is back"


def test_a_stand_in_who_is_away_is_refused_and_overlapping_leaves_too(app: Flask, database: str) -> None:
    hire(database, "A1", ONE)
    hire(database, "A2", TWO)
    client, day = head(app, database), today(database).isoformat()
    for code in ("A1", "A2"):
        assert post(client, "/leaves", **{"code": code, "from": day, "until": day}).status_code == 303
    refused = post(client, "/leaves/1/stand-in", code="A2", cell=ONE)
    assert refused.status_code == 409
    assert "代班人在这些日子里也休假" in refused.text
    again = post(client, "/leaves", **{"code": "A1", "from": day, "until": day})
    assert again.status_code == 409
    assert 'value="A1"' in again.text, "what was typed stays"
    backwards = post(client, "/leaves", **{"code": "A1", "from": day, "until": "2020-01-01"})
    assert backwards.status_code == 400


def test_a_stand_in_for_a_post_has_its_rights_for_those_days(app: Flask, database: str) -> None:
    chief = employ(database, Role.SUBCENTRE_HEAD, town.subdistrict("a"), unit=WEST, username="chief")
    other = employ(database, Role.SUBCENTRE_OPERATOR, town.community("a"), unit=WEST, username="other")
    client, day = sign_in(app, chief), today(database)
    with transaction(database) as connection:
        people = "SELECT a.username, s.code FROM staff_members s JOIN accounts a ON a.id = s.account_id"
        codes = dict(connection.execute(text(people)).all())
        posts = dict(connection.execute(text("SELECT role, id FROM posts")).all())
    theirs = sign_in(app, other)
    before = {item["ref"] for item in theirs.get("/api/v1/cases?state=all").json["items"]}  # type: ignore[index]
    form = {"code": codes["chief"], "from": day.isoformat(), "until": day.isoformat()}
    assert post(client, "/leaves", **form).status_code == 303
    made = post(client, "/leaves/1/stand-in", code=codes["other"], post=str(posts["subcentre_head"]))
    assert made.status_code == 303, made.text
    time.sleep(REMEMBERED_S)
    assert theirs.get("/api/v1/cases").status_code == 401, "other rights, another session"
    theirs = sign_in(app, other)
    after = {item["ref"] for item in theirs.get("/api/v1/cases?state=all").json["items"]}  # type: ignore[index]
    assert before < after


def test_beyond_the_territory_nothing_is_found(app: Flask, database: str) -> None:
    hire(database, "A1", ONE)
    hire(database, "B1", FAR)
    with transaction(database) as connection:
        area = connection.execute(text("SELECT id FROM areas WHERE code = :c"), {"c": FAR}).scalar_one()
    client, day = head(app, database), today(database).isoformat()
    assert post(client, "/leaves", **{"code": "B1", "from": day, "until": day}).status_code == 404
    assert client.get(f"/staffing/areas/{area}", headers=PAGE).status_code == 404
    for path, form in (("assign", {"code": "A1", "duty": "volunteer"}), ("release", {"assignment": "2"}),
                       ("cover", {"code": "A1", "until": day})):  # fmt: skip
        assert post(client, f"/staffing/areas/{area}/{path}", **form).status_code == 404
    assert post(client, "/people/phone", code="B1", purpose="联系网格员").status_code == 404
    east = head(app, database, "b")
    assert "人A1" not in east.get("/leaves", headers=PAGE).text
    # The wall stands in the database too, whatever the pages ask.
    actor = actor_of(database, "subcentre_head-" + town.subdistrict("b"))
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(database, actor=actor) as connection,
    ):
        leave.add_leave(connection, 1, date(2026, 1, 1), date(2026, 2, 1))


def actor_of(url: str, username: str) -> Any:
    """Who somebody is to the database."""
    with transaction(url) as connection:
        found = accounts.find_account(connection, username)
        assert found is not None
        return accounts.actor_of(connection, found.id)


def test_a_cell_s_roster_is_edited(app: Flask, database: str) -> None:
    hire(database, "A2", TWO)
    with transaction(database) as connection:
        area = connection.execute(text("SELECT id FROM areas WHERE code = :c"), {"c": ONE}).scalar_one()
    client, day = head(app, database), today(database)
    path = f"/staffing/areas/{area}"
    page = client.get(path, headers=PAGE).text
    assert "人A2" in page, "the neighbour could cover it"
    cover = post(client, f"{path}/cover", code="A2", until=(day + timedelta(days=7)).isoformat())
    assert cover.status_code == 303
    assert "officer" not in missing(client, ONE, day)
    entered = post(
        client, f"{path}/assign", code="N1", name="新来", phone="139 1234 5678", duty="grid_officer"
    )
    assert entered.status_code == 303, entered.text
    twice = post(client, f"{path}/assign", code="A2", duty="grid_officer")
    assert twice.status_code == 409
    assert "一格一员" in twice.text
    wrong = post(client, f"{path}/assign", code="N2", name="某", phone="x" * 9, duty="volunteer")
    assert wrong.status_code == 400
    with transaction(database) as connection:
        assert store.staff_id(connection, "N2") is None, "nothing of a refused form is kept"
        made = connection.execute(
            text("SELECT max(id) FROM assignments WHERE kind = 'full_time'")
        ).scalar_one()
    assert "139****" not in client.get(path, headers=PAGE).text
    assert post(client, "/people/phone", code="N1", purpose="x").status_code == 400
    shown = post(client, "/people/phone", code="N1", purpose="通知开会")
    assert "139 1234 5678" in shown.text
    assert post(client, f"{path}/release", assignment=str(made)).status_code == 303
    with transaction(database) as connection:
        entries = ledger.page(connection, limit=50)
    read = next(entry for entry in entries if entry["action"] == "personal.read")
    assert (read["subject_id"], read["facts"]["purpose"]) == ("N1", "通知开会")
    assert "139" not in str(read["facts"])
    assert {"staffing.enter", "staffing.assign", "staffing.release"} <= {entry["action"] for entry in entries}


def test_somebody_goes_on_duty_once_and_is_in_one_place(app: Flask, database: str) -> None:
    client = head(app, database)
    with transaction(database) as connection:
        unit = store.unit_ids(connection, 1)[WEST]
    assert post(client, "/duty/off").status_code == 409
    assert post(client, "/duty/on", unit=str(unit + 1)).status_code == 404
    for _ in range(2):
        assert post(client, "/duty/on", unit=str(unit)).status_code == 303
    with transaction(database) as connection:
        there = [person["name"] for person in duty.on_duty(connection, unit)]
        assert there == [f"subcentre_head-{town.subdistrict('a')}"]
        assert connection.execute(text("SELECT count(*) FROM duty_spells")).scalar_one() == 2
    assert "在岗" in client.get("/duty", headers=PAGE).text
    assert post(client, "/duty/off").status_code == 303
    assert "无人" in client.get("/duty", headers=PAGE).text


def test_spells_are_not_kept_for_ever(app: Flask, database: str) -> None:
    person = hire(database, "A1")
    with transaction(database) as connection:
        unit = store.unit_ids(connection, 1)[WEST]
        connection.execute(text("INSERT INTO duty_spells (staff_id, unit_id, began_at, ended_at) VALUES"
                                " (:s, :u, now() - interval '100 days', now() - interval '99 days'),"
                                " (:s, :u, now() - interval '10 days', now() - interval '9 days')"),
                           {"s": person, "u": unit})  # fmt: skip
        duty.begin_spell(connection, person, unit)
        assert connection.execute(text("SELECT count(*) FROM duty_spells")).scalar_one() == 2


def test_shifts_end_on_the_next_day_and_nobody_is_in_two_places(app: Flask, database: str) -> None:
    hire(database, "A1", ONE)
    client, day = head(app, database), today(database) + timedelta(days=1)
    with transaction(database) as connection:
        unit = store.unit_ids(connection, 1)[WEST]
    form = {
        "unit": str(unit),
        "code": "A1",
        "day": day.isoformat(),
        "start": "22:00",
        "end": "08:00",
        "days": "3",
    }
    assert post(client, "/duty/shifts", **form).status_code == 303
    later = {"start": "07:00", "end": "09:00", "day": (day + timedelta(days=2)).isoformat(), "days": "1"}
    again = post(client, "/duty/shifts", **{**form, **later})
    assert again.status_code == 409
    assert "一人不能同时在两处" in again.text
    with transaction(database) as connection:
        rows = duty.shifts(connection, unit, datetime.now(UTC), datetime.now(UTC) + timedelta(days=9))
    assert [(row["ends_at"] - row["starts_at"]) for row in rows] == [timedelta(hours=10)] * 3
    assert rows[0]["starts_at"] == datetime(day.year, day.month, day.day, 14, tzinfo=UTC), "22:00 in Kunming"
    page = client.get(f"/duty?unit={unit}", headers=PAGE).text
    assert page.count("22:00–08:00") == 3
    assert post(client, "/duty/shifts/remove", shift=str(rows[0]["id"]), unit=str(unit)).status_code == 303
    east = head(app, database, "b")
    assert post(east, "/duty/shifts/remove", shift=str(rows[1]["id"]), unit=str(unit)).status_code == 404
    assert post(east, "/duty/shifts", **form).status_code == 404


def test_shift_times_across_the_night() -> None:
    begin, end = shift_times(date(2026, 11, 25), clock(22), clock(6), "Asia/Shanghai")
    assert (begin, end) == (datetime(2026, 11, 25, 14, tzinfo=UTC), datetime(2026, 11, 25, 22, tzinfo=UTC))
    begin, end = shift_times(date(2026, 3, 28), clock(22), clock(6), "Europe/Berlin")
    assert end - begin == timedelta(hours=7), "the night in which the clock goes on is shorter"


def at(hour: int) -> datetime:
    """An hour of a day in the district's zone."""
    return datetime(2026, 11, 25, tzinfo=UTC) + timedelta(hours=hour - 8)


def test_the_district_serves_a_desk_at_night_or_when_it_takes_over(app: Flask, database: str) -> None:
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
        connection.execute(text(HOURS), {"n": units["command_centre"]})
        serves = text("SELECT desk_at(:u, :at)")
        night = "command_centre"
        for hour, who in ((7, night), (8, WEST), (21, WEST), (22, night), (23, night)):
            found = connection.execute(serves, {"u": units[WEST], "at": at(hour)}).scalar_one()
            assert found == units[who], hour
        assert {unit["code"] for unit in duty.served_from(connection, units["command_centre"], at(23))} == {
            WEST,
            EAST,
        }
    officer = sign_in(app, employ(database, Role.DUTY_OFFICER, town.DISTRICT, username="duty"))
    form = {"desk": str(units[WEST]), "by": str(units["command_centre"])}
    assert post(officer, "/duty/take-over", **form, reason="x").status_code == 400
    assert post(officer, "/duty/take-over", **form, reason="暴雨，人员全部外出").status_code == 303
    assert post(officer, "/duty/take-over", **form, reason="暴雨，人员全部外出").status_code == 409
    with transaction(database) as connection:
        now = datetime.now(UTC)
        assert (
            connection.execute(serves, {"u": units[WEST], "at": now}).scalar_one() == units["command_centre"]
        )
    west = head(app, database)
    assert "暴雨" in west.get("/duty", headers=PAGE).text
    assert post(west, "/duty/give-back", desk=str(units[WEST])).status_code == 403
    assert post(officer, "/duty/give-back", desk=str(units[WEST])).status_code == 303
    assert post(officer, "/duty/give-back", desk=str(units[WEST])).status_code == 409


@pytest.fixture
def signers(app: Flask, database: str) -> dict[str, FlaskClient]:
    people: dict[str, Person] = {
        "west": employ(database, Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), unit=WEST, username="west"),
        "next": employ(database, Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), unit=WEST, username="next"),
        "east": employ(database, Role.SUBCENTRE_OPERATOR, town.subdistrict("b"), unit=EAST, username="east"),
        "duty": employ(database, Role.DUTY_OFFICER, town.DISTRICT, username="duty"),
    }
    return {name: sign_in(app, person) for name, person in people.items()}


def test_a_hand_over_is_signed_by_two(signers: dict[str, FlaskClient], database: str) -> None:
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
    form = {
        "unit": str(units[WEST]),
        "to": str(units[WEST]),
        "happened": "爆管",
        "dangerous": "路面塌陷",
        "promised": "明早回电",
    }
    wrong = post(signers["west"], "/handovers/new", **form, password="not mine 1 x")
    assert wrong.status_code == 401
    assert "路面塌陷" in wrong.text, "what was typed stays"
    given = post(signers["west"], "/handovers/new", **form, password=PASSWORD)
    assert given.status_code == 303
    path = given.location
    assert "待接班签字" in signers["next"].get(path, headers=PAGE).text
    assert signers["east"].get(path, headers=PAGE).status_code == 404
    own = post(signers["west"], f"{path}/take", password=PASSWORD)
    assert own.status_code == 409
    assert post(signers["east"], f"{path}/take", password=PASSWORD).status_code == 404
    assert post(signers["next"], f"{path}/take", password=PASSWORD, remark="已知悉").status_code == 303
    assert post(signers["next"], f"{path}/take", password=PASSWORD).status_code == 409
    page = signers["duty"].get("/handovers", headers=PAGE).text
    assert "west" in page
    assert "next" in page
    with transaction(database) as connection:
        assert handing_over.altered(connection) == []
        counted = duty.handovers(connection, None, None, 9)[0]["facts"]["queue"]
    west = {town.cell(x, y) for x in (0, 1) for y in range(4)}
    opened = [case for case in town.town_cases() if case.cell in west and case.state != "closed"]
    assert counted["open"] == len(opened) > 0


def test_a_signed_hand_over_cannot_be_changed_unseen(signers: dict[str, FlaskClient], database: str) -> None:
    with transaction(database) as connection:
        units = store.unit_ids(connection, 1)
    form = {"unit": str(units[WEST]), "to": str(units["command_centre"]), "happened": "无"}
    given = post(signers["west"], "/handovers/new", **form, password=PASSWORD)
    assert given.status_code == 303, given.text
    assert post(signers["duty"], f"{given.location}/take", password=PASSWORD).status_code == 303
    for statement in ("UPDATE handovers SET happened = '别的'", "DELETE FROM handovers"):
        with pytest.raises(DBAPIError, match="kept as it is"), transaction(database) as connection:
            connection.execute(text(statement))
    with transaction(database) as connection:
        connection.execute(text("ALTER TABLE handovers DISABLE TRIGGER handovers_keep"))
        connection.execute(text("UPDATE handovers SET happened = '别的'"))
        assert handing_over.altered(connection) == [1]


def test_rights_are_given_by_their_administrator(app: Flask, database: str) -> None:
    boss = employ(database, Role.SEC_ADMIN, username="sec")
    sec = sign_in(app, boss)
    someone = employ(database, Role.GRID_OFFICER, ONE, username="someone")
    theirs, code = sign_in(app, someone), f"A{someone.account_id:05d}"
    bad = post(sec, "/units/new", code="tower", name="铁塔", kind="utility", credit_code="91110108592366241X")
    assert bad.status_code == 400
    assert 'value="铁塔"' in bad.text
    half = post(sec, "/units/new", code="tower", name="铁塔", kind="utility", opens_at="08:00")
    assert half.status_code == 400
    made = post(
        sec, "/units/new", code="tower", name="铁塔", kind="utility", credit_code="91110108592366240X"
    )
    assert made.status_code in {303, 400}
    made = post(sec, "/units/new", code="tower2", name="铁塔", kind="utility")
    assert made.status_code == 303
    path = made.location
    assert post(sec, "/units/new", code="tower2", name="铁塔", kind="utility").status_code == 409
    post_made = post(sec, f"{path}/posts", role="supervisor", title="监督员", areas=town.subdistrict("a"))
    assert post_made.status_code == 303, post_made.text
    assert post(sec, f"{path}/posts", role="supervisor", title="x", areas="999").status_code == 404
    with transaction(database) as connection:
        number = connection.execute(text("SELECT max(id) FROM posts")).scalar_one()
    mine = f"A{boss.account_id:05d}"
    assert post(sec, f"{path}/give", post=str(number), code=mine).status_code == 403, (
        "nobody gives themselves rights"
    )
    before = len(theirs.get("/api/v1/cases?state=all").json["items"])  # type: ignore[index]
    assert post(sec, f"{path}/give", post=str(number), code=code).status_code == 303
    time.sleep(REMEMBERED_S)
    assert theirs.get("/api/v1/cases").status_code == 401
    theirs = sign_in(app, someone)
    assert len(theirs.get("/api/v1/cases?state=all").json["items"]) > before  # type: ignore[index]
    with transaction(database) as connection:
        holding = connection.execute(text("SELECT max(id) FROM post_holders")).scalar_one()
    assert post(sec, f"{path}/take", holding=str(holding)).status_code == 303
    assert len(sign_in(app, someone).get("/api/v1/cases?state=all").json["items"]) == before  # type: ignore[index]
    west = head(app, database)
    assert post(west, f"{path}/give", post=str(number), code=code).status_code == 403

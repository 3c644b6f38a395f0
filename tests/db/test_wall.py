"""大屏: what it shows to whom, who drives it, and that before visitors nothing gets out that is not theirs to know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.rules import Role
from app.accounts.store import actor_of
from app.db import transaction
from app.factory import create_app
from app.staffing.service import appoint_kiosk
from app.wall import store
from app.wall.rules import Preset, Setting
from tests import town
from tests.db.test_staff_pages import logged, post
from tests.people import UNLIMITED, Person, employ, sign_in

pytestmark = pytest.mark.db

SEAT = {"REMOTE_ADDR": "192.0.2.200", "HTTP_USER_AGENT": "wall"}
STREET = "百花巷"
FIRST, SECOND, RESTRICTED = town.cell(0, 0), town.cell(1, 0), town.cell(2, 0)
SECRET = "王小明家 3 幢 201"

LATE = """UPDATE cases SET due_at = now() - CAST(:late AS interval), category_id = coalesce(
    (SELECT id FROM case_categories WHERE code = :category), category_id), address = coalesce(:address, address)
    WHERE external_ref = :ref"""
CATEGORIES = """INSERT INTO case_categories (district_id, code, name, name_en, major, line, restricted) VALUES
    (1, 'C43', '道路积水', 'Flooded road', 'public_works', 'city_management', false),
    (1, 'Z01', '邻里纠纷', 'Dispute between neighbours', 'disputes', 'social_order', false),
    (1, 'Z05', '家庭暴力求助', 'Call for help', 'disputes', 'social_order', true)"""


def late(connection: Any, cell: str, category: str, hours: int, address: str | None = None) -> None:
    values = {"late": f"{hours} hours", "category": category, "ref": f"ref-{cell}", "address": address}
    assert connection.execute(text(LATE), values).rowcount == 1


@pytest.fixture
def url(database: str) -> str:
    town.build(database)
    with transaction(database) as connection:
        connection.execute(text(CATEGORIES))
        connection.execute(
            text("INSERT INTO ground_features (district_id, kind, name, geom) VALUES"
                 " (1, 'street', :street, ST_GeomFromText('LINESTRING(102.70 25, 102.71 25)', 4490))"),
            {"street": STREET},
        )  # fmt: skip
        connection.execute(text("UPDATE data_versions SET version = version + 1"))
        late(connection, FIRST, "C43", 3, f"{STREET} 8 号 {SECRET}")
        late(connection, SECOND, "Z01", 30, f"{STREET} 9 号 {SECRET}")
        late(connection, RESTRICTED, "Z05", 60)
        late(connection, town.cell(3, 3), "x", 40, SECRET)
    return database


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    made = create_app(url)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    yield made


@pytest.fixture
def wall(app: Flask, url: str) -> FlaskClient:
    """The kiosk before the visitors."""
    with transaction(url) as connection:
        code = appoint_kiosk(connection, "wall-1", "大屏", None)
    client = app.test_client()
    client.environ_base.update(SEAT)
    answer = client.get(f"/kiosk/{code}")
    assert (answer.status_code, answer.location) == (303, "/wall"), "a wall screen begins with the wall"
    return client


def named(url: str, person: Person, name: str) -> Person:
    """Somebody who is called so at work."""
    with transaction(url) as connection:
        renamed = text("UPDATE staff_members SET name = :name WHERE account_id = :account")
        connection.execute(renamed, {"name": name, "account": person.account_id})
    return person


def officer(app: Flask, url: str) -> FlaskClient:
    return sign_in(app, employ(url, Role.DUTY_OFFICER, town.DISTRICT, username="chief"))


def shown(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/wall")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def drive(client: FlaskClient, **form: str) -> int:
    return int(post(client, "/wall/control", **{"preset": "everyday", "tours": "1", **form}).status_code)


def test_before_visitors_nothing_gets_out(wall: FlaskClient, app: Flask, url: str) -> None:
    """Every place of the town's cases is in their address and description: not a byte of them reaches the kiosk."""
    person = named(url, employ(url, Role.ACCEPTOR, town.DISTRICT), "王小明")
    assert post(sign_in(app, person), "/duty/on").status_code == 303
    answer = wall.get("/api/v1/wall")
    found = answer.json
    assert found["setting"]["preset"] == "visit", "which is where a wall begins that nobody has set"
    said = json.dumps(found, ensure_ascii=False)
    for secret in (
        "addr-",
        "desc-",
        "ref-",
        "王小明",
        "201",
        "8 号",
        "家庭暴力",
        "Call for help",
        "files",
        "photo",
    ):
        assert secret not in said, secret
    assert [red["category"] for red in found["reds"]["items"]] == ["道路破损", "道路积水"]
    assert [red["place"] for red in found["reds"]["items"]] == [None, STREET], (
        "only a street of the map's own"
    )
    assert "邻里纠纷" not in said
    lines = {kind["code"]: kind for kind in found["kinds"]["items"]}
    assert (found["kinds"]["by"], lines["social_order"]["open"], lines["social_order"]["overdue"]) == (
        "line",
        2,
        2,
    )
    assert found["duty"] == {
        "there": True,
        "count": 1,
        "roles": [{"role": "acceptor", "count": 1}],
        "people": [],
    }
    assert "no-store" in wall.get("/wall").headers["Cache-Control"]
    assert b"<img" not in wall.get("/wall").data


def test_marks_lie_at_the_name_of_their_cell(wall: FlaskClient, url: str) -> None:
    with transaction(url) as connection:
        connection.execute(
            text("UPDATE cases SET geom = ST_Translate(geom, 0.004, 0.003) WHERE external_ref = :ref"),
            {"ref": f"ref-{FIRST}"},
        )
        labels = {
            (round(row.lon, 5), round(row.lat, 5))
            for row in connection.execute(
                text("SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM areas, ST_Transform(label_3857, 4490) p"
                     " WHERE level = 'cell'")
            )
        }  # fmt: skip
    found = shown(wall)
    marks = found["marks"]["items"]
    assert marks and {(mark["lon"], mark["lat"]) for mark in marks} <= labels
    assert sum(mark["late"] for mark in marks) == 2, "the disputes are a number alone"
    assert found["figures"]["overdue"] == 4
    assert found["marks"]["elsewhere"] == 2


def test_tiles_add_up_and_the_greatest_share_is_first(wall: FlaskClient) -> None:
    found = shown(wall)
    tiles = found["tiles"]
    assert {tile["name"] for tile in tiles} == {f"名{town.subdistrict(letter)}" for letter in "ab"}
    for tile in tiles:
        assert tile["share"] == pytest.approx(tile["overdue"] / tile["open"])
    assert [tile["share"] for tile in tiles] == sorted((tile["share"] for tile in tiles), reverse=True)
    assert sum(tile["overdue"] for tile in tiles) == found["figures"]["overdue"] == 4
    assert sum(tile["open"] for tile in tiles) == found["figures"]["open"] - 2, (
        "outside, and without a position"
    )
    assert max(tile["share"] for tile in tiles) * 100 <= found["scale"]


def test_who_drives_the_wall(app: Flask, url: str, wall: FlaskClient) -> None:
    """Those who serve the command centre now: its officer in charge, and whoever has said 上岗 there."""
    acceptor = sign_in(app, employ(url, Role.ACCEPTOR, town.DISTRICT))
    elsewhere = sign_in(
        app, employ(url, Role.DUTY_OFFICER, town.DISTRICT, unit="urban_management", username="elsewhere")
    )
    part = sign_in(app, employ(url, Role.DUTY_OFFICER, town.subdistrict("a"), username="part"))
    for client in (acceptor, elsewhere, part):
        assert client.get("/wall/control").status_code == 200
        assert b'name="preset"' not in client.get("/wall/control").data, "no form that would be refused"
        assert drive(client) == 403
    assert shown(wall)["setting"]["version"] == 0
    assert drive(officer(app, url), preset="flood") == 303
    assert shown(wall)["setting"]["preset"] == "flood"
    assert post(acceptor, "/duty/on").status_code == 303
    assert drive(acceptor, preset="fire") == 303
    assert shown(wall)["setting"]["preset"] == "fire"
    assert post(acceptor, "/duty/off").status_code == 303
    assert drive(acceptor, preset="visit") == 403
    for role in (Role.LEADER, Role.SUBCENTRE_HEAD, Role.SYS_ADMIN):
        assert drive(sign_in(app, employ(url, role, town.DISTRICT, username=f"no-{role}"))) == 403
    assert wall.get("/wall/control").status_code == 403
    assert shown(wall)["setting"]["version"] == 2
    assert [row["facts"]["preset"] for row in logged(url, "wall.set")] == ["fire", "flood"]


@pytest.mark.parametrize("role", [Role.LEADER, Role.ACCEPTOR, Role.SUBCENTRE_HEAD])
def test_the_database_refuses_too(url: str, role: Role) -> None:
    person = employ(url, role, town.DISTRICT)
    put(url, employ(url, Role.DUTY_OFFICER, town.DISTRICT), Setting(Preset.FLOOD))
    with pytest.raises(DBAPIError, match="row-level security"):
        put(url, person, Setting(Preset.EVERYDAY))
    with transaction(url) as connection:
        assert store.setting(connection, 1)[0].preset is Preset.FLOOD


def put(url: str, person: Person, wanted: Setting) -> None:
    with transaction(url) as connection:
        actor = actor_of(connection, person.account_id)
    with transaction(url, actor=actor) as connection:
        store.put_setting(connection, 1, person.account_id, wanted)


def test_what_was_set_survives_a_restart(app: Flask, url: str, wall: FlaskClient) -> None:
    client = officer(app, url)
    with transaction(url) as connection:
        east = connection.execute(
            text("SELECT no FROM areas WHERE code = :code"), {"code": town.subdistrict("b")}
        ).scalar_one()
    assert drive(client, preset="everyday", focus=str(east), tours="") == 303
    again = create_app(url).test_client()
    again.environ_base.update(SEAT)
    again.set_cookie("__Host-panlong", wall.get_cookie("__Host-panlong").value)  # type: ignore[union-attr]
    found = shown(again)
    assert found["setting"]["focus"]["name"] == f"名{town.subdistrict('b')}"
    assert (found["setting"]["preset"], found["setting"]["tours"]) == ("everyday", False)
    assert [red["category"] for red in found["reds"]["items"]] == ["道路破损"], (
        "of the place that is looked at alone"
    )
    assert found["reds"]["items"][0]["place"] == SECRET, "among colleagues the address is whole"
    assert len(found["tiles"]) == 2
    assert drive(client, focus="999999999999") == 404


def test_a_preset_puts_first_what_its_file_says(app: Flask, url: str, wall: FlaskClient) -> None:
    assert drive(officer(app, url), preset="flood") == 303
    found = shown(wall)
    assert [red["category"] for red in found["reds"]["items"]] == ["道路积水", "道路破损", "邻里纠纷"]
    assert [red["first"] for red in found["reds"]["items"]] == [True, False, False]
    assert "家庭暴力" not in json.dumps(found, ensure_ascii=False), "in confidence is in confidence"
    assert found["kinds"] == {
        "by": "category",
        "items": [{"code": "C43", "name": "道路积水", "name_en": "Flooded road", "open": 1, "overdue": 1}],
    }
    assert sum(mark["first"] for mark in found["marks"]["items"]) == 1


def test_a_kiosk_reads_no_name_in_full(app: Flask, url: str, wall: FlaskClient) -> None:
    chief = named(url, employ(url, Role.DUTY_OFFICER, town.DISTRICT), "欧阳建国")
    client = sign_in(app, chief)
    assert post(client, "/duty/on").status_code == 303
    assert drive(client, preset="everyday") == 303
    assert shown(wall)["duty"]["people"] == [{"name": "欧**", "role": "duty_officer", "leads": False}]
    assert shown(client)["duty"]["people"][0]["name"] == "欧阳建国"


def test_a_warning_is_entered_and_ends_by_itself(app: Flask, url: str, wall: FlaskClient) -> None:
    client = officer(app, url)
    local = (datetime.now(UTC) + timedelta(hours=8 + 2)).strftime("%Y-%m-%dT%H:%M")
    warning = {"kind": "rain", "level": "orange", "text": "注意积水", "until": local}
    assert drive(client, **warning) == 303
    told = wall.get("/api/v1/wall/setting").json["warning"]  # type: ignore[index]
    assert (told["kind"], told["level"], told["text"]) == ("rain", "orange", "注意积水")
    left = datetime.fromisoformat(told["until_at"]) - datetime.now(UTC)
    assert timedelta(hours=1, minutes=58) < left <= timedelta(hours=2)
    for wrong in (
        {"level": ""},
        {"until": ""},
        {"until": "2020-01-01T00:00"},
        {"level": "pink"},
        {"text": "x" * 41},
    ):
        assert drive(client, **{**warning, **wrong}) == 400
    with transaction(url) as connection:
        connection.execute(text("UPDATE wall_settings SET warning_until_at = now() - interval '1 second'"))
    assert wall.get("/api/v1/wall/setting").json["warning"] is None  # type: ignore[index]


def test_a_wall_of_a_subdistrict_shows_no_more_than_that(app: Flask, url: str) -> None:
    with transaction(url) as connection:
        code = appoint_kiosk(connection, "wall-a", "大屏甲", town.subdistrict("a"))
    client = app.test_client()
    client.environ_base.update(SEAT)
    client.get(f"/kiosk/{code}")
    found = shown(client)
    own, other = (town.subdistrict(letter) for letter in "ab")
    assert [tile["name"] for tile in found["tiles"]] == [f"名{own}"]
    assert found["figures"]["open"] == found["tiles"][0]["open"]
    assert other not in json.dumps(found, ensure_ascii=False)


def test_nobody_without_cases_sees_a_wall(app: Flask, url: str) -> None:
    for role in (Role.REPORTER, Role.SYS_ADMIN):
        client = sign_in(app, employ(url, role, town.DISTRICT))
        assert {
            client.get(path).status_code for path in ("/wall", "/api/v1/wall", "/api/v1/wall/setting")
        } == {403}

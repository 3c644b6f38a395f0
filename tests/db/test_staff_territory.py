"""Nobody learns of people at work beyond their territory: on no page, in no export, nor straight in the database."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import text

from app.accounts import store as accounts
from app.accounts.rules import POWERS, Permission, Role, permissions_of
from app.db import transaction
from app.factory import create_app
from app.postgres import Cluster
from tests import staffed, town
from tests.cluster import clone
from tests.db.test_territory import PLACES, TERRITORIAL, Seen, granted, strangers, touched
from tests.people import UNLIMITED, employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html"}
WHO = [
    (role, level)
    for role in TERRITORIAL
    for level in PLACES
    if Permission.READ_STAFF in permissions_of([role])
]
PAGES = {
    "/staffing": Permission.READ_STAFF,
    "/staffing?missing=officer": Permission.READ_STAFF,
    "/people": Permission.READ_STAFF,
    "/people?q=ref": Permission.READ_STAFF,
    "/units": Permission.READ_STAFF,
    "/leaves": Permission.READ_STAFF,
    "/neighbourhood": Permission.READ_STAFF,
    "/api/v1/staffing": Permission.READ_STAFF,
    "/api/v1/staffing/gaps": Permission.READ_STAFF,
    "/api/v1/neighbourhood": Permission.READ_STAFF,
    "/api/v1/bodies": Permission.READ_STAFF,
    "/duty": Permission.KEEP_DUTY,
    "/handovers": Permission.HAND_OVER,
    "/handovers/new": Permission.HAND_OVER,
}
ONE_BY_ONE = {
    "/staffing/areas/{}": ("areas", Permission.READ_STAFF),
    "/neighbourhood/{}": ("areas", Permission.READ_STAFF),
    "/api/v1/staffing/cells/{}": ("areas", Permission.READ_STAFF),
    "/units/{}": ("units", Permission.READ_STAFF),
    "/duty?unit={}": ("units", Permission.KEEP_DUTY),
    "/handovers?unit={}": ("units", Permission.HAND_OVER),
    "/handovers/new?to={}": ("units", Permission.HAND_OVER),
    "/handovers/{}": ("handovers", Permission.HAND_OVER),
}


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        staffed.staff(url)
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    made = create_app(built)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


@pytest.fixture(scope="module", params=WHO, ids=lambda who: f"{who[0]}-{who[1]}")
def seen(request: pytest.FixtureRequest, built: str, app: Flask) -> Seen:
    role, level = request.param
    place = PLACES[level]
    person = employ(built, role, place.area, username=f"{role}-{level}")
    with transaction(built) as connection:
        actor = accounts.actor_of(connection, person.account_id)
    areas = frozenset(touched(place))
    return Seen(sign_in(app, person), actor, role, areas, frozenset(), place)


def test_lists(seen: Seen) -> None:
    held = permissions_of([seen.role])
    for path, needed in PAGES.items():
        answer = seen.client.get(path, headers={} if path.startswith("/api") else PAGE)
        if path == "/handovers/new" and needed in held:
            assert answer.status_code in {200, 404}, path
        else:
            assert answer.status_code == (200 if needed in held else 403), (path, answer.status_code)
        assert not strangers(seen, answer.data), (path, strangers(seen, answer.data))
    if Permission.READ_STAFF in held:
        body = seen.client.get("/staffing?missing=any", headers=PAGE).text
        shown = set(re.findall(r"530199\d{9}", body))
        assert shown == seen.place.cells, "all of one's own cells lack somebody"


def test_one_by_one(seen: Seen, built: str) -> None:
    held = permissions_of([seen.role])
    with transaction(built) as connection:
        ids = {
            table: connection.execute(text(f"SELECT id FROM {table} ORDER BY id")).scalars().all()
            for table in ("areas", "units", "handovers")
        }
    found = 0
    for path, (table, needed) in ONE_BY_ONE.items():
        for number in ids[table]:
            answer = seen.client.get(path.format(number), headers={} if path.startswith("/api") else PAGE)
            assert answer.status_code in ({200, 404} if needed in held else {403}), (path, number)
            assert not strangers(seen, answer.data), (path, number, strangers(seen, answer.data))
            found += answer.status_code == 200
    assert found or seen.place.area is None or Permission.READ_STAFF not in held


def test_the_export(seen: Seen) -> None:
    answer = seen.client.get("/staffing/export.xlsx")
    if Permission.EXPORT_STAFF not in permissions_of([seen.role]):
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data))
    words = "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    assert not strangers(seen, words.encode())
    assert set(re.findall(r"530199\d{9}", words)) == seen.place.cells
    assert "13900000000" not in words
    if seen.place.cells:
        assert "139****0000" in words


@pytest.mark.parametrize("area", ["elsewhere", "everything"])
def test_the_export_of_another_area_holds_nothing(seen: Seen, built: str, area: str) -> None:
    if Permission.EXPORT_STAFF not in permissions_of([seen.role]):
        return
    code = town.subdistrict("b") if area == "elsewhere" else town.DISTRICT
    with transaction(built) as connection:
        number = connection.execute(text("SELECT id FROM areas WHERE code = :c"), {"c": code}).scalar_one()
    book = load_workbook(io.BytesIO(seen.client.get(f"/staffing/export.xlsx?area={number}").data))
    words = "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    assert not strangers(seen, words.encode())


STAFFED = {"leaves": "staff_id", "assignments": "staff_id", "unit_members": "staff_id", "shifts": "staff_id",
           "duty_spells": "staff_id", "handovers": None, "takeovers": None, "unit_terms": None,
           "group_leaders": "staff_id"}  # fmt: skip
"""Tables of staffing, and the column that says whose a row is."""

IN_SIGHT = text("SELECT staff_in_sight(:one)")


def test_straight_in_the_database(seen: Seen, built: str) -> None:
    tables = granted(built, "panlong_app")
    assert set(STAFFED) <= set(tables)
    with transaction(built) as connection:
        names = dict(connection.execute(text("SELECT id, name FROM staff_members")).all())
    for table, column in STAFFED.items():
        with transaction(built, actor=seen.actor, read_only=True) as connection:
            rows = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
        body = "\n".join(f"{dict(row)} {names.get(row[column]) if column else ''}" for row in rows)
        assert not strangers(seen, body.encode()), (table, strangers(seen, body.encode()))
        if table == "assignments":
            assert len(rows) == len(seen.place.cells)
    with transaction(built, actor=seen.actor, read_only=True) as connection:
        audit = connection.execute(text("SELECT * FROM staffing_seen(1, current_date)")).all()
        assert len(audit) == len(seen.place.cells)
        people = connection.execute(text("SELECT code, name, phone FROM staff_members")).all()
        assert not strangers(seen, str(people).encode())
        around = set(connection.execute(text("SELECT staff_around()")).scalars())
        one_by_one = [one for one in names if connection.execute(IN_SIGHT, {"one": one}).scalar_one()]
        assert around == set(one_by_one)
        for number in connection.execute(text("SELECT generate_series(1, 40)")).scalars().all():
            found = connection.execute(
                text("SELECT * FROM people_of(:id, current_date)"), {"id": number}
            ).all()
            assert not strangers(seen, str(found).encode()), number
            desk = connection.execute(text("SELECT * FROM night_desk(:id)"), {"id": number}).all()
            assert not strangers(seen, str(desk).encode())


@pytest.mark.parametrize("role", sorted(POWERS))
def test_administrators_of_powers_see_no_rosters(built: str, app: Flask, role: Role) -> None:
    """They know who works where, for rights hang on it; not who is away, on duty, or what a hand-over tells."""
    person = employ(built, role, username=f"power-{role}")
    client = sign_in(app, person)
    for path in ("/leaves", "/staffing", "/duty", "/handovers", "/api/v1/staffing"):
        body = client.get(path, headers={} if path.startswith("/api") else PAGE).data
        assert b"ref-" not in body, path

"""Nobody learns of what lies outside their territory: not by a page, a list, a tile, a count, nor by their own SQL."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from app.accounts import store as accounts
from app.accounts.rules import POWERS, Permission, Role, permissions_of
from app.accounts.service.analysts import make_analyst
from app.db import Actor, transaction
from app.factory import create_app
from app.postgres import Cluster
from tests import town
from tests.cluster import clone
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

MARK = re.compile(rb"530199\d{3,9}|ref-[a-z]+(?:-[a-z])?(?:-530199\d{9})?|ref-530199\d{9}")
DEGREE = re.compile(r"-?\d+\.\d{3,}")
ZOOMS = (9, 11, 13, 15)


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of the town: the code of its area, the cells in it, the columns and rows that it spans."""

    area: str | None
    cells: frozenset[str]
    west: int = 0
    south: int = 0
    east: int = 4
    north: int = 4


def _place(area: str, west: int, south: int, east: int, north: int) -> Place:
    inside = {c for c, (x, y) in town.CELLS.items() if west <= x < east and south <= y < north}
    return Place(area, frozenset(inside), west, south, east, north)


ONE = town.cell(0, 0)
PLACES = {
    "district": _place(town.DISTRICT, 0, 0, 4, 4),
    "subdistrict": _place(town.subdistrict("a"), 0, 0, 2, 4),
    "community": _place(town.community("c"), 0, 0, 2, 2),
    "cell": _place(ONE, 0, 0, 1, 1),
    "nothing": Place(None, frozenset(), 0, 0, 0, 0),
}
TERRITORIAL = [role for role in Role if role not in {*POWERS, Role.UNIT_DISPATCHER, Role.HANDLER}]
WHO = [(role, level) for role in TERRITORIAL for level in PLACES] + [
    (Role.UNIT_DISPATCHER, "urban_management"),
    (Role.HANDLER, "sanitation"),
    *((role, "nothing") for role in sorted(POWERS)),
]


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    return create_app(built)


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, through which client, and what there is for them to see."""

    client: FlaskClient
    actor: Actor
    role: Role
    areas: frozenset[str]
    refs: frozenset[str]
    place: Place


@pytest.fixture(scope="module", params=WHO, ids=lambda who: f"{who[0]}-{who[1]}")
def seen(request: pytest.FixtureRequest, built: str, app: Flask) -> Seen:
    role, where = request.param
    cases = town.town_cases()
    if where in PLACES:
        place = PLACES[where]
        person = employ(built, role, place.area, username=f"{role}-{where}")
        refs = {case.ref for case in cases if case.cell in place.cells or where == "district"}
        areas = touched(place)
    else:
        place = PLACES["district"]
        person = employ(built, role, None, unit=where, username=f"{role}-{where}")
        refs, areas = {case.ref for case in cases if case.unit == where}, set(_codes())
    with transaction(built) as connection:
        actor = accounts.actor_of(connection, person.account_id)
    return Seen(sign_in(app, person), actor, role, frozenset(areas), frozenset(refs), place)


def _codes() -> list[str]:
    tops = {town.subdistrict(letter) for letter in "ab"}
    return [town.DISTRICT, *tops, *(town.community(letter) for letter in "abcd"), *town.CELLS]


def touched(place: Place) -> set[str]:
    """Codes of the areas that lie in a place or hold it."""
    return {code for code in _codes() if _touches(code, place)}


def _touches(code: str, place: Place) -> bool:
    """Whether an area lies in a place or holds it."""
    return place.area is not None and (code.startswith(place.area) or place.area.startswith(code))


def marks(body: bytes) -> set[str]:
    """Codes of areas below the district and references of cases that occur in an answer."""
    plain = body.decode("utf-8", "replace").encode("utf-8")
    return {found.decode() for found in MARK.findall(plain)}


def strangers(seen: Seen, body: bytes) -> set[str]:
    """What occurs in an answer and is not the reader's to know."""
    known = seen.areas | seen.refs | {f"ref-{code}" for code in seen.areas & set(town.CELLS)}
    return {mark for mark in marks(body) if mark not in known}


def places_beyond(seen: Seen, content: Any) -> list[Any]:
    """Pairs of degrees in an answer that lie beyond the reader's places."""
    margin = town.STEP * 0.02
    box = (
        town.WEST + seen.place.west * town.STEP - margin,
        town.SOUTH + seen.place.south * town.STEP - margin,
        town.WEST + seen.place.east * town.STEP + margin,
        town.SOUTH + seen.place.north * town.STEP + margin,
    )
    found = []
    for item in content if isinstance(content, list) else [content]:
        lon, lat = item.get("lon"), item.get("lat")
        if lon is not None and not (box[0] <= lon <= box[2] and box[1] <= lat <= box[3]):
            found.append((lon, lat))
    return found if seen.place.area != town.DISTRICT else []


def fetch(seen: Seen, path: str, needed: Permission) -> bytes | None:
    answer = seen.client.get(path, headers={"Accept-Encoding": "gzip"})
    if needed not in permissions_of([seen.role]):
        assert answer.status_code == 403, (path, answer.status_code)
        return None
    assert answer.status_code == 200, (path, answer.text)
    body = answer.data
    return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def test_lists_and_counts(seen: Seen) -> None:
    """Every page of every list, under every filter that could widen it."""
    got: set[str] = set()
    for query in ("", "state=all", "state=all&order=new", "state=all&bbox=100,20,110,30", "where=outside&state=all",
                  "where=unlocated&state=all", "state=all&area=1", "state=closed"):  # fmt: skip
        after: str | None = ""
        while after is not None:
            path = f"/api/v1/cases?limit=5&{query}" + (f"&after={after.replace('+', '%2B')}" if after else "")
            body = fetch(seen, path, Permission.READ_CASES)
            if body is None:
                return
            assert not strangers(seen, body), (path, strangers(seen, body))
            page = json.loads(body)
            assert not places_beyond(seen, page["items"])
            got |= (
                {item["ref"] for item in page["items"]}
                if query in {"state=all", "state=all&order=new"}
                else set()
            )
            if "bbox" in query:
                assert {item["ref"] for item in page["items"]} <= seen.refs
            after = page["next"]
    assert got == seen.refs
    figures = json.loads(fetch(seen, "/api/v1/figures?state=all", Permission.READ_CASES) or b"{}")
    opened = {case.ref for case in town.town_cases() if case.state != "closed"}
    assert figures["open"] == len(seen.refs & opened)
    counts = json.loads(fetch(seen, "/api/v1/cells/counts?state=all", Permission.READ_CASES) or b"{}")[
        "counts"
    ]
    assert sum(counts.values()) == len(seen.refs - {"ref-outside", "ref-unlocated"})
    categories = json.loads(fetch(seen, "/api/v1/categories?state=all", Permission.READ_CASES) or b"{}")[
        "items"
    ]
    assert sum(category["count"] for category in categories) == len(seen.refs)


def test_a_box_gives_what_the_list_gives(seen: Seen) -> None:
    body = fetch(seen, "/api/v1/cases?state=all&bbox=102.0,24.0,103.0,26.0&limit=200", Permission.READ_CASES)
    if body is not None:
        assert {item["ref"] for item in json.loads(body)["items"]} == seen.refs - {"ref-unlocated"}


def test_details_of_others_are_not_found(seen: Seen, built: str) -> None:
    with transaction(built) as connection:
        areas = dict(connection.execute(text("SELECT id, code FROM areas")).all())
        cases = dict(connection.execute(text("SELECT id, external_ref FROM cases")).all())
    held = permissions_of([seen.role])
    for kind, needed, known, mine in (
        ("areas", Permission.VIEW_MAP, areas, seen.areas),
        ("cases", Permission.READ_CASES, cases, seen.refs),
    ):
        for number, name in known.items():
            answer = seen.client.get(f"/api/v1/{kind}/{number}")
            expected = 403 if needed not in held else 200 if name in mine else 404
            assert answer.status_code == expected, (kind, name, answer.status_code)
            assert not strangers(seen, answer.data), (kind, name)
            if expected == 200 and kind == "areas":
                numbers = set(answer.json["cells"])  # type: ignore[index]
                assert {areas[n] for n in numbers} <= seen.areas


def test_areas_and_search(seen: Seen) -> None:
    for path in ("/api/v1/district", "/api/v1/areas", "/api/v1/find?q=530199", "/api/v1/find?q=%E5%90%8D&limit=20",
                 "/tiles/areas.json", "/tiles/cases.json"):  # fmt: skip
        body = fetch(seen, path, Permission.VIEW_MAP)
        if body is not None:
            assert not strangers(seen, body), path
    answer = seen.client.get("/", headers={"Accept": "text/html"})
    assert not strangers(seen, answer.data)


def _tiles(zoom: int) -> Iterator[tuple[int, int]]:
    """The tiles of a zoom that the town, and a margin around it, lies on."""
    n = 1 << zoom
    west, east = (int((lon + 180) / 360 * n) for lon in (102.68, 102.76))
    north, south = (int((1 - asinh(tan(radians(lat))) / pi) / 2 * n) for lat in (25.06, 24.98))
    yield from ((x, y) for x in range(west, east + 1) for y in range(north, south + 1))


def test_tiles(seen: Seen, tmp_path: Path) -> None:
    """Every tile over the district and around it, decoded: features, names and places."""
    held = permissions_of([seen.role])
    for zoom in ZOOMS:
        counted = 0
        for x, y in _tiles(zoom):
            for name, needed in (("areas", Permission.VIEW_MAP), ("cases", Permission.READ_CASES)):
                body = fetch(seen, f"/tiles/{name}/{zoom}/{x}/{y}.mvt?state=all", needed)
                if body is None or not body:
                    continue
                assert not strangers(seen, body), (name, zoom, x, y, strangers(seen, body))
                if name == "cases" or zoom >= 13:
                    counted += _decoded(seen, tmp_path, body, zoom, x, y)
        if Permission.READ_CASES in held:
            assert counted == len(seen.refs - {"ref-unlocated"}), zoom


def _decoded(seen: Seen, folder: Path, body: bytes, zoom: int, x: int, y: int) -> int:
    """Look at every feature of a tile; how many cases it stands for."""
    path = folder / f"{y}.mvt"
    path.write_bytes(body)
    cases = 0
    for layer, _ in pyogrio.list_layers(path):
        options = {"X": x, "Y": y, "Z": zoom}
        frame = pyogrio.read_dataframe(path, layer=layer, **options).to_crs(4326)
        cases += int(frame["count"].sum()) if layer == "cases" else 0
        frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
        if seen.place.area == town.DISTRICT or frame.empty:
            continue
        # A tile has 4096 steps; a mark that stands for several is moved by a part of its bin.
        loose = 360 / (1 << zoom) * (0.2 if layer == "cases" else 0.002)
        west, south, east, north = frame.total_bounds
        limits = town.WEST + seen.place.west * town.STEP, town.WEST + seen.place.east * town.STEP
        assert limits[0] - loose <= west, (layer, zoom, west)
        assert east <= limits[1] + loose, (layer, zoom, east)
        limits = town.SOUTH + seen.place.south * town.STEP, town.SOUTH + seen.place.north * town.STEP
        assert limits[0] - loose <= south, (layer, zoom, south)
        assert north <= limits[1] + loose, (layer, zoom, north)
    return cases


def granted(url: str, role: str) -> dict[str, list[str]]:
    """Columns of every table that a role of the database may read."""
    with transaction(url) as connection:
        rows = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.column_privileges"
                " WHERE grantee = :role AND privilege_type = 'SELECT' AND table_schema = 'public' ORDER BY 1, 2"
            ),
            {"role": role},
        ).all()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(f'"{column}"')
    return found


def test_straight_in_the_database(seen: Seen, built: str) -> None:
    """Table by table, with the application's filters left out."""
    tables = granted(built, "panlong_app")
    assert {"cases", "areas", "area_numbers", "staff_members", "posts", "accounts", "access_log"} <= set(
        tables
    )
    administers = seen.role in {Role.SYS_ADMIN, Role.SEC_ADMIN}
    for table, columns in tables.items():
        with transaction(built, actor=seen.actor, read_only=True) as connection:
            rows = connection.execute(text(f"SELECT {', '.join(columns)} FROM {table}")).all()
        body = "\n".join(str(tuple(row)) for row in rows).encode()
        if table in {
            "staff_members",
            "accounts",
            "posts",
            "post_holders",
            "post_areas",
            "units",
            "access_log",
        }:
            if not administers and seen.role is not Role.AUDIT_ADMIN and seen.place.area != town.DISTRICT:
                _only_colleagues(seen, table, rows)
            continue
        beyond = strangers(seen, body)
        if seen.role is Role.SYS_ADMIN and table in {"areas", "area_numbers"}:
            # Who says which unit has what where names any area (decision 14), and knows nothing of what happens there.
            beyond -= {row[columns.index('"code"')] for row in rows}
        assert not beyond, (table, sorted(beyond))
        if table == "cases":
            assert len(rows) == len(seen.refs)


def _only_colleagues(seen: Seen, table: str, rows: Any) -> None:
    """Of the people at work a person below the district sees those whose post lies in the same territory."""
    text_of = "\n".join(str(tuple(row)) for row in rows)
    for level, place in PLACES.items():
        if place.area is None or seen.place.area is None or place.area.startswith(seen.place.area):
            continue
        for role in TERRITORIAL:
            assert f"'{role}-{level}'" not in text_of or role == seen.role, (table, role, level)
    if table == "access_log":
        assert not rows


def test_nobody_sees_nothing(built: str) -> None:
    for table in (
        "cases",
        "areas",
        "area_numbers",
        "area_borders",
        "staff_members",
        "accounts",
        "access_log",
        "sessions",
    ):
        columns = ", ".join(granted(built, "panlong_app")[table])
        with transaction(built, actor=Actor(), read_only=True) as connection:
            assert not connection.execute(text(f"SELECT {columns} FROM {table}")).all(), table


def test_secrets_cannot_be_asked_for(built: str) -> None:
    tables = granted(built, "panlong_app")
    secret = {'"password_hash"', '"totp_secret"', '"token_hash"', '"code_hash"'}
    assert not secret & {column for columns in tables.values() for column in columns}
    assert not {"password_history", "recovery_codes", "kiosk_codes", "sign_in_failures"} & set(tables)
    everyone = granted(built, "PUBLIC")
    assert not set(everyone) - {
        "spatial_ref_sys",
        "geometry_columns",
        "geography_columns",
        "pg_stat_statements",
    }


@pytest.mark.parametrize("level", ["subdistrict", "cell"])
def test_an_analyst_cannot_widen_their_territory(built: str, level: str) -> None:
    """Their own login, their own SQL: whatever they set, the login's territory stays."""
    place = PLACES[level]
    person = employ(built, Role.ANALYST, place.area, username=f"sql-{level}")
    with transaction(built) as connection:
        login, password = make_analyst(connection, person.username)
    engine = create_engine(_as(built, login, password))
    everything = "{[0,9223372036854775807)}"
    expected = {case.ref for case in town.town_cases() if case.cell in place.cells}
    with closing(engine), engine.connect() as connection:
        for trick in (
            "SELECT 1",
            "SET default_transaction_read_only = off",
            f"SET panlong.territory = '{everything}'",
            "SET panlong.units = '{1,2,3,4,5,6,7,8,9}'",
            "SET panlong.account = '1'",
            "SET panlong.roles = '{audit_admin,sys_admin}'",
            "SET row_security = on",
            "SET search_path = pg_temp, public",
        ):
            connection.execute(text(trick))
            connection.commit()
            count = connection.execute(text("SELECT count(*) FROM public.cases")).scalar_one()
            assert count == len(expected), trick
            codes = set(connection.execute(text("SELECT code FROM public.areas")).scalars())
            assert codes == touched(place), trick
            tile = connection.execute(text("SELECT public.case_tile(10,804,437,8,(SELECT id FROM public.districts),"
                                           " now(),'all',NULL,NULL,NULL,NULL)")).scalar_one()  # fmt: skip
            assert tile is not None
        for forbidden in (
            "SET ROLE panlong_app",
            "SET row_security = off; SELECT count(*) FROM public.cases",
            "SELECT description FROM public.cases",
            "SELECT address FROM public.cases",
            "SELECT * FROM public.accounts",
            "SELECT * FROM public.access_log",
            "SELECT * FROM public.staff_members",
            "UPDATE public.cases SET state = 'closed'",
            "SELECT * FROM public.account_view(1)",
            "INSERT INTO public.analyst_logins VALUES (current_user, 1)",
            "CREATE TABLE public.mine (a int)",
        ):
            with pytest.raises(Exception, match=r"permission denied|row-level security|must be"):
                connection.execute(text(forbidden))
            connection.rollback()


@contextmanager
def closing(engine: Engine) -> Iterator[None]:
    """Leave no connection behind, whatever happens."""
    try:
        yield
    finally:
        engine.dispose()


def _as(url: str, login: str, password: str) -> str:
    scheme, rest = url.split("://", 1)
    return f"{scheme}://{login}:{password}@{rest.partition('@')[2]}"

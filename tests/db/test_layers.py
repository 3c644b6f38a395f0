"""Layers for analysts: both ways give the same, nobody gets more than their rows, and nothing of people comes along."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, make_url, text
from werkzeug.serving import make_server

import spatial as sp
from app.accounts.rules import Permission, Role
from app.accounts.service import managing
from app.accounts.service.analysts import make_analyst
from app.db import transaction
from app.postgres import Cluster
from spatial.errors import PlatformError
from spatial.layers import LAYERS
from spatial.layers.arrow import whole
from spatial.platform import Database, Server
from tests import registered, town
from tests.casework import Casework, cloned
from tests.people import employ, sign_in

pytestmark = pytest.mark.db

SCOPES = ("map.view", "cases.read", "registry.read")
WEST = town.subdistrict("a")


ASSIGNED = text(
    "INSERT INTO assignments (staff_id, cell_no, kind, duty, from_on)"
    " SELECT s.id, a.no, 'part_time', 'volunteer', '2026-01-01'"
    " FROM areas a, (SELECT min(id) AS id FROM staff_members) s WHERE a.level = 'cell' AND a.edition_id IS NOT NULL"
)


@dataclass
class Ways:
    """The town at work with its registry, served; analysts of all of it and of its western half, by both ways."""

    work: Casework
    address: str
    made: registered.Registered
    engines: dict[str, Engine]

    def token(self, username: str, *scopes: str, lives: timedelta = timedelta(days=1)) -> str:
        with transaction(self.work.url) as connection:
            return managing.create_token(connection, username, "test", scopes or SCOPES, lives)[0]

    def server(self, username: str) -> Server:
        return Server(self.address, self.token(username))

    def database(self, username: str) -> Database:
        return Database(self.engines[username])


@pytest.fixture(scope="module")
def ways(cluster: Cluster) -> Iterator[Ways]:
    with cloned(cluster) as work:
        made = registered.register(work.url)
        case = int(work.report("supervisor")["case_id"])
        work.move("operator", case, "accept")
        work.move("operator", case, "register", condition="C01")
        engines = {}
        for username, area in (("all", town.DISTRICT), ("west", WEST)):
            employ(work.url, Role.ANALYST, area, username=username)
            with transaction(work.url) as connection:
                crowd(connection, made)
                login, password = make_analyst(connection, username)
            engines[username] = create_engine(make_url(work.url).set(username=login, password=password))
        with transaction(work.url) as connection:
            connection.execute(ASSIGNED)
        server = make_server("127.0.0.1", 0, work.app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Ways(work, f"http://127.0.0.1:{server.server_port}", made, engines)
        server.shutdown()
        thread.join()
        server.server_close()
        for engine in engines.values():
            engine.dispose()


def crowd(connection: Any, made: registered.Registered) -> None:
    """Let the six people of the first two cells live in the first."""
    moved = text(
        "UPDATE relations SET target_id = :flat WHERE source_id = ANY (:people) AND kind = 'lives_in' AND to_on IS NULL"
    )
    connection.execute(moved, {"flat": int(made.flats[0]), "people": made.persons[:6].tolist()})


@pytest.mark.parametrize("username", ["all", "west"])
@pytest.mark.parametrize("name", LAYERS)
def test_both_ways_and_a_snapshot_give_the_same(ways: Ways, tmp_path: Path, name: str, username: str) -> None:
    server, database = ways.server(username), ways.database(username)
    frames = [server.read(name), database.read(name)]
    frames.append(sp.snapshot(server, tmp_path / "taken", layers=[name, "areas"]).read(name))
    assert len(frames[0])
    for other in frames[1:]:
        assert type(other) is type(frames[0])
        pd.testing.assert_frame_equal(pd.DataFrame(frames[0]), pd.DataFrame(other))
    told = frames[0].attrs["panlong"]
    assert (told["layer"], told["district"]["code"]) == (name, town.DISTRICT)


NARROWED: list[tuple[str, dict[str, Any]]] = [
    ("areas", {"level": "cell", "area": town.community("a")}),
    ("areas", {"area": WEST}),
    ("cases", {"area": WEST}),
    ("cases", {"since": "2026-01-01", "until": "2026-01-02"}),
    ("transitions", {"until": "2020-01-01", "area": town.cell(0, 3)}),
    ("elements", {"area": town.community("b")}),
    ("people", {"area": town.DISTRICT}),
]


@pytest.mark.parametrize(("name", "narrowed"), NARROWED)
def test_narrowed_it_is_the_same_by_every_way(
    ways: Ways, tmp_path: Path, name: str, narrowed: dict[str, Any]
) -> None:
    server = ways.server("all")
    folder = sp.snapshot(server, tmp_path / "taken", layers=[name, "areas"])
    found = server.read(name, **narrowed)
    for other in (ways.database("all"), folder):
        pd.testing.assert_frame_equal(pd.DataFrame(found), pd.DataFrame(other.read(name, **narrowed)))
    assert len(found) < len(server.read(name)) or narrowed == {"area": town.DISTRICT}


def test_narrowed_it_holds_what_was_asked_for(ways: Ways) -> None:
    server = ways.server("all")
    assert sorted(server.cells(area=town.community("a"))["code"]) == sorted(
        code for code in town.CELLS if code.startswith(town.community("a"))
    )
    assert set(server.cases(area=WEST)["subdistrict"]) == {WEST}
    moves = server.transitions()
    assert list(moves["move"]) == ["report", "accept", "register"]
    assert list(moves["seats"]) == ["patrol", "acceptor", "acceptor"]
    assert server.transitions(as_of=moves["recorded_at"].iloc[1].to_pydatetime())["move"].tolist() == [
        "report",
        "accept",
    ]


def test_nothing_from_beyond_the_territory(ways: Ways) -> None:
    for source in (ways.server("west"), ways.database("west")):
        for name in LAYERS:
            said = source.read(name).to_csv()
            assert town.subdistrict("b") not in said, name
        assert set(source.cases()["subdistrict"]) == {WEST}
        with pytest.raises(PlatformError, match="area_unknown"):
            source.cases(area=town.subdistrict("b"))


def test_nobody_is_in_a_layer(ways: Ways) -> None:
    """No name, no number, no flat, no text of a case; and of few people not even how many they are."""
    server = ways.server("all")
    everything = "".join(server.read(name).to_csv() for name in LAYERS)
    for secret in (
        "垃圾成堆",
        "addr-",
        "desc-",
        "officer2",
        "neighbour",
        registered.identity(0),
        registered.phone(0),
    ):
        assert secret not in everything
    elements = server.elements()
    assert set(elements["kind"]) == {"place", "object", "organisation"}
    assert "dwelling" not in set(elements["type"])
    assert elements.geometry.notna().all(), "an organisation stands where its building is"
    people = server.people().set_index(["cell", "need"])["persons"]
    assert people[registered.CELLS[0], "any"] == 6
    assert people.drop((registered.CELLS[0], "any")).isna().all()


def test_a_login_reads_its_layers_and_no_table_behind_them(ways: Ways) -> None:
    with ways.engines["all"].connect() as connection:
        for statement in (
            "SELECT given FROM case_transitions",
            "SELECT name FROM persons",
            "SELECT name FROM elements",
            "SELECT title FROM posts",
            "SELECT day_phone FROM units",
            "SELECT staff_id FROM assignments",
        ):
            with pytest.raises(Exception, match="permission denied"), connection.begin():
                connection.execute(text(statement))


@pytest.fixture(scope="module")
def client(ways: Ways) -> FlaskClient:
    return sign_in(ways.work.app, employ(ways.work.url, Role.ANALYST, town.DISTRICT, username="browses"))


def ask(client: FlaskClient, path: str, **head: str) -> Any:
    """An answer, read and closed."""
    answer = client.get(path, headers={name.replace("_", "-"): value for name, value in head.items()})
    answer.get_data()
    answer.close()
    return answer


def test_a_stream_says_its_reference_system_and_its_rows(client: FlaskClient) -> None:
    answer = ask(client, "/api/v1/layers/cases")
    assert answer.mimetype == "application/vnd.apache.arrow.stream"
    table = whole(pa.ipc.open_stream(answer.data))
    assert answer.headers["Panlong-Rows"] == str(table.num_rows)
    frame = gpd.GeoDataFrame.from_arrow(table)
    assert frame.crs.to_epsg() == 4490
    assert frame.total_bounds[0] < frame.total_bounds[2] < 104, "longitude first"


def test_geoparquet_is_read_by_others(client: FlaskClient) -> None:
    for name in ("areas", "cases"):
        by_ending = ask(client, f"/api/v1/layers/{name}.parquet")
        asked = ask(client, f"/api/v1/layers/{name}", Accept="application/vnd.apache.parquet")
        frame = gpd.read_parquet(io.BytesIO(asked.data))
        assert (frame.crs.to_epsg(), len(frame)) == (4490, int(by_ending.headers["Panlong-Rows"]))
        told = pa.parquet.read_metadata(io.BytesIO(by_ending.data)).metadata
        column = json.loads(told[b"geo"])["columns"]["geometry"]
        assert column["bbox"] == pytest.approx(list(frame.total_bounds))
        assert column["geometry_types"] == [LAYERS[name].shape]


def test_asked_again_it_is_not_sent_again(client: FlaskClient) -> None:
    first = ask(client, "/api/v1/layers/units.arrow")
    tag = {"If_None_Match": first.headers["ETag"]}
    assert ask(client, "/api/v1/layers/units.arrow", **tag).status_code == 304
    assert ask(client, "/api/v1/layers/units.parquet", **tag).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing", 404, "layer_missing"),
        ("cases.csv", 404, "layer_missing"),
        ("units?level=cell", 400, "layer_not_narrowed"),
        ("areas?level=street", 400, "parameter_invalid"),
        ("cases?from=yesterday", 400, "parameter_invalid"),
        ("cases?area=0", 404, "area_missing_coded"),
    ],
)
def test_what_cannot_be_answered_is_said(client: FlaskClient, path: str, status: int, code: str) -> None:
    answer = ask(client, f"/api/v1/layers/{path}")
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_the_list_says_what_may_be_taken(ways: Ways) -> None:
    told = Server(ways.address, ways.token("all", "map.view", "cases.read")).layers().set_index("name")
    assert told["permitted"].to_dict() == {name: name not in {"elements", "people"} for name in LAYERS}
    with pytest.raises(PlatformError, match="not_permitted"):
        Server(ways.address, ways.token("all", "map.view", "cases.read")).elements()
    assert set(told["needs"]) <= {p.value for p in Permission}
    assert told.loc["cases", "columns"] == list(LAYERS["cases"].names)


def test_a_token_that_has_run_out_is_called_so(ways: Ways) -> None:
    token = ways.token("all", lives=timedelta(seconds=-1))
    with pytest.raises(PlatformError, match="token_expired"):
        Server(ways.address, token)
    with pytest.raises(PlatformError, match="token_refused") as refused:
        Server(ways.address, token + "x")
    assert token not in str(refused.value)


def test_indicators_are_the_platforms(ways: Ways, tmp_path: Path) -> None:
    server = ways.server("all")
    found = server.indicators()
    assert found.loc[0, "reported"] == 1
    taken = sp.snapshot(server, tmp_path / "all")
    pd.testing.assert_frame_equal(taken.indicators(), found)
    with pytest.raises(PlatformError, match="server_only"):
        ways.database("all").indicators()

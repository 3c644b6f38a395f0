"""What the web application answers: pages, lists, tiles, and errors that say what is wrong."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.factory import create_app
from tests.cli import Command
from tests.db.town import GOOD, cells, table, write
from tests.people import chief
from tests.vectors import marks

pytestmark = pytest.mark.db

MANY = [
    f"{i},类{i % 3},2026-03-{1 + i % 28:02d} 10:00,处置中,102.7{i % 2}5,25.0{i % 2}5" for i in range(10, 90)
]


@pytest.fixture
def client(panlong: Command, database: str, tmp_path: Path) -> FlaskClient:
    made = ("--code", "t", "--name", "玩具城", "--timezone", "Asia/Shanghai", "--levels", "district,cell")
    assert panlong("district", "create", *made).status == 0
    assert panlong("import", "areas", write(tmp_path / "t.geojson", cells()), "--level", "cell").status == 0
    assert panlong("import", "cases", table(tmp_path / "t.csv", [*GOOD, *MANY])).status == 0
    return chief(create_app(database), database, "t")


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_health(client: FlaskClient) -> None:
    assert get(client, "/healthz") == {"status": "ok"}
    assert get(client, "/readyz")["status"] == "ready"


@pytest.mark.parametrize("query", ["", "state=all", "state=handling", "order=new", "order=due"])
def test_pages_of_a_list_are_the_list(client: FlaskClient, query: str) -> None:
    whole = get(client, f"/api/v1/cases?limit=200&{query}")
    assert whole["next"] is None
    seen, after = [], ""
    while after is not None:
        page = client.get(
            "/api/v1/cases", query_string=f"limit=7&{query}" + (f"&after={after}" if after else "")
        )
        assert page.status_code == 200, page.text
        seen += [item["id"] for item in page.json["items"]]  # type: ignore[index]
        after = page.json["next"]  # type: ignore[index]
        after = None if after is None else after.replace("+", "%2B")
    assert seen == [item["id"] for item in whole["items"]]
    assert len(seen) == len(set(seen)) >= 80


def test_figures_counts_and_categories_agree(client: FlaskClient) -> None:
    figures = get(client, "/api/v1/figures")
    counts = get(client, "/api/v1/cells/counts")["counts"]
    categories = get(client, "/api/v1/categories")["items"]
    assert figures["open"] == 82
    assert figures["unlocated"] == 1
    assert sum(counts.values()) == 81
    assert sum(category["count"] for category in categories) == 82
    area = get(client, "/api/v1/areas")["items"][0]["id"]
    assert get(client, f"/api/v1/figures?area={area}")["open"] == 82
    for cell, count in counts.items():
        assert get(client, f"/api/v1/figures?area={cell}")["open"] == count
    assert len(get(client, f"/api/v1/areas/{area}")["cells"]) == 4


def test_tiles_hold_every_case_once(client: FlaskClient, tmp_path: Path) -> None:
    document = get(client, "/tiles/cases.json")
    assert document["tiles"][0].endswith("/tiles/cases/{z}/{x}/{y}.mvt")
    for name in ("areas", "ground", "cases"):
        answer = client.get(f"/tiles/{name}/9/402/219.mvt", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.mimetype == "application/vnd.mapbox-vector-tile"
        tag = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}
        again = client.get(f"/tiles/{name}/9/402/219.mvt", headers=tag)
        assert again.status_code == 304
        assert not again.data
        if name == "areas":
            assert len(gzip.decompress(answer.data)) > 100
    found = marks(tmp_path, gzip.decompress(answer.data), 9, 402, 219)
    view = get(client, "/api/v1/view")
    assert found["count"].sum() == view["figures"]["open"] - view["figures"]["unlocated"] > 0


def test_a_fine_tile_puts_fewer_cases_together(client: FlaskClient) -> None:
    west, south, east, north = get(client, "/api/v1/district")["bounds"]
    lat = math.radians((south + north) / 2)
    x, y = (west + east) / 720 + 0.5, 0.5 - math.asinh(math.tan(lat)) / (2 * math.pi)
    more = 0
    for zoom in range(7, 13):
        path = f"/tiles/cases/{zoom}/{int(x * 2**zoom)}/{int(y * 2**zoom)}.mvt"
        gathered, fine, plain = (
            client.get(path + query, headers={"Accept-Encoding": "identity"})
            for query in ("", "?grain=fine", "?grain=gathered")
        )
        assert len(fine.data) >= len(gathered.data)
        assert gathered.headers["ETag"] == plain.headers["ETag"]
        assert (fine.headers["ETag"] == gathered.headers["ETag"]) == (fine.data == gathered.data)
        more += len(fine.data) > len(gathered.data)
    assert more


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tiles/cases/99/1/1.mvt", 400, "tile_invalid"),
        ("/tiles/areas/3/9/1.mvt", 400, "tile_invalid"),
        ("/tiles/cases/9/402/219.mvt?grain=dust", 400, "parameter_invalid"),
        ("/tiles/basemap/9/600/219", 400, "tile_invalid"),
        ("/tiles/basemap/9/402/219", 404, "tile_missing"),
        ("/api/v1/cases?limit=100000", 400, "parameter_invalid"),
        ("/api/v1/cases?state=sad", 400, "parameter_invalid"),
        ("/api/v1/cases?bbox=1,2,3", 400, "parameter_invalid"),
        ("/api/v1/cases?bbox=NaN,0,1,1", 400, "parameter_invalid"),
        ("/api/v1/cases?after=x", 400, "parameter_invalid"),
        ("/api/v1/cases?from=2026-02-30", 400, "parameter_invalid"),
        ("/api/v1/cases?category=-1", 400, "parameter_invalid"),
        (f"/api/v1/cases?category={','.join(['1'] * 201)}", 400, "parameter_invalid"),
        ("/api/v1/cases/99", 404, "case_missing"),
        ("/api/v1/areas/99999", 404, "area_missing"),
        ("/nowhere", 404, "http_404"),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, path: str, status: int, code: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == code  # type: ignore[index]
    assert "{" not in answer.json["title"]  # type: ignore[index]


def test_page_is_strict(client: FlaskClient) -> None:
    answer = client.get("/?lang=en")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert 'lang="en"' in answer.text
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


def test_search_takes_any_text(client: FlaskClient) -> None:
    assert get(client, "/api/v1/find?q=格530103001001002")["areas"][0]["code"] == "530103001001002"
    for words in ("%25", "_", "'", "\\", "玩具"):
        get(client, f"/api/v1/find?q={words}")


def test_no_district(database: str) -> None:
    client = create_app(database).test_client()
    answer = client.get("/", headers={"Accept": "text/html"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "./panlong run --demo small" in answer.text
    assert client.get("/api/v1/district").status_code == 401


def test_no_database() -> None:
    client = create_app("postgresql+psycopg://nobody@/none?host=/nowhere").test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]

"""An import from its sender's side: pages and files of every kind; and that it is theirs alone and ends by itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from flask import Flask
from openpyxl import load_workbook
from pyogrio.raw import write
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.interop.service.preparing import files, running
from app.postgres import Cluster
from tests import registered, town
from tests.db.test_import_staff_page import WRONG
from tests.people import employ, sign_in
from tests.prepared import Sender, counts, csv, work, workbook
from tests.registered import CELLS, Registered, identity, phone

pytestmark = pytest.mark.db

HERE = [code for code in CELLS if code.startswith(town.community("a"))]
HEADER = "类型,标识码,名称,网格编码,层数"
PAGE = {"Accept": "text/html", "Accept-Language": "zh-CN"}
CODES = re.compile(r"\b(?:imports|error|import|registry|note|fault|entry|source)\.[a-z_]+\b")
"""A word that nobody has translated."""


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(autouse=True)
def nothing_in_clear_stays() -> Iterator[None]:
    yield
    assert not list(files.scratch().iterdir())


@pytest.fixture(scope="module")
def url(built: tuple[str, Registered]) -> str:
    return built[0]


@pytest.fixture(scope="module")
def desk(url: str, app: Flask) -> Sender:
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="send-a")
    return Sender(sign_in(app, person), url)


@pytest.fixture(scope="module")
def other(url: str, app: Flask) -> Sender:
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="send-b")
    return Sender(sign_in(app, person), url)


def ask(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def press(sender: Sender, address: str, **form: Any) -> Any:
    """A form that is sent; the answer after the way on."""
    data = {"csrf_token": sender.head["X-CSRFToken"], **form}
    return sender.client.post(address, data=data, headers=PAGE, follow_redirects=True)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_from_the_file_to_the_registry_by_forms(desk: Sender, url: str, lang: str) -> None:
    first = desk.client.get(f"/registry/import?lang={lang}", headers=PAGE)
    assert first.status_code == 200
    key = re.search(r'name="client_id" value="([^"]+)"', first.text)[1]  # type: ignore[index]
    content = csv(
        "类型,标识码,名称,网格编码,几层,民族",
        f"楼栋,W-{lang},楼,{HERE[0]},9,x",
        f"楼栋,W-{lang}-2,楼,{HERE[0]},999,x",
    )
    page = press(desk, "/registry/import", kind="place", client_id=key, file=(io.BytesIO(content), "楼.csv"))
    number = int(re.search(r"/registry/import/(\d+)/check", page.text)[1])  # type: ignore[index]
    again = press(desk, "/registry/import", kind="place", client_id=key, file=(io.BytesIO(content), "楼.csv"))
    assert f"/registry/import/{number}/check" in again.text
    address = f"/registry/import/{number}"
    read = {
        "column_0": "type",
        "column_1": "code",
        "column_2": "name",
        "column_3": "area",
        "column_4": "code",
    }
    wrong = press(desk, f"{address}/check", **read)
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text
    running_page = press(desk, f"{address}/check", **read | {"column_4": "floors"})
    assert "data-import" in running_page.text
    work(url)
    checked = desk.client.get(address, headers=PAGE).text
    assert desk.get(str(number))["report"]["fault_count"] == 1
    book = desk.client.get(f"{address}/faults.xlsx", headers=PAGE)
    assert book.status_code == 200
    told = book.headers["Content-Disposition"]
    assert told.startswith("attachment")
    assert told.encode("latin-1")  # as a header goes over the line
    assert load_workbook(io.BytesIO(book.data)).worksheets[0]["F2"].comment is not None
    refused = press(desk, f"{address}/take-over")
    assert refused.status_code == 409
    press(desk, f"{address}/take-over", skip_bad="1")
    work(url)
    done = desk.client.get(address, headers=PAGE).text
    assert ask(url, "SELECT count(*) FROM elements WHERE code LIKE :like", like=f"W-{lang}%".upper()) == [
        (1,)
    ]
    listed = desk.client.get("/registry/import", headers=PAGE).text
    for said in (first.text, page.text, wrong.text, running_page.text, checked, refused.text, done, listed):
        assert not CODES.findall(said.partition("<main")[2]), CODES.findall(said.partition("<main")[2])


@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_is_no_file_of_elements(desk: Sender, what: str) -> None:
    status, told = desk.send("place", WRONG[what], "a.xlsx")
    assert status == 400
    assert told["code"] in {"upload_layer", "upload_empty", "import_unreadable"}
    data = {"kind": "place", "client_id": "7d3c2f6e-8b51-4a3f-9f5e-1b1f0c9f6a10"}
    page = press(desk, "/registry/import", **data, file=(io.BytesIO(WRONG[what]), "a.xlsx"))
    assert page.status_code == 400
    assert not CODES.findall(page.text.partition("<main")[2])


def outlines(path: Path, *, layers: tuple[str, ...] = ("houses",)) -> Path:
    lon, lat = town.centre(HERE[1])
    for i, layer in enumerate(layers):
        ring = shapely.box(lon - 0.0005, lat - 0.0005, lon + 0.0005 * (i + 1), lat + 0.0005)
        write(
            str(path), geometry=np.array([shapely.to_wkb(ring)], dtype=object), geometry_type="Polygon",
            crs="EPSG:4490", layer=layer, fields=["code", "name", "type"],
            field_data=np.array([[f"LAYER-{layer.upper()}"], ["外形楼"], ["building"]], dtype=object),
            encoding="UTF-8", append=i > 0,
        )  # fmt: skip
    return path


def test_a_layer_of_a_geopackage(desk: Sender, url: str, tmp_path: Path) -> None:
    content = outlines(tmp_path / "a.gpkg", layers=("first", "second")).read_bytes()
    status, one = desk.send("place", content, "图.gpkg")
    assert status == 201
    assert (one["header"]["layers"], one["header"]["columns"]) == (["first", "second"], [])
    status, one = desk.post(f"{one['id']}/layer", layer="second")
    assert (status, one["header"]["columns"], one["header"]["shaped"]) == (
        200,
        ["code", "name", "type"],
        True,
    )
    assert "lon" not in one["header"]["fields"]
    assert desk.post(f"{one['id']}/layer", layer="third")[1]["code"] == "import_unreadable"
    assert desk.post(f"{one['id']}/check", fields=one["reading"]["fields"])[0] == 202
    work(url)
    assert counts(desk.write(one["id"]))[:2] == (1, 1)
    shape = "SELECT ST_GeometryType(shape) FROM places JOIN elements USING (id) WHERE code = 'LAYER-SECOND'"
    assert ask(url, shape) == [("ST_Polygon",)]


def test_a_zipped_shapefile(desk: Sender, url: str, tmp_path: Path) -> None:
    outlines(tmp_path / "houses.shp")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in tmp_path.glob("houses.*"):
            archive.write(part, part.name)
    one = desk.check("place", out.getvalue(), "图.zip")
    assert one["problem"] is None
    assert counts(one)[:2] == (1, 1)


def test_a_first_row_of_numbers_is_no_header(desk: Sender) -> None:
    rows = [f"无名氏,{identity(n)},{phone(n)}" for n in (800, 801)]
    status, told = desk.send("person", csv(*rows))
    assert (status, told["code"], told["reason"]) == (400, "import_unreadable", "header_of_numbers")
    assert identity(800) not in str(told)
    for columns in (",".join(f"列{n}" for n in range(201)), "名称,类型,长" + "长" * 120):
        status, told = desk.send("place", csv(columns, "x"))
        assert (status, told["reason"]) == (400, "header_too_large")


def test_so_many_wait_and_no_more(url: str, app: Flask) -> None:
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="send-many")
    sender = Sender(sign_in(app, person), url)
    sent = [sender.send("place", csv(HEADER, f"楼栋,M-{n},楼,{HERE[0]},1")) for n in range(21)]
    assert [status for status, _ in sent] == [201] * 20 + [409]
    first = sender.client.get("/api/v1/imports?limit=15").get_json()
    rest = sender.client.get(f"/api/v1/imports?limit=15&before={first['next']}").get_json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == [one["id"] for _, one in sent[19::-1]]
    assert rest["next"] is None
    gone = sender.client.delete(f"/api/v1/imports/{sent[0][1]['id']}", headers=sender.head)
    assert gone.status_code == 204
    assert sender.send("place", csv(HEADER, f"楼栋,M-21,楼,{HERE[0]},1"))[0] == 201


def test_files_of_people_are_for_those_who_keep_their_records(url: str, app: Flask) -> None:
    street = employ(url, Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), username="send-street")
    sender = Sender(sign_in(app, street), url)
    assert sender.send("person", csv("姓名", "甲"))[0] == 403
    assert sender.send("place", csv(HEADER, f"楼栋,P-1,楼,{HERE[0]},1"))[0] == 201
    assert 'value="person"' not in sender.client.get("/registry/import", headers=PAGE).text


def test_the_error_workbook_is_the_importers_alone(desk: Sender, other: Sender, url: str) -> None:
    content = workbook(
        ("类型", "标识码", "名称", "网格编码", "层数"),
        ("楼栋", "E-1", "好楼", HERE[0], 3),
        ("飞船", "E-2", "坏楼", HERE[0], 999),
    )
    one = desk.check("place", content, "楼.xlsx")
    assert counts(one)[5] == 2
    status, told = desk.post(f"{one['id']}/take-over")
    assert (status, told["code"]) == (409, "import_faulty")
    answer = desk.client.get(f"/api/v1/imports/{one['id']}/faults.xlsx")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked == {"A3", "E3"}
    for address in ("", "/faults.xlsx", "/choices"):
        assert other.client.get(f"/api/v1/imports/{one['id']}{address}").status_code == 404
    for step in ("check", "take-over", "cancel", "layer", "choices"):
        body = {"check": {"fields": {}}, "layer": {"layer": "x"}, "choices": {"row": 1}}.get(step, {})
        assert other.post(f"{one['id']}/{step}", **body)[0] == 404
    listed = other.client.get("/api/v1/imports").get_json()["items"]
    assert one["id"] not in {each["id"] for each in listed}
    fetched = "SELECT count(*) FROM access_log WHERE action = 'registry.import_faults' AND subject_id = :id"
    assert ask(url, fetched, id=str(one["id"])) == [(1,)]


def test_who_lost_the_post_meanwhile_writes_nothing(app: Flask, url: str) -> None:
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="import-gone")
    sender = Sender(sign_in(app, person), url)
    one = sender.check("place", csv(HEADER, f"楼栋,L-1,楼,{HERE[0]},1"))
    assert sender.post(f"{one['id']}/take-over")[0] == 202
    with transaction(url) as connection:
        connection.execute(
            text(
                "DELETE FROM post_holders WHERE staff_id = (SELECT s.id FROM staff_members s WHERE s.account_id = :id)"
            ),
            {"id": person.account_id},
        )
    work(url)
    problem = ask(url, "SELECT problem ->> 'code', state FROM element_imports WHERE id = :id", id=one["id"])
    assert problem == [("not_permitted", "checked")]
    assert ask(url, "SELECT FROM elements WHERE code LIKE 'L-%'") == []


def test_files_that_nobody_went_on_with_are_deleted(desk: Sender, url: str) -> None:
    one = desk.check("place", csv(HEADER, f"楼栋,F-1,楼,{HERE[0]},1"))
    with transaction(url) as connection:
        connection.execute(
            text("UPDATE element_imports SET sent_at = now() - interval '8 days' WHERE id = :id"),
            {"id": one["id"]},
        )
        running.sweep(connection)
    assert desk.client.get(f"/api/v1/imports/{one['id']}").status_code == 404
    assert ask(url, "SELECT count(*) FROM element_import_parts WHERE import_id = :id", id=one["id"]) == [(0,)]

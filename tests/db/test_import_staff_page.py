"""The page to which a roster is sent: checked by what it holds, told row by row, written whole, logged."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook

from app.accounts.rules import Role
from app.db import transaction
from app.factory import create_app
from app.interop.service import uploads
from app.interop.service.staff.blanks import FIELDS
from app.ledger import store as ledger
from app.postgres import Cluster
from tests import town
from tests.cluster import clone
from tests.db.roster import EAST, A, B, held, people, planned
from tests.people import UNLIMITED, Person, employ, sign_in

pytestmark = pytest.mark.db

PAGE = {"Accept": "text/html", "Accept-Language": "zh-CN"}
ADDRESS = "/staffing/import"
HEADER = "工号,姓名,电话,网格编码,职责\n"


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[str]:
    with clone(cluster) as url:
        town.build(url)
        yield url


@pytest.fixture(scope="module")
def app(built: str) -> Flask:
    made = create_app(built)
    made.config["SIGN_IN_RATE"] = UNLIMITED
    return made


@pytest.fixture(scope="module")
def head(built: str) -> Person:
    return employ(built, Role.SUBCENTRE_HEAD, town.subdistrict("a"), username="head-west")


@pytest.fixture(scope="module")
def client(app: Flask, head: Person) -> FlaskClient:
    return sign_in(app, head)


@pytest.fixture(scope="module")
def duty(app: Flask, built: str) -> FlaskClient:
    return sign_in(app, employ(built, Role.DUTY_OFFICER, town.DISTRICT, username="the-duty"))


@pytest.fixture(autouse=True)
def no_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    assert not list(tmp_path.iterdir())


def send(client: FlaskClient, content: bytes | None, name: str = "名册.csv", **form: str) -> Any:
    token = client.get("/api/v1/session").json["csrf_token"]  # type: ignore[index]
    file = {} if content is None else {"file": (io.BytesIO(content), name)}
    return client.post(ADDRESS, data={"csrf_token": token, "kind": "staff", **file, **form}, headers=PAGE)


def table(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return (header + "\n".join(rows) + "\n").encode(encoding)


def listed(page: str) -> list[list[str]]:
    """Cells of the table of faults."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("<tr>")[1:]]


def everybody(url: str) -> set[str]:
    with transaction(url) as connection:
        return set(people(connection))


def test_checked_then_written_and_logged(client: FlaskClient, built: str, head: Person) -> None:
    content = table(f"P1,<b>安</b>,13800138000,{A},网格员", f"P2,波,,{A},志愿者", encoding="gbk")
    said = send(client, content, check="1")
    assert said.status_code == 200
    assert "没有写入" in said.text
    assert not {"P1", "P2"} & everybody(built)
    said = send(client, content, "C:/名册/十一月.csv")
    assert said.status_code == 200
    assert "已写入" in said.text
    with transaction(built) as connection:
        assert people(connection)["P1"] == ("<b>安</b>", "13800138000")
        assert [row[:2] for row in held(connection)] == [("P1", A), ("P2", A)]
        entries = ledger.page(connection, action="roster.import", limit=9)
    assert [(entry["account_id"], entry["facts"]) for entry in entries] == [
        (head.account_id, {"kind": "staff", "file": "十一月.csv", "rows": 2, "added": 2, "changed": 0})
    ]


def test_faults_are_listed(client: FlaskClient, built: str) -> None:
    said = send(client, table(f"F1,好,,{B},志愿者", f"F2,<i>东</i>,?,{EAST},志愿者", f"F3,丙,<u>,{B},志愿者"))
    assert said.status_code == 422
    assert [row[:3] for row in listed(said.text)] == [
        ["2", "电话", "?"],
        ["2", "网格编码", EAST],
        ["3", "电话", "&lt;u&gt;"],
    ]
    assert all(row[3] and "fault." not in row[3] for row in listed(said.text))
    assert not {"F1", "F2", "F3"} & everybody(built)


def test_the_first_of_many_faults(client: FlaskClient) -> None:
    said = send(client, table(*(f"M{i},人,?,{B},志愿者" for i in range(1200))))
    assert said.status_code == 422
    assert len(listed(said.text)) == 200
    assert "1200" in said.text


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


WRONG = {
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64),
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a document": b"%PDF-1.7\n" + "文".encode() * 50,
    "an archive": packed(a_xml=b"<a/>"),
    "half an archive": packed(xl__workbook_xml=b"<a/>")[:40],
    "nothing": b"",
    "blanks": b" \n \n",
    "no workbook inside": packed(xl__workbook_xml=b"<a/>"),
    "broken inside": packed(xl__workbook_xml=b"<workbook", **{"[Content_Types]_xml": b"<x"}),
}


@pytest.mark.parametrize("what", sorted(WRONG))
def test_what_is_no_table(client: FlaskClient, what: str) -> None:
    said = send(client, WRONG[what], "名册.xlsx")
    assert said.status_code == 400
    assert 'role="alert"' in said.text
    if what in {"a picture", "an old workbook", "a document", "an archive", "half an archive"}:
        assert ".xls 请另存为 .xlsx" in said.text
    assert "error." not in said.text.partition("<main")[2]
    assert "source." not in said.text.partition("<main")[2]


def test_a_workbook_that_swells(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_UNPACKED", 1000)
    said = send(client, packed(xl__workbook_xml=b" " * 1001), "a.xlsx")
    assert said.status_code == 400
    assert "太大" in said.text


def test_too_large_no_file_no_kind_no_token(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "MAX_CONTENT_LENGTH", 20_000)
        assert send(client, table("x" * 20_000)).status_code == 413
    assert send(client, None).status_code == 400
    assert send(client, table("a"), kind="cases").status_code == 400
    assert client.post(ADDRESS, data={"kind": "staff"}, headers=PAGE).status_code == 400


def test_a_column_that_is_missing_is_named_as_the_form_names_it(client: FlaskClient) -> None:
    said = send(client, table("P9,安,志愿者", header="工号,姓名,职责\n"))
    assert said.status_code == 400
    assert "网格编码" in said.text
    assert "--map" not in said.text


def test_who_may(app: Flask, built: str, client: FlaskClient) -> None:
    officer = sign_in(app, employ(built, Role.SUPERVISOR, town.subdistrict("a"), username="no-head"))
    assert officer.get(ADDRESS, headers=PAGE).status_code == 403
    assert send(officer, table("a")).status_code == 403
    assert client.get(ADDRESS, headers=PAGE).status_code == 200


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_blank_forms_filled_in(duty: FlaskClient, built: str, lang: str) -> None:
    code, cell = f"T-{lang}", B if lang == "en" else EAST
    rows = {
        "staff": {"code": code, "name": "表中人", "cell": cell, "duty": "网格员", "from": "2026-11-25",
                  "until": "2026-11-30"},
        "shifts": {"unit": "command_centre", "code": code, "date": "2026-11-25", "start": "20:00", "end": "08:00",
                   "leads": "是"},
    }  # fmt: skip
    for kind, values in rows.items():
        answer = duty.get(f"{ADDRESS}/template/{kind}.xlsx?lang={lang}")
        assert answer.status_code == 200
        assert answer.mimetype.endswith("spreadsheetml.sheet")
        book = load_workbook(io.BytesIO(answer.data))
        empty = send(duty, answer.data, "空白.xlsx", kind=kind)
        assert empty.status_code == 422, "nothing filled in is nothing to import, and no example comes in"
        names = [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)]
        assert names == [cell.value for cell in book.active[1]]
        said = send(duty, filled(book, kind, values), "填好.xlsx", kind=kind)
        assert said.status_code == 200, said.text
    with transaction(built) as connection:
        assert [row[5].isoformat() for row in held(connection) if row[0] == code] == ["2026-12-01"]
        assert [row[1:] for row in planned(connection) if row[0] == code] == [
            ("command_centre", "11-25 20:00", "11-26 08:00", True)
        ]


def filled(book: Workbook, kind: str, values: dict[str, str]) -> bytes:
    """The form with one row, as a person types it under the headings."""
    for i, name in enumerate(FIELDS[kind][0], 1):
        book.active.cell(2, i, values.get(name))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

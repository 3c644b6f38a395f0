"""Imports that people prepare: tried as they will be written, within the importer's territory, and theirs alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.interop.service.preparing import files, running
from app.postgres import Cluster
from tests import registered, town
from tests.people import employ, sign_in
from tests.prepared import Sender, counts, csv, work
from tests.registered import CELLS, Registered, credit, identity, phone

pytestmark = pytest.mark.db

HERE = [code for code in CELLS if code.startswith(town.community("a"))]
AWAY = [code for code in CELLS if code.startswith(town.community("b"))]
HEADER = "类型,标识码,名称,网格编码,层数"


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
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="import-a")
    return Sender(sign_in(app, person), url)


@pytest.fixture(scope="module")
def other(url: str, app: Flask) -> Sender:
    person = employ(url, Role.COMMUNITY_DESK, town.community("a"), username="import-b")
    return Sender(sign_in(app, person), url)


def ask(url: str, statement: str, **values: Any) -> list[Any]:
    with transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def named(url: str, like: str) -> list[Any]:
    return ask(
        url,
        "SELECT e.code, e.name, n.code FROM elements e JOIN area_numbers n ON n.no = e.area_no"
        " WHERE e.code LIKE :like ORDER BY e.code",
        like=like,
    )


def test_the_try_is_what_then_happens(desk: Sender, url: str) -> None:
    rows = [f"楼栋,T-{i},试楼{i},{HERE[i % len(HERE)]},{i + 1}" for i in range(30)]
    one = desk.check("place", csv(HEADER, *rows))
    assert counts(one) == (30, 30, 0, 0, 0, 0)
    assert named(url, "T-%") == []
    done = desk.write(one["id"])
    assert done["state"] == "done"
    assert counts(done) == counts(one)
    assert len(named(url, "T-%")) == 30
    again = desk.check("place", csv(HEADER, *rows[:29], f"楼栋,T-29,改名的楼,{HERE[0]},9"))
    assert counts(again) == (30, 0, 1, 29, 0, 0)
    assert counts(desk.write(again["id"])) == counts(again)
    assert ("T-29", "改名的楼", named(url, "T-29")[0][2]) in named(url, "T-%")


def test_what_was_sent_is_gone_when_it_is_written(desk: Sender, url: str) -> None:
    one = desk.check("place", csv(HEADER, f"楼栋,G-1,楼,{HERE[0]},1"))
    assert one["has_file"]
    assert one["kept_until"]
    done = desk.write(one["id"])
    assert not done["has_file"]
    assert done["kept_until"] is None
    parts = "SELECT count(*) FROM element_import_parts WHERE import_id = :id"
    assert ask(url, parts, id=one["id"]) == [(0,)]
    logged = ask(
        url,
        "SELECT action, account_name, facts ->> 'added' FROM access_log WHERE subject_kind = 'import'"
        " AND subject_id = :id ORDER BY no",
        id=str(one["id"]),
    )
    assert logged == [("registry.import_send", "import-a", None), ("registry.import", "import-a", "1")]


def test_nobody_writes_beyond_their_territory(desk: Sender, url: str, built: tuple[str, Registered]) -> None:
    lon, lat = town.centre(AWAY[0])
    inside = town.centre(HERE[0])
    theirs = ask(
        url, "SELECT code FROM elements WHERE kind = 'object' AND name = :name", name=f"ref-{AWAY[0]}"
    )
    one = desk.check(
        "object",
        csv(
            "类型,标识码,名称,网格编码,经度,纬度,所在",
            f"0305,5301990305900001,好,{HERE[0]},,,",
            f"0305,5301990305900002,别处的网格,{AWAY[0]},,,",
            f"0305,5301990305900003,别处的点,,{lon},{lat},",
            f"0305,5301990305900004,别处的楼,,,,ref-{AWAY[0]}",
            f"0305,{theirs[0][0]},别人的,,{inside[0]},{inside[1]},",
            "0305,5301990305900006,哪里都不是,,,,",
        ),
    )
    faults = {(fault["row"], fault["code"]) for fault in one["report"]["faults"]}
    assert faults == {
        (2, "entry.area_unknown"),
        (3, "entry.outside_territory"),
        (4, "entry.site_unknown"),
        (5, "entry.code_taken"),
        (6, "entry.place_missing"),
    }
    assert counts(one)[:2] == (6, 1)
    done = desk.write(one["id"], skip_bad=True)
    assert counts(done) == counts(one)
    assert [row[1] for row in named(url, "53019903059%")] == ["好"]
    assert ask(url, "SELECT name FROM elements WHERE code = :code", code=theirs[0][0]) == [
        (f"ref-{AWAY[0]}",)
    ]


def people(*rows: str) -> bytes:
    return csv("姓名,身份证号,手机,网格编码,户号,民族,登记依据,保存至", *rows)


def test_people_come_in_sealed_and_columns_of_origin_do_not(desk: Sender, url: str) -> None:
    status, one = desk.send(
        "person", people(f"甲,{identity(300)},{phone(300)},{HERE[0]},H1,汉,法,2090-01-01")
    )
    assert status == 201
    assert one["header"]["refused"] == ["民族"]
    assert "民族" not in one["header"]["columns"]
    rows = [f"居民{i},{identity(i)},{phone(i)},{HERE[0]},H{i % 3},汉,法,2090-01-01" for i in range(301, 309)]
    # Somebody who is registered where the importer sees nothing.
    taken = ask(url, "SELECT count(*) FROM elements WHERE kind = 'person'")[0][0]
    rows.append(f"别处的人,{identity(3 * CELLS.index(AWAY[0]))},,{HERE[0]},,汉,法,2090-01-01")
    checked = desk.check("person", people(*rows))
    assert counts(checked) == (9, 8, 0, 0, 1, 1), checked["report"]["faults"]
    assert [(f["row"], f["code"], f["value"]) for f in checked["report"]["faults"]] == [
        (9, "entry.identity_taken", None)
    ]
    assert ("columns_refused", "民族") in [
        (note["code"], note["facts"].get("columns")) for note in checked["report"]["notes"]
    ]
    assert counts(desk.write(checked["id"], skip_bad=True)) == counts(checked)
    assert ask(url, "SELECT count(*) FROM elements WHERE kind = 'person'") == [(taken + 8,)]
    assert ask(url, "SELECT count(DISTINCT household_id) FROM persons WHERE name LIKE '居民%'") == [(3,)]
    again = desk.check("person", people(*rows[:8]))
    assert counts(again) == (8, 0, 0, 8, 0, 0)


def test_what_may_be_known_is_decided(desk: Sender, url: str) -> None:
    lon, lat = town.centre(HERE[1])
    first = csv("类型,名称,地址,经度,纬度", f"楼栋,阳光小区三号楼,青年路 12 号,{lon},{lat}")
    assert counts(desk.write(desk.check("place", first)["id"]))[1] == 1
    second = csv(
        "类型,名称,地址,经度,纬度",
        f"楼栋,阳光小区三号大楼,青年路 12 号,{lon},{lat}",
        f"楼栋,阳光小区三号楼房,青年路 12 号,{lon},{lat}",
    )
    one = desk.check("place", second)
    assert (counts(one), one["choices_open"]) == ((2, 0, 0, 0, 2, 0), 2)
    asked = desk.get(f"{one['id']}/choices")["items"]
    known = asked[0]["candidates"][0]["element"]
    assert (asked[0]["said"]["name"], known["name"]) == ("阳光小区三号大楼", "阳光小区三号楼")
    assert desk.post(f"{one['id']}/choices", row=1, decision="99999999")[1]["code"] == "choice_unknown"
    assert desk.post(f"{one['id']}/choices", row=7, decision="new")[1]["code"] == "choice_missing"
    assert desk.post(f"{one['id']}/choices", row=1, decision=str(known["id"]))[0] == 200
    assert desk.post(f"{one['id']}/choices", row=2, decision="new")[1]["choices_open"] == 0
    done = desk.write(one["id"])
    assert counts(done) == (2, 1, 1, 0, 0, 0)
    names = "SELECT name FROM elements WHERE name LIKE '阳光小区三号%' ORDER BY id"
    assert ask(url, names) == [("阳光小区三号大楼",), ("阳光小区三号楼房",)]


def test_relations_go_through_the_wall(desk: Sender, url: str, built: tuple[str, Registered]) -> None:
    made = built[1]
    here, away = CELLS.index(HERE[0]), CELLS.index(AWAY[0])
    one = desk.check(
        "relation",
        csv(
            "关系,主体,客体",
            f"拥有,{credit(here)},{made.buildings[here]}",
            f"拥有,{credit(away)},{made.buildings[here]}",
            f"拥有,{credit(here)},{made.buildings[away]}",
        ),
    )
    assert counts(one) == (3, 1, 0, 0, 2, 2)
    assert {(f["row"], f["code"]) for f in one["report"]["faults"]} == {
        (2, "entry.target_unknown"),
        (3, "entry.target_unknown"),
    }
    assert counts(desk.write(one["id"], skip_bad=True)) == counts(one)


def test_sent_twice_is_sent_once(desk: Sender, url: str) -> None:
    key = uuid.uuid4()
    content = csv(HEADER, f"楼栋,D-1,楼,{HERE[0]},1")
    first, second = desk.send("place", content, key=key), desk.send("place", content, key=key)
    assert (first[0], second[0]) == (201, 201)
    assert first[1]["id"] == second[1]["id"]
    number = first[1]["id"]
    fields = first[1]["reading"]["fields"]
    assert [desk.post(f"{number}/check", fields=fields)[0] for _ in range(2)] == [202, 202]
    work(url)
    assert [desk.post(f"{number}/take-over")[0] for _ in range(2)] == [202, 202]
    work(url)
    assert len(named(url, "D-%")) == 1
    assert desk.post(f"{number}/take-over")[1]["code"] == "import_over"
    assert desk.client.delete(f"/api/v1/imports/{number}", headers=desk.head).status_code == 409


def test_stopped_leaves_nothing(desk: Sender, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"楼栋,S-{i},停{i},{HERE[0]},1" for i in range(12_000)]
    one = desk.check("place", csv(HEADER, *rows))
    before = ask(url, "SELECT count(*), max(id) FROM elements")[0][0]
    assert desk.post(f"{one['id']}/take-over")[0] == 202
    waiting = desk.post(f"{one['id']}/cancel")[1]
    assert (waiting["doing"], waiting["state"]) == (None, "checked")
    work(url)
    monkeypatch.setattr(running, "TOLD_S", 0.0)
    begun: list[dict[str, Any]] = []
    advance = running.store.advance

    def stop(connection: Any, import_id: int, rows_read: int, part: float) -> bool:
        begun.append(desk.post(f"{import_id}/cancel")[1])
        return advance(connection, import_id, rows_read, part)

    monkeypatch.setattr(running.store, "advance", stop)
    desk.post(f"{one['id']}/take-over")
    work(url)
    assert begun[0]["stopping"]
    assert len(begun) == 1
    rests = desk.get(str(one["id"]))
    assert (rests["doing"], rests["state"], rests["problem"]) == (None, "checked", None)
    assert ask(url, "SELECT count(*) FROM elements") == [(before,)]
    monkeypatch.setattr(running.store, "advance", advance)
    assert counts(desk.write(one["id"]))[1] == 12_000

"""A person's record is told to that person, used no longer, kept longer, deleted: and what is deleted is nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.service.managing import CONSOLE
from app.db import transaction
from app.grid.service import the_district
from app.postgres import Cluster
from app.registry.service import caring, retention
from app.registry.service.retention import Over
from tests import registered
from tests.registered import CELLS, HERE, Desk, Door, Registered, reasons

pytestmark = pytest.mark.db

PURPOSE = "本人申请查阅个人信息"
NAME = "欧阳查无此人"


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered]) -> Door:
    app = registered.served(built[0])
    return Door(registered.desk(built[0], app, "care-a"))


def register(desk: Door, n: int, until: str = "2090-01-01") -> int:
    status, said = desk.make(
        "person", uuid.uuid4(), name=f"{NAME}{n}", area=CELLS[HERE[0]], identity=registered.identity(n),
        phone=registered.phone(n), legal_basis="法", retain_until_on=until, needs="lives_alone",
        household=f"H-{n}",
    )  # fmt: skip
    assert status == 201, said
    return int(said["element"]["id"])


def dump(url: str) -> str:
    """Every row of every table as text, bytes as hexadecimal digits."""
    with transaction(url, read_only=True) as connection:
        tables = connection.execute(
            text(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
        ).scalars()
        return "\n".join(
            row
            for table in tables
            for row in connection.execute(text(f"SELECT t::text FROM {table} t")).scalars()
        )


def marks(url: str, who: int, n: int) -> list[str]:
    """All by which somebody would be known: name, numbers, sealed bytes and indexes."""
    with transaction(url, read_only=True) as connection:
        row = connection.execute(
            text("SELECT identity, identity_index, phone, phone_index FROM persons WHERE id = :id"),
            {"id": who},
        ).one()
    return [f"{NAME}{n}", registered.identity(n), registered.phone(n), *(bytes(one).hex() for one in row)]


def test_an_export_tells_everything_and_is_logged(desk: Door) -> None:
    who = register(desk, 801)
    assert desk.send("POST", f"/persons/{who}/export", purpose="x")[1]["code"] == "purpose_needed"
    status, said = desk.send("POST", f"/persons/{who}/export", purpose=PURPOSE)
    assert status == 200, said
    assert (said["identity"], said["phone"]) == (registered.identity(801), registered.phone(801))
    assert said["element"]["name"] == f"{NAME}801"
    looks = [(one["action"], one["purpose"]) for one in said["looks"]]
    assert looks == [("person.export", PURPOSE), ("person.add", None)]
    away = desk.send("POST", "/persons/1/export", purpose=PURPOSE)
    assert (away[0], away[1]["code"]) == (404, "element_missing")


def test_an_export_says_of_what_there_is_more(built: tuple[str, Registered], desk: Door) -> None:
    who = register(desk, 800)
    assert desk.send("POST", f"/persons/{who}/export", purpose=PURPOSE)[1]["cut"] == []
    with transaction(built[0]) as connection:
        connection.execute(
            text(
                "INSERT INTO element_changes (element_id, version, reason, before)"
                " SELECT :id, n, 'edited', '{}' FROM generate_series(1, :many) n"
            ),
            {"id": who, "many": caring.MOST + 1},
        )
    said = desk.send("POST", f"/persons/{who}/export", purpose=PURPOSE)[1]
    assert (said["cut"], len(said["history"])) == (["history"], caring.MOST)
    paper = Desk(desk.client).post(f"/registry/persons/{who}/export", purpose=PURPOSE, form="page").text
    assert f"这里只有 {caring.MOST} 条" in paper
    assert paper.count("这里只有") == 1


def test_a_record_is_restricted_and_used_again(desk: Door) -> None:
    who = register(desk, 802)
    asked = {"field": "phone", "purpose": PURPOSE}
    status, said = desk.send("POST", f"/persons/{who}/restrict", reason="本人要求")
    assert (status, said["person"]["restriction"]) == (200, "本人要求")
    assert desk.send("POST", f"/persons/{who}/reveal", **asked)[1]["code"] == "person_restricted"
    assert desk.send("POST", f"/persons/{who}/needs", need="aged_60")[1]["code"] == "person_restricted"
    status, said = desk.send("POST", f"/persons/{who}/unrestrict")
    assert (status, said["person"]["restricted_at"]) == (200, None)
    assert desk.send("POST", f"/persons/{who}/reveal", **asked)[0] == 200


def test_needs_are_recorded_and_forgotten(built: tuple[str, Registered], desk: Door) -> None:
    who = register(desk, 803)
    status, said = desk.send("POST", f"/persons/{who}/needs", need="aged_60", until_on="2060-01-01")
    assert status == 201
    assert {one["need"]: one["retain_until_on"] for one in said["person"]["needs"]}["aged_60"] == "2060-01-01"
    assert reasons(desk.send("POST", f"/persons/{who}/needs", need="aged_60")[1]) == {("need", "need_there")}
    assert reasons(desk.send("POST", f"/persons/{who}/needs", need="wings")[1]) == {
        ("need", "unknown_choice")
    }
    assert desk.send("POST", f"/persons/{who}/needs/forget", need="lives_alone")[0] == 200
    with transaction(built[0], read_only=True) as connection:
        kept = connection.execute(
            text("SELECT count(*) FROM element_changes WHERE element_id = :id AND before::text LIKE :need"),
            {"id": who, "need": "%lives_alone%"},
        ).scalar()
    assert kept == 0
    assert desk.send("POST", f"/persons/{who}/needs/forget", need="lives_alone")[1]["code"] == "need_missing"


def test_who_asks_for_it_is_deleted_everywhere(built: tuple[str, Registered], desk: Door) -> None:
    url, who = built[0], register(desk, 804)
    flat = int(built[1].flats[2 * HERE[0]])
    assert desk.send("POST", f"/elements/{who}/relations", kind="lives_in", target=flat)[0] == 201
    assert desk.send("PATCH", f"/elements/{who}", version=2, entry={"born_on": None})[0] == 200
    traces = marks(url, who, 804)
    assert all(one in dump(url) for one in (traces[0], *traces[3:]))
    answer = desk.client.post(f"/api/v1/persons/{who}/delete", headers=desk.head)
    assert answer.status_code == 204
    left = dump(url)
    assert not [one for one in traces if one in left]
    assert "H-804" not in left
    assert desk.send("POST", f"/persons/{who}/export", purpose=PURPOSE)[0] == 404
    for by in ({"name": f"{NAME}804"}, {"identity": registered.identity(804)}):
        assert desk.send("POST", "/persons/search", purpose=PURPOSE, **by)[1]["items"] == []


def test_retention_deletes_what_it_said_it_would(built: tuple[str, Registered], desk: Door) -> None:
    url = built[0]
    over, kept = register(desk, 805, "2030-01-01"), register(desk, 806)
    long = register(desk, 807, "2030-01-01")
    status, said = desk.send("POST", f"/persons/{long}/retain", until_on="2089-01-01", reason="仍在服务")
    assert (status, said["person"]["retain_until_on"]) == (200, "2089-01-01")
    traces, others = marks(url, over, 805), marks(url, kept, 806)
    day = date(2030, 1, 2)

    def log() -> list[Any]:
        with transaction(url, read_only=True) as connection:
            rows = connection.execute(
                text("SELECT action, subject_id, facts FROM access_log WHERE account_name = 'console'")
            )
            return [tuple(row) for row in rows]

    with transaction(url) as connection:
        district = the_district(connection).id
        foreseen = retention.due(connection, district, day)
        assert over in foreseen.persons and not {kept, long} & set(foreseen.persons)
        before = len(log())
        assert retention.delete(connection, district, day, by=CONSOLE) == foreseen
        assert retention.due(connection, district, day) == Over((), ())
    left = dump(url)
    assert not [one for one in traces if one in left]
    assert all(one in left for one in (others[0], *others[3:]))
    told = log()[before:]
    assert len(told) == len(foreseen.persons) + len(foreseen.needs)
    assert ("person.delete", str(over), {"why": "retention"}) in told
    assert all(set(facts) <= {"why", "field"} for _, _, facts in told)


def test_the_job_runs_the_same(built: tuple[str, Registered], desk: Door) -> None:
    who = register(desk, 808)
    with transaction(built[0]) as connection:
        connection.execute(
            text("UPDATE persons SET retain_until_on = '2020-01-01' WHERE id = :id"), {"id": who}
        )
        retention.sweep(connection)
        left = connection.execute(text("SELECT count(*) FROM elements WHERE id = :id"), {"id": who}).scalar()
    assert left == 0

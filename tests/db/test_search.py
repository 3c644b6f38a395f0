"""Cases found by number, its end, the reference of their source, and words, in Chinese and not; behind the wall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.cases.store.searching import index_words
from app.db import transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework

pytestmark = pytest.mark.db

TEXTS = {
    "cover": ("龙泉街道 100%路", "小区门口井盖破损"),
    "water": ("盖浇饭店旁", "井水浑浊，Water LEAK ㎡"),
    "rare": ("Ａ座 𠮷家", "👩‍🔧漏水"),
}


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def cases(work: Casework) -> dict[str, int]:
    return {
        name: int(work.report("officer", address=address, description=description)["case_id"])
        for name, (address, description) in TEXTS.items()
    }


def found(work: Casework, who: str = "duty", **asked: Any) -> list[int]:
    answer = work.client(who).get("/api/v1/cases", query_string=asked)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.get_json()["items"]]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("井盖", ["cover"]),
        ("盖破损", ["cover"]),
        ("井水 浑浊", ["water"]),
        ("井盖 浑浊", []),
        ("井 浑浊", ["water"]),
        ("100%路", ["cover"]),
        ("100_路", []),
        ("leak", ["water"]),
        ("m2", ["water"]),
        ("a座", ["rare"]),
        ("𠮷家", ["rare"]),
        ("漏水", ["rare"]),
        ("水漏", []),
    ],
)
def test_words(work: Casework, cases: dict[str, int], said: str, names: list[str]) -> None:
    assert sorted(found(work, q=said)) == sorted(cases[name] for name in names)


def test_number_its_end_and_the_reference(work: Casework, cases: dict[str, int]) -> None:
    number = work.client("duty").get(f"/api/v1/cases/{cases['rare']}").get_json()["number"]
    assert found(work, q=number) == found(work, q=number.lower()) == [cases["rare"]]
    assert found(work, q=number[-4:]) == [cases["rare"]]
    with transaction(work.url) as connection:
        connection.execute(
            text("UPDATE cases SET external_ref = '12345-77/x' WHERE id = :id"), {"id": cases["water"]}
        )
    assert found(work, q="12345-77/x") == [cases["water"]]


@pytest.mark.parametrize("said", ["x", "井", "a b", "x" * 61, "\x00井盖"])
def test_too_little_and_too_much(work: Casework, said: str) -> None:
    answer = work.client("duty").get("/api/v1/cases", query_string={"q": said})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "parameter_invalid")


def test_the_wall_holds(work: Casework, cases: dict[str, int]) -> None:
    number = work.client("duty").get(f"/api/v1/cases/{cases['cover']}").get_json()["number"]
    for said in ("井盖", number, number[-4:]):
        assert found(work, "neighbour", q=said) == []
        assert cases["cover"] in found(work, "operator", q=said)


def test_together_with_the_filter(work: Casework, cases: dict[str, int]) -> None:
    west, south, east, north = town.centre(casework.AREA) * 2
    around = f"{west - 0.01},{south - 0.01},{east + 0.01},{north + 0.01}"
    assert found(work, q="井盖", bbox=around) == [cases["cover"]]
    assert found(work, q="井盖", bbox="0,0,1,1") == []
    assert found(work, q="井盖", state="closed") == []
    assert found(work, q="井盖", where="unlocated") == []
    assert found(work, q="井盖", unit=work.unit("sanitation")) == []
    case = int(work.report("operator", description="井盖又破损")["case_id"])
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("sanitation"))
    assert found(work, q="井盖", unit=work.unit("sanitation"), condition="C01") == [case]
    assert found(work, unit=work.unit("sanitation"), condition="C01") == [case]
    assert found(work, unit=work.unit("sanitation"), condition="C02") == []
    assert found(work, bbox=around, unit=work.unit("sanitation")) == [case]
    shown = work.client("operator").get(f"/api/v1/cases/{case}").get_json()
    assert shown["unit"] and shown["number"] and shown["loop"] == "subdistrict"
    assert shown["condition"] == "C01" and shown["version"] == 4 and shown["risk"]


def many(work: Casework, number: int, said: str) -> None:
    with transaction(work.url) as connection:
        connection.execute(
            text(
                "INSERT INTO cases (district_id, category_id, state, reported_at, area_id, description, simulated)"
                " SELECT c.district_id, c.category_id, 'closed', now() - n * interval '1 minute', c.area_id,"
                " CAST(:said AS text) || n, true"
                " FROM (SELECT * FROM cases ORDER BY id LIMIT 1) c, generate_series(1, :number) n"
            ),
            {"number": number, "said": said},
        )


def pages(work: Casework, **asked: Any) -> list[int]:
    """Ids of every page, at most 40 of them."""
    got: list[int] = []
    after = None
    for _ in range(40):
        answer = work.client("duty").get(
            "/api/v1/cases", query_string={**asked, "limit": 200, "after": after}
        )
        got += [item["id"] for item in answer.get_json()["items"]]
        after = answer.get_json()["next"]
        if after is None:
            break
    return got


def test_many_and_few_are_paged_alike(work: Casework) -> None:
    """Of many the list is read in order, of few they are looked up: nothing is missed, nothing comes twice."""
    many(work, 5_100, "路灯不亮")
    many(work, 300, "护栏倾斜")
    for said, number in (("路灯", 5_100), ("护栏", 300), ("路灯 亮4999", 1)):
        for order in ("new", "due"):
            got = pages(work, q=said, state="all", order=order)
            assert len(got) == len(set(got)) == number, (said, order)
    dates = [
        work.scalar("SELECT reported_at FROM cases WHERE id = :id", id=case)
        for case in pages(work, q="护栏", state="all", order="new")[:20]
    ]
    assert dates == sorted(dates, reverse=True)


def test_a_bulk_load_is_found_before_and_after_its_index(work: Casework) -> None:
    with transaction(work.url) as connection:
        for statement in (
            "CREATE TABLE cases_7 (LIKE cases INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
            "ALTER TABLE cases ATTACH PARTITION cases_7 FOR VALUES FROM (7) TO (8)",
            "INSERT INTO cases (id, district_id, category_id, state, reported_at, area_id, description)"
            " SELECT 7, district_id, category_id, 'closed', now(), area_id, '河道漂浮物' FROM cases LIMIT 1",
        ):
            connection.execute(text(statement))
    assert found(work, q="漂浮物", state="all") == [7]
    with transaction(work.url) as connection:
        assert index_words(connection) == 1
        assert index_words(connection) == 0
    assert found(work, q="漂浮物", state="all") == [7]

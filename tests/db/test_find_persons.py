"""找居民: a resident is looked for on a page of its own, for a purpose, masked, and whoever looks is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts.rules import Permission, Role, permissions_of
from app.postgres import Cluster
from app.registry.pages import seeking
from tests import registered, town
from tests.registered import AWAY, CELLS, HERE, Desk, Registered, rows

pytestmark = pytest.mark.db

PURPOSE = "上门送餐前联系"
PATH = "/registry/persons"
HOME = registered.identity(3 * HERE[0])


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered], app: Flask) -> Desk:
    return Desk(registered.desk(built[0], app, "seeks-a"))


def found(page: str) -> set[int]:
    return {int(one) for one in re.findall(r"/registry/elements/(\d+)", page)}


def looks(url: str) -> list[tuple[str, str, str]]:
    """By what was looked for persons, what for, and how many were found."""
    return [
        tuple(row)
        for row in rows(
            url,
            "SELECT facts ->> 'field', facts ->> 'purpose', facts ->> 'found' FROM access_log"
            " WHERE action = 'person.find' ORDER BY no",
        )
    ]


def ask(desk: Desk, **said: str) -> str:
    answer = desk.post(PATH, find="yes", **{"purpose": PURPOSE, **said})
    assert answer.status_code == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return str(answer.text)


def test_by_a_name_a_number_and_a_telephone(built: tuple[str, Registered], desk: Desk) -> None:
    url, made = built
    before = len(looks(url))
    who = int(made.persons[3 * HERE[0]])
    for by, said in (("identity", HOME), ("phone", registered.phone(3 * HERE[0]))):
        page = ask(desk, by=by, said=f" {said} ")
        assert found(page) == {who}, by
        assert page.count(said) == 1, "in the field where it was typed, and nowhere else"
    named = ask(desk, by="name", said="ref-")
    everyone = {int(one) for i in HERE for one in made.persons[3 * i : 3 * i + 3]}
    assert found(named) == everyone
    assert "ref-5" not in re.sub(r'value="[^"]*"', "", named).split("<tbody>")[1].split("</td>")[0], "masked"
    assert looks(url)[before:] == [
        ("identity", PURPOSE, "1"), ("phone", PURPOSE, "1"), ("name", PURPOSE, str(len(everyone))),
    ]  # fmt: skip


def test_beyond_the_territory_is_nobody(built: tuple[str, Registered], desk: Desk) -> None:
    for by, n in (("identity", 3 * AWAY[0]), ("identity", 999)):
        page = ask(desk, by=by, said=registered.identity(n))
        assert not found(page)
        assert "没有查到" in page
    assert not found(ask(desk, by="name", said=f"ref-{CELLS[AWAY[0]]}"))


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ({"by": "name", "said": "ref", "purpose": "x"}, "用途"),
        ({"by": "name", "said": "ref", "purpose": ""}, "用途"),
        ({"by": "name", "said": " ", "purpose": PURPOSE}, "请填写姓名或号码"),
        ({"by": "faith", "said": "ref", "purpose": PURPOSE}, "by"),
        ({"by": "name", "said": "字" * 61, "purpose": PURPOSE}, "61"),
        ({"by": "name", "said": "ref", "purpose": PURPOSE, "after": "x"}, "after"),
    ],
)
def test_without_a_purpose_or_with_half_a_question_nobody_is_looked_for(
    built: tuple[str, Registered], desk: Desk, form: dict[str, str], word: str
) -> None:
    before = looks(built[0])
    answer = desk.post(PATH, find="yes", **form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert word in answer.text or word == "61"
    assert not found(answer.text)
    assert looks(built[0]) == before


def test_what_was_typed_elsewhere_comes_along_and_is_not_looked_for_yet(
    built: tuple[str, Registered], desk: Desk
) -> None:
    before = looks(built[0])
    answer = desk.post(PATH, by="phone", said="19900000000")
    assert answer.status_code == 200
    assert 'value="19900000000"' in answer.text
    assert '<option value="phone" selected>' in answer.text
    assert 'role="alert"' not in answer.text
    assert looks(built[0]) == before


def test_pages_follow_each_other(
    built: tuple[str, Registered], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "ROWS", 20)
    url, made = built
    wide = Desk(registered.desk(url, app, "seeks-all", Role.SUBCENTRE_HEAD, town.DISTRICT))
    seen: list[int] = []
    after: dict[str, str] = {}
    for _ in range(3):
        page = ask(wide, by="name", said="ref", **after)
        seen += sorted(found(page))
        following = re.search(r'name="after" value="(\d+)"', page)
        after = {"after": following[1]} if following else {}
    assert seen == sorted(int(one) for one in made.persons)
    assert not after


def test_a_record_that_is_used_no_longer_is_found_by_who_keeps_it(
    built: tuple[str, Registered], app: Flask, desk: Desk
) -> None:
    url, made = built
    number, who = registered.identity(3 * HERE[1]), int(made.persons[3 * HERE[1]])
    assert desk.post(f"/registry/persons/{who}/restrict", reason="本人要求").status_code == 303
    officer = Desk(registered.desk(url, app, "seeks-officer", Role.GRID_OFFICER))
    assert not found(ask(officer, by="identity", said=number))
    assert found(ask(desk, by="identity", said=number)) == {who}
    assert desk.post(f"/registry/persons/{who}/unrestrict").status_code == 303
    assert found(ask(officer, by="identity", said=number)) == {who}


@pytest.mark.parametrize("role", list(Role))
def test_who_may_look_for_residents_is_shown_the_way(
    built: tuple[str, Registered], app: Flask, role: Role
) -> None:
    person = Desk(registered.desk(built[0], app, f"way-{role}", role))
    may = Permission.READ_PERSONS in permissions_of([role])
    person.see(PATH, 200 if may else 403)
    if Permission.READ_REGISTRY in permissions_of([role]):
        assert (f'href="{PATH}"' in person.see("/registry")) == may
    if Permission.READ_CASES in permissions_of([role]) and role is not Role.LEADER:
        assert ('data-persons="yes"' in person.see("/")) == may

"""The registry's pages: what each role is shown, faults at their fields, and nothing from beyond the wall."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts.rules import Permission, Role, permissions_of
from app.postgres import Cluster
from tests import registered, town
from tests.people import employ, sign_in
from tests.registered import AWAY, CELLS, HERE, Desk, Registered, rows

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered], app: Flask) -> Desk:
    return Desk(registered.desk(built[0], app, "page-a"))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_counted_and_listed_what_it_may_see(
    built: tuple[str, Registered], app: Flask, role: Role
) -> None:
    client = sign_in(app, employ(built[0], role, town.community("a"), username=f"p-{role}"))
    if Permission.READ_REGISTRY not in permissions_of([role]):
        assert client.get("/registry", headers={"Accept": "text/html"}).status_code == 403
        return
    counted = {}
    for kind in ("person", "place", "object", "organisation"):
        after, ids = "", []
        while after is not None:
            page = client.get(f"/api/v1/elements?kind={kind}&limit=200{after}").json
            assert page is not None
            ids += [one["id"] for one in page["items"]]
            after = f"&after={page['next']}" if page["next"] else None  # type: ignore[assignment]
        counted[kind] = len(ids)
    page = client.get("/registry?lang=en").text
    assert bool(counted["person"]) == (
        Permission.READ_PERSONS in permissions_of([role]) and counted["place"] > 0
    )
    for kind, word in (("place", "Places"), ("object", "City objects"), ("organisation", "Organisations")):
        assert re.search(rf">{word} {counted[kind]}<", page), (role, kind, counted)
    assert ("kind=person" in page) == (Permission.READ_PERSONS in permissions_of([role]))
    if counted["person"]:
        assert re.search(rf">People {counted['person']}<", page)


def test_lists_are_filtered_and_paged(built: tuple[str, Registered], app: Flask, desk: Desk) -> None:
    code = CELLS[HERE[0]]
    page = desk.see(f"/registry?kind=place&area={code}")
    assert f"ref-{code}" in page
    assert f"ref-{CELLS[HERE[1]]}" not in page
    everywhere = Desk(registered.duty(built[0], app, "p-duty"))
    first = everywhere.see("/registry")
    more = re.search(r'href="(/registry\?after=[^"]+)"', first)
    seen = set(re.findall(r"/registry/elements/(\d+)", first))
    assert more is not None
    assert len(seen) == 50
    assert not seen & set(re.findall(r"/registry/elements/(\d+)", everywhere.see(more[1])))
    assert "没有符合条件" in desk.see("/registry?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA")
    for bad in ("kind=case", "after=x", "after=3-1"):
        desk.see(f"/registry?{bad}", 400)
    desk.see("/registry?area=999", 404)


def test_what_lies_beyond_the_wall_is_nowhere(built: tuple[str, Registered], desk: Desk) -> None:
    away = int(built[1].buildings[AWAY[0]])
    for rest in ("", "/edit", "/merge"):
        page = desk.see(f"/registry/elements/{away}{rest}", 404)
        assert CELLS[AWAY[0]] not in page
        desk.see(f"/registry/elements/{10**30}{rest}", 404)
    person = int(built[1].persons[3 * AWAY[0]])
    desk.see(f"/registry/persons/{person}/care", 404)
    desk.see(f"/registry/persons/{away}/care", 404)
    here = int(built[1].buildings[HERE[0]])
    desk.see(f"/registry/elements/{here}/merge?into={away}", 404)
    desk.see(f"/registry/persons/{here}/care", 404)
    desk.see(f"/registry/elements/{here}/edit", 200)


def test_all_faults_are_said_at_their_fields_and_what_was_written_is_kept(
    built: tuple[str, Registered], desk: Desk
) -> None:
    form = {"type": "building", "name": "写好的名字", "lon": "102.7", "floors": "六百", "area": "9"}
    answer = desk.post("/registry/new?kind=place", client_id="8f6f0f0a-6d5c-4f43-9a3e-3f4b8c1d2e3f", **form)
    assert answer.status_code == 400
    for name in ("lat", "floors", "area"):
        assert f'id="wrong-{name}"' in answer.text
        assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', answer.text)
    assert 'value="写好的名字"' in answer.text
    assert not rows(built[0], "SELECT 1 FROM elements WHERE name = '写好的名字'")
    long = desk.post(
        "/registry/new?kind=place", client_id="8f6f0f0a-6d5c-4f43-9a3e-3f4b8c1d2e3f", name="长" * 121
    )
    assert "共 121 个字，最多 120 个" in long.text


def test_an_element_is_made_changed_tied_and_ended(built: tuple[str, Registered], desk: Desk) -> None:
    made = desk.make(
        "organisation", type="property_company", name="模拟物业", area=CELLS[HERE[0]], phone="19912345678"
    )
    page = desk.see(f"/registry/elements/{made}")
    assert "模拟物业" in page
    assert "19912345678" not in page
    assert f"/?net=element:{made}" in page or f"/?net=element%3A{made}" in page
    edit = desk.see(f"/registry/elements/{made}/edit")
    assert "19912345678" not in edit
    form = dict(re.findall(r'<input name="([a-z_]+)" value="([^"]*)"', edit))
    form |= {"version": "1", "type": "property_company", "name": "改名物业"}
    path = f"/registry/elements/{made}/edit"
    assert desk.post(path, **form).status_code == 303
    stale = desk.post(path, **form | {"name": "又改名"})
    assert stale.status_code == 409
    assert 'value="又改名"' in stale.text
    changes = rows(built[0], "SELECT before ->> 'name' FROM element_changes WHERE element_id = :id", id=made)
    assert [row[0] for row in changes] == ["模拟物业"]
    kept = "SELECT phone IS NOT NULL FROM organisations WHERE id = :id"
    assert rows(built[0], kept, id=made)[0][0]
    assert desk.post(path, **form | {"version": "2", "clear": "phone"}).status_code == 303
    assert not rows(built[0], kept, id=made)[0][0]
    building = int(built[1].buildings[HERE[0]])
    wrong = desk.post(f"/registry/elements/{made}/relations", kind="works_at", target=building)
    assert wrong.status_code == 400
    assert 'id="wrong-' in wrong.text
    assert (
        desk.post(f"/registry/elements/{made}/relations", kind="manages", target=building).status_code == 303
    )
    page = desk.see(f"/registry/elements/{made}")
    tie = re.search(rf"/registry/elements/{made}/relations/(\d+)/end", page)
    assert tie is not None
    assert f"/registry/elements/{building}" in page
    assert desk.post(tie[0]).status_code == 303
    assert tie[0] not in desk.see(f"/registry/elements/{made}")
    assert desk.post(f"/registry/elements/{made}/end", version="x", reason="x").status_code == 400
    assert desk.post(f"/registry/elements/{made}/end", version="3", reason="").status_code == 400


def test_two_records_are_merged_and_parted(desk: Desk) -> None:
    code = CELLS[HERE[0]]
    gone, kept = (desk.make("place", type="building", name=f"两栋一楼{n}", area=code) for n in (1, 2))
    both = desk.see(f"/registry/elements/{gone}/merge?into={kept}")
    assert "两栋一楼1" in both
    assert "两栋一楼2" in both
    desk.see(f"/registry/elements/{gone}/merge?into={gone}", 400)
    path = f"/registry/elements/{gone}/merge"
    assert desk.post(path, into=kept, reason="").status_code == 400
    assert desk.post(path, into=kept, reason="同一栋").status_code == 303
    page = desk.see(f"/registry/elements/{kept}")
    undo = re.search(rf"/registry/elements/{kept}/merges/\d+/undo", page)
    assert undo is not None
    assert "这一条已并入" in desk.see(f"/registry/elements/{gone}")
    assert desk.post(undo[0]).status_code == 303
    assert "这一条已并入" not in desk.see(f"/registry/elements/{gone}")
    assert desk.post(undo[0]).status_code == 409


def test_who_may_not_write_has_no_doors(built: tuple[str, Registered], app: Flask) -> None:
    analyst = sign_in(app, employ(built[0], Role.ANALYST, town.DISTRICT, username="p-only-reads"))
    page = analyst.get(f"/registry/elements/{int(built[1].organisations[HERE[0]])}").text
    assert not re.search(r"/(edit|merge|end|relations)\"", page)
    assert analyst.get("/registry/new", headers={"Accept": "text/html"}).status_code == 403
    officer = Desk(
        sign_in(app, employ(built[0], Role.SUBCENTRE_OPERATOR, town.subdistrict("a"), username="p-op"))
    )
    if Permission.EDIT_REGISTRY in permissions_of([Role.SUBCENTRE_OPERATOR]):
        officer.see("/registry/new?kind=person", 403)

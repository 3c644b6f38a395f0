"""The registry written by hand: all faults at once, nothing beyond the wall, nothing twice, nothing forgotten."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app.accounts.rules import Permission, Role, permissions_of
from app.db import transaction
from app.postgres import Cluster
from app.seals.service import Column, sealer
from tests import registered, town
from tests.people import employ, sign_in
from tests.registered import AWAY, CELLS, HERE, Door, Registered, reasons, rows

pytestmark = pytest.mark.db

MERE = {"name": "东华小区 1 栋", "type": "building"}


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[tuple[str, Registered]]:
    with registered.built(cluster) as made:
        yield made


@pytest.fixture(scope="module")
def app(built: tuple[str, Registered]) -> Flask:
    return registered.served(built[0])


@pytest.fixture(scope="module")
def desk(built: tuple[str, Registered], app: Flask) -> Door:
    return Door(registered.desk(built[0], app, "writes-a"))


def test_a_building_is_registered_once(built: tuple[str, Registered], desk: Door) -> None:
    lon, lat = town.centre(CELLS[HERE[0]])
    key = uuid.uuid4()
    status, said = desk.make("place", key, **MERE, lon=lon, lat=lat, floors=6)
    assert status == 201, said
    assert said["element"]["area"]["code"] == CELLS[HERE[0]]
    assert (said["element"]["version"], said["place"]["floors"]) == (1, 6)
    again, other = desk.make("place", key, **MERE, lon=lon, lat=lat, floors=6)
    assert (again, other["element"]["id"]) == (201, said["element"]["id"])
    with transaction(built[0], read_only=True) as connection:
        assert (
            connection.execute(
                text("SELECT count(*) FROM elements WHERE name = :name"), {"name": MERE["name"]}
            ).scalar()
            == 1
        )


def test_all_faults_are_said_at_once_and_nothing_is_written(
    built: tuple[str, Registered], desk: Door
) -> None:
    def count() -> int:
        with transaction(built[0], read_only=True) as connection:
            return int(connection.execute(text("SELECT count(*) FROM elements")).scalar_one())

    before = count()
    status, said = desk.make(
        "place", type="castle", name="", lon=102.7, floors="六百", site="nowhere", area="9"
    )
    assert status == 400
    assert reasons(said) == {
        ("type", "type_unknown"), ("name", "value_missing"), ("lat", "point_half"),
        ("floors", "floors_unreadable"), ("site", "site_unknown"), ("area", "area_unknown"),
    }  # fmt: skip
    assert reasons(desk.make("place", **MERE)[1]) == {("area", "place_missing")}
    assert reasons(desk.make("place", **MERE, faith="none")[1]) == {("faith", "unknown_field")}
    number = registered.identity(0)
    wrong = {"name": "某人", "identity": number[:-1] + "A", "site": str(int(built[1].flats[2 * HERE[0]]))}
    said = desk.make("person", **wrong, legal_basis="法", retain_until_on="2090-01-01")[1]
    assert reasons(said) == {("identity", "identity_wrong")}
    assert number[:-1] not in str(said)
    assert reasons(desk.send("POST", "/elements", kind="case", entry=3)[1]) == {
        ("kind", "unknown_choice"), ("client_id", "value_missing"), ("entry", "not_text"),
    }  # fmt: skip
    assert count() == before


def test_nothing_is_written_beyond_the_wall(built: tuple[str, Registered], desk: Door) -> None:
    made = built[1]
    lon, lat = town.centre(CELLS[AWAY[0]])
    assert reasons(desk.make("place", **MERE, lon=lon, lat=lat)[1]) == {("area", "outside_territory")}
    assert reasons(desk.make("place", **MERE, area=CELLS[AWAY[0]])[1]) == {("area", "area_unknown")}
    away, here = int(made.buildings[AWAY[0]]), int(made.buildings[HERE[0]])
    assert reasons(desk.make("place", type="dwelling", name="101", site=str(away))[1]) == {
        ("site", "site_unknown")
    }
    for method, path, body in (
        ("PATCH", f"/elements/{away}", {"version": 1, "entry": {"name": "x"}}),
        ("POST", f"/elements/{away}/end", {"version": 1, "reason": "x"}),
        ("POST", f"/elements/{away}/relations", {"kind": "located_in", "target": here}),
        ("POST", f"/elements/{away}/merge", {"into": here, "reason": "x"}),
        ("POST", f"/elements/{here}/merge", {"into": away, "reason": "x"}),
        ("POST", f"/elements/{away}/concerns", {"case_id": 1}),
    ):
        status, said = desk.send(method, path, **body)
        assert (status, said["code"]) == (404, "element_missing"), path
    organisation = int(made.organisations[HERE[0]])
    tied = desk.send("POST", f"/elements/{organisation}/relations", kind="serves", target=away)[1]
    missing = desk.send("POST", f"/elements/{organisation}/relations", kind="serves", target=10**9)[1]
    assert reasons(tied) == reasons(missing) == {("target", "target_unknown")}
    seen = desk.get(f"/elements/{here}")["element"]
    status, said = desk.send(
        "PATCH", f"/elements/{here}", version=seen["version"], entry={"lon": lon, "lat": lat}
    )
    assert reasons(said) == {("area", "outside_territory")}
    assert desk.get(f"/elements/{here}")["element"] == seen


@pytest.mark.parametrize("role", list(Role))
def test_who_may_write_what(built: tuple[str, Registered], app: Flask, role: Role) -> None:
    url, made = built
    door = Door(sign_in(app, employ(url, role, town.community("a"), username=f"w-{role}")))
    may = permissions_of([role])
    organisation = int(made.organisations[HERE[1]])
    seen = 0
    with transaction(url, read_only=True) as connection:
        seen = connection.execute(
            text("SELECT version FROM elements WHERE id = :id"), {"id": organisation}
        ).scalar_one()
    status, said = door.send("PATCH", f"/elements/{organisation}", version=seen, entry={"address": "新址"})
    assert status == (200 if Permission.EDIT_REGISTRY in may else 403), said
    entry = {"name": "李某", "area": CELLS[HERE[0]], "legal_basis": "法", "retain_until_on": "2090-01-01"}
    status, said = door.make("person", **entry)
    assert status == (201 if Permission.KEEP_PERSONS in may else 403), said


def test_a_change_is_remembered_and_a_stale_one_is_told(built: tuple[str, Registered], desk: Door) -> None:
    building = int(built[1].buildings[HERE[1]])
    status, said = desk.send("PATCH", f"/elements/{building}", version=1, entry={"name": "新名", "floors": 9})
    assert (status, said["element"]["version"], said["place"]["floors"]) == (200, 2, 9)
    status, stale = desk.send("PATCH", f"/elements/{building}", version=1, entry={"name": "旧"})
    assert (status, stale["code"], stale["version"]) == (409, "element_changed", 2)
    past = desk.get(f"/elements/{building}/history")["items"]
    assert [(one["version"], one["reason"], one["before"]["floors"]) for one in past] == [(1, "edited", 2)]
    status, said = desk.send("POST", f"/elements/{building}/end", version=2, reason="已拆除")
    assert (status, said["element"]["valid_to_on"] is not None) == (200, True)
    assert desk.get(f"/elements/{building}/history")["items"][0]["note"] == "已拆除"


def test_who_moves_leaves_the_flat_they_lived_in(built: tuple[str, Registered], desk: Door) -> None:
    made = built[1]
    who, old, new = int(made.persons[3 * HERE[2]]), int(made.flats[2 * HERE[2]]), int(made.flats[2 * HERE[0]])
    body = {"kind": "lives_in", "target": new, "from_on": "2026-01-01"}
    status, said = desk.send("POST", f"/elements/{who}/relations", **body)
    assert (status, said["element"]["site_id"]) == (201, new), said
    ties = [one for one in desk.get(f"/elements/{who}/relations")["items"] if one["kind"] == "lives_in"]
    assert [(one["target_id"], one["to_on"]) for one in ties] == [(old, "2026-01-01"), (new, None)]
    earlier = desk.send(
        "POST", f"/elements/{who}/relations", kind="lives_in", target=old, from_on="2025-01-01"
    )
    assert reasons(earlier[1]) == {("from_on", "before_last_move")}
    assert reasons(desk.send("POST", f"/elements/{who}/relations", kind="manages", target=new)[1]) == {
        ("kind", "does_not_tie")
    }
    status, _ = desk.send("POST", f"/relations/{ties[1]['id']}/end")
    assert status == 200
    assert desk.get(f"/elements/{who}")["element"]["site_id"] is None
    assert desk.send("POST", f"/relations/{ties[1]['id']}/end")[1]["code"] == "relation_ended"


def test_two_records_become_one_and_are_parted(built: tuple[str, Registered], desk: Door) -> None:
    made = built[1]
    gone, kept = (int(made.objects[i]) for i in HERE[:2])
    status, said = desk.send("POST", f"/elements/{gone}/merge", into=kept, reason="同一路灯")
    assert (status, said["kept_id"]) == (200, kept)
    assert desk.get(f"/elements/{gone}")["element"]["merged_into"] == kept
    assert desk.get(f"/elements/{kept}/merges")["items"][0]["reason"] == "同一路灯"
    stale = desk.send("PATCH", f"/elements/{gone}", version=2, entry={"name": "x"})[1]
    assert stale["code"] == "element_merged"
    status, back = desk.send("POST", f"/merges/{said['merge_id']}/undo")
    assert (status, back) == (200, {"kept_id": kept, "gone_id": gone})
    assert desk.get(f"/elements/{gone}")["element"]["merged_into"] is None
    assert desk.send("POST", f"/merges/{said['merge_id']}/undo")[1]["code"] == "merge_undone"
    building = int(made.buildings[HERE[0]])
    assert reasons(desk.send("POST", f"/elements/{gone}/merge", into=building, reason="x")[1]) == {
        ("into", "not_one")
    }


def test_what_is_sent_twice_is_done_once(built: tuple[str, Registered], desk: Door) -> None:
    """Ties, mergers and what a case concerns, each under an id of its client; an id is good for one thing."""
    made = built[1]
    firm, flat = int(made.organisations[HERE[3]]), int(made.flats[2 * HERE[3]])
    gone, kept = int(made.objects[HERE[2]]), int(made.objects[HERE[3]])
    case = rows(built[0], "SELECT id FROM cases WHERE external_ref = :ref", ref=f"ref-{CELLS[HERE[3]]}")[0].id
    tied, merged, concerned = (str(uuid.uuid4()) for _ in range(3))
    tie = {"kind": "responsible_for", "target": flat, "client_id": tied}
    merge = {"into": kept, "reason": "同一路灯", "client_id": merged}
    concern = {"case_id": case, "client_id": concerned}
    numbers = set()
    for _ in range(2):
        assert desk.send("POST", f"/elements/{firm}/relations", **tie)[0] == 201
        assert desk.send("POST", f"/elements/{flat}/concerns", **concern)[0] == 201
        status, said = desk.send("POST", f"/elements/{gone}/merge", **merge)
        assert status == 200, said
        numbers.add((said["merge_id"], said["kept_id"]))
    assert len(numbers) == 1
    ties = desk.get(f"/elements/{flat}/relations?limit=200")["items"]
    assert [one["kind"] for one in ties if one["kind"] in {"responsible_for", "concerns"}] == [
        "responsible_for", "concerns",
    ]  # fmt: skip
    for path, body in (
        (f"/elements/{flat}/relations", {"kind": "located_in", "target": firm, "client_id": tied}),
        (f"/elements/{firm}/relations", {**tie, "client_id": merged}),
        (f"/elements/{firm}/merge", {**merge, "client_id": tied}),
        (f"/elements/{flat}/concerns", {**concern, "client_id": tied}),
    ):
        status, said = desk.send("POST", path, **body)
        assert (status, said["code"]) == (409, "client_id_used"), path
    assert reasons(desk.send("POST", f"/elements/{firm}/relations", **{**tie, "client_id": "x"})[1]) == {
        ("client_id", "not_uuid")
    }
    assert desk.make("object", uuid.UUID(merged), **MERE)[1]["code"] == "client_id_used"
    assert desk.send("POST", f"/merges/{numbers.pop()[0]}/undo")[0] == 200


def test_numbers_are_sealed_and_corrected(built: tuple[str, Registered], desk: Door) -> None:
    url, made = built
    flat = str(int(made.flats[2 * HERE[0]]))
    entry = {
        "name": "赵某", "site": flat, "identity": registered.identity(701), "phone": registered.phone(701),
        "legal_basis": "法", "retain_until_on": "2090-01-01", "household": "H-1", "household_relation": "户主",
        "needs": "lives_alone",
    }  # fmt: skip
    status, said = desk.make("person", **entry)
    assert status == 201, said
    who, person = said["element"]["id"], said["person"]
    assert (person["has_identity"], person["has_phone"], person["household_relation"]) == (True, True, "head")
    assert [one["need"] for one in person["needs"]] == ["lives_alone"]
    assert reasons(desk.make("person", **entry)[1]) == {("identity", "identity_taken")}
    status, said = desk.send("PATCH", f"/elements/{who}", version=1, entry={"born_on": "1970-05-05"})
    assert reasons(said) == {("born_on", "born_otherwise")}
    new = registered.phone(702)
    status, said = desk.send("PATCH", f"/elements/{who}", version=1, entry={"phone": new, "name": "赵某某"})
    assert status == 200, said
    with transaction(url, read_only=True) as connection:
        row = connection.execute(
            text("SELECT phone, phone_index FROM persons WHERE id = :id"), {"id": who}
        ).one()
        assert sealer(connection).open(Column.PERSON_PHONE, bytes(row[0]), bytes(row[1])) == new
        kept = connection.execute(
            text("SELECT before::text FROM element_changes WHERE element_id = :id"), {"id": who}
        ).scalar_one()
    assert "phone" not in kept and "identity" not in kept and "赵某" in kept


def test_who_acts_on_a_case_ties_it_to_what_it_concerns(built: tuple[str, Registered], desk: Door) -> None:
    url, made = built
    with transaction(url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT external_ref, id FROM cases WHERE external_ref LIKE 'ref-%'")
        ).all()
    at = {row.external_ref: row.id for row in rows}
    building = int(made.buildings[HERE[0]])
    near, away = at[f"ref-{CELLS[HERE[0]]}"], at[f"ref-{CELLS[AWAY[0]]}"]
    assert desk.send("POST", f"/elements/{building}/concerns", case_id=near)[0] == 201
    assert reasons(desk.send("POST", f"/elements/{building}/concerns", case_id=near)[1]) == {
        ("target", "relation_there")
    }
    assert desk.send("POST", f"/elements/{building}/concerns", case_id=away)[1]["code"] == "case_missing"
    assert near in [one["case_id"] for one in desk.get(f"/elements/{building}/relations")["items"]]

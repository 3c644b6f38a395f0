"""The dispatch's data edited by the system administrator: rules, ownership, rulings; whom a case then goes to."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.rules import Role
from app.cases.service.routing import Place, suggest
from app.db import Actor, transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework
from tests.db.test_dispatch import east, facts, own, road, ruled, suggested
from tests.db.test_reference import post, row_id, today
from tests.people import employ, sign_in

pytestmark = pytest.mark.db


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        made.people["admin"] = employ(made.url, Role.SYS_ADMIN, username="admin")
        yield made


@pytest.fixture
def work(built: Casework) -> Iterator[Casework]:
    """The town, with nothing that cases are routed by."""
    with transaction(built.url) as connection:
        connection.execute(text("TRUNCATE maintenance_areas, routing_rules"))
    yield built


@pytest.fixture(scope="module")
def admin(built: Casework) -> FlaskClient:
    return sign_in(built.app, built.people["admin"])


def rows(work: Casework, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with transaction(work.url, read_only=True) as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


RULES = (
    "SELECT coalesce(k.code, r.major, r.line), n.code, r.unit_code, r.source, r.valid_from_on, r.valid_to_on"
    " FROM routing_rules r JOIN area_numbers n ON n.no = r.area_no LEFT JOIN case_categories k ON k.id = r.category_id"
    " ORDER BY r.id"
)
STRETCHES = (
    "SELECT m.code, m.name, u.code, m.tolerance_m, m.source, GeometryType(m.geom), m.valid_from_on, m.valid_to_on"
    " FROM maintenance_areas m JOIN units u ON u.id = m.unit_id ORDER BY m.id"
)
LONG_AGO = date(2000, 1, 1)


def version(work: Casework) -> int:
    return int(work.scalar("SELECT version FROM data_versions WHERE topic = 'reference'"))


def going(work: Casework, day: date, category: str = "C01") -> str | None:
    """The unit that a case of the first cell would go to on a day."""
    with transaction(work.url, read_only=True) as connection:
        asked = connection.execute(
            text(
                "SELECT k.id, n.no FROM case_categories k, area_numbers n WHERE k.code = :category AND n.code = :area"
            ),
            {"category": category, "area": casework.AREA},
        ).one()
        found = suggest(connection, Place(1, asked.id, asked.no, "community", day)).unit
        return None if found is None else found.code


def test_a_rule_holds_from_its_day_and_a_case_keeps_its_reason(work: Casework, admin: FlaskClient) -> None:
    now, soon = today(work), today(work) + timedelta(days=5)
    before = version(work)
    post(admin, "routing_rules/new", kind="C01", area=casework.COMMUNITY, unit="drainage", note="会议纪要")
    assert version(work) > before
    assert rows(work, RULES) == [("C01", casework.COMMUNITY, "drainage", "entered", now, None)]
    case = int(work.report("supervisor")["case_id"])
    assert suggested(work, case) == ("drainage", "rule")
    work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit("drainage"))
    kept = facts(work, case, "dispatch")["route"]
    rule = row_id(work, "routing_rules", unit_code="drainage")
    post(admin, f"routing_rules/{rule}", unit="transport", note="会议纪要", valid_from_on=str(soon))
    assert [going(work, day) for day in (now, soon - timedelta(days=1), soon)] == [
        "drainage", "drainage", "transport",
    ]  # fmt: skip
    assert [row[4:] for row in rows(work, RULES)] == [(now, soon), (soon, None)]
    later = row_id(work, "routing_rules", unit_code="transport")
    post(admin, f"routing_rules/{later}/end", valid_to_on=str(soon + timedelta(days=2)))
    assert going(work, soon + timedelta(days=2)) == "sanitation"
    # What was decided was decided on what held then.
    assert kept["by"] == "rule" and kept["ref"] == rule and kept["followed"] is True
    assert facts(work, case, "dispatch")["route"] == kept


def test_a_rule_is_known_by_each_sort_of_kind(work: Casework, admin: FlaskClient) -> None:
    for kind, unit in (
        ("C02", "water"),
        ("cityscape", "greening"),
        ("city_management", "subdistrict_office"),
    ):
        post(admin, "routing_rules/new", kind=kind, area=town.DISTRICT, unit=unit)
    filled = "SELECT category_id IS NOT NULL, major, line FROM routing_rules ORDER BY id"
    assert rows(work, filled) == [
        (True, None, None), (False, "cityscape", None), (False, None, "city_management"),
    ]  # fmt: skip
    said = post(admin, "routing_rules/new?lang=en", 422, kind="cityscape", area=town.DISTRICT, unit="water")
    assert "wrong-kind" in said or "wrong-valid_from_on" in said
    said = post(admin, "routing_rules/new?lang=en", 422, kind="C01", area="", unit="")
    assert 'id="wrong-area"' in said and 'id="wrong-unit"' in said
    # Found by what kind, area and unit are called, not only by their codes.
    for words, count in (
        ("greening", 1),
        ("市容环境", 1),
        ("街道办", 1),
        (f"名{town.DISTRICT}", 3),
        ("nothing", 0),
    ):
        body = admin.get(f"/reference/routing_rules?lang=zh-CN&q={words}").get_data(as_text=True)
        assert body.count('<th scope="row">') == count, words


def test_every_fault_of_a_table_at_once_and_nothing_by_halves(work: Casework, admin: FlaskClient) -> None:
    content = (
        f"kind,area,unit,note,valid_from_on,valid_to_on\nC01,{casework.AREA},water,,,\n"
        f"月球,{casework.AREA},water,,,\nC02,530199999,没有的局,,2001-01-01,\nC03,{casework.AREA},,,,\n"
    )
    said = take_in(admin, "routing_rules", content.encode(), 422)
    for fault in ("月球", "530199999", "没有的局", "Row 3", "Row 4"):
        assert fault in said, fault
    assert rows(work, RULES) == []
    take_in(admin, "routing_rules", f"kind,area,unit\nC01,{casework.AREA},water\n".encode())
    out = admin.get("/reference/routing_rules/export.csv").get_data()
    assert "unchanged" in take_in(admin, "routing_rules", out).casefold() and len(rows(work, RULES)) == 1


def take_in(
    client: FlaskClient, table: str, content: bytes, status: int = 200, *, check: bool = False
) -> str:
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    form = {"csrf_token": token, "file": (io.BytesIO(content), "file"), **({"check": "1"} if check else {})}
    answer = client.post(f"/reference/{table}/import?lang=en", data=form)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_stretch_changes_hands_with_its_shape(work: Casework, admin: FlaskClient) -> None:
    now, soon = today(work), today(work) + timedelta(days=3)
    row = own(work, "G-1", "drainage", road(), category="C01")
    case = int(work.report("supervisor", position=east(15))["case_id"])
    assert suggested(work, case) == ("sanitation", "default")
    given = {"name": "一号路", "kind": "C01", "unit": "drainage", "tolerance_m": "20"}
    post(admin, f"maintenance_areas/{row}", **given)
    assert suggested(work, case) == ("drainage", "ownership")
    wider = row_id(work, "maintenance_areas", name="一号路")
    post(admin, f"maintenance_areas/{wider}", **{**given, "unit": "transport"}, valid_from_on=str(soon))
    assert rows(work, STRETCHES) == [
        ("G-1", "G-1", "drainage", 10.0, "import", "LINESTRING", LONG_AGO, now),
        ("G-1", "一号路", "drainage", 20.0, "entered", "LINESTRING", now, soon),
        ("G-1", "一号路", "transport", 20.0, "entered", "LINESTRING", soon, None),
    ]
    assert work.scalar("SELECT count(DISTINCT geom) FROM maintenance_areas") == 1
    said = post(
        admin,
        f"maintenance_areas/{wider}?lang=en",
        422,
        name="",
        kind="月球",
        unit="nobody",
        tolerance_m="far",
    )
    assert 'id="wrong-tolerance_m"' in said
    said = post(
        admin, f"maintenance_areas/{wider}?lang=en", 422, name="", kind="月球", unit="nobody", tolerance_m="1"
    )
    assert all(f'id="wrong-{field}"' in said for field in ("name", "kind", "unit"))
    page = admin.get(f"/reference/maintenance_areas/{wider}").get_data(as_text=True)
    assert "LineString" in page and "data-drawn" in page
    logged = (
        "SELECT facts ->> 'fate', facts -> 'changed' FROM access_log WHERE action = 'reference.edit'"
        " AND subject_id = 'maintenance_areas: G-1' ORDER BY no"
    )
    assert rows(work, logged) == [("changed", ["name", "tolerance_m"]), ("changed", ["unit"])]


def test_a_ruling_is_ended_with_a_reason_only(work: Casework, admin: FlaskClient) -> None:
    first = ruled(work, "urban_management")
    case = int(work.report("supervisor", category="C34")["case_id"])
    assert suggested(work, case) == ("urban_management", "ruling")
    row = row_id(work, "maintenance_areas", source="ruling")
    now = str(today(work))
    before = rows(work, STRETCHES)
    given = {"name": "别的", "kind": "C34", "unit": "water", "tolerance_m": "20"}
    assert "ruling" in post(admin, f"maintenance_areas/{row}?lang=en", 422, **given)
    said = post(admin, f"maintenance_areas/{row}/end?lang=en", 422, valid_to_on=now)
    assert 'id="wrong-ends_ended_because"' in said and rows(work, STRETCHES) == before
    with (
        pytest.raises(DBAPIError, match="a ruling ends with a reason"),
        transaction(work.url, actor=Actor(work.account("admin"), (Role.SYS_ADMIN,))) as connection,
    ):
        connection.execute(text("UPDATE maintenance_areas SET valid_to_on = district_today(1)"))
    post(admin, f"maintenance_areas/{row}/end", valid_to_on=now, ended_because="井盖已移交")
    assert suggested(work, case)[1] == "territory"
    assert work.scalar("SELECT ended_because FROM maintenance_areas WHERE id = :row", row=row) == "井盖已移交"
    reason = (
        "SELECT facts ->> 'ended_because' FROM access_log WHERE action = 'reference.edit' ORDER BY no DESC"
    )
    assert work.scalar(reason) == "井盖已移交"
    assert facts(work, first, "adjudicate")


LON, LAT = town.centre(casework.AREA)


def layer(*features: tuple[str, Any, dict[str, Any]]) -> bytes:
    made = [
        {
            "type": "Feature",
            "geometry": shape,
            "properties": {"code": code, "name": f"段{code}", "unit": "transport", **more},
        }
        for code, shape, more in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


LINE = {"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT + 0.002]]}
POINT = {"type": "Point", "coordinates": [LON, LAT]}


def test_shapes_come_by_file_and_go_out_again(work: Casework, admin: FlaskClient) -> None:
    now = today(work)
    before = version(work)
    content = layer(("R1", LINE, {"kind": "市政设施", "tolerance_m": 15}), ("S1", POINT, {"kind": "C34"}))
    assert "Added" in take_in(admin, "maintenance_areas", content, check=True)
    assert rows(work, STRETCHES) == [] and version(work) == before
    take_in(admin, "maintenance_areas", content)
    assert version(work) > before
    assert [row[:6] for row in rows(work, STRETCHES)] == [
        ("R1", "段R1", "transport", 15.0, "entered", "LINESTRING"),
        ("S1", "段S1", "transport", 10.0, "entered", "POINT"),
    ]
    with transaction(work.url) as connection:
        connection.execute(text("UPDATE maintenance_areas SET valid_from_on = '2020-01-01'"))
    out = json.loads(admin.get("/reference/maintenance_areas/export.geojson").get_data())
    assert [f["properties"]["code"] for f in out["features"]] == ["R1", "S1"]
    take_in(admin, "maintenance_areas", json.dumps(out).encode())
    assert len(rows(work, STRETCHES)) == 2
    # What was downloaded, changed and sent back holds from today; what was before stays.
    out["features"][0]["properties"]["unit"] = "drainage"
    take_in(admin, "maintenance_areas", json.dumps(out).encode())
    assert [(row[0], row[2], row[6], row[7]) for row in rows(work, STRETCHES)] == [
        ("R1", "transport", date(2020, 1, 1), now),
        ("S1", "transport", date(2020, 1, 1), None),
        ("R1", "drainage", now, None),
    ]
    logged = (
        "SELECT subject_id, facts ->> 'fate' FROM access_log WHERE action = 'reference.edit'"
        " AND subject_id IN ('maintenance_areas: R1', 'maintenance_areas: S1') ORDER BY no"
    )
    assert rows(work, logged) == [
        ("maintenance_areas: R1", "added"), ("maintenance_areas: S1", "added"), ("maintenance_areas: R1", "changed"),
    ]  # fmt: skip


def test_every_fault_of_shapes_at_once(work: Casework, admin: FlaskClient) -> None:
    content = layer(
        ("A", LINE, {}),
        ("B", None, {"unit": "街道办", "valid_from_on": "2001-01-01"}),
        ("ruling-1", {"type": "Point", "coordinates": [10, 50]}, {"tolerance_m": "far"}),
        ("A", POINT, {"valid_to_on": "2001-01-01"}),
    )
    said = take_in(admin, "maintenance_areas", content, 422)
    for fault in (
        "Row 2 has no shape",
        "may not be before today (2001-01-01)",
        "lies wholly outside",
        "kept for rulings",
        "Row 4",
    ):
        assert fault in said, fault
    assert rows(work, STRETCHES) == []
    assert "GeoJSON" in take_in(admin, "maintenance_areas", b"code,name\nA,B\n", 400)
    take_in(admin, "maintenance_areas", b'{"type": "Feature', 400)


def test_pages_are_for_the_system_administrator(work: Casework, admin: FlaskClient) -> None:
    row = own(work, "G-1", "drainage", road())
    paths = (
        "routing_rules", "routing_rules/new", "routing_rules/explain", "maintenance_areas", f"maintenance_areas/{row}",
        "maintenance_areas/import", "maintenance_areas/export.geojson",
    )  # fmt: skip
    for path in paths:
        assert admin.get(f"/reference/{path}").status_code == 200, path
        assert work.client("duty").get(f"/reference/{path}").status_code == 403, path
    answer = admin.get("/reference/maintenance_areas/new")
    assert answer.status_code == 303 and answer.headers["Location"].endswith(
        "/reference/maintenance_areas/import"
    )
    post(admin, "maintenance_areas/new", 422, code="G-2", name="二", unit="water", tolerance_m="5")


def test_whom_it_would_go_to_is_told_line_by_line(work: Casework, admin: FlaskClient) -> None:
    soon = today(work) + timedelta(days=4)
    post(
        admin, "routing_rules/new", kind="C01", area=casework.COMMUNITY, unit="water", valid_from_on=str(soon)
    )
    own(work, "G-1", "drainage", road(), category="C01")

    def told(**asked: Any) -> str:
        answer = admin.get("/reference/routing_rules/explain", query_string={"lang": "zh-CN", **asked})
        assert answer.status_code == 200, answer.text
        return answer.get_data(as_text=True)

    now = told(category="C01", area=casework.AREA)
    assert "派往：环卫" in now and "案件没有位置" in now
    assert "派往：水务局" in told(category="C01", area=casework.AREA, on=str(soon))
    there = told(category="C01", lon=str(LON), lat=str(LAT))
    assert "派往：排水" in there and "管养区段“G-1”" in there
    assert "没有这样的小类或区域" in told(category="C01", area="530199999")
    assert "没有这样的小类或区域" in told(category="X99", area=casework.AREA)
    assert admin.get("/reference/routing_rules/explain?category=C01&lon=north&lat=1").status_code == 400

"""Who gets a case, asked of the real database: by place, by rule, by ruling; and what goes out by itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.rules.routing import drawn
from app.cases.store import routing
from app.db import ACT, Actor, transaction
from app.postgres import Cluster
from tests import casework, town
from tests.casework import Casework

pytestmark = pytest.mark.db

METRE = 1 / 111_000
"""Degrees of latitude."""


@pytest.fixture(scope="module")
def built(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as made:
        yield made


@pytest.fixture
def work(built: Casework) -> Iterator[Casework]:
    """The town, with nothing that cases are routed by."""
    with transaction(built.url) as connection:
        connection.execute(text("TRUNCATE maintenance_areas, routing_rules, dispatch_policies"))
        connection.execute(text("UPDATE units SET valid_to_on = NULL, successor_id = NULL"))
    yield built


def own(work: Casework, code: str, unit: str, shape: str, **columns: Any) -> int:
    """Let a unit look after a shape (WKT)."""
    values = {"source": "import", "tolerance_m": 10, "category": None, "major": None, "line": None, **columns}
    with transaction(work.url) as connection:
        statement = text(
            "INSERT INTO maintenance_areas (district_id, code, name, category_id, major, line, unit_id, tolerance_m,"
            " source, geom) SELECT 1, :code, :code, (SELECT id FROM case_categories WHERE code = :category), :major,"
            " :line, u.id, :tolerance_m, :source, ST_GeomFromText(:shape, 4490) FROM units u WHERE u.code = :unit"
            " RETURNING id"
        )
        found = connection.execute(statement, {"code": code, "unit": unit, "shape": shape, **values})
        return int(found.scalar_one())


def rule(work: Casework, area: str, unit: str, **columns: Any) -> int:
    values = {"category": None, "major": None, "line": None, **columns}
    with transaction(work.url) as connection:
        statement = text(
            "INSERT INTO routing_rules (district_id, category_id, major, line, area_no, unit_code)"
            " SELECT 1, (SELECT id FROM case_categories WHERE code = :category), :major, :line, n.no, :unit"
            " FROM area_numbers n WHERE n.code = :area RETURNING id"
        )
        return int(connection.execute(statement, {"area": area, "unit": unit, **values}).scalar_one())


def asked(work: Casework, case: int, who: str = "operator", lang: str = "en") -> dict[str, Any]:
    answer = work.client(who).get(f"/api/v1/cases/{case}/suggestions?lang={lang}")
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def suggested(work: Casework, case: int, who: str = "operator") -> tuple[str | None, str | None]:
    found = asked(work, case, who)
    return found["unit"] and found["unit"]["code"], found["by"]


def reported(work: Casework, who: str = "supervisor", **fields: Any) -> int:
    return int(work.report(who, **fields)["case_id"])


def east(metres: float) -> dict[str, float]:
    """A place so many metres east of the middle of the first cell."""
    lon, lat = town.centre(casework.AREA)
    return {"lon": lon + metres / (111_320 * 0.9057), "lat": lat}


def road() -> str:
    """A north–south line through the middle of the first cell."""
    lon, lat = town.centre(casework.AREA)
    return f"LINESTRING({lon} {lat - 0.003}, {lon} {lat + 0.003})"


def facts(work: Casework, case: int, move: str) -> dict[str, Any]:
    found = work.scalar(
        "SELECT facts FROM case_transitions WHERE case_id = :case AND move = :move ORDER BY version DESC LIMIT 1",
        case=case,
        move=move,
    )
    return dict(found)


def test_ownership_within_its_tolerance_and_for_its_kind(work: Casework) -> None:
    own(work, "G-1", "drainage", road(), major="cityscape")
    near, far, other = (
        reported(work, position=east(9)), reported(work, position=east(12)),
        reported(work, category="C34", position=east(2)),
    )  # fmt: skip
    assert suggested(work, near) == ("drainage", "ownership")
    assert suggested(work, far) == ("sanitation", "default")
    told = [line["text"] for line in asked(work, far)["reasons"] if line["is"] == "too_far"]
    assert len(told) == 1 and "12" in told[0] and "reaches 10 m" in told[0]
    assert suggested(work, other) == (f"sub_centre_{casework.SUBDISTRICT}", "territory"), (
        "a manhole cover is no matter of city cleanliness, and nobody owns it"
    )


def test_the_rules_most_specific_first(work: Casework) -> None:
    case = reported(work)
    for area, unit, columns in (
        (town.DISTRICT, "greening", {"line": "city_management"}),
        (casework.AREA, "water", {"major": "cityscape"}),
        (town.DISTRICT, "urban_management", {"category": "C01"}),
        (casework.SUBDISTRICT, "transport", {"category": "C01"}),
        (casework.COMMUNITY, "drainage", {"category": "C01"}),
        (casework.AREA, "subdistrict_office", {"category": "C01"}),
    ):
        rule(work, area, unit, **columns)
        expected = f"sub_centre_{casework.SUBDISTRICT}" if unit == "subdistrict_office" else unit
        assert suggested(work, case) == (expected, "rule")
    others = [line["unit_id"] for line in asked(work, case)["others"]]
    assert others == [
        work.unit(u) for u in ("drainage", "transport", "urban_management", "water", "greening")
    ]


def test_the_same_rule_twice_is_refused(work: Casework) -> None:
    rule(work, casework.AREA, "water", major="cityscape")
    with pytest.raises(DBAPIError, match="routing_rules_one_at_a_time"):
        rule(work, casework.AREA, "transport", major="cityscape")
    own(work, "G-1", "drainage", road())
    with pytest.raises(DBAPIError, match="maintenance_areas_one_at_a_time"):
        own(work, "G-1", "transport", road())


def test_a_unit_that_ended_is_followed(work: Casework) -> None:
    case = reported(work)
    end = text(
        "UPDATE units SET valid_to_on = current_date - 1, successor_id = :after WHERE code = 'sanitation'"
    )
    with transaction(work.url) as connection:
        connection.execute(end, {"after": work.unit("urban_management")})
    assert suggested(work, case) == ("urban_management", "default")
    with transaction(work.url) as connection:
        connection.execute(end, {"after": None})
    assert suggested(work, case) == (f"sub_centre_{casework.SUBDISTRICT}", "territory")


def test_a_dispatch_keeps_why_and_whether_it_was_followed(work: Casework) -> None:
    own(work, "G-1", "drainage", road(), category="C01")
    for unit, followed in (("drainage", True), ("sanitation", False)):
        case = reported(work)
        work.move("operator", case, "accept_register_dispatch", condition="C01", unit=work.unit(unit))
        route = facts(work, case, "dispatch")["route"]
        assert (route["unit"], route["by"], route["followed"]) == (
            work.unit("drainage"),
            "ownership",
            followed,
        )
        assert route["lines"][-1]["is"] == "taken" and "name" not in route["lines"][-1]


def test_a_community_desk_may_dispatch_to_the_unit_above_it(work: Casework) -> None:
    """It does not see its sub-centre among the units; the suggestion names it all the same."""
    rule(work, town.DISTRICT, "subdistrict_office", category="C01")
    case = reported(work, "officer")
    found = asked(work, case, "station")["unit"]
    assert found["code"] == f"sub_centre_{casework.SUBDISTRICT}"
    work.move("station", case, "register", condition="C01")
    assert work.move("station", case, "dispatch", unit=found["id"])["state"] == "dispatched"


def ruled(work: Casework, unit: str, **fields: Any) -> int:
    """A case that two units have sent back, with a ruling for a third."""
    case = reported(work, category="C34", **fields)
    work.move("operator", case, "accept")
    work.move("operator", case, "register", condition="C34")
    for name, person in (("sanitation", "sanitation"), ("drainage", "drains")):
        work.move("operator", case, "dispatch", unit=work.unit(name))
        work.move(person, case, "send_back", reason="不在本单位管养范围")
        work.move("operator", case, "uphold_return", opinion="属实")
    work.move("head", case, "adjudicate", unit=work.unit(unit), reason="现场确权")
    return case


def test_whose_manhole_cover(work: Casework) -> None:
    """井盖谁家的: two units send it back, it is ruled on, and the next case there goes straight to its owner."""
    assert suggested(work, reported(work, category="C34", position=east(5)))[1] == "territory"
    first = ruled(work, "urban_management")
    assert "route" not in facts(work, first, "adjudicate")
    second = reported(work, category="C34", position=east(5))
    assert suggested(work, second) == ("urban_management", "ruling")
    number = work.scalar("SELECT number FROM cases WHERE id = :case", case=first)
    assert any(number in line["text"] for line in asked(work, second)["reasons"])
    assert suggested(work, reported(work, category="C34", position=east(40)))[1] == "territory", "elsewhere"
    assert suggested(work, reported(work, category="C01", position=east(5)))[1] == "default", "another thing"
    held = work.scalar("SELECT source || ':' || case_id FROM maintenance_areas")
    assert held == f"ruling:{first}"


def test_a_later_ruling_takes_the_place_of_an_earlier_one(work: Casework) -> None:
    ruled(work, "urban_management")
    ruled(work, "water_supply", position=east(8))
    assert suggested(work, reported(work, category="C34", position=east(4))) == ("water_supply", "ruling")
    assert work.scalar("SELECT count(*) FROM maintenance_areas WHERE valid_to_on IS NULL") == 1


def test_a_ruling_that_is_undone_never_was(work: Casework) -> None:
    ruled(work, "urban_management")
    second = ruled(work, "water_supply", position=east(8))
    assert work.move("head", second, "undo")["state"] == "registered"
    assert suggested(work, second) == ("urban_management", "ruling"), "the earlier one holds again"


def test_rulings_come_through_their_door_alone(work: Casework) -> None:
    case = ruled(work, "urban_management")
    whole = work.scalar(
        "SELECT '{' || int8range(no, last_no, '[]') || '}' FROM areas WHERE level = 'district'"
    )
    for roles, statement in (
        (("duty_officer",), f"SELECT write_ruling({case})"),
        (("duty_officer",), "INSERT INTO maintenance_areas (district_id, code, name, unit_id, source, geom)"
         " VALUES (1, 'x', 'x', 1, 'entered', ST_SetSRID(ST_MakePoint(102.7, 25), 4490))"),
        (("sys_admin",), "INSERT INTO maintenance_areas (district_id, code, name, unit_id, source, case_id, version,"
         " geom) VALUES (1, 'x', 'x', 1, 'ruling', 1, 1, ST_SetSRID(ST_MakePoint(102.7, 25), 4490))"),
        (("sys_admin",), "UPDATE maintenance_areas SET unit_id = 1"),
        (("sys_admin",), "DELETE FROM maintenance_areas"),
        (("duty_officer",), "INSERT INTO routing_rules (district_id, line, area_no, unit_code, source)"
         " SELECT 1, 'safety', no, 'gas', 'entered' FROM area_numbers LIMIT 1"),
        (("duty_officer",), "INSERT INTO dispatch_policies (district_id) VALUES (1)"),
    ):  # fmt: skip
        actor = Actor(work.account("duty"), roles, whole)
        with pytest.raises(DBAPIError), transaction(work.url) as connection:
            connection.execute(ACT, actor.settings)
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("role", "seen"), [("sys_admin", 1), ("dispatcher", 1), ("sec_admin", 0), ("reporter", 0)]
)
def test_who_reads_what_cases_are_routed_by(work: Casework, role: str, seen: int) -> None:
    own(work, "G-1", "drainage", road())
    lon, lat = town.centre(casework.AREA)
    with transaction(work.url, actor=Actor(work.account("duty"), (role,), "{}")) as connection:
        assert connection.execute(text("SELECT count(*) FROM maintenance_areas")).scalar_one() == seen
        near = text(
            "SELECT count(*) FROM maintained_at(1, ST_SetSRID(ST_MakePoint(:lon, :lat), 4490),"
            " (SELECT id FROM case_categories WHERE code = 'C01'), current_date)"
        )
        assert connection.execute(near, {"lon": lon, "lat": lat}).scalar_one() == seen


def test_somebody_elses_case_gets_no_suggestion(work: Casework) -> None:
    case = reported(work)
    assert work.client("neighbour").get(f"/api/v1/cases/{case}/suggestions").status_code == 404
    assert work.client("resident").get(f"/api/v1/cases/{case}/suggestions").status_code == 403


def moves(work: Casework, case: int) -> list[tuple[str, int | None]]:
    with transaction(work.url, read_only=True) as connection:
        rows = connection.execute(
            text("SELECT move, account_id FROM case_transitions WHERE case_id = :case ORDER BY version"),
            {"case": case},
        )
        return [(row.move, row.account_id) for row in rows]


def test_an_officers_plain_report_goes_out_at_once(work: Casework) -> None:
    key = str(uuid.uuid4())
    fields = {"client_id": key, "condition": "C01", "files": [work.file("officer")]}
    told = work.report("officer", **fields)
    case = int(told["case_id"])
    assert (told["state"], told["version"], told["unit_id"]) == ("dispatched", 4, work.unit("sanitation"))
    assert moves(work, case) == [
        ("report", work.account("officer")), ("accept", None), ("register", None), ("dispatch", None),
    ]  # fmt: skip
    assert all(facts(work, case, move)["automatic"] is True for move in ("accept", "register", "dispatch"))
    kept = facts(work, case, "dispatch")
    assert kept["route"]["followed"] and kept["sampled"] is drawn(case, 0.1)
    assert work.report("officer", **fields) == told, "sent again it is answered alike"
    assert work.move("sanitation", case, "acknowledge")["state"] == "handling"
    assert work.report("officer", **fields) == told
    assert (
        work.scalar("SELECT count(*) FROM case_transitions WHERE hash <> transition_hash(case_transitions)")
        == 0
    )


def test_a_desk_looks_first_where_anything_is_missing(work: Casework) -> None:
    photo = [work.file("officer")]
    for who, fields in (
        ("officer", {"files": photo}),
        ("officer", {"condition": "C01"}),
        ("operator", {"condition": "C01", "files": [work.file("operator")]}),
        ("inspector", {"condition": "C01", "files": [work.file("inspector")]}),
    ):
        told = work.report(who, **fields)
        assert (told["state"], told["version"]) == ("reported", 1), (who, fields)
    with transaction(work.url) as connection:
        routing.set_policy(connection, 1, automatic=False)
    assert work.report("officer", condition="C01", files=photo)["state"] == "reported"
    with transaction(work.url) as connection:
        routing.set_policy(connection, 1, automatic=True, sample_share=1)
        connection.execute(
            text("UPDATE files SET kind = 'mp4', duration_s = 3 WHERE id = :id"), {"id": photo[0]}
        )
    assert work.report("officer", condition="C01", files=photo)["state"] == "reported", "a film is no photo"
    told = work.report("supervisor", condition="C01", files=[work.file("supervisor")])
    assert facts(work, told["case_id"], "dispatch")["sampled"] is True


def test_a_desk_checks_what_was_drawn(work: Casework) -> None:
    """The list holds it until somebody of a desk has written a row about it, and shows nothing of other places."""
    with transaction(work.url) as connection:
        routing.set_policy(connection, 1, sample_share=1)

    def listed(who: str, query: str = "") -> list[int]:
        answer = work.client(who).get(f"/api/v1/dispatch/samples{query}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.get_json()["items"]]

    before = listed("operator")
    first, second = (
        int(work.report("officer", condition="C01", files=[work.file("officer")])["case_id"]) for _ in "12"
    )
    assert listed("operator") == [second, first, *before]
    assert listed("operator", "?limit=1") == [second]
    assert listed("operator", f"?limit=1&after={second}") == [first]
    assert not {first, second} & set(listed("neighbour"))
    work.move("sanitation", second, "acknowledge")
    assert second in listed("operator"), "the unit's own moves are no check"
    work.move("operator", second, "comment", opinion="抽查：派遣无误")
    assert listed("operator") == [first, *before]


def test_a_condition_that_does_not_fit_is_a_fault(work: Casework) -> None:
    for condition, why in (("nix", "unknown"), ("C34", "other_category")):
        told = work.report("officer", 400, condition=condition, files=[work.file("officer")])
        assert [(f["field"], f["reason"]) for f in told["faults"]] == [("condition", why)]


def test_nobody_passes_for_the_platform(work: Casework) -> None:
    """A row by nobody is let in behind a report of the same transaction alone."""
    case = reported(work, "officer")
    actor = Actor(work.account("officer"), ("grid_officer",), "{}")
    statement = text(
        "INSERT INTO case_transitions (case_id, version, move, source, target, loop, area_no, facts, at)"
        " SELECT id, 2, 'accept', 'reported', 'reported', loop, area_no, '{\"automatic\": true}', now() FROM cases"
        " WHERE id = :case"
    )
    with pytest.raises(DBAPIError, match="row-level security"), transaction(work.url) as connection:
        connection.execute(ACT, actor.settings)
        connection.execute(statement, {"case": case})


def test_the_sample_is_drawn_by_the_case_alone() -> None:
    """Of 20,000 cases a tenth, give or take four deviations; again the same ones; a smaller share is part of it."""
    ten = {case for case in range(20_000) if drawn(case, 0.1)}
    assert abs(len(ten) - 2000) < 170
    assert ten == {case for case in range(20_000) if drawn(case, 0.1)}
    assert {case for case in range(20_000) if drawn(case, 0.02)} < ten
    assert not drawn(7, 0) and drawn(7, 1)

"""`./panlong dispatch`: why a case goes where it goes, and what other rules would change, against the real database."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.cases.service import add_reference_cases
from app.db import transaction
from tests import casework, town
from tests.cli import Command

pytestmark = pytest.mark.db

LON, LAT = town.centre(casework.AREA)
HEAD = "种类,区域,单位\n"


@pytest.fixture
def district(database: str) -> str:
    """The town with conditions, its own cases gone, and litter that two units have handled in October.

    Sanitation: 10 cases of 4 hours each, due after 5. Transport: 6 of 8 hours each, due after 9. One is still open,
    given to nobody.
    """
    town.build(database)
    with transaction(database) as connection:
        add_reference_cases(connection, 1)
        connection.execute(text("DELETE FROM cases"))
        for unit, count, took, due in (("sanitation", 10, 4, 5), ("transport", 6, 8, 9), (None, 1, None, 5)):
            connection.execute(
                text(
                    "INSERT INTO cases (district_id, category_id, external_ref, state, reported_at, due_at, closed_at,"
                    " unit_id, geom) SELECT 1, k.id, coalesce(:unit, 'open') || '-' || n,"
                    " CASE WHEN :unit IS NULL THEN 'registered' ELSE 'closed' END, at,"
                    " at + make_interval(hours => :due), at + make_interval(hours => :took),"
                    " (SELECT id FROM units WHERE code = :unit), ST_SetSRID(ST_MakePoint(:lon, :lat), 4490)"
                    " FROM generate_series(1, :count) n, case_categories k,"
                    " LATERAL (SELECT timestamptz '2026-10-01 01:00Z' + make_interval(days => n::int) AS at) a"
                    " WHERE k.code = 'C01'"
                ),
                {"unit": unit, "count": count, "took": took, "due": due, "lon": LON, "lat": LAT},
            )
    return database


def simulate(panlong: Command, folder: Path, *more: Any) -> tuple[str, list[dict[str, str]]]:
    out = folder / "out.csv"
    said = panlong(
        "dispatch", "simulate", "--from", "2026-10-01", "--to", "2026-10-31", "--out", out, *more, lang="en"
    )
    assert said.status == 0, said.text
    with out.open(encoding="utf-8-sig") as given:
        return said.text, list(csv.DictReader(given))


def test_explained_line_by_line_in_both_languages(panlong: Command, district: str) -> None:
    said = panlong("dispatch", "explain", "sanitation-1")
    assert said.status == 0, said.text
    lines = [line.strip() for line in said.text.splitlines()]
    assert "1 此处没有适用的裁定" in lines and "No ruling for this kind of thing at this place" in lines
    assert sum("没有派遣规则" in line for line in lines) == 12, "three scopes, four areas"
    assert lines[-4:] == [
        "15 立案条件 C01 的默认单位：环卫中心", "Default unit of condition C01: Sanitation Centre",
        "→ 派往：环卫中心", "→ Goes to: Sanitation Centre",
    ]  # fmt: skip


def test_a_place_is_explained_without_a_case(panlong: Command, district: str) -> None:
    said = panlong("dispatch", "explain", "--category", "C34", "--lon", LON, "--lat", LAT, lang="en")
    assert said.status == 0
    assert (
        "no owner is recorded here" in said.text
        and f"Goes to: name-{casework.SUBDISTRICT} Sub-centre" in said.text
    )
    outside = panlong(
        "dispatch", "explain", "--category", "C34", "--lon", "10", "--lat", "50", lang="en"
    ).text
    assert "There is no unit to give it to; until one is found District command centre has it" in outside
    for wrong in (
        ["nix-1"],
        [],
        ["--category", "C34"],
        ["--category", "ZZ", "--lon", "102.7", "--lat", "25"],
    ):
        assert panlong("dispatch", "explain", *wrong).status == 2


def test_the_rules_as_they_are(panlong: Command, district: str, tmp_path: Path) -> None:
    """Transport's six would go to sanitation, whose load grows from 11 to 17 cases, its times with it: 4 h to 6.2 h."""
    said, rows = simulate(panlong, tmp_path)
    assert (
        "17 cases replayed: 6 would go elsewhere than they went, 0 because of the changed rules; 0 to nobody"
        in said
    )
    assert "transport → sanitation: 6" in said
    assert "sanitation: 11 → 17 cases, 1 → 1 people, times × 1.55" in said
    moved = [row for row in rows if row["unit_was"] == "transport"]
    columns = ("unit_would", "by", "hours_was", "hours_would", "basis", "late_would")
    expected = ("sanitation", "default", "8.00", "6.18", "unit_category", "0")
    assert {tuple(row[name] for name in columns) for row in moved} == {expected}
    kept = [row for row in rows if row["unit_was"] == "sanitation" and row["hours_was"]]
    assert {(r["hours_was"], r["hours_would"], r["late_was"], r["late_would"]) for r in kept} == {
        ("4.00", "6.18", "0", "1")
    }
    assert "Late: 1 as it was, 11 as it would be (10 newly, 0 no longer)" in said


def test_other_rules(panlong: Command, district: str, tmp_path: Path) -> None:
    """All litter to transport: ten of sanitation's and the open one go there, 16 of 17 late at 17/6 of eight hours."""
    rules = tmp_path / "rules.csv"
    rules.write_text(f"{HEAD}C01,{town.DISTRICT},transport\n", encoding="utf-8")
    said, rows = simulate(panlong, tmp_path, "--rules", rules)
    assert "11 would go elsewhere than they went, 17 because of the changed rules" in said
    assert "transport: 6 → 17 cases" in said
    assert {row["hours_would"] for row in rows} == {"22.67"}
    assert "Late: 1 as it was, 17 as it would be (16 newly, 0 no longer)" in said
    with transaction(district, read_only=True) as connection:
        assert connection.execute(text("SELECT count(*) FROM routing_rules")).scalar_one() == 0


def test_more_people(panlong: Command, district: str, tmp_path: Path) -> None:
    """Twice the people at 17 cases for 11: 4 h become 3.09 h, and nobody is late but the one that is open too long."""
    staff = tmp_path / "staff.csv"
    staff.write_text("unit,people_now,people\n环卫中心,3,6\n", encoding="utf-8")
    said, rows = simulate(panlong, tmp_path, "--staff", staff)
    assert "sanitation: 11 → 17 cases, 3 → 6 people, times × 0.77" in said
    assert {row["hours_would"] for row in rows if row["unit_was"] == "transport"} == {"3.09"}
    assert "Late: 1 as it was, 1 as it would be" in said


def test_what_nobody_has_stays_where_it_is_kept(panlong: Command, district: str, tmp_path: Path) -> None:
    """A manhole cover without a position and an owner: nobody's, so the command centre has it, and it does not move."""
    with transaction(district) as connection:
        connection.execute(
            text(
                "INSERT INTO cases (district_id, category_id, external_ref, state, reported_at)"
                " SELECT 1, id, 'lost', 'reported', '2026-10-05 01:00Z' FROM case_categories WHERE code = 'C34'"
            )
        )
    said, rows = simulate(panlong, tmp_path)
    assert (
        "18 cases replayed: 6 would go elsewhere than they went, 0 because of the changed rules; 1 to nobody"
        in said
    )
    assert "lost" not in {row["case"] for row in rows}


def test_what_cannot_be_tried_is_refused(panlong: Command, district: str, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(f"{HEAD}C01,{town.DISTRICT},月球局\n月球,{town.DISTRICT},transport\n", encoding="utf-8")
    days = (
        "dispatch",
        "simulate",
        "--from",
        "2026-10-01",
        "--to",
        "2026-10-31",
        "--out",
        tmp_path / "out.csv",
    )
    said = panlong(*days, "--rules", file, lang="en")
    assert said.status == 2 and "Row 1" in said.text and "Row 2" in said.text
    file.write_text("unit,people\nsanitation,0\n街道办,4\n", encoding="utf-8")
    said = panlong(*days, "--staff", file, lang="en")
    assert said.status == 2 and "Row 1" in said.text and "Row 2" in said.text
    assert panlong("dispatch", "simulate", "--from", "2026-10-02", "--to", "2026-10-01").status == 2
    assert not (tmp_path / "out.csv").exists()


def test_the_policy_is_set_and_told(panlong: Command, district: str) -> None:
    assert "10.0%" in panlong("dispatch", "policy").text
    said = panlong("dispatch", "policy", "--automatic", "off", "--sample-share", "0.25", lang="en")
    assert "A desk looks at every report first; 25.0% are checked; a ruling reaches 20 m" in said.text
    assert "30 米" in panlong("dispatch", "policy", "--ruling-radius-m", "30").text

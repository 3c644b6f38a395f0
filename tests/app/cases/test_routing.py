"""Who gets a case: every ground once, each more specific one before the next, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.accounts.rules import PERMISSIONS, Permission, Role
from app.cases.rules.grounds import (
    AreaNow,
    Ground,
    Matter,
    Rule,
    Scope,
    Stretch,
    UnitNow,
    Units,
    Verdict,
)
from app.cases.rules.loops import Loop
from app.cases.rules.routing import MOST_LINES, route

DAY = date(2026, 11, 26)
DISTRICT, STREET, COMMUNITY, CELL = (
    AreaNow(1, "district", 0, "530103"),
    AreaNow(10, "subdistrict", 1, "530103001"),
    AreaNow(11, "community", 2, "530103001001"),
    AreaNow(12, "cell", 3, "530103001001007"),
)
CHAIN = (DISTRICT, STREET, COMMUNITY, CELL)
CENTRE, SANITATION, BUREAU, DRAINS, ROADS, OLD, GONE, SUB_CENTRE, OFFICE, STATION, COMMITTEE = range(1, 12)
UNITS = (
    UnitNow(CENTRE, "command_centre", "command", 1, "530103"),
    UnitNow(SANITATION, "sanitation", "crew"),
    UnitNow(BUREAU, "urban_management", "department"),
    UnitNow(DRAINS, "drainage", "utility"),
    UnitNow(ROADS, "transport", "department"),
    UnitNow(OLD, "work_safety", "department", until=date(2019, 1, 1), successor=BUREAU),
    UnitNow(GONE, "nobody_after", "department", until=DAY),
    UnitNow(SUB_CENTRE, "sub_centre_530103001", "sub_centre", 10, "530103001"),
)
OF_THE_AREA = (
    UnitNow(OFFICE, "subdistrict_office_530103001", "territory", 10, "530103001"),
    UnitNow(STATION, "community_services_530103001001", "community", 11, "530103001001"),
    UnitNow(COMMITTEE, "residents_committee_530103001001", "community", 11, "530103001001"),
)


def matter(**facts: Any) -> Matter:
    return replace(Matter(DAY, Loop.SUBDISTRICT, "city_management", "sanitation", CHAIN), **facts)


def stretch(row: int, unit: int, scope: Scope = Scope.MAJOR, metres: float = 0.0, **facts: Any) -> Stretch:
    return Stretch(row, f"段{row}", unit, scope, metres, facts.pop("tolerance_m", 10.0), **facts)


def taken(asked: Matter, units: tuple[UnitNow, ...] = UNITS) -> tuple[int | None, str | None, int | None]:
    found = route(asked, Units(units))
    return found.unit, None if found.ground is None else found.ground.value, found.ref


RULING = stretch(1, DRAINS, Scope.CATEGORY, 19.0, tolerance_m=20.0, ruling=True)
OWNED = stretch(2, ROADS)
BY_CELL, BY_COMMUNITY, BY_STREET, BY_DISTRICT = (
    Rule(number, Scope.CATEGORY, area.no, unit)
    for number, area, unit in (
        (21, CELL, "drainage"), (22, COMMUNITY, "transport"), (23, STREET, "urban_management"),
        (24, DISTRICT, "drainage"),
    )
)  # fmt: skip
MAJOR_CELL = Rule(31, Scope.MAJOR, CELL.no, "transport")
LINE_CELL, LINE_DISTRICT = (
    Rule(41, Scope.LINE, CELL.no, "drainage"),
    Rule(42, Scope.LINE, DISTRICT.no, "transport"),
)
EVERYTHING = (BY_CELL, BY_COMMUNITY, BY_STREET, BY_DISTRICT, MAJOR_CELL, LINE_CELL, LINE_DISTRICT)


def test_each_ground_before_the_next() -> None:
    """Take away what decided, and the next more general one decides."""
    asked = matter(stretches=(OWNED, RULING), rules=EVERYTHING)
    found = []
    for _ in range(11):
        unit, ground, ref = taken(asked)
        found.append((unit, ground, ref))
        asked = replace(
            asked,
            stretches=tuple(s for s in asked.stretches if s.id != ref),
            rules=tuple(r for r in asked.rules if r.id != ref),
            default=None if ground == "default" else asked.default,
            chain=() if ground == "territory" else asked.chain,
        )
    assert found == [
        (DRAINS, "ruling", 1), (ROADS, "ownership", 2), (DRAINS, "rule", 21), (ROADS, "rule", 22),
        (BUREAU, "rule", 23), (DRAINS, "rule", 24), (ROADS, "rule", 31), (DRAINS, "rule", 41), (ROADS, "rule", 42),
        (SANITATION, "default", None), (SUB_CENTRE, "territory", None),
    ]  # fmt: skip


def test_the_reasons_name_what_was_asked_before() -> None:
    far = stretch(3, ROADS, metres=34.27)
    found = route(matter(stretches=(far,), rules=(BY_STREET,)), Units(UNITS))
    told = [(line.ground, line.verdict, line.facts.get("level")) for line in found.lines]
    assert told == [
        (Ground.RULING, Verdict.NONE, None), (Ground.OWNERSHIP, Verdict.TOO_FAR, None),
        (Ground.RULE, Verdict.NONE, "cell"), (Ground.RULE, Verdict.NONE, "community"),
        (Ground.RULE, Verdict.TAKEN, "subdistrict"),
    ]  # fmt: skip
    assert found.facts == {
        "unit": BUREAU, "by": "rule", "ref": 23,
        "lines": [
            {"by": "ownership", "is": "too_far", "ref": 3, "unit": ROADS, "scope": "major", "distance_m": 34.3,
             "tolerance_m": 10.0},
            {"by": "rule", "is": "taken", "ref": 23, "unit": BUREAU, "scope": "category", "level": "subdistrict",
             "area": "530103001", "code": "urban_management"},
        ],
    }  # fmt: skip
    assert [(line.ground, line.unit) for line in found.others] == [
        (Ground.DEFAULT, SANITATION),
        (Ground.TERRITORY, SUB_CENTRE),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (stretch(1, DRAINS, Scope.CATEGORY, 9.0), stretch(2, ROADS, Scope.MAJOR, 0.0)),
        (stretch(1, DRAINS, metres=3.0), stretch(2, ROADS, metres=3.2)),
        (stretch(1, DRAINS, extent_m2=50.0), stretch(2, ROADS, extent_m2=80.0)),
        (stretch(1, DRAINS, since=DAY), stretch(2, ROADS, since=DAY - timedelta(1))),
        (stretch(2, DRAINS), stretch(1, ROADS)),
    ],
    ids=["kind", "nearest", "smallest", "newest", "last"],
)
def test_of_several_stretches(one: Stretch, other: Stretch) -> None:
    assert taken(matter(stretches=(one, other)))[0] == taken(matter(stretches=(other, one)))[0] == DRAINS


def test_an_edge_of_the_tolerance_is_within_it() -> None:
    assert taken(matter(stretches=(stretch(1, DRAINS, metres=10.0),)))[0] == DRAINS
    assert taken(matter(stretches=(stretch(1, DRAINS, metres=10.1),)))[0] == SANITATION


def test_a_unit_that_has_ended_goes_on_in_its_successor() -> None:
    found = route(matter(stretches=(stretch(1, OLD),)), Units(UNITS))
    assert (found.unit, found.lines[-1].facts["was"]) == (BUREAU, OLD)


def test_a_unit_that_ended_without_one_is_said_and_passed_over() -> None:
    found = route(matter(stretches=(stretch(1, GONE),)), Units(UNITS))
    assert (found.unit, found.ground) == (SANITATION, Ground.DEFAULT)
    assert found.lines[1].verdict is Verdict.UNIT_ENDED
    assert taken(matter(day=DAY - timedelta(1), stretches=(stretch(1, GONE),)))[0] == GONE, (
        "its last day is the one before"
    )


def test_successors_in_a_ring_are_nobody() -> None:
    ring = (
        UnitNow(90, "a", "crew", until=DAY, successor=91),
        UnitNow(91, "b", "crew", until=DAY, successor=90),
    )
    assert taken(matter(stretches=(stretch(1, 90),)), (*UNITS, *ring))[1] == "default"


@pytest.mark.parametrize(
    ("default", "units", "expected"),
    [
        ("subdistrict_office", UNITS, (SUB_CENTRE, "default")),
        ("subdistrict_office", (*UNITS, *OF_THE_AREA), (OFFICE, "default")),
        ("community_services", (*UNITS, *OF_THE_AREA), (STATION, "default")),
        ("community_safety", (*UNITS, *OF_THE_AREA), (COMMITTEE, "default")),
        ("property_manager", (*UNITS, *OF_THE_AREA), (COMMITTEE, "default")),
        ("property_manager", UNITS, (SUB_CENTRE, "territory")),
        ("owner", UNITS, (SUB_CENTRE, "territory")),
        ("owner", (*UNITS, *OF_THE_AREA), (OFFICE, "territory")),
        ("unknown_code", UNITS, (SUB_CENTRE, "territory")),
    ],
)
def test_the_units_of_each_area(default: str, units: tuple[UnitNow, ...], expected: tuple[int, str]) -> None:
    assert taken(matter(default=default), units)[:2] == expected


@pytest.mark.parametrize(
    ("line", "expected"), [("public_service", STATION), ("social_order", COMMITTEE), (None, COMMITTEE)]
)
def test_the_territory_of_a_community(line: str | None, expected: int) -> None:
    """工作站 for services; 综治站 for all else, and where there is none the committee."""
    asked = matter(default="owner", loop=Loop.COMMUNITY, line=line)
    assert taken(asked, (*UNITS, *OF_THE_AREA)) == (expected, "territory", None)
    assert taken(asked)[0] == SUB_CENTRE


def test_where_there_is_nobody_the_command_centre_keeps_it() -> None:
    found = route(matter(chain=(DISTRICT,), placed=False, default="owner"), Units(UNITS))
    assert (found.unit, found.ground, found.keeper) == (None, None, CENTRE)
    assert [line.verdict for line in found.lines[:2]] == [Verdict.NO_PLACE] * 2
    assert found.facts["unit"] is None
    assert route(matter(chain=(), default=None), Units(())).keeper is None


def test_what_the_log_keeps_is_bounded() -> None:
    many = tuple(stretch(n, GONE) for n in range(1, 40))
    found = route(matter(stretches=many), Units(UNITS))
    assert len(found.facts["lines"]) == MOST_LINES and found.facts["lines"][-1]["is"] == "taken"


def test_whoever_reads_cases_reads_what_they_are_routed_by() -> None:
    """The database's `works_with_cases()` names the same roles as the permissions do."""
    from app.settings import ROOT

    sql = (ROOT / "migrations/sql/0016_route_cases.sql").read_text(encoding="utf-8")
    body = sql.split("FUNCTION works_with_cases()")[1].split("];")[0]
    named = {role for role in Role if f"'{role.value}'" in body}
    assert named == {r for r, held in PERMISSIONS.items() if Permission.READ_CASES in held} | {Role.SYS_ADMIN}

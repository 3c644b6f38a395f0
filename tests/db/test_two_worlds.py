"""Of two worlds that differ only beyond the wall, everybody is told the very same, byte by byte, whatever they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask

from app.accounts.rules import POWERS, Role
from app.factory import create_app, routes
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind
from tests import registered, town, worlds
from tests.db.test_territory import PLACES, TERRITORIAL, ZOOMS, _tiles
from tests.people import Person, employ, sign_in
from tests.telling import TRIES, Told, asked_twice, report
from tests.worlds import FAR, INSIDE, SAID, Worlds

pytestmark = pytest.mark.db

WHO = [
    *((role, "community") for role in TERRITORIAL),
    (Role.SUBCENTRE_HEAD, "subdistrict"),
    (Role.GRID_OFFICER, "cell"),
    (Role.COMMUNITY_DESK, "nothing"),
    (Role.UNIT_DISPATCHER, "urban_management"),
    (Role.HANDLER, "sanitation"),
    *((role, "nothing") for role in sorted(POWERS)),
]

PLAIN = ("",)
WORDS = ("?q=ref", f"?q={SAID}", "?q=530199", "?q=5301990305999999", f"?q={registered.credit(999)}")
ASKED: dict[str, tuple[str, ...]] = {
    "/api/v1/addresses": WORDS,
    "/api/v1/element-types": PLAIN,
    "/api/v1/elements": (
        "", "?limit=3", "?limit=3&q=ref", *WORDS, "?kind=person", "?kind=place&type=building", "?area={area}",
        "?area={area}&kind=object,organisation", "?bbox=102.69,24.99,102.80,25.10&limit=200", "?after=0-{element}",
    ),
    "/api/v1/elements/<int:element_id>": PLAIN,
    "/api/v1/elements/<int:element_id>/relations": ("", "?limit=1", "?after=1&limit=200"),
    "/api/v1/elements/<int:element_id>/neighbourhood": ("", "?depth=2", "?depth=3"),
    "/api/v1/elements/<int:element_id>/history": ("", "?limit=1"),
    "/api/v1/elements/<int:element_id>/flats": PLAIN,
    "/api/v1/elements/<int:element_id>/merges": PLAIN,
    "/api/v1/persons/<int:person_id>/looks": PLAIN,
    "/api/v1/imports": PLAIN,
    "/api/v1/imports/<int:import_id>": PLAIN,
    "/api/v1/imports/<int:import_id>/choices": PLAIN,
    "/api/v1/imports/<int:import_id>/faults.xlsx": PLAIN,
    "/registry": ("", "?kind=person", "?kind=object", f"?q={SAID}", "?q=ref"),
    "/registry/persons": PLAIN,
    "/registry/new": ("?kind=place", "?kind=person"),
    "/registry/import": PLAIN,
    "/registry/import/<int:import_id>": PLAIN,
    "/registry/import/<int:import_id>/faults.xlsx": PLAIN,
    "/registry/elements/<int:element_id>": PLAIN,
    "/registry/elements/<int:element_id>/edit": PLAIN,
    "/registry/elements/<int:element_id>/merge": ("", "?q=ref", f"?q={SAID}", "?into={other}"),
    "/registry/persons/<int:person_id>/care": PLAIN,
    "/api/v1/network": (
        "?of=element:{element}", "?of=element:{element}&depth=2", "?of=case:{case}&depth=2", "?of=cell:{area}&depth=2",
        "?of=area:{area}", "?of=unit:1&depth=2", "?of=cell:{area}&kinds=person",
    ),
    "/api/v1/find": (*WORDS, "?q=ref&limit=20"),
    "/api/v1/areas/<int:area_id>/card": PLAIN,
    "/api/v1/areas/<int:area_id>": PLAIN,
    "/api/v1/areas": ("", "?parent={area}"),
    "/api/v1/district": PLAIN,
    "/api/v1/cases": ("?state=all", "?state=all&limit=2", "?state=all&order=new", f"?state=all&q={SAID}",
                      "?state=all&bbox=102.69,24.99,102.80,25.10", "?where=outside&state=all"),
    "/api/v1/cases/<int:case_id>": PLAIN,
    "/api/v1/cases/<int:case_id>/log": PLAIN,
    "/api/v1/cases/<int:case_id>/clocks": PLAIN,
    "/api/v1/cases/<int:case_id>/similar": PLAIN,
    "/api/v1/cases/<int:case_id>/files": PLAIN,
    "/api/v1/cases/<int:case_id>/suggestions": PLAIN,
    "/api/v1/cases/<int:case_id>/moves": PLAIN,
    "/api/v1/cases/<int:case_id>/sheet": PLAIN,
    "/api/v1/cases/<int:case_id>/forms": PLAIN,
    "/api/v1/files/<int:file_id>": PLAIN,
    "/api/v1/files/<int:file_id>/thumbnail": PLAIN,
    "/api/v1/files/<int:file_id>/preview": PLAIN,
    "/api/v1/categories": ("?state=all",),
    "/api/v1/conditions": PLAIN,
    "/api/v1/dispatch/samples": PLAIN,
    "/api/v1/inbox": PLAIN,
    "/api/v1/grid/proposals": ("", "?state=draft"),
    "/api/v1/grid/proposals/<int:proposal_id>": PLAIN,
    "/api/v1/grid/proposals/<int:proposal_id>/blocks": PLAIN,
    "/api/v1/grid/proposals/<int:proposal_id>/cells": PLAIN,
    "/api/v1/grid/proposals/<int:proposal_id>/present": PLAIN,
    "/api/v1/grid/proposals/<int:proposal_id>/findings": PLAIN,
    "/grid/proposals": ("", "?state=draft"),
    "/grid/proposals/<int:proposal_id>": PLAIN,
    "/api/v1/reports": ("", "?which=circulated", "?kind=daily"),
    "/api/v1/reports/<int:run_id>": PLAIN,
    "/api/v1/reports/<int:run_id>/paragraphs": PLAIN,
    "/api/v1/reports/<int:run_id>/editions/<int:edition>/<name>": PLAIN,
    "/api/v1/reports/verify": ("", "?sha256=" + "0" * 64),
    "/api/v1/reports/definitions": PLAIN,
    "/api/v1/reports/schedules": PLAIN,
    "/reports": ("", "?definition=weekly", "?which=circulated"),
    "/reports/<int:run_id>": PLAIN,
    "/reports/verify": ("", "?sha256=" + "0" * 64),
    "/reports/definitions": ("", "?of=weekly"),
    "/reports/schedules": PLAIN,
    "/api/v1/figures": ("?state=all",),
    "/api/v1/cells/counts": ("?state=all",),
    "/api/v1/view": ("?state=all", "?state=all&area={area}"),
    "/api/v1/view/queue": ("?state=all", f"?state=all&q={SAID}"),
    "/api/v1/view/cases.csv": ("?state=all",),
    "/api/v1/view/waiting": PLAIN,
    "/api/v1/layers": PLAIN,
    "/api/v1/layers/<string:layer>": (
        "areas.arrow", "cases.arrow", "elements.arrow", "people.arrow", "units.arrow", "posts.arrow",
        "assignments.arrow", "transitions.arrow", "cases.arrow?area=530199",
    ),
    "/api/v1/evaluation/counts": PLAIN,
    "/api/v1/evaluation/period": ("?of=unit", "?of=person"),
    "/api/v1/evaluation/cases": (
        "?of=area&level=district&key=530103&count=reported",
    ),
    "/api/v1/evaluation/schemes": PLAIN,
    "/api/v1/evaluation/periods": PLAIN,
    "/api/v1/evaluation/periods/<int:period_id>": PLAIN,
    "/evaluation": ("?level=cell&columns=all",),
    "/evaluation/cases": ("?count=reported",),
    "/evaluation/schemes": PLAIN,
    "/evaluation/schemes/<code>": PLAIN,
    "/evaluation/periods": PLAIN,
    "/evaluation/periods/<int:period_id>": PLAIN,
    "/api/v1/campaigns": PLAIN,
    "/api/v1/campaigns/<int:campaign_id>": PLAIN,
    "/api/v1/campaigns/<int:campaign_id>/places": PLAIN,
    "/api/v1/staffing": PLAIN,
    "/api/v1/staffing/gaps": PLAIN,
    "/api/v1/staffing/cells/<int:area_id>": PLAIN,
    "/api/v1/neighbourhood": PLAIN,
    "/api/v1/bodies": PLAIN,
    "/api/v1/duty": PLAIN,
    "/api/v1/screens/command": PLAIN,
    "/api/v1/screens/spot-check": PLAIN,
    "/api/v1/wall": PLAIN,
    "/api/v1/wall/setting": PLAIN,
    "/tiles/areas/<int:z>/<int:x>/<int:y>.mvt": PLAIN,
    "/tiles/ground/<int:z>/<int:x>/<int:y>.mvt": PLAIN,
    "/tiles/cases/<int:z>/<int:x>/<int:y>.mvt": ("?state=all", "?state=all&grain=fine"),
    "/tiles/elements/<int:z>/<int:x>/<int:y>.mvt": ("", "?kinds=component"),
    "/tiles/elements/counts": PLAIN,
    "/tiles/buildings/<int:z>/<int:x>/<int:y>.mvt": PLAIN,
    "/tiles/<any(areas, ground, cases, elements, buildings):name>.json": PLAIN,
    "/tiles/picture.svg": PLAIN,
    "/cases": ("", "?state=all", f"?q={SAID}"),
    "/cases/<int:case_id>": PLAIN,
    "/cases/<int:case_id>/contact": PLAIN,
    "/cases/batch": ("?case={case}",),
    "/cases/new": PLAIN,
    "/desk": PLAIN,
    "/campaigns": PLAIN,
    "/campaigns/<int:campaign_id>": PLAIN,
    "/campaigns/new": PLAIN,
    "/staffing": PLAIN,
    "/staffing/export.xlsx": PLAIN,
    "/staffing/areas/<int:area_id>": PLAIN,
    "/neighbourhood": PLAIN,
    "/neighbourhood/<int:area_id>": PLAIN,
    "/people": PLAIN,
    "/units": PLAIN,
    "/units/<int:unit_id>": PLAIN,
    "/leaves": PLAIN,
    "/duty": PLAIN,
    "/handovers": PLAIN,
    "/handovers/new": PLAIN,
    "/handovers/<int:handover_id>": PLAIN,
    "/brief": PLAIN,
    "/": PLAIN,
    "/inbox": PLAIN,
    "/m": PLAIN,
    "/m/report": PLAIN,
    "/m/cases/<int:case_id>": PLAIN,
    "/m/reported/<int:case_id>": PLAIN,
    "/m/campaigns": PLAIN,
    "/m/campaigns/<int:campaign_id>": PLAIN,
    "/wall": PLAIN,
    "/wall/control": PLAIN,
    "/account": PLAIN,
    "/api/v1/session": PLAIN,
}  # fmt: skip
"""By the rule of a route, the queries that it is asked with."""

NOT_ASKED = {
    "/static/<path:filename>": "files of the platform",
    "/healthz": "says that the platform lives",
    "/readyz": "says that the platform lives",
    "/api/v1/openapi.json": "says what may be asked",
    "/live": "an answer without an end; tests/db/test_live.py",
    "/access-log": "for one administrator, of whom no place is the territory; it tells what these very requests did",
    "/tiles/basemap/<int:z>/<int:x>/<int:y>": "pictures that others have made",
    "/staffing/import": "a form of the platform",
    "/staffing/import/template/<any(staff, shifts):kind>.xlsx": "a form of the platform",
}
SIGNING_IN = re.compile(r"/(?:sign-in|kiosk|unlock|r(?:/|$)|account/|people/new|units/new|policy|reference)")
"""Who is not let in yet, their own account, residents, and reference data, which belong to no territory."""


@pytest.fixture(scope="module")
def both(cluster: Cluster) -> Iterator[Worlds]:
    with worlds.two(cluster, everybody) as made:
        yield made


def everybody(url: str) -> dict[str, Person]:
    """Somebody of each role in each place, and one who sees the whole district with its people."""
    people = {"all": employ(url, Role.SUBCENTRE_HEAD, town.DISTRICT, username="all")}
    for role, where in WHO:
        place = PLACES[where].area if where in PLACES else None
        unit = "command_centre" if where in PLACES else where
        people[f"{role}-{where}"] = employ(url, role, place, unit=unit, username=f"{role}-{where}")
    return people


@pytest.fixture(scope="module")
def apps(both: Worlds) -> tuple[Flask, Flask]:
    return registered.served(both.one), registered.served(both.other)


def test_every_route_is_asked() -> None:
    rules = {route.rule for route in routes(create_app("postgresql+psycopg://")) if route.method == "GET"}
    left = {rule for rule in rules - set(ASKED) - set(NOT_ASKED) if not SIGNING_IN.match(rule)}
    assert not left, "say how they are asked"
    assert not (set(ASKED) | set(NOT_ASKED)) - rules, "there are no such routes"


def values(both: Worlds) -> dict[str, list[int]]:
    """Ids that are put into an address: of what is inside, of what both worlds have beyond, of what one has there."""
    made, inside, beyond = both.made, both.inside, both.beyond
    kinds = list(ElementKind)
    persons = [inside[ElementKind.PERSON], int(made.persons[3 * FAR]), beyond[ElementKind.PERSON]]
    return {
        "element": [
            *(inside[kind] for kind in kinds), int(made.flats[2 * INSIDE]), *both.spare, int(made.objects[FAR]),
            *(beyond[kind] for kind in kinds),
        ],
        "other": [inside[ElementKind.PLACE], beyond[ElementKind.PLACE]],
        "person": persons,
        "case": [inside[None], beyond[None]],
        "area": both.areas,
        "unit": [1, 2],
    }  # fmt: skip


PARTS = {
    "int:element_id": "{element}", "int:person_id": "{person}", "int:case_id": "{case}", "int:area_id": "{area}",
    "int:unit_id": "{unit}", "int:campaign_id": "1", "int:file_id": "1", "int:handover_id": "1",
    "int:import_id": "1", "int:period_id": "1", "int:proposal_id": "1", "int:run_id": "1", "int:edition": "0",
    "name": "x.pdf", "code": "sub_centre", "string:layer": "",
    "any(areas, ground, cases, elements, buildings):name": "elements",
}  # fmt: skip


def addresses(both: Worlds) -> dict[str, list[str]]:
    """All that is asked, by the rule of the route."""
    known = values(both) | {"tile": [f"{zoom}/{x}/{y}" for zoom in ZOOMS[:3] for x, y in _tiles(zoom)]}
    found: dict[str, list[str]] = {}
    for rule, queries in ASKED.items():
        plain = rule.replace("<int:z>/<int:x>/<int:y>", "{tile}")
        plain = re.sub(r"<([^>]+)>", lambda match: PARTS[match[1]], plain)
        for form in (plain + query for query in queries):
            names = re.findall(r"{(\w+)}", form)
            for picked in product(*(known[name] for name in names)):
                found.setdefault(rule, []).append(form.format(**dict(zip(names, picked, strict=True))))
    return found


def differing(
    apps: tuple[Flask, Flask], person: Person, asked: list[str], tries: int = TRIES
) -> dict[str, tuple[Told, Told]]:
    """What somebody is told otherwise in the other world."""
    pair = sign_in(apps[0], person), sign_in(apps[1], person)
    answers = {address: asked_twice(pair, address, tries) for address in asked}
    return {address: (one, other) for address, (one, other) in answers.items() if one != other}


@pytest.mark.parametrize(("role", "where"), WHO, ids=str)
def test_the_same_is_told_of_both(both: Worlds, apps: tuple[Flask, Flask], role: Role, where: str) -> None:
    asked = [address for each in addresses(both).values() for address in each]
    leaks = differing(apps, both.people[f"{role}-{where}"], asked)
    assert not leaks, report(leaks)


CASES = {
    "/api/v1/cases", "/api/v1/cases/<int:case_id>", "/api/v1/view", "/api/v1/view/queue", "/api/v1/view/cases.csv",
    "/api/v1/figures", "/api/v1/cells/counts", "/api/v1/areas/<int:area_id>/card",
    "/tiles/cases/<int:z>/<int:x>/<int:y>.mvt", "/tiles/elements/<int:z>/<int:x>/<int:y>.mvt", "/tiles/elements/counts",
}  # fmt: skip


def test_who_sees_all_is_told_of_more(both: Worlds, apps: tuple[Flask, Flask]) -> None:
    """So that it is the wall that makes the answers alike, and not questions that lead nowhere."""
    told = {
        rule: differing(apps, both.people["all"], asked, 1)
        for rule, asked in addresses(both).items()
        if rule.startswith(
            ("/api/v1/elements", "/api/v1/addresses", "/registry", "/api/v1/network", "/api/v1/find")
        )
        or rule in CASES
    }
    # Two ask before they tell; and imports are seen by nobody but whoever sent them.
    alike = {
        "/registry/persons",
        "/registry/new",
        *(rule for rule in told if rule.startswith("/registry/import")),
    }
    assert {rule for rule, differs in told.items() if not differs} == alike

"""Nor do two worlds that differ beyond the wall answer differently to what somebody writes, or asks for a purpose."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.accounts.rules import Role
from app.db import transaction
from app.postgres import Cluster
from app.registry.rules.kinds import ElementKind, RelationKind
from app.reports.rules.kinds import Grain
from app.reports.rules.periods import period_of
from tests import registered, reporting, town, worlds
from tests.people import Person, employ, sign_in
from tests.registered import CELLS, Door
from tests.telling import Told, report, told
from tests.worlds import BEYOND, FAR, INSIDE, SAID, Worlds

pytestmark = pytest.mark.db

PURPOSE = "核对一件事"
SEATS = (
    (Role.COMMUNITY_DESK, "community"),
    (Role.SUBCENTRE_HEAD, "subdistrict"),
    (Role.SUBCENTRE_OPERATOR, "cell"),
)
PLACES = {"community": town.community("c"), "subdistrict": town.subdistrict("a"), "cell": town.cell(0, 0)}

COUNTED = re.compile(r'"merge_id": ?\d+')
"""What is made gets the next number of the whole district, as the threat model says."""


class Both:
    """One person at the doors of both worlds; what is answered otherwise is kept."""

    def __init__(self, doors: tuple[Door, Door]) -> None:
        self.doors = doors
        self.leaks: dict[str, tuple[Told, Told]] = {}

    def send(self, method: str, path: str, **body: Any) -> Told:
        one, other = (
            told(door.client.open(f"/api/v1{path}", method=method, json=body, headers=door.head))
            for door in self.doors
        )
        if replace(one, body=COUNTED.sub("", one.body)) != replace(other, body=COUNTED.sub("", other.body)):
            self.leaks[f"{method} {path} {body}"] = (one, other)
        return one


@pytest.fixture(scope="module")
def made(cluster: Cluster) -> Iterator[Worlds]:
    with worlds.two(cluster, everybody) as found:
        yield found


def everybody(url: str) -> dict[str, Person]:
    found = {role: employ(url, role, PLACES[where], username=role.value) for role, where in SEATS}
    return {**found, "all": employ(url, Role.DUTY_OFFICER, town.DISTRICT, username="all")}


@pytest.fixture(scope="module")
def seats(made: Worlds) -> dict[str, Both]:
    apps = registered.served(made.one), registered.served(made.other)
    return {
        name: Both((Door(sign_in(apps[0], person)), Door(sign_in(apps[1], person))))
        for name, person in made.people.items()
    }


@pytest.mark.parametrize("role", [role for role, _ in SEATS])
def test_persons_are_found_alike(made: Worlds, seats: dict[str, Both], role: Role) -> None:
    """One beyond has the number of one inside, and one beyond is called as nobody inside is."""
    seat = seats[role]
    for wanted in (
        {"name": "ref-"}, {"name": SAID}, {"phone": registered.phone(3 * INSIDE)},
        {"identity": registered.identity(3 * INSIDE)}, {"identity": registered.identity(900)},
        {"phone": registered.phone(3 * FAR)},
    ):  # fmt: skip
        for query in ("", "?limit=1", "?limit=1&after=1"):
            assert seat.send("POST", f"/persons/search{query}", purpose=PURPOSE, **wanted).status == 200
    for who in (*(int(n) for n in made.made.persons[[3 * INSIDE, 3 * FAR]]), made.beyond[ElementKind.PERSON]):
        for field in ("name", "identity", "phone"):
            seat.send("POST", f"/persons/{who}/reveal", purpose=PURPOSE, field=field)
    assert not seat.leaks, report(seat.leaks)


@pytest.mark.parametrize("role", [role for role, _ in SEATS])
def test_what_is_beyond_is_refused_as_what_is_not(made: Worlds, seats: dict[str, Both], role: Role) -> None:
    seat, inside, beyond = seats[role], made.inside, made.beyond
    for kind in ElementKind:
        here, there = inside[kind], beyond[kind]
        seat.send("PATCH", f"/elements/{there}", version=1, entry={"name": "x"})
        seat.send("POST", f"/elements/{there}/end", version=1, reason="x")
        seat.send("POST", f"/elements/{there}/concerns", case_id=inside[None])
        seat.send("POST", f"/elements/{here}/concerns", case_id=beyond[None])
        seat.send("POST", f"/elements/{there}/merge", into=here, reason="x")
        seat.send("POST", f"/elements/{here}/merge", into=there, reason="x")
        seat.send("PATCH", f"/elements/{here}", version=9, entry={"site": str(there)})
        seat.send("PATCH", f"/elements/{here}", version=1, entry={"site": "5301990305999999"})
        for tie in RelationKind:
            for one, other in ((here, there), (there, here)):
                seat.send("POST", f"/elements/{one}/relations", kind=tie.value, target=other)
    for number in made.more["relations"]:
        seat.send("POST", f"/relations/{number}/end")
    for number in made.more["merges"][1:]:
        seat.send("POST", f"/merges/{number}/undo")
    who = beyond[ElementKind.PERSON]
    for step, body in (
        ("restrict", {"reason": "x"}), ("unrestrict", {}), ("retain", {"until_on": "2090-01-01", "reason": "x"}),
        ("needs", {"need": "lives_alone"}), ("needs/forget", {"need": "lives_alone"}), ("delete", {}),
        ("export", {"purpose": PURPOSE}),
    ):  # fmt: skip
        seat.send("POST", f"/persons/{who}/{step}", **body)
    entry = {"name": "x", "type": "dwelling", "site": str(beyond[ElementKind.PLACE])}
    seat.send("POST", "/elements", kind="place", client_id=str(uuid.uuid4()), entry=entry)
    assert not seat.leaks, report(seat.leaks)


def test_what_is_inside_is_written_alike(made: Worlds, seats: dict[str, Both]) -> None:
    """Something inside that lies in something beyond is moved, changed, merged and ended as if it lay nowhere."""
    seat, inside = seats[Role.COMMUNITY_DESK], made.inside
    thing, house = inside[ElementKind.OBJECT], inside[ElementKind.PLACE]
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("PATCH", f"/elements/{thing}", {"version": 1, "entry": {"name": "新名"}}),
        (
            "POST",
            f"/elements/{thing}/relations",
            {"kind": "located_in", "target": house, "from_on": "2020-06-01"},
        ),
        ("POST", f"/elements/{thing}/relations", {"kind": "located_in", "target": house}),
        ("PATCH", f"/elements/{thing}", {"version": 4, "entry": {"site": ""}}),
        ("POST", f"/elements/{made.spare[3]}/merge", {"into": thing, "reason": "同一路灯"}),
        ("POST", f"/elements/{made.spare[2]}/merge", {"into": thing, "reason": "已并入"}),
        ("POST", f"/elements/{thing}/end", {"version": 9, "reason": "拆除"}),
        ("POST", f"/persons/{inside[ElementKind.PERSON]}/restrict", {"reason": "本人要求"}),
        ("POST", f"/persons/{inside[ElementKind.PERSON]}/delete", {}),
    )
    statuses = [seat.send(method, path, **body).status for method, path, body in steps]
    assert not seat.leaks, report(seat.leaks)
    assert statuses == [200, 201, 201, 200, 200, 409, 409, 200, 204]
    for element in (thing, house, *made.spare):
        for rest in ("", "/flats", "/neighbourhood?depth=1"):
            pair = tuple(told(door.client.get(f"/api/v1/elements/{element}{rest}")) for door in seat.doors)
            assert pair[0].status == pair[1].status
    with transaction(made.other, read_only=True) as connection:
        kept = connection.execute(
            text(
                "SELECT count(*) FROM relations WHERE source_id = :id AND kind = 'located_in' AND to_on IS NOT NULL"
            ),
            {"id": thing},
        ).scalar_one()
    assert kept, "that it lay beyond stays known there"


def test_a_number_that_is_taken_beyond_is_told_as_taken(made: Worlds, seats: dict[str, Both]) -> None:
    """The one exception (decision 33): who registers a code or a number that is taken has it before them already."""
    seat = seats[Role.COMMUNITY_DESK]
    lon, lat = town.centre(CELLS[INSIDE])
    entry = {"type": "0305", "name": "x", "code": "5301990305999999", "lon": lon, "lat": lat}
    seat.send("POST", "/elements", kind="object", client_id=str(uuid.uuid4()), entry=entry)
    (one, other), *rest = seat.leaks.values()
    seat.leaks.clear()
    assert (one.status, other.status, rest) == (201, 400, [])
    assert "code_taken" in other.body
    assert SAID not in other.body and CELLS[BEYOND] not in other.body


def digests(made: Worlds, seat: Both, definition: str) -> tuple[str, str]:
    """Of all that a report of the week or day that goes on says in both worlds, made with the eyes of a seat."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    period = period_of(today, Grain.WEEK if definition == "weekly" else Grain.DAY).written
    body = {
        "definition": definition,
        "period": period,
        "formats": ["pdf"],
        "known_at": datetime.now(UTC).isoformat(),
    }
    told_: list[str] = []
    for door, url in zip(seat.doors, (made.one, made.other), strict=True):
        status, run = door.send("POST", "/reports", client_id=str(uuid.uuid4()), **body)
        assert status == 202, run
        reporting.work(url)
        _, run = door.send("GET", f"/reports/{run['id']}")
        assert (run["state"], run["failed"]) == ("done", []), run
        told_.append(run["editions"][0]["digest"])
    return told_[0], told_[1]


@pytest.mark.parametrize("definition", ["daily", "weekly"])
def test_a_report_says_nothing_of_what_lies_beyond(
    made: Worlds, seats: dict[str, Both], definition: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reporting.written_plainly(monkeypatch, tmp_path)
    lon, lat = town.centre(CELLS[BEYOND])
    case = {"category": "x", "description": SAID, "position": {"lon": lon, "lat": lat}}
    status, told_ = seats["all"].doors[1].send("POST", "/cases", client_id=str(uuid.uuid4()), **case)
    assert status == 201, told_
    for role, _ in SEATS:
        one, other = digests(made, seats[role], definition)
        assert one == other, role
    one, other = digests(made, seats["all"], definition)
    assert one != other, "who answers for the whole district is told of more"

"""Who asks the registry what: people of several roles and territories, elements large and small, words of all sorts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import numpy as np
from flask import Flask
from sqlalchemy import Connection, text

from app.accounts.rules import Role
from app.db import Actor, transaction
from tests.people import employ, sign_in

ROLES = {
    "district": (Role.DUTY_OFFICER, Role.LEADER, Role.DISPATCHER),
    "subdistrict": (Role.SUBCENTRE_HEAD, Role.SUBCENTRE_OPERATOR, Role.SUPERVISOR),
    "community": (Role.COMMUNITY_DESK,),
    "cell": (Role.GRID_OFFICER,),
}
PLACES = """
SELECT level, code, no, last_no FROM (
    SELECT a.level, a.code, a.no, a.last_no,
        row_number() OVER (PARTITION BY a.level ORDER BY count(e.id) DESC, a.no) AS rank
    FROM areas a JOIN elements e ON e.area_no BETWEEN a.no AND a.last_no AND e.type = 'building'
    WHERE a.level <> 'resident_group' GROUP BY a.id
) ranked WHERE rank IN (1, 3) OR level = 'district' ORDER BY no
"""
ANY = """
SELECT id FROM elements WHERE area_no BETWEEN :first AND :last AND (kind <> 'person' OR :persons)
ORDER BY md5(id::text) LIMIT 400
"""
HUBS = """
SELECT id FROM (SELECT e.id, (SELECT count(*) FROM relations r WHERE r.target_id = e.id)
        + (SELECT count(*) FROM relations r WHERE r.source_id = e.id) AS ties
    FROM elements e WHERE e.area_no BETWEEN :first AND :last AND (e.type IN ('compound', 'property_company', 'building')
        OR e.kind = 'organisation')
) tied ORDER BY ties DESC, id LIMIT 60
"""
CALLED = """
SELECT kind, code, name, address FROM elements WHERE area_no BETWEEN :first AND :last AND kind <> 'person'
    AND type <> 'dwelling' ORDER BY md5(id::text) LIMIT 400
"""
NAMES = """
SELECT p.name FROM persons p JOIN elements e USING (id) WHERE e.area_no BETWEEN :first AND :last
ORDER BY md5(p.id::text) LIMIT 100
"""
CELLS = "SELECT id FROM areas WHERE level = 'cell' AND no BETWEEN :first AND :last ORDER BY md5(id::text) LIMIT 200"
COMMON = ("社区", "便利店", "物业", "模拟", "花园", "路灯", "栋", "北京路", "小学 幼儿园", "云")
NOTHING = ("长颈鹿", "ZZ-404", "不存在路99号", "530103990099990001", "x'; --", "%%", "北极熊便利店")

HUB = 0.3
"""Share of neighbourhoods that are asked of the most connected."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with their territory, as the database knows it and as the server does."""

    role: Role
    actor: Actor
    first: int
    last: int
    headers: dict[str, str]
    persons: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody may ask about."""

    reader: Reader
    elements: list[int]
    hubs: list[int]
    called: list[Any]
    names: list[str]
    cells: list[int]


@dataclass(frozen=True, slots=True)
class Request:
    """One question: of which kind, whose, and about what."""

    kind: str
    reader: Reader
    path: str
    about: Any
    body: str | None = None

    @property
    def sent(self) -> dict[str, Any]:
        """As the clients send it."""
        if self.body is None:
            return {"path": self.path, "headers": self.reader.headers}
        headers = {**self.reader.headers, "Content-Type": "application/json"}
        return {"path": self.path, "headers": headers, "method": "POST", "body": self.body}


def readers(url: str, app: Flask) -> list[Reader]:
    """People of the district, of two subdistricts, two communities and two cells, signed in."""
    with transaction(url, read_only=True) as connection:
        places = connection.execute(text(PLACES)).all()
    return [_reader(url, app, role, place) for place in places for role in ROLES[place.level]]


def _reader(url: str, app: Flask, role: Role, place: Any) -> Reader:
    person = employ(url, role, place.code, username=f"bench-{role}-{secrets.token_hex(4)}")
    client = sign_in(app, person)
    cookie = client.get_cookie("__Host-panlong")
    assert cookie is not None
    headers = {
        "Cookie": f"__Host-panlong={cookie.value}", "Accept-Encoding": "gzip",
        "X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"],
    }  # fmt: skip
    actor = Actor(person.account_id, (role.value,), f"{{[{place.no},{place.last_no + 1})}}")
    persons = role in {Role.GRID_OFFICER, Role.COMMUNITY_DESK, Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD}
    return Reader(role, actor, place.no, place.last_no, headers, persons)


def known(connection: Connection, reader: Reader) -> Known:
    """Samples of what lies in somebody's territory."""
    given = {"first": reader.first, "last": reader.last, "persons": reader.persons}

    def ids(statement: str) -> list[Any]:
        return list(connection.execute(text(statement), given).scalars())

    called = connection.execute(text(CALLED), given).all()
    names = ids(NAMES) if reader.persons else []
    return Known(reader, ids(ANY), ids(HUBS), list(called), names, ids(CELLS))


def requests(of: list[Known], each: int, rng: np.random.Generator) -> list[Request]:
    """So many of each kind, in no order."""
    found = [
        one
        for kind in (_depth(2), _depth(3), _find, _list, _card, _person)
        for one in _some(kind, of, each, rng)
    ]
    return [found[i] for i in rng.permutation(len(found))]


def _some(kind: Any, of: list[Known], count: int, rng: np.random.Generator) -> Iterator[Request]:
    while count:
        one = kind(of[rng.integers(len(of))], rng)
        if one is not None:
            count -= 1
            yield one


def _depth(depth: int) -> Any:
    def asked(of: Known, rng: np.random.Generator) -> Request:
        among = of.hubs if of.hubs and rng.random() < HUB else of.elements
        about = among[rng.integers(len(among))]
        path = f"/api/v1/elements/{about}/neighbourhood?depth={depth}"
        return Request(f"neighbourhood to depth {depth}", of.reader, path, about)

    return asked


def _find(of: Known, rng: np.random.Generator) -> Request:
    said = _words(of, rng)
    return Request("search over everything", of.reader, f"/api/v1/find?q={quote(said)}", said)


def _list(of: Known, rng: np.random.Generator) -> Request:
    said = _words(of, rng)
    return Request("search in the registry", of.reader, f"/api/v1/elements?q={quote(said)}", said)


def _card(of: Known, rng: np.random.Generator) -> Request:
    about = of.cells[rng.integers(len(of.cells))]
    return Request("cell card", of.reader, f"/api/v1/areas/{about}/card", about)


def _person(of: Known, rng: np.random.Generator) -> Request | None:
    """A person by the beginning of their name, for those who serve people."""
    if not of.names:
        return None
    name = of.names[rng.integers(len(of.names))][: 2 if rng.random() < 0.5 else 3]
    body = json.dumps({"purpose": "核对登记信息", "name": name})
    return Request("search for a person", of.reader, "/api/v1/persons/search", name, body)


def _words(of: Known, rng: np.random.Generator) -> str:
    """A name, a fragment of one, an address, a code, a word that is everywhere, or one that is nowhere."""
    one, turn = of.called[rng.integers(len(of.called))], rng.random()
    if turn < 0.15:
        among = COMMON if turn < 0.1 else NOTHING
        return str(among[rng.integers(len(among))])
    if turn < 0.3 and one.code:
        return str(one.code)
    if turn < 0.5 and one.address:
        return str(one.address)
    if turn < 0.75 and len(one.name) > 3:
        at = rng.integers(len(one.name) - 2)
        return str(one.name[at : at + rng.integers(2, 5)])
    return str(one.name)

"""Answers beside plain SQL of the owner of the tables, with the territory written out."""

from __future__ import annotations

import gzip
import json
import urllib.request
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.registry.service.looking import EACH, MOST
from tests.benchmarks.registering.asking import Reader, Request

SEEN = "e.area_no BETWEEN :first AND :last AND (e.kind <> 'person' OR :persons) AND e.merged_into IS NULL"
RING = f"""
SELECT r.id, r.source_id, r.case_id, r.target_id FROM relations r JOIN elements e ON e.id = r.target_id
WHERE r.to_on IS NULL AND (r.source_id = ANY (:ids) OR r.target_id = ANY (:ids) OR r.case_id = ANY (:cases)) AND {SEEN}
    AND (EXISTS (SELECT FROM elements e WHERE e.id = r.source_id AND {SEEN})
        OR EXISTS (SELECT FROM cases c WHERE c.id = r.case_id AND c.area_no BETWEEN :first AND :last))
"""
LISTED = f"""
SELECT e.id FROM elements e WHERE {SEEN} AND e.kind <> 'person' AND (e.code = upper(:said)
    OR e.type <> 'dwelling' AND NOT EXISTS (SELECT FROM regexp_split_to_table(lower(:said), '\\s+') w (word)
        WHERE strpos(lower(coalesce(e.name, '') || ' ' || coalesce(e.address, '')), w.word) = 0))
"""
COUNTED = f"""
SELECT CASE WHEN e.type IN ('building', 'dwelling') THEN e.type ELSE e.kind END AS what, count(*) AS n
FROM elements e JOIN areas a ON a.id = :area AND e.area_no BETWEEN a.no AND a.last_no WHERE {SEEN} GROUP BY 1
"""
HOUSEHOLDS = f"""
SELECT count(DISTINCT p.household_id) FROM persons p JOIN elements e USING (id)
JOIN areas a ON a.id = :area AND e.area_no BETWEEN a.no AND a.last_no WHERE {SEEN}
"""
OPEN = """
SELECT count(*) FROM cases c JOIN areas a ON a.id = :area AND c.area_no BETWEEN a.no AND a.last_no
WHERE open_state(c.state)
"""


def answer(port: int, asked: Request) -> tuple[int, Any]:
    """The status and the content that the server sends."""
    sent = asked.sent
    body = asked.body.encode() if asked.body else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{asked.path}", body, sent["headers"])
    with urllib.request.urlopen(request, timeout=60) as got:
        raw = got.read()
        plain = gzip.decompress(raw) if got.headers.get("Content-Encoding") == "gzip" else raw
        return got.status, json.loads(plain)


def check(connection: Connection, port: int, asked: Sequence[Request]) -> dict[str, int]:
    """How many answers of each kind were found right; the first wrong one ends the program."""
    right: dict[str, int] = {}
    for one in asked:
        status, told = answer(port, one)
        looked = CHECKS[one.kind](connection, one, told) if status == 200 else f"status {status}"
        if looked is not None:
            raise SystemExit(f"{one.kind}, {one.reader.role}, {one.path}: {looked}")
        right[one.kind] = right.get(one.kind, 0) + 1
    return right


def _wall(reader: Reader) -> dict[str, Any]:
    return {"first": reader.first, "last": reader.last, "persons": reader.persons}


def _around(connection: Connection, one: Request, told: Any) -> str | None:
    """Ring by ring; of a ring that is cut every relation is true, though not all are told."""
    reached, cases, seen = {one.about}, set[int](), set[int]()
    by_ring: dict[int, set[int]] = {}
    for tie in told["relations"]:
        by_ring.setdefault(tie["ring"], set()).add(tie["id"])
    for ring in range(1, int(one.path[-1]) + 1):
        given = {**_wall(one.reader), "ids": list(reached), "cases": list(cases)}
        rows = {row.id: row for row in connection.execute(text(RING), given)}
        ours = by_ring.get(ring, set())
        if not ours <= rows.keys():
            return f"ring {ring} has relations that are not there"
        if not told["cut"] and len(rows) < EACH and ours | seen != rows.keys() | seen:
            return f"ring {ring} lacks {len(rows.keys() - ours - seen)} of {len(rows)} relations"
        if len(ours) > MOST:
            return f"ring {ring} has {len(ours)} relations"
        seen |= ours
        kept = [rows[tie] for tie in ours]
        reached = {end for row in kept for end in (row.source_id, row.target_id) if end is not None}
        cases = {row.case_id for row in kept if row.case_id is not None}
    return None


def _found(connection: Connection, one: Request, told: Any) -> str | None:
    every = set(connection.execute(text(LISTED), {**_wall(one.reader), "said": one.about.strip()}).scalars())
    listed = told["items"] if "items" in told else told["sites"] + told["organisations"] + told["objects"]
    ours = {each["id"] for each in listed}
    most = 50 if "items" in told else 18
    if not ours <= every:
        return f"{len(ours - every)} found that do not say so"
    if (len(one.about.strip()) > 1 and len(every) <= 6 and ours != every) or len(ours) > most:
        return f"{len(ours)} of {len(every)} found"
    return None


def _carded(connection: Connection, one: Request, told: Any) -> str | None:
    given = {**_wall(one.reader), "area": one.about}
    wanted = {row.what: row.n for row in connection.execute(text(COUNTED), given)}
    wanted["household"] = connection.execute(text(HOUSEHOLDS), given).scalar_one()
    ours = {each["element"]: each for each in told["elements"]}
    place, person = ours["place"], ours["person"]
    said = {
        "building": place["of"].get("building", 0), "dwelling": place["of"].get("dwelling", 0),
        "object": ours["object"]["count"], "organisation": ours["organisation"]["of"].get("registered", 0),
    }  # fmt: skip
    if one.reader.persons:
        said |= {"person": person["count"], "household": person["of"].get("household", 0)}
    elif person["count"] is not None or told["residents"] is not None:
        return "people are counted for somebody who serves nobody"
    if told["open"] != connection.execute(text(OPEN), given).scalar_one():
        return "other open cases"
    return next(
        (f"{what}: {n} for {wanted.get(what, 0)}" for what, n in said.items() if n != wanted.get(what, 0)),
        None,
    )


def _persons(connection: Connection, one: Request, told: Any) -> str | None:
    statement = f"SELECT count(*) FROM persons p JOIN elements e USING (id) WHERE starts_with(p.name, :said) AND {SEEN}"
    every = connection.execute(text(statement), {**_wall(one.reader), "said": one.about}).scalar_one()
    found = len(told["items"])
    return None if found == min(every, 50) else f"{found} of {every} found"


CHECKS = {
    "neighbourhood to depth 2": _around,
    "neighbourhood to depth 3": _around,
    "search over everything": _found,
    "search in the registry": _found,
    "search for a person": _persons,
    "cell card": _carded,
}

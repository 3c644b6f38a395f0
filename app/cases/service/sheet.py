"""A case as a sheet: all that its page and its panel show of it, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.moves import Move
from app.cases.rules.states import STEPS, CaseState
from app.cases.service import contacts, telling
from app.cases.service.clock_faces import Face, face
from app.cases.service.situation import Situation
from app.cases.store import heading, ratings, story
from app.errors import NotFoundError
from app.grid.store import reading

Record = dict[str, Any]

NEAR_METRES, NEAR_DAYS, NEAR_MOST = 50.0, 7, 20
"""相似案件: as far and as long ago, and how many."""

MOST_FILES = 200
AT_UNIT = frozenset({CaseState.DISPATCHED, CaseState.HANDLING, CaseState.SUSPENDED})
SHOWS_IT_DONE = frozenset({Move.SUBMIT_INSIDE, Move.PASS_INSIDE, Move.GIVE_FEEDBACK, Move.CO_FEEDBACK})
"""处置后: moves whose pictures show the thing handled."""

SHOWS_A_CHECK = frozenset({Move.VERIFY_PASS, Move.VERIFY_FAIL, Move.FAIL_INSIDE})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a case by the one who looks.

    Parameters
    ----------
    head
        Its row with names, and what was told in confidence to those who deal with it.
    entries, following
        A page of its story, and the version after which the next one begins.
    holder
        Whose turn it is: `kind` is `unit`, `person` or `desk`.
    reached
        When it came to each step of the loop for the last time.
    """

    found: Situation
    head: Record
    entries: Sequence[Record]
    following: int | None
    files: Sequence[Record]
    links: Sequence[Record]
    ratings: Sequence[Record]
    similar: Sequence[Record]
    path: Sequence[Record]
    units: Mapping[int, Record]
    people: Mapping[int, Record]
    face: Face
    holder: Record
    reached: Mapping[int, datetime]


def sheet(connection: Connection, found: Situation, after: int = 0) -> Sheet:
    """The sheet of a case, its story from the row after a version on.

    Raises
    ------
    NotFoundError
        `case_missing`: not for the one who looks.
    """
    case_id = found.row.id
    head = heading.head(connection, case_id)
    if head is None:
        raise NotFoundError("case_missing", id=case_id)
    head |= heading.confided(connection, case_id)
    head["contact"] = contacts.masked(connection, head)
    del head["contact_phone"], head["contact_phone_index"]
    entries, following = telling.told(connection, found.row.district_id, case_id, after)
    people = heading.people_by_account(connection, _people(found))
    moves = {row.version: row.move for row in found.log}
    return Sheet(
        found,
        head,
        entries,
        following,
        [
            {**one, "phase": phase(one["field"], moves.get(one["version"], ""))}
            for one in story.files(connection, case_id, limit=MOST_FILES)
        ],
        heading.links(connection, case_id),
        ratings.ratings(connection, case_id),
        story.similar(connection, case_id, metres=NEAR_METRES, days=NEAR_DAYS, limit=NEAR_MOST),
        _path(connection, head["area_id"]),
        heading.units_by_id(connection, _units(found)),
        people,
        face(head["state"], head["due_at"], found.clocks, found.now),
        _holder(head, found, people),
        reached([(row.target, row.at) for row in found.log]),
    )


def phase(field: str, move: str) -> str:
    """What a picture shows: the thing `before` it was handled, `after` that, or a `check`."""
    if field == "after" or move in SHOWS_IT_DONE:
        return "after"
    return "check" if move in SHOWS_A_CHECK else "before"


def reached(rows: Sequence[tuple[str, datetime]]) -> dict[int, datetime]:
    """When each step of the loop was come to for the last time, by the states of a log; steps ahead are left out."""
    found: dict[int, datetime] = {}
    before: int | None = None
    for state, at in rows:
        step = STEPS[CaseState(state)]
        if step is not None and step != before:
            found = {passed: then for passed, then in found.items() if passed < step} | {step: at}
        before = step
    return found


def _holder(head: Record, found: Situation, people: Mapping[int, Record]) -> Record:
    case = found.case
    if head["unit"] and case.state in AT_UNIT:
        return {"kind": "unit", "name": head["unit"], "name_en": head["unit_en"]}
    asked = {CaseState.CONFIRMING: case.confirmer, CaseState.HANDLED: None if case.verified else case.checker}
    person = people.get(asked.get(case.state) or 0)
    if person is not None:
        return {"kind": "person", "name": person["name"], "name_en": None}
    return {"kind": "desk", "name": case.loop.value, "name_en": None}


def _path(connection: Connection, area_id: int | None) -> list[Record]:
    area = None if area_id is None else reading.area(connection, area_id)
    return [] if area is None else area["path"]


def _units(found: Situation) -> set[int]:
    """Every unit whose time some clock measured, and those that help."""
    parts = (part.whose for clock in found.clocks for part in clock.read(found.now).segments)
    named = {
        int(whose.partition(":")[2]) for whose in parts if whose.startswith("unit:") and whose[5:].isdecimal()
    }
    return named | found.case.co_units


def _people(found: Situation) -> set[int]:
    case = found.case
    return {one for one in (case.crew, case.checker, case.confirmer, case.reporter) if one is not None}

"""Random walks of cases through the real database: whatever people try, the row is what the log folds to."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app import db
from app.cases.rules.deciding import Asker, available
from app.cases.rules.fields import FIELDS, Kind
from app.cases.rules.folding import LoggedMove, fold, from_stand
from app.cases.rules.moves import TABLE, Move
from app.cases.rules.states import CaseState
from app.cases.rules.timing import clocks, current
from app.cases.service import moving, reporting
from app.cases.service.situation import Situation, situation, timed
from app.cases.service.timetable import timetable
from app.cases.store import log
from app.db import Actor
from app.errors import AppError
from app.postgres import Cluster
from tests import casework, town
from tests.casework import POSTS, Casework

pytestmark = pytest.mark.db

PLATFORM = "platform"
"""The platform itself, whose moves are those of its timers and calendars."""

PEOPLE = [*(name for name in POSTS if name not in {"neighbour", "resident"}), PLATFORM]
MOVES = [*Move, "accept_register_dispatch", "fly"]
REPORTERS = ("officer", "supervisor", "duty")
CONDITIONS = ("C01", "C08", "C34", "C57", "A11", "C37")
AT_WORK = (Move.ACCEPT, Move.REGISTER, Move.DISPATCH, Move.ACKNOWLEDGE)
BEGINNINGS: tuple[tuple[Move, ...], ...] = (
    (),
    AT_WORK,
    (*AT_WORK, Move.REQUEST_EXTENSION),
    (*AT_WORK, Move.REQUEST_SUSPENSION, Move.GRANT_SUSPENSION),
    (*AT_WORK, Move.SEND_BACK, Move.UPHOLD_RETURN, Move.DISPATCH, Move.ACKNOWLEDGE, Move.SEND_BACK),
    (*AT_WORK, Move.ASSIGN_INSIDE, Move.SUBMIT_INSIDE),
    (*AT_WORK, Move.GIVE_FEEDBACK, Move.VERIFY_PASS, Move.CLOSE),
)
"""Where walks begin: dice alone seldom come to what takes many steps, or come there too late to go on."""

STEPS = st.lists(
    st.tuples(
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, 10_000),
        st.sampled_from([0, 0, 1, 1, 20, 90, 600, 3_000, 30_000]),
        st.sampled_from([False, False, False, True]),
    ),
    min_size=12,
    max_size=40,
)
DULL = {
    Move.COMMENT, Move.ATTACH, Move.REMIND, Move.LINK_ROOT, Move.SPLIT, Move.SUPERVISE, Move.CALL_BACK, Move.REDATE,
    Move.REPLY_SOURCE, Move.CO_HANDLE, Move.CO_FEEDBACK, Move.RECLASSIFY, Move.REQUEST_UP, Move.RECEIVE_FROM_ABOVE,
}  # fmt: skip
"""Moves that are always possible: each counts once, however many people could make it."""


NOBODY = Actor()


@dataclass(slots=True)
class Walk:
    """A case on its way, and the hours that have passed."""

    connection: Connection
    work: Casework
    actors: dict[str, Actor | None]
    units: dict[str, frozenset[int]]
    case: int = 0
    twin: int = 0
    category: str = ""
    minutes: int = 0

    def act(self, name: str) -> Actor | None:
        """From now on somebody acts; the wall is left out, for time is made to pass faster than it lets."""
        actor = self.actors[name]
        self.connection.execute(
            text(
                "SELECT set_config('panlong.' || key, value, true) FROM jsonb_each_text(CAST(:all AS jsonb))"
            ),
            {"all": json.dumps({**(actor or NOBODY).settings, "minutes": str(self.minutes)})},
        )
        return actor


@pytest.fixture(scope="module")
def work(cluster: Cluster) -> Iterator[Casework]:
    with casework.cloned(cluster) as work:
        with db.transaction(work.url) as connection:
            # One unit looks at its own work before it hands it in, the others do not.
            connection.execute(text("UPDATE units SET inner_check = true WHERE code = 'sanitation'"))
        yield work


@pytest.fixture
def hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's now, later by as many minutes as a setting says."""
    later = "now() + make_interval(mins => current_setting('panlong.minutes')::int) AS now"
    monkeypatch.setattr(log, "LOCK", text(str(log.LOCK).replace("now() AS now", later)))


@pytest.fixture(scope="module")
def actors(work: Casework) -> dict[str, Actor | None]:
    """Everybody as the database sees them."""
    with db.transaction(work.url, read_only=True) as connection:
        views = {
            name: connection.execute(
                text("SELECT (v).roles, (v).territory::text, (v).units FROM account_view(:account) v"),
                {"account": work.account(name)},
            ).one()
            for name in PEOPLE
            if name != PLATFORM
        }
    people = {name: Actor(work.account(name), tuple(v[0]), v[1], tuple(v[2])) for name, v in views.items()}
    return {**people, PLATFORM: None}


def value(walk: Walk, name: str, kind: Kind, who: str, pick: int) -> Any:
    """Something for a field, mostly fitting."""
    work = walk.work
    units = ("sanitation", "urban_management", "drainage")
    if kind is Kind.FILES:
        by = work.account("officer" if who == PLATFORM else who)
        found = walk.connection.execute(
            text(
                "INSERT INTO files (sha256, kind, size_bytes, width, height, original_sha256, created_by)"
                " VALUES (sha256('x'), 'jpeg', 9, 4, 4, sha256('y'), :who) RETURNING id"
            ),
            {"who": by},
        )
        return [found.scalar_one()]
    values: dict[Kind, Any] = {
        Kind.TEXT: f"话{pick}",
        Kind.CONDITION: walk.category if pick % 2 == 0 else CONDITIONS[pick % len(CONDITIONS)],
        Kind.UNIT: work.unit(units[pick % 3]),
        Kind.UNITS: [work.unit(units[pick % 3])],
        Kind.ACCOUNT: work.account("crew" if name == "crew" else "officer"),
        Kind.CASE: walk.twin if pick % 7 else walk.case,
        Kind.AMOUNT: str(pick % 5 + 1),
        Kind.DATE: walk.connection.execute(
            text("SELECT (now() + make_interval(mins => :m, days => 9))::date::text"), {"m": walk.minutes}
        ).scalar_one(),
        Kind.INSTANT: walk.connection.execute(
            text("SELECT to_char(now() + make_interval(mins => :m - 9), 'YYYY-MM-DD\"T\"HH24:MI:SSOF')"),
            {"m": walk.minutes},
        ).scalar_one() + ":00",
        Kind.PLACE: {"lon": 102.705, "lat": 25.035},
        Kind.YES: True,
        Kind.CODE: "准入-1",
    }  # fmt: skip
    return values[kind]


ENDS = {Move.DECLINE, Move.VOID, Move.MERGE, Move.FORCE_CLOSE, Move.UNDO, Move.ESCALATE}


def likely(walk: Walk, found: Situation, pick: int) -> tuple[str, str]:
    """One of all moves that anybody could make now."""
    case = replace(found.case, self_handling=True)
    able = [(name, e.move) for name in PEOPLE for e in available(case, asker(walk, name), found.now)]
    if not able:
        return "duty", Move.COMMENT
    # Talk and ends are rarer than steps, or few walks would come far.
    steps = [
        (name, move)
        for name, move in able
        if not (move in DULL and pick % 4) and not (move in ENDS and pick % 5)
    ]
    pairs = {move if move in DULL else (move, name): (name, move) for name, move in steps or able}
    return list(pairs.values())[pick % len(pairs)]


def asker(walk: Walk, name: str) -> Asker:
    """Somebody as the table sees them."""
    actor = walk.actors[name]
    if actor is None:
        return Asker(None, platform=True)
    return Asker(actor.account_id, frozenset(actor.roles), walk.units[name])


def begin(walk: Walk, moves: Sequence[Move], pick: int) -> Counter[str]:
    """The first moves, each by the first who may make it; what they came to."""
    seen: Counter[str] = Counter()
    for move in moves:
        found = situation(walk.connection, walk.case, walk.act("duty"))
        able = (
            n for n in PEOPLE if move in {e.move for e in available(found.case, asker(walk, n), found.now)}
        )
        who = next(able, None)
        if who is not None:
            seen[attempt(walk, found, who, move, pick)] += 1
        walk.minutes += 1
    return seen


def step(walk: Walk, who: str, pick: int, wild: bool) -> str:
    """Somebody tries something; what it came to."""
    found = situation(walk.connection, walk.case, walk.act(who))
    move: str = MOVES[pick % len(MOVES)]
    if not wild:
        who, move = likely(walk, found, pick)
    return attempt(walk, found, who, move, pick)


def attempt(walk: Walk, found: Situation, who: str, move: str, pick: int) -> str:
    """Somebody tries a move; what it came to. Refused, it leaves nothing; made, everything agrees."""
    actor = walk.act(who)
    edge = TABLE.get(move)  # type: ignore[call-overload]
    wanted = edge.needs | (edge.may if pick % 3 == 0 else frozenset()) if edge else {"condition", "unit"}
    given = {name: value(walk, name, FIELDS[name], who, pick) for name in sorted(wanted)}
    request = moving.Request(walk.case, str(move), given, found.case.version, uuid.uuid4())
    try:
        with walk.connection.begin_nested():
            told = moving.make(walk.connection, actor, request)
    except AppError as error:
        after = log.rows(walk.connection, walk.case)
        assert len(after) == found.case.version, "a refused move leaves nothing behind"
        return str(error.facts.get("reason", error.code))
    assert told["version"] == found.case.version + (3 if move == "accept_register_dispatch" else 1)
    holds(walk)
    return f"made:{move}"


def holds(walk: Walk) -> None:
    """The row is the fold of the log; its due time is that of a replay; the state is one of the table's."""
    row = walk.connection.execute(text("SELECT * FROM cases WHERE id = :case"), {"case": walk.case}).one()
    rows = log.rows(walk.connection, walk.case)
    kept = from_stand(
        {"state": row.state, "loop": row.loop, "version": row.version, "unit": row.unit_id}, row.stand
    )
    assert fold(LoggedMove(r.move, r.account_id, {**r.given, **r.facts}, r.at) for r in rows) == kept
    assert row.state in set(CaseState) and row.version == len(rows)
    last = rows[-1]
    clock = current(clocks([timed(r) for r in rows], timetable()), CaseState(row.state))
    reading = None if clock is None else clock.read(last.at)
    assert (row.due_at, row.near_at) == (
        (None, None) if reading is None else (reading.due_at, reading.near_at)
    )
    assert (row.closed_at is None) == (CaseState(row.state) in moving.OPEN_STATES)
    for before, after in pairwise(rows):
        assert after.source == before.target and after.at >= before.at
        edge = TABLE[Move(after.move)]
        assert before.target in edge.sources


def broken(connection: Connection, case: int) -> int:
    """Rows of a log whose hash or link is not what it has to be."""
    statement = text(
        "SELECT count(*) FROM (SELECT hash = transition_hash(t) AND previous = coalesce(lag(hash)"
        " OVER (ORDER BY version), first_link(case_id)) AS good FROM case_transitions t"
        " WHERE case_id = :case) r WHERE NOT good"
    )
    return int(connection.execute(statement, {"case": case}).scalar_one())


def walks(work: Casework, actors: dict[str, Actor | None], number: int, seen: Counter[str]) -> None:
    """So many walks, each in a transaction that is rolled back."""

    units = {name: frozenset({work.unit(unit)}) for name, (_, _, unit) in POSTS.items()}

    @settings(
        max_examples=number, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(
        first=st.sampled_from(BEGINNINGS),
        steps=STEPS,
        category=st.sampled_from(CONDITIONS),
        reporter=st.sampled_from(REPORTERS),
    )
    def one(
        first: tuple[Move, ...], steps: list[tuple[int, int, int, bool]], category: str, reporter: str
    ) -> None:
        with db.engine(work.url).connect() as connection:
            outer = connection.begin()
            walk = Walk(connection, work, actors, units, category=category)
            actor = walk.act(reporter)
            lon, lat = town.centre(casework.AREA)
            raw = {"category": category, "description": "x", "position": {"lon": lon, "lat": lat}}
            walk.twin, walk.case = (
                reporting.report(connection, 1, actor, raw, uuid.uuid4())["case_id"] for _ in range(2)
            )
            holds(walk)
            # To the unit that looks at its own work; dice send cases to the others.
            seen.update(begin(walk, first, steps[0][1] // 6 * 6))
            for who, pick, minutes, wild in steps:
                walk.minutes += minutes
                seen[step(walk, PEOPLE[who], pick, wild)] += 1
            assert broken(connection, walk.case) == 0
            seen["walks"] += 1
            outer.rollback()

    one()


def told(seen: Counter[str]) -> str:
    made = sum(count for name, count in seen.items() if name.startswith("made:"))
    refused = sum(seen.values()) - made - seen["walks"]
    kinds = sum(1 for name in seen if name.startswith("made:"))
    return f"{seen['walks']} walks, {made} moves of {kinds} kinds made, {refused} refused"


@pytest.mark.usefixtures("hours")
def test_walks(work: Casework, actors: dict[str, Actor | None], capsys: pytest.CaptureFixture[str]) -> None:
    seen: Counter[str] = Counter()
    walks(work, actors, 60, seen)
    with capsys.disabled():
        print("\n" + told(seen))
    assert seen["walks"] >= 60


@pytest.mark.long
@pytest.mark.usefixtures("hours")
def test_two_thousand_walks(
    work: Casework, actors: dict[str, Actor | None], capsys: pytest.CaptureFixture[str], record_property: Any
) -> None:
    seen: Counter[str] = Counter()
    walks(work, actors, 2_000, seen)
    record_property("walks", told(seen))
    with capsys.disabled():
        print("\n" + told(seen), dict(seen))
    never = {f"made:{move}" for move in Move} - set(seen) - {"made:report"}
    assert seen["walks"] >= 2_000
    assert not never, f"no walk came to {never}"

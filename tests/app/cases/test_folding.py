"""What is kept of a case beside its columns comes back as it was; folding a log repeats what was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.accounts.rules import Role
from app.cases.rules.changing import CaseNow
from app.cases.rules.deciding import Asker, MoveError, decide
from app.cases.rules.folding import COLUMNS, LoggedMove, first, fold, from_stand, to_stand
from app.cases.rules.moves import TABLE, Move
from tests.app.cases.test_moves import filled

START = datetime(2026, 11, 25, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([m for m in Move if m is not Move.REPORT]),
        st.sampled_from(list(Role)),
        st.integers(1, 6),
        st.integers(0, 90),
    ),
    max_size=60,
)


def back(case: CaseNow) -> CaseNow:
    columns = {name: getattr(case, name) for name in COLUMNS}
    return from_stand(columns, to_stand(case))


@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_a_walk_folds_to_where_it_led(steps: list[tuple[Move, Role, int, int]]) -> None:
    """Each legal step is written down; the log folds to the case, and the case survives being kept."""
    at = START
    log = [LoggedMove("report", 1, {"loop": "subdistrict", "lowest_loop": "community"}, at)]
    case = first(log[0])
    for move, role, account, minutes in steps:
        at += timedelta(minutes=minutes)
        asker = Asker(account, frozenset({role}), frozenset({30, 31}))
        try:
            outcome = decide(replace(case, self_handling=True), asker, move, filled(move), at)
        except MoveError:
            continue
        log.append(LoggedMove(move, account, filled(move), at))
        case = outcome.after
        assert case.state in {
            TABLE[move].target,
            *(TABLE[move].sources if TABLE[move].target is None else ()),
        } or (move is Move.UNDO)
        assert back(case) == case
    assert fold(log) == case
    assert case.version == len(log)


def test_undoing_gives_back_what_was() -> None:
    log = [LoggedMove("report", 1, {}, START)]
    before = first(log[0])
    desk = Asker(2, frozenset({Role.SUBCENTRE_OPERATOR}))
    declined = decide(before, desk, "decline", {"reason": "x"}, START).after
    again = decide(declined, desk, "undo", {}, START + timedelta(minutes=1)).after
    assert (again.state, again.pending, again.unit) == (before.state, before.pending, before.unit)
    assert again.version == 3
    assert again.before is None, "what was undone is not undone again"

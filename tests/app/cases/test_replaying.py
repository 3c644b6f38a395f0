"""What would be late: worked out by hand, in hours."""

from __future__ import annotations

import pytest

from app.cases.rules.replaying import Basis, Load, Median, Observed, Past, foresee

HOUR = 3600.0
A, B, C = 1, 2, 3
LITTER, COVER = 7, 8
OBSERVED = Observed(
    {(B, LITTER): Median(3 * HOUR, 5), (C, LITTER): Median(HOUR, 4)},
    {B: Median(6 * HOUR, 9), C: Median(8 * HOUR, 6)},
    {LITTER: Median(2 * HOUR, 50), COVER: Median(10 * HOUR, 4)},
)


def past(took: float | None = 4, *, had: float | None = 5, so_far: float = 0, category: int = LITTER) -> Past:
    seconds = None if took is None else took * HOUR
    return Past(A, category, seconds, so_far * HOUR, None if had is None else had * HOUR)


@pytest.mark.parametrize(
    ("case", "would", "load", "expected"),
    [
        (past(), A, Load(10, 10), (4, Basis.OWN, False)),
        (past(), A, Load(10, 12), (4.8, Basis.OWN, False)),
        (past(), A, Load(10, 13), (5.2, Basis.OWN, True)),
        (past(6), A, Load(10, 10, 2, 3), (4, Basis.OWN, False)),
        (past(4), A, Load(10, 10, 3, 2), (6, Basis.OWN, True)),
        (past(), B, Load(), (3, Basis.UNIT_CATEGORY, False)),
        (past(had=2), B, Load(), (3, Basis.UNIT_CATEGORY, True)),
        (past(), C, Load(), (8, Basis.UNIT, True)),
        (past(category=COVER), B, Load(10, 10), (6, Basis.UNIT, True)),
        (past(), 99, Load(), (2, Basis.CATEGORY, False)),
        (past(), 99, Load(0, 500), (2, Basis.CATEGORY, False)),
        (past(6, category=COVER), 99, Load(), (None, Basis.UNKNOWN, True)),
        (past(None, so_far=7), B, Load(), (3, Basis.UNIT_CATEGORY, False)),
        (past(None, so_far=1), A, Load(10, 10), (2, Basis.CATEGORY, False)),
        (past(None, so_far=7), A, Load(10, 10), (7, Basis.CATEGORY, True)),
        (past(), None, Load(), (None, Basis.UNKNOWN, True)),
        (past(had=None), None, Load(), (None, Basis.UNKNOWN, False)),
        (past(900, had=None), A, Load(10, 10), (900, Basis.OWN, False)),
    ],
)
def test_foreseen(
    case: Past, would: int | None, load: Load, expected: tuple[float | None, Basis, bool]
) -> None:
    found = foresee(case, would, OBSERVED, load)
    hours = None if found.seconds is None else round(found.seconds / HOUR, 6)
    assert (hours, found.basis, found.late) == expected


def test_nothing_changed_changes_nothing() -> None:
    for case in (past(4), past(6), past(5), past(None, so_far=6), past(had=None)):
        if case.took is not None:
            assert foresee(case, A, OBSERVED, Load(10, 10)).late is case.late

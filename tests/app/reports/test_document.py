"""What a report says: sums, quotients, and a digest that changes with every word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.reports.rules.document import Section, Words
from app.reports.rules.tabular import Column, Table, quotient
from app.reports.rules.values import Kind
from tests.app.reports.sample import FIGURES, MAP, TABLE, TREND, report


def test_the_last_line_is_of_what_was_added_up_and_no_mean_of_means() -> None:
    """1,102 of 1,203, not the mean of two thirds and eleven twelfths; 4,356,000 s are 1,210 h of 1,203 cases."""
    assert TABLE.totals == (None, 1_203, 1_102, Fraction(1_102, 1_203), 4_356_000, Fraction(1_210, 1_203))


def test_nothing_adds_up_where_nothing_is_said_to() -> None:
    assert Table("t", "", (Column("a", "a", Kind.COUNT),), ((1,), (2,))).totals is None
    half = (
        Column("a", "a", Kind.COUNT, total=True),
        Column("b", "b", Kind.COUNT),
        Column("c", "c", Kind.SHARE, of=("a", "b")),
    )
    assert Table("t", "", half, ((1, 2, Fraction(1, 2)),)).totals == (1, None, None)


def test_a_row_has_every_column_and_a_column_one_place() -> None:
    with pytest.raises(ValueError, match="t"):
        Table("t", "", (Column("a", "a"),), (("x", "y"),))
    with pytest.raises(ValueError, match="t"):
        Table("t", "", (Column("a", "a"), Column("a", "b")), ())


def test_of_nothing_there_is_no_share() -> None:
    assert quotient(0, 0) is None and quotient(1, 3, 2) == Fraction(1, 6)


def test_the_digest_is_of_all_that_is_said() -> None:
    """Every block, the shapes of the map and the instant count; the same said twice is the same."""
    found = {report().digest()}
    assert found == {report().digest()}
    others = [
        report(FIGURES),
        report(replace(TABLE, late=frozenset())),
        report(replace(TREND, labels=("7", "8", "9"))),
        report(MAP),
        report(replace(MAP, layers=(replace(MAP.layers[0], values=(1, 5, 0, 9)), *MAP.layers[1:]))),
        report(
            replace(MAP, layers=(replace(MAP.layers[0], shapes=MAP.layers[0].shapes[::-1]), *MAP.layers[1:]))
        ),  # type: ignore[union-attr]
        report(provenance=replace(report().provenance, version=4)),
        replace(report(), sections=(Section("b", "二", (Words("w", "x"),)),)),
    ]
    assert len(found | {one.digest() for one in others}) == 1 + len(others)

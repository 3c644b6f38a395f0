"""What a report says: sums, quotients, and a digest that changes with every word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.reports.rules.blocks import Words
from app.reports.rules.document import Section
from app.reports.rules.tabular import Column, Table, quotient
from app.reports.rules.values import Kind
from app.reports.service.keeping import digest, read, written
from tests.app.reports.sample import (
    CODE,
    FACTS,
    FIGURES,
    MAP,
    PHOTOS,
    PIXEL,
    SIGNATURES,
    TABLE,
    TREND,
    report,
)


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
    found = {digest(report())}
    assert found == {digest(report())}
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
    assert len(found | {digest(one) for one in others}) == 1 + len(others)


def test_what_is_kept_is_read_back_whole() -> None:
    """Fractions stay fractions, days days and instants instants; shapes and pictures are written once each."""
    whole = report(*report().sections[0].blocks, FACTS, SIGNATURES, CODE, PHOTOS)
    kept = written(whole)
    again = read(kept)
    assert again == whole and written(again) == kept and digest(again) == digest(whole)
    twice = report(MAP, replace(MAP, code="other"), PHOTOS)
    assert len(written(twice)) < len(written(report(MAP, PHOTOS))) + 2_000
    assert read(written(twice)).sections[0].blocks[2].photos[1].data == PIXEL  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "kept", [b"", b"{}", b'{"report":1,"heap":[]}', b'{"report":{"":"Nothing"},"heap":[]}']
)
def test_what_is_no_report_is_refused(kept: bytes) -> None:
    with pytest.raises(ValueError):
        read(kept)


def test_words_are_edited_and_nothing_else() -> None:
    edited = report().reworded({("all", "summary"): "改过的话。"})
    assert [one.text for _, one in edited.blocks() if isinstance(one, Words)] == ["改过的话。"]
    assert replace(edited, sections=()) == replace(report(), sections=()) and digest(edited) != digest(
        report()
    )
    with pytest.raises(ValueError, match="all/months"):
        report().reworded({("all", "months"): "x"})

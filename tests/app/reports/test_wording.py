"""Values as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from app.reports.rules.values import Kind, Value
from app.reports.service.wording import rounded, shown

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (1_234_567, Kind.COUNT, "1,234,567"),
        (Fraction(1, 3), Kind.SHARE, "33.33\u2009%"),
        (Fraction(1), Kind.SHARE, "100.00\u2009%"),
        (Fraction(13, 2), Kind.HOURS, "6.5"),
        (Fraction(20_001, 10), Kind.HOURS, "2,000.1"),
        (date(2026, 9, 30), Kind.DAY, "2026-09-30"),
        (datetime(2026, 9, 30, 16, 5, tzinfo=UTC), Kind.INSTANT, "2026-10-01 00:05"),
        ("530103001", Kind.CODE, "530103001"),
        (None, Kind.SHARE, "—"),
        (None, Kind.COUNT, "—"),
    ],
)
def test_each_kind(value: Value, kind: Kind, said: str) -> None:
    assert shown(value, kind, ZONE) == said


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [
        (Fraction(1, 8), 2, "0.13"),  # a half goes up, as by hand, and not to the even digit
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(2_675, 1_000), 2, "2.68"),  # as a binary number it would be less than the half
        (Fraction(124_999_999, 1_000_000_000), 2, "0.12"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(0), 1, "0.0"),
    ],
)
def test_halves_are_rounded_as_by_hand(value: Fraction, places: int, said: str) -> None:
    assert str(rounded(value, places)) == said

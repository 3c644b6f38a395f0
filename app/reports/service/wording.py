"""Values as people read them: one way for all formats that are read, so that no two of them round differently."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from app.reports.rules.values import Kind, Value
from app.web.pages import instant

NONE = "—"
"""Nothing to count, which is not nought."""

THIN = "\u2009"
PLACES = {Kind.SHARE: 2, Kind.HOURS: 1, Kind.POINTS: 2}
"""Digits behind the point, of percent, hours and points."""


def shown(value: Value, kind: Kind, zone: str) -> str:
    """A value as it is read: 1,234 - 92.41 % - 6.5 - 2026-09-30 - 2026-10-01 00:00.

    Parameters
    ----------
    zone
        The district's time zone: instants are told in it.
    """
    if value is None:
        return NONE
    if kind is Kind.COUNT:
        return f"{value:,}"
    if kind is Kind.SHARE:
        return f"{rounded(Fraction(value) * 100, PLACES[kind]):,}{THIN}%"  # type: ignore[arg-type]
    if kind in {Kind.HOURS, Kind.POINTS}:
        return f"{rounded(Fraction(value), PLACES[kind]):,}"  # type: ignore[arg-type]
    if isinstance(value, datetime):
        return instant(value, zone)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def rounded(value: Fraction, places: int) -> Decimal:
    """A fraction to so many digits, halves away from nought, as whoever checks it by hand does."""
    unit = Decimal(1).scaleb(-places)
    scaled = value * 10**places
    # A quotient of whole numbers is compared with the half exactly; a decimal of it would be rounded twice.
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return (Decimal(whole if scaled >= 0 else -whole) * unit).quantize(unit, ROUND_HALF_UP)

"""What can be given with a move: of each field its kind, and how a raw value is read. All faults are found at once."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.cases.rules.limits import WRITTEN
from app.errors import InvalidError


class Kind(StrEnum):
    """What a field holds, and so how it is asked for."""

    TEXT = "text"
    FILES = "files"
    CONDITION = "condition"
    UNIT = "unit"
    UNITS = "units"
    ACCOUNT = "account"
    CASE = "case"
    AMOUNT = "amount"
    DATE = "date"
    INSTANT = "instant"
    PLACE = "place"
    YES = "yes"
    CODE = "code"


FIELDS: Mapping[str, Kind] = {
    "opinion": Kind.TEXT,
    "reason": Kind.TEXT,
    "interim": Kind.TEXT,
    "why": Kind.TEXT,
    "called": Kind.TEXT,
    "promised": Kind.TEXT,
    "evidence": Kind.FILES,
    "before": Kind.FILES,
    "after": Kind.FILES,
    "condition": Kind.CONDITION,
    "unit": Kind.UNIT,
    "co_units": Kind.UNITS,
    "confirmer": Kind.ACCOUNT,
    "checker": Kind.ACCOUNT,
    "crew": Kind.ACCOUNT,
    "into": Kind.CASE,
    "root": Kind.CASE,
    "amount": Kind.AMOUNT,
    "review_on": Kind.DATE,
    "reply_by": Kind.DATE,
    "ordered_at": Kind.INSTANT,
    "called_at": Kind.INSTANT,
    "place": Kind.PLACE,
    "closing_condition": Kind.YES,
    "solved": Kind.YES,
    "satisfied": Kind.YES,
    "final": Kind.YES,
    "admission": Kind.CODE,
}
"""Every field of the table of moves."""

LONGEST = 2_000
"""Characters of a text; what is longer belongs into a file."""

MOST_FILES = 9
MOST_UNITS = 8
MOST_NUMBER = 2**63 - 1
PLACED = 3
"""Numbers of a position with its accuracy."""

LEAST_EXACT_M = 100_000
WEEK = timedelta(days=7)
REVIEW_DAYS = 30
"""挂账: by when it has to be looked at again."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field: a code that the messages `field_fault.…` explain."""

    field: str
    reason: str
    value: str = ""


def refuse(faults: list[FieldProblem]) -> None:
    """Say all faults at once, if there are any.

    Raises
    ------
    InvalidError
        `fields_invalid`.
    """
    if faults:
        told = [{"field": f.field, "reason": f.reason, "value": f.value} for f in faults]
        raise InvalidError("fields_invalid", faults=told, fields=", ".join(sorted({f.field for f in faults})))


def read(given: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], list[FieldProblem]]:
    """What was given, read by the kinds of its fields, and all that is wrong with it; empty fields are left out.

    Parameters
    ----------
    now
        With the district's zone: days are its days.
    """
    found: dict[str, Any] = {}
    faults: list[FieldProblem] = []
    for name, raw in given.items():
        if raw is None or raw == "":
            continue
        kind = FIELDS.get(name)
        if kind is None:
            faults.append(FieldProblem(_shown(name), "unknown_field"))
            continue
        try:
            value = READERS[kind](raw)
            if value != []:
                found[name] = value
        except (ValueError, TypeError, OverflowError, AttributeError, KeyError) as error:
            faults.append(FieldProblem(name, why(error, kind.value), _shown(raw)))
    return found, faults + _out_of_bounds(found, now)


class FaultError(ValueError):
    """A fault with a code of its own."""


def bad(reason: str) -> FaultError:
    """The error of a reader that knows what is wrong: one of the messages `wrong.…`."""
    return FaultError(reason)


def why(error: Exception, name: str) -> str:
    """The reason for which a reader refused a value."""
    return str(error) if isinstance(error, FaultError) else f"not_{name}"


def text(raw: Any) -> str:
    """A text as it was written, rare characters and all; controls but for line breaks and tabs are refused.

    Raises
    ------
    ValueError
        `text_too_long`, `text_controls`, or no text.
    """
    if not isinstance(raw, str):
        raise TypeError(raw)
    if len(raw) > LONGEST:
        raise bad("text_too_long")
    # A half of a surrogate pair is no character and cannot be stored.
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\r\n\t" for letter in raw):
        raise bad("text_controls")
    if not raw.strip():
        raise bad("text_empty")
    return raw.strip()


def _whole(raw: Any) -> int:
    if (
        isinstance(raw, bool)
        or not isinstance(raw, int | str)
        or (isinstance(raw, str) and not raw.isdecimal())
    ):
        raise TypeError(raw)
    value = int(raw)
    if not 1 <= value <= MOST_NUMBER:
        raise ValueError(raw)
    return value


def _id(raw: Any) -> int:
    value = _whole(raw)
    if value >= 2**31:
        raise ValueError(raw)
    return value


def _ids(raw: Any, most: int) -> list[int]:
    values = [_id(item) for item in (raw if isinstance(raw, list | tuple) else [raw])]
    if len(values) > most:
        raise bad("too_many")
    if len(set(values)) < len(values):
        raise bad("twice")
    return values


def _amount(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise TypeError(raw)
    written = str(raw)
    if not WRITTEN.fullmatch(written) or not Fraction(written) > 0:
        raise ValueError(raw)
    return written


def _instant(raw: Any) -> str:
    at = datetime.fromisoformat(raw)
    if at.tzinfo is None:
        raise bad("no_zone")
    return at.isoformat()


def place(raw: Any) -> list[float]:
    """Longitude and latitude in degrees, EPSG:4490.

    Raises
    ------
    ValueError
        It is none.
    """
    lon, lat = (float(raw[key]) for key in ("lon", "lat")) if isinstance(raw, Mapping) else map(float, raw)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(raw)
    return [round(lon, 7), round(lat, 7)]


def placed(raw: Any) -> list[float]:
    """Where somebody stood 定位: longitude and latitude, and third, where it is known, within how many metres.

    Raises
    ------
    ValueError
        It is none.
    """
    if not isinstance(raw, Mapping):
        raw = dict(zip(("lon", "lat", "accuracy_m"), raw, strict=False)) if len(raw) == PLACED else raw
    accuracy = raw.get("accuracy_m") if isinstance(raw, Mapping) else None
    if accuracy is None:
        return place(raw)
    exact = float(accuracy)
    if not 0 <= exact <= LEAST_EXACT_M:
        raise ValueError(raw)
    return [*place(raw), round(exact, 1)]


def _yes(raw: Any) -> bool | str:
    known = {True: True, False: False, "yes": True, "no": False, "true": True, "false": False, "on": True}
    if not isinstance(raw, bool | str):
        raise TypeError(raw)
    return known[raw]


def _code(raw: Any) -> str:
    value = text(raw)
    if len(value) > 40 or any(letter.isspace() for letter in value):
        raise ValueError(raw)
    return value


READERS: Mapping[Kind, Any] = {
    Kind.TEXT: text,
    Kind.FILES: lambda raw: _ids(raw, MOST_FILES),
    Kind.CONDITION: _code,
    Kind.UNIT: _id,
    Kind.UNITS: lambda raw: _ids(raw, MOST_UNITS),
    Kind.ACCOUNT: _id,
    Kind.CASE: _whole,
    Kind.AMOUNT: _amount,
    Kind.DATE: lambda raw: date.fromisoformat(raw).isoformat(),
    Kind.INSTANT: _instant,
    Kind.PLACE: placed,
    Kind.YES: _yes,
    Kind.CODE: _code,
}


def client_id(raw: Any) -> uuid.UUID:
    """The id that a client has made for a move.

    Raises
    ------
    InvalidError
        `fields_invalid`.
    """
    try:
        return uuid.UUID(str(raw))
    except ValueError:
        refuse([FieldProblem("client_id", "not_uuid", _shown(raw))])
        raise


def _out_of_bounds(found: Mapping[str, Any], now: datetime) -> list[FieldProblem]:
    """Days and hours that cannot be, and a case closed that says of itself that it is not done."""
    faults = []
    today = now.date()
    if "review_on" in found:
        on = date.fromisoformat(found["review_on"])
        if not today < on <= today + timedelta(days=REVIEW_DAYS):
            faults.append(FieldProblem("review_on", "not_within_30_days", found["review_on"]))
    if "reply_by" in found and not today <= date.fromisoformat(found["reply_by"]) <= today + timedelta(
        days=366
    ):
        faults.append(FieldProblem("reply_by", "not_ahead", found["reply_by"]))
    faults += [
        FieldProblem(name, "not_in_the_last_week", found[name])
        for name in ("ordered_at", "called_at")
        if name in found and not timedelta() <= now - datetime.fromisoformat(found[name]) <= WEEK
    ]
    if found.get("closing_condition") is False:
        faults.append(FieldProblem("closing_condition", "not_met"))
    return faults


def _shown(raw: Any) -> str:
    shown = str(raw)[:60]
    return "".join(letter if letter.isprintable() else "?" for letter in shown)

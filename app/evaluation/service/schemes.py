"""评分方案: those of the files, and the editions by which a district has replaced them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.fields import FieldProblem, refuse
from app.cases.service.reference_data import reference
from app.db import Actor
from app.errors import NotFoundError
from app.evaluation.rules.counting import Of
from app.evaluation.rules.indicators import INDICATORS, Sense
from app.evaluation.rules.scoring import MOST_POINTS, Scheme, Weight, scheme_of
from app.evaluation.store import schemes as store

MOST_NAME, MOST_NAME_EN, MOST_NOTE = 60, 120, 300


@cache
def of_the_files() -> tuple[Scheme, ...]:
    """The schemes that a district begins with.

    Raises
    ------
    UnavailableError
        `reference_missing`.
    """
    weights = [
        (row["scheme"], Weight(row["indicator"], Decimal(row["points"]), Sense(row["sense"])))
        for row in reference("evaluation_weights")
    ]
    return tuple(
        Scheme(
            row["code"],
            row["name"],
            row["name_en"] or None,
            Of(row["of"]),
            tuple(weight for scheme, weight in weights if scheme == row["code"]),
            row["note"] or None,
        )
        for row in reference("evaluation_schemes")
    )


def schemes(connection: Connection, district_id: int) -> list[Scheme]:
    """Every scheme as it holds now, in the order of the files, then those that only the district has."""
    own = {row["code"]: scheme_of(row) for row in store.latest(connection, district_id)}
    files = of_the_files()
    mine = [own[code] for code in own if code not in {one.code for one in files}]
    return [own.get(one.code, one) for one in files] + mine


def scheme(connection: Connection, district_id: int, code: str) -> Scheme:
    """A scheme as it holds now.

    Raises
    ------
    NotFoundError
        `scheme_missing`.
    """
    found = next((one for one in schemes(connection, district_id) if one.code == code), None)
    if found is None:
        raise NotFoundError("scheme_missing", code=code)
    return found


def default_for(found: list[Scheme], of: Of, code: str | None) -> Scheme | None:
    """The scheme that is asked for, or else the first one for such objects; None where there is none."""
    fitting = [one for one in found if one.of is of]
    if code:
        fitting = [one for one in fitting if one.code == code]
        if not fitting:
            raise NotFoundError("scheme_missing", code=code)
    return fitting[0] if fitting else None


def change(
    connection: Connection, district_id: int, actor: Actor, code: str, raw: Mapping[str, str]
) -> Scheme:
    """Make another edition of a scheme, of what a form says: `points_…` and `sense_…` by indicator.

    Raises
    ------
    NotFoundError
        `scheme_missing`.
    InvalidError
        `fields_invalid`, with every fault.
    """
    before = scheme(connection, district_id, code)
    faults: list[FieldProblem] = []
    texts = {
        name: _text(raw, name, least, most, faults)
        for name, least, most in (
            ("name", 1, MOST_NAME), ("name_en", 0, MOST_NAME_EN), ("note", 0, MOST_NOTE),
        )
    }  # fmt: skip
    weights = tuple(_weights(raw, faults))
    if not weights and not faults:
        faults.append(FieldProblem("weights", "missing"))
    refuse(faults)
    made = Scheme(code, texts["name"], texts["name_en"] or None, before.of, weights, texts["note"] or None)
    store.add(connection, district_id, actor.account_id, made)
    return scheme(connection, district_id, code)


def _text(raw: Mapping[str, str], name: str, least: int, most: int, faults: list[FieldProblem]) -> str:
    said = " ".join(raw.get(name, "").split())
    if len(said) < least:
        faults.append(FieldProblem(name, "missing"))
    elif len(said) > most:
        faults.append(FieldProblem(name, "too_long", said[:60]))
    return said


def _weights(raw: Mapping[str, str], faults: list[FieldProblem]) -> Iterator[Weight]:
    for indicator in INDICATORS:
        said = raw.get(f"points_{indicator.code}", "").strip()
        if not said or not indicator.is_share:
            continue
        sense = raw.get(f"sense_{indicator.code}") or (indicator.sense or Sense.MORE).value
        try:
            points = Decimal(said)
            if not (points.is_finite() and 0 <= points <= MOST_POINTS) or points != round(points, 2):
                raise ValueError(said)
            if points:
                yield Weight(indicator.code, points.normalize() + 0, Sense(sense))
        except (InvalidOperation, ValueError):
            faults.append(FieldProblem(f"points_{indicator.code}", "not_points", said[:60]))


def told(found: list[Scheme]) -> list[dict[str, Any]]:
    """Schemes as they are sent."""
    return [one.told() for one in found]

"""The log of a case is the truth; the row in the database is what folding it gives, kept for those who read.

Whoever reads the log can fold it again: the two have to agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from app.cases.rules.changing import CaseNow, apply
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Asked, Move
from app.cases.rules.states import CaseState

IMPORTED = "imported"
"""What the source of a case from elsewhere said of it: the first row of its log, and one more whenever the source says
something else, as long as nobody has moved the case here."""

COLUMNS = frozenset({"state", "loop", "version", "unit"})
"""What of a case has a column of its own; the rest is in `cases.stand`."""

NUMBERS = frozenset({"co_units", "handled_by"})
INSTANTS = frozenset({"merged_at", "closed_at", "last_at"})


@dataclass(frozen=True, slots=True)
class LoggedMove:
    """One row of the log, as far as folding needs it."""

    move: str
    account: int | None
    given: Mapping[str, Any]
    at: datetime


def first(row: LoggedMove) -> CaseNow:
    """The case that the first row of a log makes: reported here, or imported with what its source said."""
    given = row.given
    return CaseNow(
        state=CaseState(given.get("state", CaseState.REPORTED)),
        loop=Loop(given.get("loop", Loop.SUBDISTRICT)),
        version=1,
        reporter=row.account if row.move == Move.REPORT else None,
        unit=given.get("unit"),
        condition=given.get("condition"),
        lowest_loop=_loop(given.get("lowest_loop")),
        closed_at=_instant(given.get("closed_at")),
        last_move=Move.REPORT,
        last_by=row.account,
        last_at=row.at,
    )


def fold(rows: Iterable[LoggedMove]) -> CaseNow:
    """The case that a log comes to.

    Raises
    ------
    ValueError
        The log is empty.
    """
    case: CaseNow | None = None
    for row in rows:
        if case is None:
            case = first(row)
        elif row.move == IMPORTED:
            case = replace(first(row), version=case.version + 1)
        else:
            case = apply(case, Move(row.move), row.account, row.given, row.at)
    if case is None:
        raise ValueError("an empty log")
    return case


def to_stand(case: CaseNow) -> dict[str, Any]:
    """What of a case has no column of its own, as JSON holds it."""
    found: dict[str, Any] = {}
    for column in fields(CaseNow):
        value = getattr(case, column.name)
        if column.name in COLUMNS or value is None:
            continue
        found[column.name] = _plain(column.name, value)
    return found


def _plain(name: str, value: Any) -> Any:
    if name == "before":
        columns = {column: getattr(value, column) for column in COLUMNS}
        return {**to_stand(value), **columns}
    if name in NUMBERS:
        return sorted(value)
    if name in INSTANTS:
        return value.isoformat()
    if name == "pending":
        return {asked.value: by for asked, by in value.items()}
    return value


def from_stand(columns: Mapping[str, Any], stand: Mapping[str, Any]) -> CaseNow:
    """The case of its columns and its stand."""
    known = {column.name for column in fields(CaseNow)}
    found = {name: _rich(name, value) for name, value in stand.items() if name in known}
    return CaseNow(
        **{
            **found,
            "state": CaseState(columns["state"]),
            "loop": Loop(columns["loop"]),
            "version": columns["version"],
            "unit": columns["unit"],
        }
    )


def _rich(name: str, value: Any) -> Any:
    if name == "before":
        return from_stand(value, {key: inner for key, inner in value.items() if key not in COLUMNS})
    if name in NUMBERS:
        return frozenset(value)
    if name in INSTANTS:
        return _instant(value)
    if name == "pending":
        return {Asked(asked): by for asked, by in value.items()}
    if name == "lowest_loop":
        return _loop(value)
    return Move(value) if name == "last_move" else value


def _loop(value: Any) -> Loop | None:
    return None if value is None else Loop(value)


def _instant(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)

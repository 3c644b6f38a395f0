"""What the platform adds to what somebody gives: a number becomes a condition, an id a unit, or a fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from app.accounts.rules import Role
from app.cases.rules.conditions import Condition
from app.cases.rules.extensions import ExtensionRefusal
from app.cases.rules.fields import FIELDS, FieldProblem, Kind
from app.cases.rules.limits import Limit
from app.cases.rules.loops import Seat, roles_of
from app.cases.rules.moves import Move
from app.cases.rules.timing import OFFICE, Stage
from app.cases.service import routing
from app.cases.service.situation import Situation, extension_refusal
from app.cases.service.timetable import season_is_on
from app.cases.store import conditions, named

GIVEN_TO_A_UNIT = frozenset({Move.DISPATCH, Move.ADJUDICATE, Move.PHONE_ORDER})
ROUTED = frozenset({Move.DISPATCH, Move.PHONE_ORDER})
"""Moves that keep why the case goes there; a ruling says so itself."""

ANOTHER_CATEGORY = frozenset({Move.RECLASSIFY, Move.PHONE_ORDER})
"""Moves whose condition may be of another category than the one that was reported."""


def find(
    connection: Connection, found: Situation, move: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """The facts of a move, and what of the given does not exist or does not fit."""
    facts: dict[str, Any] = {}
    faults: list[FieldProblem] = []
    for name, value in given.items():
        look = LOOK.get(FIELDS[name])
        if look is not None:
            more, wrong = look(connection, found, name, value)
            facts |= more
            faults += wrong
    if move not in GIVEN_TO_A_UNIT:
        facts.pop("calendar", None)
    if move in ROUTED and "unit" in given:
        faults = _route(connection, found, given["unit"], facts, faults)
    if found.case.automatic:
        facts["automatic"] = True
    if move == Move.REQUEST_EXTENSION and "amount" in given:
        faults += _extension(found, given["amount"])
    chosen = facts.get("category_id")
    if chosen is not None and chosen != found.row.category_id and move not in ANOTHER_CATEGORY:
        faults.append(FieldProblem("condition", "other_category", str(given.get("condition"))))
    return facts, faults


def _route(
    connection: Connection, found: Situation, unit: int, facts: dict[str, Any], faults: list[FieldProblem]
) -> list[FieldProblem]:
    """Add why the case goes to the unit; a unit that is suggested exists, also for who sees only their own."""
    suggestion = routing.suggest_for_move(connection, found, facts)
    facts["route"] = routing.kept(suggestion, unit)
    if found.case.automatic:
        facts["sampled"] = routing.is_sampled(connection, found)
    known = {suggestion.decision.unit, *(line.unit for line in suggestion.decision.others)}
    return [f for f in faults if not (f.field == "unit" and f.reason == "unknown" and unit in known)]


def condition_of(connection: Connection, found: Situation, number: str) -> Condition | None:
    """The condition of a number as it is today, with its seasonal limit where that is on."""
    district = found.row.district_id
    season = conditions.season_of(connection, district, number)
    on = season_is_on(connection, district, season, found.local.date())
    return conditions.condition(connection, district, number, found.local.date(), on)


Found = tuple[dict[str, Any], list[FieldProblem]]
Look = Callable[[Connection, Situation, str, Any], Found]


def _condition(connection: Connection, found: Situation, name: str, value: str) -> Found:
    condition = condition_of(connection, found, value)
    if condition is None:
        return {}, [FieldProblem(name, "unknown", value)]
    return {**condition.facts, "category_id": condition.category_id, "self_handle": condition.self_handle}, []


def _unit(connection: Connection, found: Situation, name: str, value: int) -> Found:
    return _units(connection, found, name, [value])


def _units(connection: Connection, found: Situation, name: str, value: list[int]) -> Found:
    there = named.units_there(connection, found.row.district_id, value)
    facts = {"calendar": there.get(value[0]) or OFFICE} if name == "unit" else {}
    return facts, [FieldProblem(name, "unknown", str(unit)) for unit in sorted(set(value) - set(there))]


def _account(connection: Connection, found: Situation, name: str, value: int) -> Found:
    """Whoever is named has a post that fits: in the unit for a crew, in the place for a task."""
    if name == "crew":
        fits = named.works_in(connection, value, found.case.unit)
    else:
        seat = Seat.PATROL if name == "confirmer" else Seat.CHECKER
        roles = [str(role) for role in roles_of(seat, found.case.loop) | {Role.GRID_OFFICER}]
        fits = named.works_at(connection, value, found.row.area_no, roles)
    return {}, [] if fits else [FieldProblem(name, "does_not_fit", str(value))]


def _files(connection: Connection, found: Situation, name: str, value: list[int]) -> Found:
    missing = set(value) - named.own_files(connection, value, found.asker.account)
    return {}, [FieldProblem(name, "unknown", str(file)) for file in sorted(missing)]


def _case(connection: Connection, found: Situation, name: str, value: int) -> Found:
    other = named.other_case(connection, found.row.district_id, value)
    if other is None or value == found.row.id:
        return {}, [FieldProblem(name, "unknown", str(value))]
    if name == "into" and other.state in {"merged", "void", "declined", "archived"}:
        return {}, [FieldProblem(name, "is_over", str(value))]
    return {f"{name}_number": other.number or other.external_ref}, []


def _extension(found: Situation, amount: str) -> list[FieldProblem]:
    handling = [c for c in found.clocks if c.stage is Stage.HANDLING and not c.ended]
    limit = handling[-1].events[0].limit if handling else None
    if limit is None:
        return [FieldProblem("amount", "no_limit", amount)]
    refusal = extension_refusal(found, Limit.parse(amount, limit.unit))
    return [FieldProblem("amount", refusal.value, amount)] if refusal is ExtensionRefusal.TOO_LONG else []


LOOK: Mapping[Kind, Look] = {
    Kind.CONDITION: _condition,
    Kind.UNIT: _unit,
    Kind.UNITS: _units,
    Kind.ACCOUNT: _account,
    Kind.FILES: _files,
    Kind.CASE: _case,
}

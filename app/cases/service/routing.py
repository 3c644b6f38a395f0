"""派遣: whom a case is suggested to, why, and what the log keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.cases.rules.grounds import Matter, UnitNow, Units
from app.cases.rules.loops import Loop
from app.cases.rules.moves import Move
from app.cases.rules.routing import Decision, Line, drawn, route
from app.cases.service.situation import Situation
from app.cases.store import routing
from app.cases.store.routing import Basis


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who should get a case, with what it was decided on."""

    decision: Decision
    basis: Basis
    units: Mapping[int, UnitNow]

    @property
    def unit(self) -> UnitNow | None:
        """The unit; None where there is nobody."""
        return None if self.decision.unit is None else self.units[self.decision.unit]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what is to be routed; `condition` is the id of the one under which it is registered."""

    district_id: int
    category_id: int
    area_no: int
    loop: str
    day: date
    condition: int | None = None
    case_id: int | None = None
    position: tuple[float, float] | None = None


def suggest(connection: Connection, place: Place) -> Suggestion:
    """Whom a case goes to as the data are now, and why."""
    basis = routing.basis(
        connection,
        place.district_id,
        category=place.category_id,
        area_no=place.area_no,
        day=place.day,
        condition=place.condition,
        case=place.case_id,
        position=place.position,
    )
    return judge(basis, Loop(place.loop), place.day)


def judge(basis: Basis, loop: Loop, day: date) -> Suggestion:
    """The suggestion that a basis gives."""
    matter = Matter(
        day=day,
        loop=loop,
        line=basis.line,
        default=basis.default,
        chain=basis.chain,
        placed=basis.placed,
        stretches=basis.stretches,
        rules=basis.rules,
    )
    return Suggestion(route(matter, Units(basis.units)), basis, {unit.id: unit for unit in basis.units})


def suggest_for_case(connection: Connection, case_id: int) -> Suggestion | None:
    """Whom a case goes to as it is; None where the one who asks sees no such case."""
    row = routing.case(connection, case_id)
    if row is None:
        return None
    return suggest(
        connection,
        Place(row.district_id, row.category_id, row.area_no, row.loop, row.today, row.condition_id, case_id),
    )


def suggest_for_move(connection: Connection, found: Situation, facts: Mapping[str, Any]) -> Suggestion:
    """Whom a case goes to that is about to be given to a unit, under the condition that it has by then."""
    registered = [t.given["condition_id"] for t in found.timed if "condition_id" in t.given]
    condition = facts.get("condition_id", registered[-1] if registered else found.row.condition_id)
    place = Place(
        found.row.district_id,
        facts.get("category_id", found.row.category_id),
        found.row.area_no,
        found.case.loop.value,
        found.local.date(),
        condition,
        found.row.id,
    )
    return suggest(connection, place)


def kept(suggestion: Suggestion, unit: int) -> dict[str, Any]:
    """What the log keeps with a dispatch: the reasons, and whether the one who dispatched followed them."""
    return {**suggestion.decision.facts, "followed": suggestion.decision.unit == unit}


def is_sampled(connection: Connection, found: Situation) -> bool:
    """Whether a desk has to look at an automatic dispatch: drawn by the case's id, the same whenever it is asked."""
    share = routing.policy(connection, found.row.district_id).sample_share
    return drawn(found.row.id, float(share))


def keep_ruling(connection: Connection, found: Situation, move: str) -> None:
    """裁定: what was ruled holds at the place from now on, until the ruling is undone or another one is made."""
    if move == Move.ADJUDICATE:
        routing.write_ruling(connection, found.row.id)
    elif move == Move.UNDO and found.case.last_move is Move.ADJUDICATE:
        routing.withdraw_ruling(connection, found.row.id)


def told(line: Line, suggestion: Suggestion) -> dict[str, Any]:
    """A line of the reasons as programs get it: codes, numbers, and the names that they stand for."""
    unit = suggestion.units.get(line.unit) if line.unit is not None else None
    area = next((a for a in suggestion.basis.chain if a.code == line.facts.get("area")), None)
    return {
        "by": line.ground.value,
        "is": line.verdict.value,
        "ref": line.ref,
        "unit_id": line.unit,
        "unit": None if unit is None else unit.name,
        "unit_en": None if unit is None else unit.name_en,
        "area_name": None if area is None else area.name,
        "area_name_en": None if area is None else area.name_en,
        **line.facts,
    }

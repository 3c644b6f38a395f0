"""上报: a problem becomes a case, wherever it lies in the district, with all faults told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from app.accounts.rules import Role
from app.cases.rules.conditions import Condition
from app.cases.rules.fields import READERS, FieldProblem, Kind, bad, place, refuse, text, why
from app.cases.rules.loops import ORDER, Loop, Seat, roles_of
from app.cases.service import automatic, contacts, first_rows
from app.cases.service.reference_data import reference
from app.cases.service.situation import answer, situation
from app.cases.store import conditions, named, reported
from app.db import Actor
from app.errors import ConflictError

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}")
SHOWN = 60

LEVELS: Mapping[Loop, frozenset[Role]] = {
    Loop.DISTRICT: frozenset(
        {Role.INSPECTOR, Role.ACCEPTOR, Role.DISPATCHER, Role.DUTY_OFFICER, Role.SUPERVISION_OFFICER}
    ),
    Loop.SUBDISTRICT: frozenset({Role.SUPERVISOR, Role.SUBCENTRE_OPERATOR, Role.SUBCENTRE_HEAD}),
}
"""Whose report begins how high up; that of everybody else with the community."""

SOURCES: Mapping[Role, str] = {
    Role.GRID_OFFICER: "grid_officer",
    Role.SUPERVISOR: "supervisor",
    Role.INSPECTOR: "inspector",
    Role.LEADER: "leader",
    Role.GROUP_LEADER: "building_head",
    Role.REPORTER: "resident_code",
}
"""Where a report comes from that does not say."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was read of a report."""

    category: str
    description: str | None
    address: str | None
    position: tuple[float, float] | None
    area: str | None
    source: str | None
    files: tuple[int, ...]
    contact: tuple[str | None, str] | None
    condition: str | None = None


def report(
    connection: Connection, district_id: int, actor: Actor, raw: Mapping[str, Any], client: UUID
) -> dict[str, Any]:
    """Take in a report; sent twice it is one case, and answered alike.

    Raises
    ------
    InvalidError
        `fields_invalid`, with every fault.
    ConflictError
        `client_id_used`: that id belongs to somebody else's report.
    """
    wanted, faults = _read(raw)
    earlier = reported.claimed(connection, client)
    if earlier is not None:
        # What cannot be read was never taken in, whatever its id says.
        refuse(faults)
        found = situation(connection, earlier, actor)
        return answer(found.row, automatic.first_answer(found.log))
    category = reported.category(connection, district_id, wanted.category)
    if category is None and wanted.category:
        faults.append(FieldProblem("category", "unknown", wanted.category[:SHOWN]))
    faults += _misplaced(connection, district_id, wanted)
    missing = set(wanted.files) - named.own_files(connection, list(wanted.files), actor.account_id)
    faults += [FieldProblem("files", "unknown", str(file)) for file in sorted(missing)]
    area = reported.area_in_sight(connection, district_id, wanted.area) if wanted.area else None
    if wanted.area and area is None:
        faults.append(FieldProblem("area", "unknown", wanted.area[:SHOWN]))
    condition = None
    if wanted.condition is not None and category is not None:
        condition = conditions.condition(connection, district_id, wanted.condition)
        faults += _other(wanted.condition, condition, category.id)
    refuse(faults)
    assert category is not None
    roles = frozenset(actor.roles)
    case = reported.NewCase(
        district_id,
        category.id,
        wanted.source or _source(roles),
        _loop(roles, category.lowest).value,
        actor.account_id,
        description=wanted.description,
        address=wanted.address,
        position=wanted.position,
        area_id=area,
    )
    made = reported.add(connection, case)
    _claim(connection, client, actor, made.id)
    if wanted.contact is not None:
        contacts.add(connection, made.id, *wanted.contact)
    seat = Seat.PATROL if roles & roles_of(Seat.PATROL, Loop.COMMUNITY) else Seat.REPORTER
    row = first_rows.write(
        connection,
        case,
        made,
        post=None,
        seats=(seat.value,),
        given={} if condition is None else {"named_condition": condition.number},
        files=[(file, "evidence") for file in wanted.files],
    )
    told = {"version": 1, "move": row.move, "target": row.target, "loop": row.loop, "unit_id": None,
            "facts": row.facts, "at": row.at}  # fmt: skip
    at_once = automatic.dispatch_at_once(connection, case, made, condition, roles, wanted.files)
    return at_once or answer(made, told)


def _other(number: str, condition: Condition | None, category: int) -> list[FieldProblem]:
    """What is wrong with a condition that a report names."""
    if condition is None:
        return [FieldProblem("condition", "unknown", number[:SHOWN])]
    return [] if condition.category_id == category else [FieldProblem("condition", "other_category", number)]


def _claim(connection: Connection, client: UUID, actor: Actor, case_id: int) -> None:
    try:
        reported.claim(connection, client, actor.account_id, case_id)
    except IntegrityError as error:
        # Sent twice at once, or somebody else's id: whoever comes second asks again and is told of the first.
        raise ConflictError("client_id_used") from error


def _read(raw: Mapping[str, Any]) -> tuple[Report, list[FieldProblem]]:
    faults = [
        FieldProblem(str(name)[:SHOWN], "unknown_field")
        for name in raw
        if name not in READ and name != "client_id"
    ]
    values: dict[str, Any] = {}
    for name, reader in READ.items():
        value = raw.get(name)
        if value is None or value == "":
            continue
        try:
            found = reader(value)
            if found != []:
                values[name] = found
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            faults.append(FieldProblem(name, why(error, name), str(value)[:SHOWN]))
    wrong = {fault.field for fault in faults}
    if "category" not in values and "category" not in wrong:
        faults.append(FieldProblem("category", "missing"))
    if not {"position", "area"} & (set(values) | wrong):
        faults.append(FieldProblem("position", "missing"))
    if not {"description", "files"} & (set(values) | wrong):
        faults.append(FieldProblem("description", "missing"))
    files = tuple(values.get("files", ()))
    return Report(
        values.get("category", ""),
        values.get("description"),
        values.get("address"),
        values.get("position"),
        values.get("area"),
        values.get("source"),
        files,
        values.get("contact"),
        values.get("condition"),
    ), faults


def _contact(raw: Any) -> tuple[str | None, str]:
    phone = text(raw["phone"])
    if not PHONE.fullmatch(phone):
        raise bad("not_phone")
    name = None if raw.get("name") in (None, "") else text(raw["name"])
    if name is not None and len(name) > SHOWN:
        raise bad("text_too_long")
    return name, phone


def _source_code(raw: Any) -> str:
    if raw not in {row["code"] for row in reference("case_sources")}:
        raise bad("unknown")
    return str(raw)


def _position(raw: Any) -> tuple[float, float]:
    lon, lat = place(raw)
    return lon, lat


READ: Mapping[str, Callable[[Any], Any]] = {
    "category": READERS[Kind.CODE],
    "description": text,
    "address": text,
    "position": _position,
    "area": READERS[Kind.CODE],
    "source": _source_code,
    "files": READERS[Kind.FILES],
    "contact": _contact,
    "condition": READERS[Kind.CONDITION],
}
"""The fields of a report, and how each is read."""


def _misplaced(connection: Connection, district_id: int, wanted: Report) -> list[FieldProblem]:
    if wanted.position is None or reported.in_district(connection, district_id, *wanted.position):
        return []
    return [FieldProblem("position", "outside_district", "{:.6f}, {:.6f}".format(*wanted.position))]


def _source(roles: frozenset[str]) -> str:
    return next((source for role, source in SOURCES.items() if role in roles), "resident_code")


def _loop(roles: frozenset[str], lowest: int | None) -> Loop:
    """Where a case begins: with the desk of the one who reports, and no lower than its category may go."""
    level = next((loop for loop, some in LEVELS.items() if some & roles), Loop.COMMUNITY)
    least = ORDER[lowest] if lowest is not None else Loop.COMMUNITY
    return max(level, least, key=ORDER.index)

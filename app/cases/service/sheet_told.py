"""A sheet as it is told to a screen: plain values, telephones masked, instants with their zone."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.cases.rules.deciding import UNDOING
from app.cases.rules.limits import LimitUnit
from app.cases.rules.states import OPEN_STATES, STEPS
from app.cases.service.clock_faces import amount, explained
from app.cases.service.sheet import Record, Sheet
from app.cases.service.situation import Situation

HEAD = (
    "id", "number", "ref", "state", "loop", "version", "reported_at", "closed_at", "source", "address", "description",
    "simulated", "lon", "lat", "category", "category_en", "line", "major", "restricted", "condition_number",
    "condition", "closing_condition", "verification", "risk", "unit", "unit_en", "file_name",
)  # fmt: skip
ROW = (
    "version", "move", "source", "target", "at", "person", "role", "of_unit", "taken_back",
)  # fmt: skip


def told(sheet: Sheet) -> Record:
    """All of a sheet but its moves."""
    head, found = sheet.head, sheet.found
    case = found.case
    crew = sheet.people.get(case.crew or 0)
    return {
        **{name: head[name] for name in HEAD},
        "crew": None if crew is None else crew["name"],
        "co_units": [sheet.units[one] for one in sorted(case.co_units) if one in sheet.units],
        "contact": head["contact"],
        "returns": case.returns,
        "extensions": case.extensions,
        "verified": bool(case.verified),
        "pending": [one.value for one in case.pending],
        "is_open": case.state in OPEN_STATES,
        "step": STEPS[case.state],
        "reached": [{"step": step, "at": at} for step, at in sorted(sheet.reached.items())],
        "face": _face(sheet),
        "holder": sheet.holder,
        "undo_seconds": undo_seconds(found),
        "now": found.now,
        "path": [
            {"id": area["id"], "level": area["level"], "code": area["code"], "name": area["name"],
             "name_en": area["name_en"]}
            for area in sheet.path
        ],
        "clocks": [
            _clock(clock, sheet)
            for clock in sorted(explained(found.clocks, found.now), key=lambda one: bool(one["ended"]))
        ],
        "log": [_row(row) for row in sheet.entries],
        "more": sheet.following is not None,
        "files": list(sheet.files),
        "links": list(sheet.links),
        "ratings": list(sheet.ratings),
        "similar": list(sheet.similar),
    }  # fmt: skip


def undo_seconds(found: Situation) -> int:
    """For how long the last move can still be taken back."""
    if found.case.last_at is None:
        return 0
    return max(0, int((found.case.last_at + UNDOING - found.now).total_seconds()))


def _face(sheet: Sheet) -> Record:
    face = sheet.face
    return {
        "lamp": face.lamp,
        "mark": face.mark,
        "due_at": face.due_at,
        "near_at": face.near_at,
        "stage": face.stage,
        "provisional": face.provisional,
    }


def _clock(clock: Mapping[str, Any], sheet: Sheet) -> Record:
    shown = clock["shown"]
    return {
        "stage": clock["stage"],
        "lamp": clock["lamp"],
        "mark": clock["mark"],
        "ended": clock["ended"],
        "overdue": clock["overdue"],
        "total": list(clock["total"]),
        "used": list(clock["used"]),
        "due_at": shown.due_at,
        "provisional": shown.provisional,
        "extensions": shown.extensions,
        "due_x": clock["due_x"],
        "segments": [_segment(part) for part in clock["segments"]],
        "shares": _shares(clock, sheet),
    }


def _segment(one: Mapping[str, Any]) -> Record:
    part = one["part"]
    return {
        "who": one["who"] or "nobody",
        "counting": part.counting.value,
        "begin_at": part.begin_at,
        "end_at": part.end_at,
        "x": one["x"],
        "width": one["width"],
    }


def _shares(clock: Mapping[str, Any], sheet: Sheet) -> list[Record]:
    """Whose time it was, each once, in the order in which they first had it."""
    used: dict[tuple[str, str, str], Fraction] = {}
    for one in clock["segments"]:
        key = (one["who"] or "nobody", one["which"], one["part"].counting.value)
        used[key] = used.get(key, Fraction()) + one["part"].used
    unit = LimitUnit(clock["unit"])
    return [
        {
            "who": who,
            "which": which,
            "unit": sheet.units.get(int(which)) if who == "unit" and which.isdecimal() else None,
            "counting": counting,
            "used": list(amount(much, unit)),
        }
        for (who, which, counting), much in used.items()
    ]


def _row(row: Mapping[str, Any]) -> Record:
    route = row["facts"].get("route")
    return {
        **{name: row[name] for name in ROW},
        "somebody": row["account_id"] is not None,
        "seat": row["seats"][0] if row["seats"] else None,
        "origin": row["facts"].get("source"),
        "late_entry": bool(row["late_entry"]),
        "route": None if not route else {"by": route.get("by"), "followed": bool(route.get("followed"))},
        "said": [_line(line) for line in row["said"]],
    }


def _line(line: Mapping[str, Any]) -> Record:
    """One thing that was given; its names are of one form, whatever they name."""
    return {
        "field": line["field"],
        "kind": line["kind"],
        "value": line["value"],
        "unit": line["unit"],
        "names": [_named(one) for one in line["names"]],
    }


def _named(one: Any) -> Record | None:
    if one is None:
        return None
    if isinstance(one, str):
        return {"name": one, "name_en": None}
    return {"name": one["name"], "name_en": one.get("name_en")}

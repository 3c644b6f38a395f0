"""派遣: who gets a case, and why. Most specific first: ruling, ownership, rule, the condition's unit, the territory.

Pure: what is looked after near the place, which rules hold in its areas and which units there are is handed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.cases.rules.conditions import OWNER
from app.cases.rules.grounds import AreaNow, Ground, Matter, Scope, Units, Verdict
from app.cases.rules.loops import Loop


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the reasons: a ground, what became of it, by which row of data, and the unit that it leads to."""

    ground: Ground
    verdict: Verdict
    ref: int | None = None
    unit: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who gets it, and why.

    Parameters
    ----------
    unit
        None: there is nobody, and `keeper` has it until somebody is found.
    lines
        Everything that was asked, up to what was taken.
    others
        Whom the less specific grounds lead to, at most `MOST_OTHERS`, each once.
    """

    unit: int | None
    ground: Ground | None
    ref: int | None
    keeper: int | None
    lines: Sequence[Line]
    others: Sequence[Line] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What the log keeps of it: what was found; more specific grounds that are not named had nothing."""
        told = [line for line in self.lines if line.verdict is not Verdict.NONE]
        return {
            "unit": self.unit,
            "by": None if self.ground is None else self.ground.value,
            "ref": self.ref,
            "lines": [_compact(line) for line in told[-MOST_LINES:]],
        }


MOST_OTHERS, MOST_LINES, MOST_FAR = 5, 8, 3

LADDERS: Mapping[str, Sequence[str]] = {
    "property_manager": ("property_manager", "residents_committee"),
    "residents_committee": ("residents_committee",),
    "community_services": ("community_services", "residents_committee"),
    "community_safety": ("community_safety", "residents_committee"),
    "subdistrict_office": ("subdistrict_office", "sub_centre"),
}
"""Names that stand for a unit of each area, and who does it where there is none: inside compounds the committee."""

STATIONS = ("community_services", "community_safety")
"""A community's two desks: 工作站 for services, 综治站 for all else."""


def station_of(line: str | None) -> str:
    """Which of a community's two desks has a business line."""
    services, safety = STATIONS
    return services if line == "public_service" else safety


def route(matter: Matter, units: Units) -> Decision:
    """Who gets a case, and why."""
    lines: list[Line] = []
    others: list[Line] = []
    taken: Line | None = None
    for offer in _offers(matter, units):
        line = _judged(offer, units, matter.day)
        if taken is None:
            lines.append(line)
            taken = line if line.verdict is Verdict.TAKEN else None
        elif line.verdict is Verdict.TAKEN and line.unit not in {taken.unit, *(o.unit for o in others)}:
            others.append(line)
    keeper = units.command_centre(matter.day)
    return Decision(
        None if taken is None else taken.unit,
        None if taken is None else taken.ground,
        None if taken is None else taken.ref,
        None if keeper is None else keeper.id,
        lines,
        others[:MOST_OTHERS],
    )


def drawn(case_id: int, share: float) -> bool:
    """Whether a case is in a drawn sample of a share: by its id alone, so that anybody can draw it again."""
    digest = hashlib.sha256(f"sample:{case_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def _offers(matter: Matter, units: Units) -> Iterator[Line]:
    """Every ground in its order: a line that is taken if its unit is there, or that says why there is none."""
    chain = sorted(matter.chain, key=lambda area: -area.depth)
    yield from _looked_after(matter, Ground.RULING)
    yield from _looked_after(matter, Ground.OWNERSHIP)
    yield from _ruled(matter, chain, units)
    if matter.default is None:
        yield Line(Ground.DEFAULT, Verdict.NO_CONDITION)
    elif matter.default == OWNER:
        yield Line(Ground.DEFAULT, Verdict.OWNER_UNKNOWN)
    else:
        yield from _named(Ground.DEFAULT, matter.default, chain, units)
    for name in _territory(matter):
        yield _in_area(Ground.TERRITORY, name, chain, units)


def _looked_after(matter: Matter, ground: Ground) -> Iterator[Line]:
    if not matter.placed:
        yield Line(ground, Verdict.NO_PLACE)
        return
    near = [s for s in matter.stretches if s.ruling is (ground is Ground.RULING)]
    reached = sorted((s for s in near if s.distance_m <= s.tolerance_m), key=lambda s: s.order)
    beyond = sorted((s for s in near if s.distance_m > s.tolerance_m), key=lambda s: s.distance_m)
    for some, verdict in ((reached, Verdict.TAKEN), (beyond[:MOST_FAR], Verdict.TOO_FAR)):
        for stretch in some:
            facts = {
                "name": stretch.name,
                "scope": stretch.scope.value,
                "distance_m": round(stretch.distance_m, 1),
                "tolerance_m": stretch.tolerance_m,
            }
            yield Line(ground, verdict, stretch.id, stretch.unit, facts)
    if not near:
        yield Line(ground, Verdict.NONE)


def _ruled(matter: Matter, chain: Sequence[AreaNow], units: Units) -> Iterator[Line]:
    """Rules by scope and then by area, the narrowest first."""
    for scope in (Scope.CATEGORY, Scope.MAJOR, Scope.LINE):
        for area in chain:
            facts = {"scope": scope.value, "level": area.level, "area": area.code}
            found = [r for r in matter.rules if r.scope is scope and r.area_no == area.no]
            if not found:
                yield Line(Ground.RULE, Verdict.NONE, facts=facts)
            for rule in sorted(found, key=lambda r: r.id):
                yield from _named(Ground.RULE, rule.unit, chain, units, rule.id, facts)


def _named(
    ground: Ground,
    code: str,
    chain: Sequence[AreaNow],
    units: Units,
    ref: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Iterator[Line]:
    """The unit of a code; where the code stands for a unit of each area, that of the case's own."""
    more = dict(facts or {})
    if code in LADDERS:
        for name in LADDERS[code]:
            yield _in_area(ground, name, chain, units, ref, more)
        return
    unit = units.of_code(code)
    if unit is None:
        yield Line(ground, Verdict.UNIT_MISSING, ref, None, {**more, "code": code})
    else:
        yield Line(ground, Verdict.TAKEN, ref, unit.id, {**more, "code": code})


def _in_area(
    ground: Ground,
    name: str,
    chain: Sequence[AreaNow],
    units: Units,
    ref: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Line:
    unit = units.of_chain(name, chain)
    more = {**(facts or {}), "code": name}
    return Line(ground, Verdict.NOT_HERE, ref, None, more) if unit is None else Line(
        ground, Verdict.TAKEN, ref, unit.id, more
    )  # fmt: skip


def _territory(matter: Matter) -> Sequence[str]:
    """属地: with no responsible body, the territory's own level has it, and above it the subdistrict."""
    street = LADDERS["subdistrict_office"]
    if matter.loop is not Loop.COMMUNITY:
        return street
    return (station_of(matter.line), "residents_committee", *street)


def _judged(offer: Line, units: Units, day: date) -> Line:
    """A line with the unit that is there on the day; one that has ended has gone on in its successor, or is nobody."""
    if offer.verdict is not Verdict.TAKEN or offer.unit is None:
        return offer
    unit = units.today(offer.unit, day)
    if unit is None:
        return Line(offer.ground, Verdict.UNIT_ENDED, offer.ref, offer.unit, offer.facts)
    if unit.id == offer.unit:
        return offer
    return Line(offer.ground, Verdict.TAKEN, offer.ref, unit.id, {**offer.facts, "was": offer.unit})


def _compact(line: Line) -> dict[str, Any]:
    """A line as the log keeps it: by numbers and codes, without names."""
    told = {
        "by": line.ground.value,
        "is": line.verdict.value,
        "ref": line.ref,
        "unit": line.unit,
        **{name: value for name, value in line.facts.items() if name != "name"},
    }
    return {name: value for name, value in told.items() if value is not None}

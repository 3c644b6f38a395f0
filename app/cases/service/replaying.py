"""试算: the cases of a period routed again under other rules and with other people; nothing is written."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from app.cases.rules.grounds import AreaNow, Matter, Rule, Scope, Units
from app.cases.rules.loops import Loop
from app.cases.rules.replaying import Foreseen, Load, Observed, Past, foresee
from app.cases.rules.routing import Decision, route
from app.cases.store import replaying as store
from app.cases.store.routing import stretch
from app.cases.store.routing_data import RuleKey

NOBODY = 0
KEPT_CHAINS = 65_536
"""Pairs of an area and a category whose rules are remembered."""

HEADER = (
    "case", "category", "area", "unit_was", "unit_current_rules", "unit_would", "by", "ref", "given_at", "due_at",
    "hours_was", "hours_would", "basis", "late_was", "late_would",
)  # fmt: skip

Progress = Callable[[int, int, int], None]


@dataclass(slots=True)
class Replay:
    """What came of it.

    Parameters
    ----------
    pairs
        How many cases would go from a unit to another, by their codes.
    loads
        Of each unit its cases and people, as they were and as they would be.
    bases
        From what the times are known, by case.
    """

    cases: int = 0
    moved: int = 0
    by_rules: int = 0
    nobody: int = 0
    without_due: int = 0
    late_was: int = 0
    late_would: int = 0
    newly_late: int = 0
    no_longer_late: int = 0
    written: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    bases: Counter[str] = field(default_factory=Counter)
    loads: dict[str, Load] = field(default_factory=dict)


class World:
    """What routing needs of a district, read once; rules that are tried out replace those of their kind and area."""

    def __init__(
        self, connection: Connection, district: Row[Any], day: date, tried: Sequence[tuple[RuleKey, str]]
    ) -> None:
        self.day = day
        found = store.units(connection, district.id)
        self.units = Units([unit for unit, _ in found])
        self.codes = {unit.id: unit.code for unit, _ in found} | {NOBODY: ""}
        self.people = {unit.id: max(1, people) for unit, people in found}
        self.areas = store.areas(connection, district.id)
        self.categories = store.categories(connection, district.id)
        self.defaults = store.default_units(connection, district.id)
        self.current = store.rules(connection, district.id, day)
        keys = {key for key, _ in tried}
        kept = [one for one in self.current if (one[1], one[2], one[3], one[0].area_no) not in keys]
        self.changed = [*kept, *(_tried(number, *one) for number, one in enumerate(tried, start=1))]
        self.chain = lru_cache(KEPT_CHAINS)(self._chain)
        self.rules_now = lru_cache(KEPT_CHAINS)(
            lambda area, category: self._rules(self.current, area, category)
        )
        self.rules_then = lru_cache(KEPT_CHAINS)(
            lambda area, category: self._rules(self.changed, area, category)
        )

    def _chain(self, area_no: int) -> tuple[AreaNow, ...]:
        return tuple(area for area, last in self.areas if area.no <= area_no <= last)

    def _rules(self, rules: Sequence[store.RuleOf], area_no: int, category: int) -> tuple[Rule, ...]:
        about, inside = self.categories[category], {area.no for area in self.chain(area_no)}
        return tuple(
            rule
            for rule, of_category, major, line in rules
            if rule.area_no in inside
            and (
                of_category == category
                or (major is not None and major == about.major)
                or (line is not None and line == about.line)
            )
        )

    def route(self, case: Row[Any], *, changed: bool) -> Decision:
        """Who would get a case, under the rules as they are or as they are tried out."""
        about = self.categories[case.category_id]
        rules = (self.rules_then if changed else self.rules_now)(case.area_no, case.category_id)
        return route(
            Matter(
                day=self.day,
                loop=Loop(case.loop),
                line=about.line,
                default=self.defaults.get(case.condition_id, about.default_unit),
                chain=self.chain(case.area_no),
                placed=case.placed,
                stretches=[stretch(found) for found in case.near or ()],
                rules=rules,
            ),
            self.units,
        )


def _tried(number: int, key: RuleKey, unit: str) -> store.RuleOf:
    category, major, line, area = key
    scope = Scope.CATEGORY if category else Scope.MAJOR if major else Scope.LINE
    return Rule(-number, scope, area, unit), category, major, line


def replay(
    connection: Connection,
    district: Row[Any],
    since: datetime,
    until: datetime,
    day: date,
    out: Path,
    *,
    tried: Sequence[tuple[RuleKey, str]] = (),
    staff: Mapping[str, tuple[int | None, int]] | None = None,
    progress: Progress | None = None,
) -> Replay:
    """Route the cases of a period again; those that would move, or be late or no longer, are written to a CSV.

    Parameters
    ----------
    day
        On which the rules, the ownership and the units are those that hold.
    tried
        Rules that are tried out: each takes the place of the one for the same kind and area.
    staff
        Of units by their codes, how many people handle cases (None: as many as hold posts), and how many would.

    Notes
    -----
    Two passes, the first one kept in a temporary file: memory does not grow with the number of cases.
    """
    world = World(connection, district, day, tried)
    observed = store.observed(connection, district.id, since, until)
    total = store.count(connection, district.id, since, until)
    loads = _loads(world, staff or {})
    found = Replay()
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as spool:
        first = csv.writer(spool)
        for case in store.cases(connection, district.id, since, until, day):
            first.writerow(_routed(world, case, loads, found, changed=bool(tried)))
            if progress is not None and found.cases % 1000 == 0:
                progress(found.cases, found.cases, total)
        if progress is not None:
            progress(found.cases, total, total)
        spool.seek(0)
        _judge(csv.reader(spool), world, observed, loads, out, found)
    used = {world.codes[unit]: load for unit, load in loads.items() if load.was or load.would}
    found.loads = used
    return found


def _loads(world: World, staff: Mapping[str, tuple[int | None, int]]) -> dict[int, Load]:
    loads = {}
    for unit, people in world.people.items():
        now, then = staff.get(world.codes[unit], (None, None))
        before = now or people
        loads[unit] = Load(people_was=before, people_would=then or before)
    return loads


def _routed(
    world: World, case: Row[Any], loads: Mapping[int, Load], found: Replay, *, changed: bool
) -> tuple[Any, ...]:
    """A case as the second pass reads it: who had it, who would, how long it took, how long it had."""
    would = world.route(case, changed=changed)
    current = would if not changed else world.route(case, changed=False)
    # Where there is nobody, the one who keeps it has it.
    goes, stays = (decision.unit or decision.keeper for decision in (would, current))
    was = case.unit_id or stays
    found.cases += 1
    found.by_rules += current.unit != would.unit
    found.nobody += would.unit is None
    if was in loads:
        loads[was].was += 1
    if goes in loads:
        loads[goes].would += 1
    took = None if case.done_at is None else max(0.0, (case.done_at - case.given_at).total_seconds())
    so_far = max(0.0, (datetime.now(case.given_at.tzinfo) - case.given_at).total_seconds())
    had = None if case.due_at is None else (case.due_at - case.given_at).total_seconds()
    by = "" if would.ground is None else would.ground.value
    return (
        case.ref, case.category_id, case.area_no, was or NOBODY, stays or NOBODY, goes or NOBODY, by,
        would.ref or "", case.given_at.isoformat(), "" if case.due_at is None else case.due_at.isoformat(),
        "" if took is None else took, so_far, "" if had is None else had,
    )  # fmt: skip


def _judge(
    rows: Iterator[list[str]],
    world: World,
    observed: Observed,
    loads: Mapping[int, Load],
    out: Path,
    found: Replay,
) -> None:
    """The second pass: with all loads known, what each case would have taken."""
    places = {area.no: area.code for area, _ in world.areas}
    part = out.with_name(out.name + ".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for ref, category, area, was, current, would, by, row, given_at, due_at, took, so_far, had in rows:
            past = Past(int(was) or None, int(category), float(took) if took else None, float(so_far),
                        float(had) if had else None)  # fmt: skip
            then = foresee(past, int(would) or None, observed, loads.get(int(would), Load()))
            _count(found, past, then, world.codes.get(int(was), "?"), world.codes.get(int(would), "?"))
            if was != would or past.late is not then.late:
                units = [world.codes.get(int(unit), "?") for unit in (was, current, would)]
                place = [world.categories[int(category)].code, places.get(int(area), "")]
                times = [given_at, due_at, _hours(past.took), _hours(then.seconds)]
                late = [int(past.late), int(then.late)]
                found.written += 1
                writer.writerow([ref, *place, *units, by, row, *times, then.basis.value, *late])
    part.replace(out)


def _count(found: Replay, past: Past, then: Foreseen, was: str, would: str) -> None:
    if was != would:
        found.moved += 1
        found.pairs[was, would] += 1
    found.without_due += past.had is None
    found.late_was += past.late
    found.late_would += then.late
    found.newly_late += then.late and not past.late
    found.no_longer_late += past.late and not then.late
    found.bases[then.basis.value] += 1


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.2f}"

"""What becomes of rows that somebody wants: added, changed, ended, as they were; and all that speaks against it.

A dated row is never rewritten: a change ends it and lets another follow. Days are texts, so that they compare as they
are: an empty first day is today, an empty end is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.cases.rules.reference import FROM, TO, Column, ReferenceTable, Texts, When, Wrong
from app.cases.rules.reference_kinds import Kind, read

NEVER = "9999-12-31"
SHOWN = 80


class Fate(StrEnum):
    """What happens to a row."""

    ADDED = "added"
    CHANGED = "changed"
    ENDED = "ended"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Held:
    """A row as it is kept; one that is only planned has no id."""

    id: int
    values: Texts
    since: str
    until: str = ""

    @property
    def end(self) -> str:
        """The first day on which it no longer holds."""
        return self.until or NEVER

    def holds(self, day: str) -> bool:
        """Whether it holds on a day."""
        return self.since <= day < self.end


@dataclass(frozen=True, slots=True)
class Step:
    """What a row comes to.

    Parameters
    ----------
    number
        Of the row in its file, or 0.
    old, new
        What is ended or changed, and what is there afterwards.
    """

    fate: Fate
    number: int
    old: Held | None = None
    new: Held | None = None


@dataclass(slots=True)
class Plan:
    """All steps, in the order of the rows, and all faults."""

    steps: list[Step] = field(default_factory=list)
    faults: list[tuple[int, Wrong]] = field(default_factory=list)

    def count(self, fate: Fate) -> int:
        """How many rows come to that."""
        return sum(step.fate is fate for step in self.steps)


def read_row(table: ReferenceTable, raw: Texts) -> tuple[dict[str, str], list[Wrong]]:
    """The columns of a row that are there, each as it is written down, and what is wrong with them."""
    found: dict[str, str] = {}
    wrong: list[Wrong] = []
    days = (Column(FROM, Kind.DAY), Column(TO, Kind.DAY))
    for column in (*table.columns, *days):
        if column.name not in raw or column.when is When.NEVER:
            continue
        text = raw[column.name].strip()
        found[column.name] = "" if text else column.blank
        if not text:
            continue
        try:
            found[column.name] = text if text in column.choices else read(column.kind, text)
        except ValueError:
            wrong.append(Wrong(column.name, f"not_{column.kind.value}", text[:SHOWN]))
            continue
        if len(text) > column.most:
            wrong.append(Wrong(column.name, "longer", text[:SHOWN]))
        if column.kind is Kind.CHOICE and found[column.name] not in column.choices:
            wrong.append(Wrong(column.name, "not_choice", text[:SHOWN]))
    return found, wrong


class Planner:
    """Plans one table.

    Parameters
    ----------
    held
        All rows that there are.
    today
        The first day that is not past.
    known
        Of each table that is referred to, the keys that may be named.
    """

    def __init__(
        self, table: ReferenceTable, held: Iterable[Held], today: str, known: Mapping[str, Collection[str]]
    ) -> None:
        self.table, self.today, self.known = table, today, known
        self.plan = Plan()
        self.timeline: dict[tuple[str, ...], list[Held]] = {}
        self.seen: set[tuple[str, ...]] = set()
        for row in held:
            if not table.dated or row.since < row.end:
                self.timeline.setdefault(table.key_of(row.values), []).append(row)

    def take(self, number: int, raw: Texts) -> None:
        """Plan one more row."""
        row, wrong = read_row(self.table, raw)
        unread = {fault.field for fault in wrong}
        needed = [name for name in self.table.key if self.table.by_name[name].needed and name not in unread]
        wrong += [Wrong(name, "missing") for name in needed if not row.get(name)]
        key = self.table.key_of(row)
        if (*key, row.get(FROM, "")) in self.seen:
            wrong.append(Wrong(self.table.key[0], "twice", key[0]))
        self.seen.add((*key, row.get(FROM, "")))
        step = None
        if not wrong:
            mine = self.timeline.setdefault(key, [])
            step = (self._dated if self.table.dated else self._in_place)(number, row, mine, wrong)
        if step is None:
            # What else can be told of a row that cannot be used is told with it.
            before = [held.values for held in self.timeline.get(key, ())][-1:]
            readable = {name: value for name, value in row.items() if name not in unread}
            emptied = [c.name for c in self.table.written if c.needed and readable.get(c.name) == ""]
            wrong += [Wrong(name, "missing") for name in emptied if name not in self.table.key]
            wrong += self._unknown(readable, before[0] if before else {})
        elif step.fate in {Fate.ADDED, Fate.CHANGED} and step.new is not None:
            wrong += self._checked(step)
        self.plan.faults += [(number, fault) for fault in wrong]
        if step is not None and not wrong:
            self._note(step, key)

    def _note(self, step: Step, key: tuple[str, ...]) -> None:
        self.plan.steps.append(step)
        mine = self.timeline[key]
        if step.old is not None and step.fate is not Fate.UNCHANGED:
            mine.remove(step.old)
            if step.fate is Fate.CHANGED and self.table.dated and step.new is not None:
                before = replace(step.old, until=step.new.since)
                mine += [before] if before.since < before.end else []
        new = step.new
        if (
            new is not None
            and step.fate is not Fate.UNCHANGED
            and (not self.table.dated or new.since < new.end)
        ):
            mine.append(new)

    def _dated(self, number: int, row: Texts, mine: Sequence[Held], wrong: list[Wrong]) -> Step | None:
        since, until = row.get(FROM, ""), row.get(TO, "")
        same = next((held for held in mine if held.since == since), None)
        if since and same is None and since < self.today:
            wrong.append(Wrong(FROM, "in_the_past", since))
            return None
        begin = max(since, self.today)
        target = same or next((held for held in mine if held.holds(begin)), None)
        if target is None and self.table.by_file:
            wrong.append(Wrong(self.table.key[0], "by_file"))
            return None
        if target is None:
            return self._added(number, row, Held(0, self._filled(row), begin, until), mine, wrong)
        if self._differs(row, target):
            if target.end <= self.today:
                wrong.append(Wrong(FROM, "is_over", target.until))
                return None
            if self.table.only_ends(target.values):
                wrong.append(Wrong(self.table.key[0], "only_ends"))
                return None
            begin = max(begin, target.since)
            new = Held(0, {**target.values, **self._values(row)}, begin, until or target.until)
            others = [held for held in mine if held is not target]
            self._free(new, others, wrong)
            return Step(Fate.CHANGED, number, target, new)
        ends = TO in row and until != target.until and (bool(until) or bool(since))
        return self._ended(number, row, target, mine, wrong) if ends else Step(Fate.UNCHANGED, number, target)

    def _added(
        self, number: int, row: Texts, new: Held, mine: Sequence[Held], wrong: list[Wrong]
    ) -> Step | None:
        self._free(new, mine, wrong)
        return Step(Fate.ADDED, number, None, new)

    def _ended(
        self, number: int, row: Texts, target: Held, mine: Sequence[Held], wrong: list[Wrong]
    ) -> Step | None:
        until = row.get(TO, "")
        if target.end <= self.today:
            wrong.append(Wrong(TO, "is_over", target.until))
        elif until and until < self.today:
            wrong.append(Wrong(TO, "in_the_past", until))
        elif until and until < target.since:
            wrong.append(Wrong(TO, "ends_before", until))
        said = {column.name: row.get(column.name, "") for column in self.table.on_end}
        if self.table.only_ends(target.values):
            wrong += [Wrong(name, "missing") for name, value in said.items() if not value]
        new = replace(target, until=until, values={**target.values, **said})
        if until != target.since:
            self._free(new, [held for held in mine if held is not target], wrong)
        return Step(Fate.ENDED, number, target, new)

    def _free(self, new: Held, others: Iterable[Held], wrong: list[Wrong]) -> None:
        if new.end <= new.since:
            wrong.append(Wrong(TO, "ends_before", new.until))
            return
        at_once = (held for held in others if held.since < new.end and new.since < held.end)
        wrong += [Wrong(FROM, "overlaps", held.since) for held in at_once]

    def _in_place(self, number: int, row: Texts, mine: Sequence[Held], wrong: list[Wrong]) -> Step | None:
        since, until = row.get(FROM, ""), row.get(TO, "")
        if not mine:
            name, elsewhere = self.table.not_made
            if row.get(name) in elsewhere:
                wrong.append(Wrong(name, "not_made", row[name]))
            new = Held(0, self._filled(row), since or self.today, until)
            return self._added(number, row, new, mine, wrong)
        target = mine[0]
        fixed = {
            name for name in self.table.fixed if name in row and row[name] != target.values.get(name, "")
        }
        wrong += [Wrong(name, "is_fixed", row[name]) for name in sorted(fixed)]
        if since and since != target.since:
            wrong.append(Wrong(FROM, "is_fixed", since))
        ends = TO in row and until != target.until and (bool(until) or bool(since))
        if ends and until and until < self.today:
            wrong.append(Wrong(TO, "in_the_past", until))
        if not ends and not self._differs(row, target):
            return Step(Fate.UNCHANGED, number, target)
        values = {**target.values, **self._values(row)}
        new = Held(target.id, values, target.since, until if ends else target.until)
        return Step(Fate.CHANGED if self._differs(row, target) else Fate.ENDED, number, target, new)

    def _values(self, row: Texts) -> dict[str, str]:
        return {column.name: row[column.name] for column in self.table.written if column.name in row}

    def _filled(self, row: Texts) -> dict[str, str]:
        return {name: row.get(name, "") for name in self.table.by_name}

    def _differs(self, row: Texts, held: Held) -> bool:
        return any(value != held.values.get(name, "") for name, value in self._values(row).items())

    def _checked(self, step: Step) -> list[Wrong]:
        """What is wrong with a row as it would be."""
        new = step.new
        assert new is not None  # only rows that will be there are looked at
        values = new.values
        found = [Wrong(c.name, "missing") for c in self.table.columns if c.needed and not values.get(c.name)]
        found += self.table.check(values)
        found += self._unknown(values, {} if step.old is None else step.old.values)
        return found + self._clashes(new)

    def _unknown(self, values: Texts, before: Texts) -> Iterator[Wrong]:
        """What is named and not there.

        What was named before may have ended since; who changes something else need not mend it.
        """
        for column in self.table.columns:
            value = values.get(column.name, "")
            named = column.refers and value and value != before.get(column.name)
            if named and value not in column.choices and value not in self.known.get(column.refers, ()):
                yield Wrong(column.name, "unknown", value)

    def _clashes(self, new: Held) -> list[Wrong]:
        if self.table.clash is None:
            return []
        key = self.table.key_of(new.values)
        others = [held for one, rows in self.timeline.items() if one != key for held in rows]
        at_once = [held for held in others if held.since < new.end and new.since < held.end]
        names = [(self.table.clash(new.values, held.values), held) for held in at_once]
        return [
            Wrong(name, "clashes", " ".join(self.table.key_of(held.values))) for name, held in names if name
        ]

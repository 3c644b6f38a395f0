"""Rows of two elements and how they are tied become relations, each end known by its code, its number or its id."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.interop.rules.relations import read_relation
from app.interop.service.elements.checks import Seen
from app.interop.service.elements.lines import Line, Lines
from app.interop.service.report import ImportReport
from app.registry.rules.kinds import SITES, ElementKind, RelationKind, fits
from app.registry.service.entries import Wrong
from app.registry.store import ends, walled
from app.registry.store.bulk import Origin
from app.registry.store.ends import End
from app.seals.service import Column, sealer
from app.writing import plain, read_day
from spatial.errors import Fault

READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "kind": (read_relation, "relation_unknown"),
    "from_on": (read_day, "day_unreadable"),
    "to_on": (read_day, "day_unreadable"),
}
_NUMBER = re.compile(r"\d{17}[\dXx]")


@dataclass(slots=True)
class Tie:
    """A row that was read."""

    line: Line
    values: dict[str, Any] = field(default_factory=dict)
    wrongs: list[Wrong] = field(default_factory=list)
    ends: dict[str, End] = field(default_factory=dict)

    @property
    def kind(self) -> RelationKind:
        """How the two are tied, once that is read."""
        return RelationKind(self.values["kind"])


class Ties:
    """Takes in a file of relations, block by block."""

    def __init__(self, connection: Connection, lines: Lines, origin: Origin) -> None:
        self.connection, self.fields, self.origin = connection, lines.fields, origin
        self.sealer = sealer(connection)
        self.seen = Seen()
        self.read = self.added = self.changed = self.unchanged = self.skipped = 0

    def add(self, lines: Sequence[Line]) -> list[Fault]:
        """Take a block in; its faulty rows are left out, and are the answer."""
        self.read += len(lines)
        rows = [self._read(line) for line in lines]
        self._find_ends([row for row in rows if not row.wrongs])
        for row in rows:
            if not row.wrongs:
                row.wrongs += self._unfit(row)
        if self.origin.walled:
            self._judge([row for row in rows if not row.wrongs])
        self._write([row for row in rows if not row.wrongs])
        faults = [fault for row in rows for fault in self._faults(row)]
        self.skipped += len({fault.row for fault in faults})
        return faults

    def take_stock(self) -> None:
        """Relations are looked up by their keys alone: nothing is planned anew."""

    def tell(self, report: ImportReport) -> None:
        """There is nothing to say beyond the counts."""

    def _read(self, line: Line) -> Tie:
        row = Tie(line)
        for name in ("kind", "source", "target", "from_on", "to_on"):
            raw = plain(line.said.get(name) or "")
            read, wrong = READERS.get(name, (str, ""))
            try:
                row.values[name] = read(raw) if raw else None
            except (ValueError, OverflowError):
                row.values[name] = None
                row.wrongs.append(Wrong(name, wrong))
            if not raw and name in {"kind", "source", "target"}:
                row.wrongs.append(Wrong(name, "value_missing"))
        begin, end = row.values["from_on"], row.values["to_on"]
        if begin is not None and begin > self.origin.from_on:
            row.wrongs.append(Wrong("from_on", "day_later"))
        elif end is not None and end <= (begin or self.origin.from_on):
            row.wrongs.append(Wrong("to_on", "days_reversed"))
        if row.values["kind"] in SITES:
            row.wrongs.append(Wrong("kind", "relation_by_site"))
        return row

    def _find_ends(self, rows: Sequence[Tie]) -> None:
        """Both ends: elements by code, identity number or id; of what concerns something the case."""
        words = {row.values[name] for row in rows for name in ("source", "target")}
        numbers = {word: self._index(word) for word in words if _NUMBER.fullmatch(word)}
        known = ends.elements_by(self.connection, self.origin.district_id, sorted(words), numbers)
        said = {row.values["source"] for row in rows if row.kind is RelationKind.CONCERNS}
        cases = ends.cases_by(self.connection, self.origin.district_id, sorted(said)) if said else {}
        for row in rows:
            for name in ("source", "target"):
                of_case = name == "source" and row.kind is RelationKind.CONCERNS
                found = (cases if of_case else known).get(row.values[name], [])
                if len(found) == 1:
                    row.ends[name] = found[0]
                else:
                    row.wrongs.append(Wrong(name, "end_ambiguous" if found else "target_unknown"))

    def _index(self, number: str) -> bytes:
        return bytes(self.sealer.seal(Column.IDENTITY, number.upper()).index)

    def _unfit(self, row: Tie) -> list[Wrong]:
        source, target = row.ends["source"], row.ends["target"]
        kind = None if source.kind is None else ElementKind(source.kind)
        if source == target:
            return [Wrong("target", "target_unknown")]
        if target.kind is None or not fits(row.kind, kind, ElementKind(target.kind)):
            return [Wrong("kind", "does_not_tie")]
        return self.seen.again("source", f"{row.kind} {source.id} {target.id}", row.line.row)

    def _judge(self, rows: Sequence[Tie]) -> None:
        """Whoever acts ties only what is theirs to change: what does it, and of a case what it concerns."""
        names = ["target" if row.kind is RelationKind.CONCERNS else "source" for row in rows]
        theirs = walled.outside(
            self.connection, (row.ends[name].id for row, name in zip(rows, names, strict=True))
        )
        for row, name in zip(rows, names, strict=True):
            if row.ends[name].id in theirs:
                row.wrongs.append(Wrong(name, "outside_territory"))

    def _write(self, rows: Sequence[Tie]) -> None:
        """What is tied so already stays, or ends on the day that the row says; the others are new."""
        keys = [(row.kind.value, row.ends["source"].id, row.ends["target"].id) for row in rows]
        there = ends.tied(self.connection, keys) if keys else {}
        new: list[ends.NewTie] = []
        ending: list[tuple[int, date]] = []
        for row, key in zip(rows, keys, strict=True):
            begin, until = row.values["from_on"] or self.origin.from_on, row.values["to_on"]
            known = there.get(key, [])
            same = next((one for one in known if one.to_on is None or one.from_on == begin), None)
            if same is None:
                new.append(ends.NewTie(*key, begin, until))
            elif until is not None and until != same.to_on and until > same.from_on:
                ending.append((same.id, until))
            else:
                self.unchanged += 1
        ends.add(self.connection, self.origin, new)
        ends.end(self.connection, ending)
        self.added += len(new)
        self.changed += len(ending)

    def _faults(self, row: Tie) -> list[Fault]:
        faults = list(row.line.faults)
        for wrong in row.wrongs:
            said = row.line.said.get(wrong.field or "")
            # Whatever looks like an identity number is told to nobody.
            value = None if said is not None and _NUMBER.search(said) else said
            column = self.fields.get(wrong.field or "", wrong.field)
            faults.append(Fault(f"entry.{wrong.code}", row.line.row, column, value, wrong.facts))
        return faults

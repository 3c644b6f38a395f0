"""Rows as they are read become elements: checked, looked up, matched by code or number, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from app.grid.store.redrawing import hold_grid
from app.interop import store as interop
from app.interop.service.elements.checks import Seen, faults_of, outside, scientific, swapped
from app.interop.service.elements.decisions import Decisions
from app.interop.service.elements.lines import Line, Lines
from app.interop.service.elements.matching import Matcher
from app.interop.service.elements.placing import Placer
from app.interop.service.elements.row import Row
from app.interop.service.elements.updating import update
from app.interop.service.elements.walls import by_halves, judge
from app.interop.service.elements.writing import add
from app.interop.service.report import ImportReport
from app.registry.rules.kinds import ElementKind
from app.registry.service.entries import Wrong, read_entry
from app.registry.service.types import words_of
from app.registry.store import bulk, changing
from app.registry.store.bulk import Origin
from app.seals.service import Column, sealer
from spatial.errors import Fault

STOCK_AT = 5_000
"""Elements after which plans that were made for an empty table are no good any more."""


class Intake:
    """Takes in one file; what is good is written at once, and the transaction decides whether it stays."""

    def __init__(
        self,
        connection: Connection,
        kind: ElementKind,
        lines: Lines,
        origin: Origin,
        given: Mapping[str, str],
        decisions: Decisions,
    ) -> None:
        self.connection, self.kind, self.fields, self.origin, self.given = (
            connection,
            kind,
            lines.fields,
            origin,
            given,
        )
        self.words = words_of(connection)
        self.outline = interop.district_outline(connection, origin.district_id)
        self.areas = changing.area_numbers(connection, origin.district_id)
        self.units = changing.units_called(connection, origin.district_id)
        self.sealer = sealer(connection)
        self.seen = Seen()
        self.placer = Placer(connection, origin.district_id)
        self.cells: bulk.Cells | None = None
        if not origin.walled:
            hold_grid(connection, origin.district_id)  # what lies where is found in memory
            self.cells = bulk.Cells.of(connection, origin.district_id)
        self.matcher = Matcher(connection, kind, origin.district_id, decisions, self.cells)
        empty = not origin.walled and not changing.has_any(connection, origin.district_id, kind)
        self.stock_at = STOCK_AT if empty else 0
        self.read = self.added = self.changed = self.unchanged = self.skipped = self.nowhere = 0

    def add(self, lines: Sequence[Line]) -> list[Fault]:
        """Take a block in; its faulty rows are left out, and are the answer."""
        self.read += len(lines)
        rows = [self._read(line) for line in lines]
        pending = [row for row in rows if not (row.wrongs or row.line.faults)]
        while pending:
            # What lies in another row of the same block waits until that one is written.
            codes = {row.values["code"]: row for row in pending if row.values.get("code")}
            waits = [
                row for row in pending if codes.get((row.values.get("site") or "").upper(), row) is not row
            ]
            if len(waits) == len(pending):
                waits = []
            waiting = set(map(id, waits))
            self._take([row for row in pending if id(row) not in waiting])
            pending = waits
        faults = [one for row in rows for one in faults_of(row.line, row.wrongs, self.fields, self.kind)]
        self.skipped += len({fault.row for fault in faults})
        return faults

    def take_stock(self) -> None:
        """Tell the planner what came into an empty registry, each time that it has grown by so much."""
        if self.stock_at and self.added >= self.stock_at:
            bulk.take_stock(self.connection)
            self.stock_at = self.added * 8

    def tell(self, report: ImportReport) -> None:
        """Say in the report where what came in lies."""
        self.placer.tell(report)
        if self.nowhere:
            report.note("elements_nowhere", count=self.nowhere)

    def _read(self, line: Line) -> Row:
        said = {**self.given, **{name: text for name, text in line.said.items() if text is not None}}
        values, wrongs = read_entry(self.kind, said, self.words, self.origin.from_on)
        lost = scientific(line)
        swap = swapped(line, self.outline)
        lost += [Wrong("lon", "point_swapped")] if swap else []
        broken = {wrong.field for wrong in lost} | ({"lat"} if swap else set())
        row = Row(line, values, [*lost, *(one for one in wrongs if one.field not in broken)])
        row.wrongs += [] if swap else outside(values, self.outline)
        self._name(row)
        self._seal(row)
        key: bytes | str | None = values.get("code")
        name = "code"
        if self.kind is ElementKind.PERSON:
            key, name = row.sealed["identity"][1] if "identity" in row.sealed else None, "identity"
        row.wrongs += self.seen.again(name, key, line.row)
        return row

    def _name(self, row: Row) -> None:
        """The area and the unit that a row names."""
        for name, known, target in (("area", self.areas, "area_no"), ("unit", self.units, "unit_id")):
            said = row.values.get(name)
            if said is None:
                continue
            if said not in known:
                row.wrongs.append(Wrong(name, f"{name}_unknown"))
            else:
                setattr(row, target, known[said])

    def _seal(self, row: Row) -> None:
        person = self.kind is ElementKind.PERSON
        columns = {
            "phone": Column.PERSON_PHONE if person else Column.ORGANISATION_PHONE,
            "identity": Column.IDENTITY,
        }
        for name, column in columns.items():
            if row.values.get(name) is not None:
                sealed = self.sealer.seal(column, row.values[name])
                row.sealed[name] = (sealed.value, sealed.index)

    def _take(self, rows: Sequence[Row]) -> None:
        self._find_sites(rows)
        rows = [row for row in rows if not row.wrongs]
        self._find_known(rows)
        self.skipped += sum(1 for row in rows if row.waits and not row.wrongs)
        rows = [row for row in rows if not (row.waits or row.wrongs)]
        known, new, changed = self._write(rows)
        self.added += len(new)
        decided = self.matcher.decisions
        decided.made |= {row.line.row: row.known_id for row in new if row.line.row in decided.given}
        self.changed += changed
        self.unchanged += len(known) - changed
        self.nowhere += sum(
            1 for row in new if not row.site_id and not row.area_no and row.values.get("lon") is None
        )

    def _write(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row], int]:
        """Write rows; those that were known, those that are new, and how many of the known ones differed."""
        if self.origin.walled:
            rows = judge(self.connection, self.origin.district_id, rows)
        known = [row for row in rows if row.known_id]
        new = [row for row in rows if not row.known_id]
        if not self.origin.walled:
            self._add(new)
            return known, new, self._update(known)
        by_halves(self.connection, new, self._add)
        changed = by_halves(self.connection, known, self._update)
        return [row for row in known if not row.wrongs], [row for row in new if not row.wrongs], changed

    def _add(self, rows: Sequence[Row]) -> int:
        for row in rows:
            row.known_id = 0  # what was tried before and refused has left an id of nothing
        add(self.connection, self.kind, self.origin, rows, self.cells)
        return len(rows)

    def _update(self, rows: Sequence[Row]) -> int:
        return update(self.connection, self.kind, self.origin, rows)

    def _find_sites(self, rows: Sequence[Row]) -> None:
        """What rows lie in: a place by its code, else the only one of that address or name, however it is written."""
        asking = [row for row in rows if row.values.get("site")]
        if not asking:
            return
        words = list({row.values["site"] for row in asking})
        district = self.origin.district_id
        coded = changing.codes_in_use(
            self.connection, district, "place", [*words, *(w.upper() for w in words)]
        )
        left = [word for word in words if word.upper() not in coded]
        called = changing.places_called(self.connection, district, left) if left else {}
        meant = self.placer.meant([word for word in left if word not in called])
        for row in asking:
            word = row.values["site"]
            found = [coded[word.upper()]] if word.upper() in coded else sorted(set(called.get(word, ())))
            if not found and meant.get(word):
                found = [one.id for one in meant[word]]
                self.placer.resolved[meant[word][0].confidence] += len(found) == 1
            if len(found) == 1:
                row.site_id = found[0]
            else:
                facts = {"count": len(found)} if found else {}
                row.wrongs.append(Wrong("site", "site_ambiguous" if found else "site_unknown", facts))

    def _find_known(self, rows: Sequence[Row]) -> None:
        """What is known by its code or its number already; what has neither is matched by what it says."""
        district = self.origin.district_id
        if self.kind is ElementKind.PERSON:
            indexes = [row.sealed["identity"][1] for row in rows if "identity" in row.sealed]
            persons = changing.identities_in_use(self.connection, district, indexes) if indexes else {}
            for row in rows:
                row.known_id = persons.get(row.sealed["identity"][1], 0) if "identity" in row.sealed else 0
            self.matcher.match([row for row in rows if "identity" not in row.sealed])
            return
        codes = [row.values["code"] for row in rows if row.values["code"]]
        known = changing.codes_in_use(self.connection, district, self.kind.value, codes) if codes else {}
        for row in rows:
            row.known_id = known.get(row.values["code"], 0)
        if self.kind is not ElementKind.PLACE:
            self.placer.place(rows)
        self.matcher.match([row for row in rows if not row.values["code"]])

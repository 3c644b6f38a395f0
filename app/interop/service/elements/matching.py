"""Which element a row is that has no code: the one that says the very same; of what is only alike a person decides."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from sqlalchemy import Connection

from app.interop.service.elements.checks import Seen
from app.interop.service.elements.decisions import NEW, SKIP, Decisions
from app.interop.service.elements.row import Row
from app.registry.rules.kinds import ElementKind
from app.registry.rules.sameness import Record, Thicket
from app.registry.service.entries import Wrong
from app.registry.store import bulk, matching
from app.registry.store.matching import Scope

MOST = 5
"""Candidates that somebody who decides is shown."""


class Matcher:
    """Finds what rows without a code or number are; what nobody has decided yet is put aside."""

    def __init__(
        self,
        connection: Connection,
        kind: ElementKind,
        district_id: int,
        decisions: Decisions,
        cells: bulk.Cells | None,
    ) -> None:
        self.connection, self.kind, self.district_id = connection, kind, district_id
        self.decisions, self.cells = decisions, cells
        self.seen = Seen()
        self.root = matching.root_no(connection, district_id)

    def match(self, rows: Sequence[Row]) -> None:
        """Give each row its `known_id` where it has one, a fault where another row says the same, or let it wait."""
        if not rows:
            return
        if self.kind is ElementKind.PERSON:
            self._persons(rows)
            return
        at: dict[Scope, list[Row]] = {}
        for row, scope in zip(rows, self._scopes(rows), strict=True):
            record = _record(row)
            spot = None if record.address or record.room else (record.lon, record.lat)
            row.wrongs += self._again((scope, record.words, spot), row, "name")
            if not row.wrongs:
                at.setdefault(scope, []).append(row)
        types = sorted({row.values["type"] for row in rows})
        for there in matching.records_in(self.connection, self.district_id, self.kind, list(at), types):
            for scope, records in there.items():
                thicket = Thicket(records)
                for row in at[scope]:
                    self._decide(row, thicket)

    def _persons(self, rows: Sequence[Row]) -> None:
        keys = {}
        for row in rows:
            key = (row.values["name"], row.values["born_on"], row.site_id)
            if row.site_id and key[1] is not None:
                row.wrongs += self._again(key, row, "name")
            if row.site_id and not row.wrongs:
                keys[row.line.row] = key
        known = matching.persons_like(self.connection, list(set(keys.values()))) if keys else {}
        for row in rows:
            row.known_id = known.get(keys.get(row.line.row, ("", None, 0)), 0)

    def _again(self, key: Hashable, row: Row, name: str) -> list[Wrong]:
        return self.seen.again(name, hash(key).to_bytes(8, "big", signed=True), row.line.row)

    def _scopes(self, rows: Sequence[Row]) -> list[Scope]:
        """What each row lies in: its site, else the area of its point, else what it names."""
        placed = [row for row in rows if not row.site_id and row.values.get("lon") is not None]
        found = dict(zip((row.line.row for row in placed), self._areas(placed), strict=True))
        return [
            (row.site_id, 0) if row.site_id else (0, found.get(row.line.row) or row.area_no or self.root)
            for row in rows
        ]

    def _areas(self, rows: Sequence[Row]) -> list[int]:
        """The numbers of the areas in which points lie: found in memory where the cells are, else by the database."""
        points = [(row.values["lon"], row.values["lat"]) for row in rows]
        if self.cells is None or not points:
            return matching.areas_at(self.connection, self.district_id, points) if points else []
        return [int(number) for number in self.cells.numbers(*np.array(points, dtype=np.float64).T)]

    def _decide(self, row: Row, thicket: Thicket) -> None:
        record = _record(row)
        decided = self.decisions.of(record)
        if decided == SKIP:
            row.waits = True
        elif decided and decided != NEW:
            row.known_id = int(decided)
            if not matching.known_ids(self.connection, self.district_id, self.kind, [row.known_id]):
                row.wrongs.append(Wrong("name", "decision_unknown", {"id": row.known_id}))
            return
        same = thicket.same(record)
        if len(same) == 1 and not row.waits:
            row.known_id = same[0].key
        elif not decided:
            candidates = [(1.0, other) for other in same[:MOST]] or thicket.alike(record, MOST)
            if candidates:
                self.decisions.ask(record, candidates)
                row.waits = True


def _record(row: Row) -> Record:
    said = row.values
    return Record(
        row.line.row,
        said["type"],
        said["name"],
        said["address"] or "",
        said.get("entrance") or "",
        said.get("room") or "",
        said.get("lon"),
        said.get("lat"),
        sited=row.site_id > 0,
    )

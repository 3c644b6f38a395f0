"""What a row lies in, by the platform's gazetteer: a text becomes a place where only one is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.interop.service.elements.row import Row
from app.interop.service.report import ImportReport
from app.registry.service.addressing import Candidate, Confidence, resolve
from app.registry.store import addresses

LISTED, KEPT = 20, 200
"""Rows whose address is open that a note names, and that the report has with what they may mean; all are counted."""


@dataclass(frozen=True, slots=True)
class OpenAddress:
    """An address that nobody knows for sure, with the place that it means most likely, if any."""

    row: int
    said: str
    likeliest: Candidate | None


@dataclass(slots=True)
class Placer:
    """Resolves the addresses of a file; what is only alike is never taken for the place."""

    connection: Connection
    district_id: int
    areas: list[str] | None = None
    resolved: Counter[Confidence] = field(default_factory=Counter)
    open: list[OpenAddress] = field(default_factory=list)
    open_count: int = 0
    likeliest: dict[str, Candidate | None] = field(default_factory=dict)

    def meant(self, said: Sequence[str]) -> dict[str, list[Candidate]]:
        """The places that each text means as surely as any: one where it is clear, none where it is unknown."""
        if self.areas is None:
            self.areas = addresses.area_names(self.connection, self.district_id)
        self.likeliest = {}
        return {one: self._meant(one) for one in dict.fromkeys(said)}

    def _meant(self, said: str) -> list[Candidate]:
        _, found = resolve(self.connection, self.district_id, said, self.areas or [])
        self.likeliest[said] = found[0] if found else None
        sure = [one for one in found if one.confidence is not Confidence.LIKENESS and not one.left]
        return [one for one in sure if one.confidence is sure[0].confidence]

    def place(self, rows: Sequence[Row]) -> None:
        """Let new rows that say nothing but an address lie where that is."""
        asking = [row for row in rows if self._asks(row)]
        meant = self.meant([row.values["address"] for row in asking]) if asking else {}
        for row in asking:
            found = meant[row.values["address"]]
            if len(found) == 1:
                row.site_id = found[0].id
                self.resolved[found[0].confidence] += 1
            else:
                self._leave_open(row)

    def _leave_open(self, row: Row) -> None:
        self.open_count += 1
        if len(self.open) < KEPT:
            said = row.values["address"]
            self.open.append(OpenAddress(row.line.row, said, self.likeliest.get(said)))

    @staticmethod
    def _asks(row: Row) -> bool:
        said = row.values
        lies = row.known_id or row.site_id or row.area_no or said.get("lon") is not None
        return not lies and said.get("address") is not None

    def tell(self, report: ImportReport) -> None:
        """Say in the report how addresses were resolved, and which are open."""
        report.open_addresses = self.open
        if self.resolved:
            exact, parts = (self.resolved[one] for one in (Confidence.EXACT, Confidence.PARTS))
            report.note("addresses_resolved", exact=exact, parts=parts)
        if self.open_count:
            named = [str(one.row) for one in self.open[:LISTED]]
            rows = "、".join(named) + (" …" if self.open_count > len(named) else "")
            report.note("addresses_open", count=self.open_count, rows=rows)

"""Rows of which a person says what they are: a table of candidates goes out, and comes back filled."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.registry.rules.addresses import plain
from app.registry.rules.sameness import Record
from app.web.sheets import sheet
from spatial.errors import SourceError

HEADER = ("row", "name", "address", "candidates", "decision")
NEW, SKIP = "new", "skip"


@dataclass(slots=True)
class Decisions:
    """What is decided already, and what is still open.

    Parameters
    ----------
    given
        Decisions by the number of the row: `new`, `skip` or the id of an element.
    asked
        Rows that are open, each with what it may be and how alike that is.
    made
        Ids of the elements that were added because somebody said `new`.
    """

    given: dict[int, dict[str, str]] = field(default_factory=dict)
    open: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    asked: dict[int, tuple[Record, list[tuple[float, Record]]]] = field(default_factory=dict)
    made: dict[int, int] = field(default_factory=dict)

    def of(self, record: Record) -> str:
        """What is decided of a row, empty where nothing is, or where the table was made from another file."""
        said = self.given.get(record.key)
        if said is None or plain(said["name"].removeprefix("'")) != plain(record.name):
            return ""
        return said["decision"].strip().lower()

    def ask(self, record: Record, candidates: list[tuple[float, Record]]) -> None:
        """Put a row to whoever decides."""
        told = "; ".join(
            f"{other.key} {other.name} {other.address}".rstrip() + f" ({degree:.2f})"
            for degree, other in candidates
        )
        self.open[record.key] = (record.name, record.address, told)
        self.asked[record.key] = (record, candidates)

    def settle(self, path: Path) -> None:
        """Once they are written, what was new is known by its id: running again adds it no more."""
        for row, element_id in self.made.items():
            self.given[row] = {**self.given[row], "decision": str(element_id)}
        if self.made:
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the table: what is open, and what was decided before."""
        rows = {
            row: [said[name] for name in HEADER[1:]]
            for row, said in self.given.items()
            if said["decision"].strip()
        }
        rows |= {row: [*told, ""] for row, told in self.open.items()}
        part = path.with_name(path.name + ".part")
        part.write_bytes(sheet(HEADER, ([row, *rows[row]] for row in sorted(rows))))
        part.replace(path)


def read_decisions(path: Path | None) -> Decisions:
    """The table as it came back; none where there is no file yet.

    Raises
    ------
    SourceError
        `decisions_unreadable`: it is no such table, or says what is no decision; with the line.
    """
    if path is None or not path.exists():
        return Decisions()
    try:
        rows = list(
            csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        )
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError("decisions_unreadable", file=path.name, row=1) from error
    given: dict[int, dict[str, str]] = {}
    for line, row in enumerate(rows, 2):
        if not _whole(row) or not row["row"].isdigit():
            raise SourceError("decisions_unreadable", file=path.name, row=line)
        given[int(row["row"])] = row
    return Decisions(given)


def _whole(row: Mapping[str | None, object]) -> bool:
    if set(row) != set(HEADER) or any(value is None for value in row.values()):
        return False
    decision = str(row["decision"]).strip().lower()
    return decision in {"", NEW, SKIP} or (decision.isascii() and decision.isdigit())

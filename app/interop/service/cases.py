"""A user's table of incidents becomes cases: read in pieces, checked, located, stored. All rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Row

from app.cases import store as cases
from app.cases.rules import CaseState
from app.cases.service import state_words
from app.cases.store.bulk import CaseLoader, CaseRows
from app.db import transaction
from app.errors import NotFoundError
from app.grid import store as grid
from app.grid.rules import Level
from app.grid.service import the_district
from app.interop import store
from app.interop.service.report import SHOWN_FAULTS, FaultLog, ImportReport, Progress
from spatial.errors import Fault, LayerError
from spatial.locate import Locator
from spatial.readers import CaseBatch, SourceOptions, read_cases


@dataclass(frozen=True, slots=True)
class CaseImport:
    """How a table of cases is to be imported."""

    source: SourceOptions = field(default_factory=SourceOptions)
    timezone: str | None = None
    skip_bad: bool = False
    dry_run: bool = False
    simulated: bool = False


def import_cases(
    url: str,
    path: Path,
    options: CaseImport,
    *,
    errors: Path | None = None,
    locale: str = "zh_CN",
    progress: Progress | None = None,
) -> ImportReport:
    """Add the cases of a file; those whose reference is known are brought up to date instead.

    Raises
    ------
    LayerError
        Rows are faulty; its `faults` are the first of them, a file for errors has all, and nothing was written.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file cannot be read.
    NotFoundError
        `district_missing`, `areas_missing`.
    """
    report = ImportReport(dry_run=options.dry_run)
    with FaultLog(errors, locale) as log, transaction(url) as connection:
        district = the_district(connection)
        bounds = store.district_bounds(connection, district.id)
        stream = read_cases(
            path, options.source, timezone=options.timezone or district.timezone, expected_bounds=bounds
        )
        import_id = store.add_import(connection, district.id, "cases", path.name)
        intake = Intake(connection, district, import_id=import_id, simulated=options.simulated)
        for batch in stream:
            log.add(batch.faults)
            log.add(intake.add(batch, keep=options.skip_bad or not log.count))
            if progress is not None:
                progress(intake.read, *stream.position)
        report.notes += [(note.code, dict(note.facts)) for note in stream.notes]
        finish(intake, log, report, options)
        store.finish_import(connection, import_id, report)
        if options.dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    return report


def finish(intake: Intake, log: FaultLog, report: ImportReport, options: CaseImport) -> None:
    """Bring what was taken in among the cases, unless something is wrong with it."""
    twice = [] if log.count and not options.skip_bad else intake.loader.duplicates(SHOWN_FAULTS)
    log.add(
        Fault("ref_duplicate", rows[1], "external_ref", ref, {"first_row": rows[0]}) for ref, rows in twice
    )
    report.faults, report.fault_count = log.first, log.count
    if log.count and (twice or not options.skip_bad):
        raise LayerError(log.first, log.count)
    counts = intake.loader.finish()
    report.rows_read = intake.read
    report.skipped = intake.read - intake.kept
    report.added, report.changed, report.unchanged = (
        counts.added,
        counts.changed,
        counts.unchanged + counts.moved,
    )
    if counts.moved:
        report.note("cases_moved_here", count=counts.moved)
    intake.tell(report)
    if report.added or report.changed:
        grid.count_up(intake.connection, "cases")


class Intake:
    """Turns batches as they are read into rows as they are stored: category, state, cell.

    Parameters
    ----------
    apart
        As in `CaseLoader`.
    """

    def __init__(
        self,
        connection: Connection,
        district: Row[Any],
        *,
        import_id: int | None = None,
        simulated: bool = False,
        apart: bool = False,
    ) -> None:
        root = grid.current_areas(connection, district.id, Level.DISTRICT)
        if not len(root):
            raise NotFoundError("areas_missing", district=district.name)
        self.connection, self.district = connection, district
        self.cells = grid.current_areas(connection, district.id, Level.CELL)
        self.root_no = root.nos[0]
        self.locator = Locator(self.cells.shapes, self.cells.codes)
        self.loader = CaseLoader(
            connection,
            district_id=district.id,
            root_id=int(root.ids[0]),
            import_id=import_id,
            simulated=simulated,
            apart=apart,
        )
        self.categories = cases.category_ids(connection, district.id)
        self.words = state_words()
        self.read = self.kept = self.outside = self.unlocated = 0
        self.new_categories: list[str] = []

    def add(self, batch: CaseBatch, *, keep: bool = True) -> list[Fault]:
        """Take a batch in; its faulty rows are left out, and are the answer."""
        self.read += len(batch.row) + len({fault.row for fault in batch.faults})
        states, bad = self._states(batch)
        if not keep or len(bad) == len(batch.row):
            return bad
        rows = self._rows(batch, states)
        if bad:
            rows = rows.where(~np.isin(batch.row, [fault.row for fault in bad]))
        self.kept += len(rows)
        self.loader.add(rows)
        return bad

    def place(self, batch: CaseBatch) -> CaseRows:
        """A batch without faults as rows, for who stores them otherwise than `add`."""
        self.read += len(batch.row)
        self.kept += len(batch.row)
        return self._rows(batch, batch.state)

    def tell(self, report: ImportReport) -> None:
        """Say in the report what a person should know about where the cases lie and what they are."""
        for code, count in (("cases_outside", self.outside), ("cases_unlocated", self.unlocated)):
            if count:
                report.note(code, count=count)
        if self.new_categories:
            report.note("categories_new", count=len(self.new_categories), names=_some(self.new_categories))

    def _rows(self, batch: CaseBatch, states: NDArray[Any]) -> CaseRows:
        at = self.locator(batch.lon, batch.lat)
        ids = np.append(self.cells.ids, 0)[at]
        nowhere = np.isnan(batch.lon)
        self.unlocated += int(nowhere.sum())
        self.outside += int(((at < 0) & ~nowhere).sum())
        return CaseRows(
            rows=batch.row,
            refs=batch.external_ref,
            category_ids=self._categories(batch.category),
            states=states,
            reported_at=batch.reported_at,
            due_at=batch.due_at,
            closed_at=batch.closed_at,
            sources=batch.source,
            addresses=batch.address,
            descriptions=batch.description,
            lon=batch.lon,
            lat=batch.lat,
            cell_ids=ids.astype(np.int32),
            area_nos=np.append(self.cells.nos, self.root_no)[at],
        )

    def _categories(self, names: NDArray[Any]) -> NDArray[np.int32]:
        codes, unique = pd.factorize(names)
        new = [name for name in unique if name not in self.categories]
        if new:
            self.loader.settle()
            rows = [{"code": n, "name": n, "name_en": None, "line": None, "major": None} for n in new]
            cases.add_categories(self.connection, self.district.id, rows)
            self.categories = cases.category_ids(self.connection, self.district.id)
            self.new_categories += new
        return np.array([self.categories[name] for name in unique], dtype=np.int32)[codes]

    def _states(self, batch: CaseBatch) -> tuple[NDArray[Any], list[Fault]]:
        codes, unique = pd.factorize(batch.state, use_na_sentinel=True)
        known = np.array([self.words.get(word) for word in unique] + [None], dtype=object)
        states = known[codes]
        silent = codes < 0
        closed = ~np.isnat(batch.closed_at)
        states[silent] = np.where(closed, CaseState.CLOSED.value, CaseState.REPORTED.value)[silent]
        unknown = np.flatnonzero([state is None for state in states])
        return states, [
            Fault("state_unknown", int(batch.row[i]), "state", str(batch.state[i]), {}) for i in unknown
        ]


def _some(names: Sequence[str], n: int = 5) -> str:
    return "、".join(names[:n]) + ("…" if len(names) > n else "")

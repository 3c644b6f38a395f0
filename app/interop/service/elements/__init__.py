"""A user's file of places, objects, organisations, persons or relations comes in, block by block. All rows or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.db import transaction
from app.grid import store as grid
from app.grid.service import the_district
from app.interop import store
from app.interop.rules.relations import RELATION
from app.interop.service.elements.decisions import read_decisions
from app.interop.service.elements.intake import Intake
from app.interop.service.elements.lines import Lines, lines_of
from app.interop.service.elements.marking import mark
from app.interop.service.elements.remembering import Memory, remember
from app.interop.service.elements.ties import Ties
from app.interop.service.report import FaultLog, ImportReport, Progress
from app.registry.rules.kinds import ElementKind
from app.registry.store.bulk import Origin
from spatial.errors import Fault, LayerError
from spatial.readers import SourceOptions

__all__ = ["ElementImport", "import_elements"]

MOST_MARKED = 50_000
"""Faults that an error workbook holds: no more than what somebody can go through."""


@dataclass(frozen=True, slots=True)
class ElementImport:
    """How a file of elements is to be imported.

    Parameters
    ----------
    kind
        That of the elements, or `RELATION`.
    source
        How the file is to be read.
    origin
        What the register says under 来源.
    given
        What holds for every row that says nothing itself: `type`, `legal_basis`, `retain_until_on` …
    """

    kind: str
    source: SourceOptions = field(default_factory=SourceOptions)
    origin: str | None = None
    given: dict[str, str] = field(default_factory=dict)
    skip_bad: bool = False
    dry_run: bool = False
    simulated: bool = False


def import_elements(
    url: str,
    path: Path,
    options: ElementImport,
    *,
    errors: Path | None = None,
    decisions: Path | None = None,
    locale: str = "zh_CN",
    progress: Progress | None = None,
) -> ImportReport:
    """Add the elements of a file; those that are known are brought up to date instead.

    What has no code is known by what it says, see `matching`; what is only alike waits for a decision.

    A blank takes nothing away from what is known. Memory grows by the codes that a file names, and by its faults.

    Parameters
    ----------
    errors
        Workbook to write with every faulty cell marked, where there is one.
    decisions
        Table of the rows that may be known already: what it decides is obeyed, and what is open is written into it.

    Raises
    ------
    LayerError
        Rows are faulty; its `faults` are the first of them, and nothing was written.
    spatial.errors.SourceError, spatial.errors.CrsError
        The file, or the table of decisions, cannot be read.
    NotFoundError
        `district_missing`.
    """
    report = ImportReport(dry_run=options.dry_run)
    decided = read_decisions(decisions)
    found: list[Fault] = []
    with (
        FaultLog(None, locale) as log,
        transaction(url) as connection,
        lines_of(path, options.kind, options.source, Memory(connection, options.kind, report)) as lines,
    ):
        district = the_district(connection)
        today = grid.today(connection, district.id)
        origin = Origin(district.id, (options.origin or path.name)[:120], today, options.simulated)
        intake: Intake | Ties
        if options.kind == RELATION:
            intake = Ties(connection, lines, origin)
        else:
            intake = Intake(connection, ElementKind(options.kind), lines, origin, options.given, decided)
        import_id = store.add_import(connection, district.id, str(options.kind), path.name)
        for block in lines:
            faults = [*lines.broken(), *intake.add(block)]
            log.add(faults)
            found += faults[: MOST_MARKED - len(found)]
            intake.take_stock()
            if progress is not None:
                progress(intake.read, *lines.position)
        _tell(report, lines, intake, log)
        if decided.open:
            report.note("rows_undecided", count=len(decided.open))
            if decisions is not None:
                decided.write(decisions)
        if errors is not None and found:
            mark(path, errors, found, lines, locale)
        if log.count and not options.skip_bad:
            raise LayerError(log.first, log.count)
        if not intake.read:
            raise LayerError([Fault("rows_none")])
        remember(connection, district.id, options.kind, lines.source.columns, lines.options.fields)
        grid.count_up(connection, "registry")
        store.finish_import(connection, import_id, report)
        if options.dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    if decisions is not None and not options.dry_run:
        decided.settle(decisions)
    return report


def _tell(report: ImportReport, lines: Lines, intake: Intake | Ties, log: FaultLog) -> None:
    report.rows_read, report.added, report.changed = intake.read, intake.added, intake.changed
    report.unchanged, report.skipped = intake.unchanged, intake.skipped
    report.faults, report.fault_count = log.first, log.count
    report.notes += [(note.code, dict(note.facts)) for note in lines.notes]
    if lines.refused:
        report.note("columns_refused", columns="、".join(lines.refused))
    if lines.unused:
        report.note("columns_unused", columns="、".join(lines.unused))
    intake.tell(report)

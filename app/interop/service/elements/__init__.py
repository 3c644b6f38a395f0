"""A user's file of places, objects, organisations, persons or relations comes in, block by block. All rows or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from app.db import Actor, transaction
from app.grid import store as grid
from app.grid.service import the_district
from app.interop import store
from app.interop.rules.relations import RELATION
from app.interop.service.elements.decisions import Decisions, read_decisions
from app.interop.service.elements.intake import Intake
from app.interop.service.elements.lines import Lines, lines_of
from app.interop.service.elements.marking import mark
from app.interop.service.elements.remembering import Memory, remember
from app.interop.service.elements.ties import Ties
from app.interop.service.report import FaultLog, ImportReport, Progress
from app.registry.rules.kinds import ElementKind
from app.registry.store import writing
from app.registry.store.bulk import Origin
from spatial.errors import Fault, LayerError
from spatial.readers import SourceOptions

__all__ = ["ElementImport", "OnBehalf", "import_elements", "take_in"]

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


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Somebody on whose behalf a file is imported, past no wall.

    Parameters
    ----------
    written
        Called in the transaction when all is written, before it is over.
    """

    actor: Actor
    written: Callable[[Connection, ImportReport], None]


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
    decided = read_decisions(decisions)
    try:
        report = take_in(url, path, options, decided, errors=errors, locale=locale, progress=progress)
    except LayerError:
        _ask(decided, decisions)
        raise
    _ask(decided, decisions)
    if decisions is not None and not options.dry_run:
        decided.settle(decisions)
    return report


def _ask(decided: Decisions, decisions: Path | None) -> None:
    if decisions is not None and decided.open:
        decided.write(decisions)


def take_in(
    url: str,
    path: Path,
    options: ElementImport,
    decided: Decisions,
    *,
    behalf: OnBehalf | None = None,
    errors: Path | None = None,
    locale: str = "zh_CN",
    progress: Progress | None = None,
) -> ImportReport:
    """The same with decisions in memory; on somebody's behalf the columns are what `options` say and nothing else.

    Raises
    ------
    LayerError, spatial.errors.SourceError, spatial.errors.CrsError, NotFoundError
        As `import_elements`.
    """
    report = ImportReport(dry_run=options.dry_run)
    with transaction(url, actor=behalf.actor if behalf else None) as connection:
        recall = None if behalf else Memory(connection, options.kind, report)
        with FaultLog(None, locale) as log, lines_of(path, options.kind, options.source, recall) as lines:
            intake = _intake(connection, path, options, lines, decided, walled=behalf is not None)
            found = _read(lines, intake, log, progress)
            _tell(report, lines, intake, log)
            if decided.open:
                report.note("rows_undecided", count=len(decided.open))
            if errors is not None and found:
                mark(path, errors, found, lines, locale)
            if log.count and not options.skip_bad:
                raise LayerError(log.first, log.count)
            if not intake.read:
                raise LayerError([Fault("rows_none")])
            _conclude(connection, path, options, lines, report, behalf)
        if options.dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    return report


def _intake(
    connection: Connection,
    path: Path,
    options: ElementImport,
    lines: Lines,
    decided: Decisions,
    *,
    walled: bool,
) -> Intake | Ties:
    district = the_district(connection)
    today = grid.today(connection, district.id)
    origin = Origin(district.id, (options.origin or path.name)[:120], today, options.simulated, walled)
    if options.kind == RELATION:
        return Ties(connection, lines, origin)
    return Intake(connection, ElementKind(options.kind), lines, origin, options.given, decided)


def _read(lines: Lines, intake: Intake | Ties, log: FaultLog, progress: Progress | None) -> list[Fault]:
    """Take all blocks in; the first of the faults, as many as are marked."""
    found: list[Fault] = []
    for block in lines:
        faults = [*lines.broken(), *intake.add(block)]
        log.add(faults)
        found += faults[: MOST_MARKED - len(found)]
        intake.take_stock()
        if progress is not None:
            progress(intake.read, *lines.position)
    return found


def _conclude(
    connection: Connection,
    path: Path,
    options: ElementImport,
    lines: Lines,
    report: ImportReport,
    behalf: OnBehalf | None,
) -> None:
    """Keep what is kept of an import: the mapping of its columns, and that it was."""
    district_id = the_district(connection).id
    remember(connection, district_id, options.kind, lines.source.columns, lines.options.fields)
    writing.count_up(connection)
    if behalf is None:
        store.finish_import(
            connection, store.add_import(connection, district_id, str(options.kind), path.name), report
        )
        return
    behalf.written(connection, report)


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

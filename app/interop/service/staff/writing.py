"""The last step of both rosters: all that was planned is written, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from app.errors import ConflictError
from app.interop.service.report import FaultLog
from spatial.errors import Fault, LayerError

DEADLOCK, INSUFFICIENT_PRIVILEGE = "40P01", "42501"
NAMED_ROWS = 20
"""Record numbers that a conflict names."""


def judge(faults: Iterable[Fault], log: FaultLog, *, skip_bad: bool) -> set[int]:
    """Tell all faults, in the order of the rows; the rows that are to be left out.

    Raises
    ------
    LayerError
        There are faults, and rows are not to be left out.
    """
    found = sorted(faults, key=lambda fault: fault.row or 0)
    log.add(found)
    if found and not skip_bad:
        raise LayerError(log.first, log.count)
    return {fault.row for fault in found if fault.row is not None}


@contextmanager
def written(connection: Connection, *, dry_run: bool) -> Iterator[None]:
    """A step that is taken whole, tried only, or refused.

    Raises
    ------
    ConflictError
        `roster_conflict`: what was read was no longer so when it was written, and a constraint speaks against it; and
        what the block raises.
    """
    try:
        with connection.begin_nested() as step:
            yield
            if dry_run:
                step.rollback()
    except IntegrityError as error:
        raise ConflictError("roster_conflict") from error
    except (OperationalError, ProgrammingError) as error:
        if getattr(error.orig, "sqlstate", None) not in {DEADLOCK, INSUFFICIENT_PRIVILEGE}:
            raise
        raise ConflictError("roster_conflict") from error


def whole(rows: Collection[int]) -> None:
    """See that no row was left out by the database.

    Raises
    ------
    ConflictError
        `roster_outrun`, naming the rows.
    """
    if rows:
        first = sorted(rows)[:NAMED_ROWS]
        more = "…" if len(rows) > NAMED_ROWS else ""
        raise ConflictError("roster_outrun", rows=", ".join(map(str, first)) + more)

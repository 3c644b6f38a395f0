"""The log of moves is held against itself: chains, seals, and what folding it gives against the rows of the cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from app.cases.rules.folding import LoggedMove, fold, from_stand
from app.cases.store import chain
from app.ledger.rules import Break, ChainFaultKind, faults

PAGE = 500


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that is not as it was written.

    Parameters
    ----------
    kind
        `changed`, `deleted`, `moved`, `cut` of a row; `rewritten`: the log is another one than was sealed; `unlike`:
        the case is not what its log comes to; `gone`: the case is deleted; `seal_changed` and the like of a seal.
    case_id, no
        The case, None for a seal; the version of its row, or the number of the seal.
    was
        Under which number it was written, where it was moved.
    """

    kind: str
    case_id: int | None
    no: int
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found.

    Parameters
    ----------
    rows, cases, seals
        How many were looked at.
    last_seal
        The hash of the last seal, as hexadecimal digits: whoever keeps it elsewhere can tell whether seals are missing.
    faults
        All of them, the first broken row first.
    """

    rows: int
    cases: int
    seals: int
    last_seal: str | None
    faults: Sequence[Breach]


def prove(connection: Connection) -> Proof:
    """Hold the whole log against itself, at one instant; the transaction has to be a new one."""
    chain.hold_still(connection)
    counts = chain.counts(connection)
    found = [*_rows(connection), *_seals(connection)]
    broken = {fault.case_id for fault in found}
    cases = 0
    for case, log in chain.folded(connection, PAGE):
        cases += 1
        if case.id not in broken and not _folds(case, log):
            found.append(Breach("unlike", case.id, case.version))
    ordered = sorted(found, key=lambda fault: (fault.case_id is None, fault.case_id or 0, fault.no))
    return Proof(counts.rows, cases, counts.seals, counts.last_seal, ordered)


def _rows(connection: Connection) -> Iterator[Breach]:
    """Faults of the chains of cases, with what seals and the cases' own rows know of their ends."""
    breaks = {
        case: list(rows) for case, rows in groupby(chain.breaks(connection), key=lambda row: row.case_id)
    }
    ends = {row.case_id: row for row in chain.ends(connection)}
    heads = {row.case_id: row for row in chain.unlike_heads(connection)}
    for case in sorted({*breaks, *ends, *heads}):
        end, head = ends.get(case), heads.get(case)
        found = list(_of_case(connection, case, breaks.get(case, []), end, head))
        if not found and head is not None:
            found = [Breach("rewritten", case, head.version)]
        yield from found


def _of_case(
    connection: Connection,
    case: int,
    breaks: Iterable[Row[Any]],
    end: Row[Any] | None,
    head: Row[Any] | None,
) -> Iterator[Breach]:
    rows = [Break(row.version, row.before_version, row.whole, row.linked) for row in breaks]
    # Where nothing speaks against the end of a log, both numbers are 0: it was not cut.
    last = end.last if end is not None else head.last if head is not None else 0
    until = max(0 if end is None else end.version or 0, 0 if head is None else head.sealed)
    ends = ((last, b""), (until, b""))
    for fault in faults(rows, *ends, lambda no, others: chain.written_as(connection, case, no, others)):
        yield Breach(fault.kind.value, case, fault.no, fault.was)
    if end is not None and end.version is None:
        yield Breach("gone", case, last)
    elif end is not None and end.version < last:
        yield Breach("unlike", case, end.version)


def _seals(connection: Connection) -> Iterator[Breach]:
    rows = [Break(*row) for row in chain.seal_breaks(connection)]
    same = (0, b"")
    for fault in faults(rows, same, same, lambda no, others: chain.sealed_as(connection, no, others)):
        yield Breach(f"seal_{fault.kind}", None, fault.no, fault.was)


def _folds(case: Row[Any], log: Sequence[Row[Any]]) -> bool:
    """Whether a case is what its log comes to."""
    moves = (LoggedMove(row.move, row.account_id, {**row.given, **row.facts}, row.at) for row in log)
    columns = {"state": case.state, "loop": case.loop, "version": case.version, "unit": case.unit_id}
    try:
        made = fold(moves)
        # A case that came from elsewhere keeps nothing beside its columns until it is moved.
        if not case.stand:
            return all(getattr(made, name) == value for name, value in columns.items())
        return made == from_stand(columns, case.stand)
    except (ValueError, KeyError, TypeError):
        return False


KINDS = (
    *(kind.value for kind in ChainFaultKind),
    "rewritten",
    "unlike",
    "gone",
    *(f"seal_{kind.value}" for kind in ChainFaultKind if kind is not ChainFaultKind.CUT),
)
"""Every kind of fault; the messages `cli.case_…` say each."""

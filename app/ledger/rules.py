"""What a broken chain says: which rows of a log were changed, deleted or put in another place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class ChainFaultKind(StrEnum):
    """What was done to a row."""

    CHANGED = "changed"
    DELETED = "deleted"
    MOVED = "moved"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A row that is not as it was written; for a moved one `was` is the number under which it was."""

    kind: ChainFaultKind
    no: int
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A row at which the chain does not hold.

    Parameters
    ----------
    no, before_no
        Its number, and that of the row before it, 0 for the first.
    whole
        Whether its own content gives its hash.
    linked
        Whether it names the hash of the row before it.
    """

    no: int
    before_no: int
    whole: bool
    linked: bool


def faults(
    breaks: Iterable[Break],
    last: tuple[int, bytes],
    end: tuple[int, bytes],
    written_as: Callable[[int, Iterable[int]], int | None],
) -> Iterator[ChainFault]:
    """Every fault of a chain, in the order of its numbers.

    Parameters
    ----------
    breaks
        The rows at which it does not hold, in the order of their numbers, which count from 1.
    last, end
        Number and hash of the last row, and what is kept of it apart from the log.
    written_as
        Given a row's number and candidates: under which of these its content gives its hash; None for none.
    """
    rows = list(breaks)
    broken = [row.no for row in rows if not row.whole]
    for row in rows:
        yield from (ChainFault(ChainFaultKind.DELETED, no) for no in range(row.before_no + 1, row.no))
        if not row.whole:
            was = written_as(row.no, [no for no in broken if no != row.no])
            yield ChainFault(ChainFaultKind.CHANGED if was is None else ChainFaultKind.MOVED, row.no, was)
        elif not row.linked and row.before_no == row.no - 1 and row.before_no not in broken:
            # It names a hash that the row before it no longer has: that one was changed and hashed anew.
            yield ChainFault(ChainFaultKind.CHANGED, row.before_no)
    if last[0] == end[0] and last[1] != end[1] and last[0] not in broken:
        yield ChainFault(ChainFaultKind.CHANGED, last[0])
    yield from (ChainFault(ChainFaultKind.CUT, no) for no in range(last[0] + 1, end[0] + 1))

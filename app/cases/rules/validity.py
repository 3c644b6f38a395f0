"""What holds for a time: a row follows another of its key, and what was is never rewritten but ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Held:
    """A row that holds from a day until another, the first on which it does no more; `content` is what it says."""

    id: int
    since: date
    until: date | None
    content: Any


@dataclass(slots=True)
class Succession:
    """What is to be done so that a new row holds.

    Parameters
    ----------
    same
        It holds already: nothing is to be done.
    ends
        The day on which each row that is in the way ends; its first day, where it is to have held on none.
    tails
        Rows that hold again once the new one is over, from a day until another.
    """

    same: bool = False
    ends: dict[int, date] = field(default_factory=dict)
    tails: list[tuple[Held, date, date | None]] = field(default_factory=list)


def succeed(
    held: Iterable[Held], since: date | None, until: date | None, content: Any, today: date
) -> Succession:
    """How a new row takes its place among those of its key, no two of which overlap.

    Parameters
    ----------
    since
        Its first day; None for today, or since whenever the same has held.
    """
    rows = list(held)
    begin = today if since is None else since
    for row in rows:
        there = row.since <= begin and (row.until is None or begin < row.until)
        if there and row.content == content and row.until == until and since in {None, row.since}:
            return Succession(same=True)
    done = Succession()
    for row in rows:
        empty = row.until is not None and row.until <= row.since
        before = row.until is not None and row.until <= begin
        after = until is not None and until <= row.since
        if empty or before or after:
            continue
        done.ends[row.id] = max(row.since, begin)
        if until is not None and (row.until is None or row.until > until):
            done.tails.append((row, until, row.until))
    return done

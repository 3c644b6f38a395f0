"""What is to be written so that the rows of a file hold: those in the way end, and what held goes on behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.cases.rules.reference_plan import Fate
from app.cases.rules.validity import Held, succeed
from app.interop.service.routing.fields import Span


@dataclass(slots=True)
class Plan:
    """The rows of each key while the lines of a file take their places; what is planned has a number below nought.

    Parameters
    ----------
    held
        What the store has, by key.
    steps
        What became of each line that is not as it was: key, fate, first day, the day after the last.
    """

    held: Mapping[Any, Sequence[Held]]
    today: date
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    ends: dict[int, date] = field(default_factory=dict)
    steps: list[tuple[Any, Fate, date, date | None]] = field(default_factory=list)
    _rows: dict[Any, list[Held]] = field(default_factory=dict)
    _count: int = 0

    def take(self, key: Any, content: Any, span: Span) -> None:
        """Give a line its place among the rows of its key."""
        rows = self._rows.setdefault(key, list(self.held.get(key, ())))
        done = succeed(rows, span.since, span.until, content, self.today)
        if done.same:
            self.unchanged += 1
            return
        self.changed += 1 if done.ends else 0
        self.added += 0 if done.ends else 1
        fate = Fate.CHANGED if done.ends else Fate.ADDED
        self.steps.append((key, fate, span.since or self.today, span.until))
        rows[:] = [
            Held(row.id, row.since, done.ends.get(row.id, row.until), row.content)
            for row in rows
            if row.id > 0 or done.ends.get(row.id) != row.since
        ]
        self.ends |= {number: day for number, day in done.ends.items() if number > 0}
        self._add(rows, content, span.since or self.today, span.until)
        for row, since, until in done.tails:
            self._add(rows, row.content, since, until)

    def _add(self, rows: list[Held], content: Any, since: date, until: date | None) -> None:
        self._count += 1
        rows.append(Held(-self._count, since, until, content))

    @property
    def new(self) -> Iterator[tuple[Any, Any, date, date | None]]:
        """What is added: key, content, first day, the day after the last."""
        for key, rows in self._rows.items():
            for row in rows:
                if row.id < 0:
                    yield key, row.content, row.since, row.until

    def of(self, lines: Iterable[tuple[Any, Any, Span]]) -> Plan:
        """The plan with the lines of a file in their places."""
        for key, content, span in lines:
            self.take(key, content, span)
        return self

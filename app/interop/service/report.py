"""What an import tells the person who asked for it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.web.faults import sentence
from spatial.errors import Fault

__all__ = ["SHOWN_FAULTS", "FaultLog", "ImportReport", "Progress", "sentence"]

SHOWN_FAULTS = 1000
"""Faults kept in memory; a file for errors gets every one."""

Progress = Callable[[int, int, int], None]
"""Called with rows read, bytes read, bytes in all."""


@dataclass(slots=True)
class ImportReport:
    """How an import ended."""

    rows_read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    repairs: list[Any] = field(default_factory=list)
    open_addresses: list[Any] = field(default_factory=list)
    dry_run: bool = False

    def note(self, code: str, **facts: Any) -> None:
        """Add something that the person should know; it is no fault."""
        self.notes.append((code, facts))


class FaultLog:
    """Collects faults: the first ones in memory, all of them in a CSV file where one is asked for."""

    HEADER = ("row", "field", "code", "value", "message")

    def __init__(self, path: Path | None, locale: str) -> None:
        self.path, self.locale = path, locale
        self.count = 0
        self.first: list[Fault] = []
        self.read: tuple[Fault, ...] = ()

    def __enter__(self) -> Self:
        if self.path is not None:
            self._part = self.path.with_name(self.path.name + ".part")
            self._file = self._part.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(self.HEADER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is not None:
            self._file.close()
            self._part.replace(self.path)

    def add(self, faults: Iterable[Fault]) -> None:
        """Take note of faults."""
        for fault in faults:
            self.count += 1
            if len(self.first) < SHOWN_FAULTS:
                self.first.append(fault)
            if self.path is not None:
                line = (fault.row, fault.field, fault.code, fault.value, sentence(self.locale, fault))
                self._writer.writerow(["" if cell is None else cell for cell in line])

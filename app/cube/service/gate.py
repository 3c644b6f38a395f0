"""Many may count at once, and one changes: a lock for readers and a writer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Readers together, the writer alone. A writer that waits goes before readers who come later."""

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._readers = 0
        self._writing = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count while nothing changes."""
        with self._turn:
            self._turn.wait_for(lambda: not self._writing)
            self._readers += 1
        try:
            yield
        finally:
            with self._turn:
                self._readers -= 1
                self._turn.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Change while nobody counts. One thread at a time comes here: the caller sees to it."""
        with self._turn:
            self._writing += 1
            self._turn.wait_for(lambda: not self._readers)
        try:
            yield
        finally:
            with self._turn:
                self._writing -= 1
                self._turn.notify_all()

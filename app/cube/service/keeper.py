"""The columns of a database: read once, kept up with its log, read anew where the log does not tell."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from app.cube import store
from app.cube.service.columns import Columns, Days, instant
from app.cube.service.gate import Gate
from app.db import transaction
from app.notify.store import Cursor, begin, read

LOOK_S = 0.1
"""What is counted is no older than this and the time that a look takes."""

MOST_ROWS = 2_000
"""Moves that are followed one by one; after more of them all is read anew."""

MOST_TAIL = 20_000
"""Cases that came since the columns were sorted, before they are sorted again."""

MOST_ANSWERS = 6
"""Of a million cases an answer with its sums takes about 20 MB."""

BACK_US = 120_000_000
"""Requests of one minute may come in the next: the marks go back only where the clock itself was set back."""

SLOWEST_S = 60.0
MOST_KEPT = 4


class Known:
    """The last answers: the tiles and lists of one screen ask the same; nobody asks for older ones."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any) -> Any:
        """An answer, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Any, answer: Any) -> None:
        """Keep an answer, and let the one go that was not asked for longest."""
        with self._lock:
            self._held[key] = answer
            while len(self._held) > self._most:
                self._held.popitem(last=False)


class Cube:
    """The cases of one district, as its database has them.

    Parameters
    ----------
    url
        The database.
    zone
        The district's time zone: a day is its day.
    """

    def __init__(self, url: str, district_id: int, zone: str) -> None:
        self.url, self.district_id = url, district_id
        self.days = Days(zone)
        self.gate = Gate()
        self.serial = 0
        self.known = Known(MOST_ANSWERS)
        self._looking = threading.Lock()
        self._columns: Columns | None = None
        self._cursor: Cursor | None = None
        self._versions: tuple[int, ...] = ()
        self._looked = 0.0

    @property
    def looked(self) -> float:
        """When the log was last read for it, by the monotonic clock."""
        return self._looked

    @contextmanager
    def at(self, now: datetime, versions: tuple[int, ...], *, look: bool) -> Iterator[Columns]:
        """The columns with the marks of an instant, unchanged until the block ends.

        Parameters
        ----------
        versions
            How often what the log does not tell of has changed: imports, areas.
        look
            Whether everything that was committed before has to be there; else it may lack what is newer than `LOOK_S`.
        """
        self._follow(versions, 0.0 if look else LOOK_S)
        tick = instant(now)
        assert self._columns is not None
        if not tick <= self._columns.now <= tick + BACK_US:
            with self._looking, self.gate.writing():
                self._columns.tell_time(tick)
                self.serial += 1
        with self.gate.reading():
            yield self._columns

    def _follow(self, versions: tuple[int, ...], oldest_s: float) -> None:
        asked = time.monotonic()
        if self._versions == versions and self._looked > asked - oldest_s:
            return
        with self._looking:
            if self._versions != versions or self._columns is None or self._columns.tail > MOST_TAIL:
                self._load(versions)
            elif self._looked <= asked - oldest_s:
                self._look(versions)

    def _load(self, versions: tuple[int, ...]) -> None:
        """Read everything. The place in the log is taken first: what comes between is read twice, not missed."""
        with transaction(self.url, read_only=True, timeout_s=SLOWEST_S) as connection:
            cursor = begin(connection)
            rows = store.read(connection, self.district_id)
            helping = store.helping(connection, self.district_id)
            cells = store.cells(connection, self.district_id)
        made = Columns(rows, helping, self.days, cells)
        with self.gate.writing():
            self._columns, self._cursor, self._versions = made, cursor, versions
            self.serial += 1
        self._looked = time.monotonic()

    def _look(self, versions: tuple[int, ...]) -> None:
        assert self._columns is not None
        assert self._cursor is not None
        looked = time.monotonic()
        with transaction(self.url, read_only=True, timeout_s=SLOWEST_S) as connection:
            page = read(connection, self._cursor, MOST_ROWS, walk=False)
            if page.anew or page.more:
                found = None
            elif page.rows:
                ids = sorted({row.case_id for row in page.rows})
                found = (
                    store.read(connection, self.district_id, ids),
                    store.helping(connection, self.district_id, ids),
                )
            else:
                self._cursor, self._looked = page.cursor, looked
                return
        if found is None:
            self._load(versions)
            return
        with self.gate.writing():
            self._columns.put(*found)
            self.serial += 1
        self._cursor, self._looked = page.cursor, looked


_cubes: OrderedDict[tuple[str, int, str], Cube] = OrderedDict()
_kept = threading.Lock()


def cube_of(url: str, district_id: int, zone: str) -> Cube:
    """The cube of a district, of this process; the first one to ask for its columns waits until they are read."""
    key = (url, district_id, zone)
    with _kept:
        if key not in _cubes:
            _cubes[key] = Cube(url, district_id, zone)
        _cubes.move_to_end(key)
        while len(_cubes) > MOST_KEPT:
            _cubes.popitem(last=False)
        return _cubes[key]

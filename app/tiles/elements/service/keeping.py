"""The columns of a district, kept in the process until the registry has changed. What is made of them is not kept."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from app.db import transaction
from app.registry.rules.kinds import ElementKind
from app.tiles.elements import store
from app.tiles.elements.service.columns import Columns, by_kind

MOST_KEPT = 4
"""Districts; of 180,000 elements the columns take about 20 MB."""

REST = 10
"""While the registry changes all the time, no more than one part in so many of it is spent with reading it."""

SLOWEST_S = 60.0
Versions = tuple[int, ...]
Kinds = dict[ElementKind, Columns]


@dataclass(frozen=True, slots=True)
class _Read:
    columns: Kinds
    versions: Versions
    at: float
    took_s: float

    def holds(self, versions: Versions) -> bool:
        """Whether it is new enough for somebody who has heard of these versions."""
        current = all(own >= other for own, other in zip(self.versions, versions, strict=True))
        return current or time.monotonic() - self.at < REST * self.took_s


_kept: OrderedDict[tuple[str, int], _Read] = OrderedDict()
_reading: dict[tuple[str, int], threading.Lock] = {}
_lock = threading.Lock()


def columns_of(url: str, district_id: int, versions: Versions) -> Kinds:
    """The columns of each kind, read anew where the registry or the areas have changed; one reads, the others wait."""
    key = (url, district_id)
    found = _held(key)
    if found is not None and found.holds(versions):
        return found.columns
    with _lock:
        reading = _reading.setdefault(key, threading.Lock())
    with reading:
        found = _held(key)
        if found is None or not found.holds(versions):
            found = _read(key, versions)
    return found.columns


def _held(key: tuple[str, int]) -> _Read | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _read(key: tuple[str, int], versions: Versions) -> _Read:
    """The versions were known before: what came between is in the columns, and read once more."""
    begun = time.monotonic()
    with transaction(key[0], read_only=True, timeout_s=SLOWEST_S) as connection:
        rows = store.read(connection, key[1])
    columns = by_kind(rows)
    ended = time.monotonic()
    made = _Read(columns, versions, ended, ended - begun)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _reading.pop(_kept.popitem(last=False)[0], None)
    return made

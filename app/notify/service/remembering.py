"""The last changes, in the order of their transactions: what a screen has missed is found without going through all."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable

from app.notify.rules import Change, Place


class Remembered:
    """Changes as they have come, the oldest first.

    Transactions end in another order than that of their numbers, so that a late one may have a low number.
    """

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._changes: deque[Change] = deque()
        self._by_xid: dict[int, list[Change]] = {}
        self._xids: list[int] = []
        for change in changes:
            self.add(change)

    def __len__(self) -> int:
        return len(self._changes)

    @property
    def lowest(self) -> int:
        """The lowest number of a transaction among them; there has to be one."""
        return self._xids[0]

    def add(self, change: Change) -> None:
        """Remember one more."""
        self._changes.append(change)
        if change.xid not in self._by_xid:
            self._by_xid[change.xid] = []
            insort(self._xids, change.xid)
        self._by_xid[change.xid].append(change)

    def drop(self) -> Change:
        """Forget the oldest."""
        oldest = self._changes.popleft()
        of_one = self._by_xid[oldest.xid]
        of_one.remove(oldest)
        if not of_one:
            del self._by_xid[oldest.xid]
            del self._xids[bisect_left(self._xids, oldest.xid)]
        return oldest

    def clear(self) -> None:
        """Forget everything."""
        self._changes.clear()
        self._by_xid.clear()
        self._xids.clear()

    def after(self, place: Place) -> list[Change]:
        """Those that a place in the log does not show: of transactions that ran then, or began later."""
        late = self._xids[bisect_left(self._xids, place.following) :]
        ran = sorted(xid for xid in place.running if xid in self._by_xid)
        return [change for xid in (*ran, *late) for change in self._by_xid[xid]]

"""截至: the columns as they were at an instant. What has not moved since is as it is; of the rest the log tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from app.cube import store
from app.cube.service.columns import Columns, Mask, codes, instant, marks
from app.cube.service.selecting import located
from app.db import transaction

SLOWEST_S = 60.0
AS_THEN = ("state", "loop", "area", "unit", "due", "near")


def values(
    url: str, district_id: int, columns: Columns, at: datetime
) -> tuple[Mapping[str, NDArray[np.generic]], Mask]:
    """The columns as of an instant, and which cases had been reported by then.

    Whose turn it was is not told: nothing is done in the past.
    """
    then = instant(at)
    found: dict[str, NDArray[np.generic]] = {
        name: columns[name].copy() for name in (*AS_THEN, "cell", "flags")
    }
    later = columns["moved"] > then
    existed = ~later
    with transaction(url, read_only=True, timeout_s=SLOWEST_S) as connection:
        rows = store.read_past(connection, district_id, at)
        known, where = columns.found(rows["id"])
        rows = rows[known]
        # A case without a position is on a desk, and in no cell.
        moved = where[(columns["area"][where] != rows["area"]) & located(columns)[where]]
        existed[where] = True
        # What only lies elsewhere since stands as it does now: of that the log knows less, no warning times.
        since = later[where]
        for name in AS_THEN:
            taken = np.ones_like(since) if name == "area" else since
            found[name][where[taken]] = rows[name][taken]
        found["flags"][later] = 0
        found["cell"][moved] = _cells(connection, found["area"][moved])
    mark = marks(found["state"], found["due"], found["near"], then)
    told = {
        "category": columns["category"],
        **{name: columns[name] for name in ("handler", "checker", "confirmer")},
        **found,
        "mark": mark,
        "code": codes(found["state"], mark),
    }
    return told, existed


def _cells(connection: Connection, numbers: NDArray[np.generic]) -> NDArray[np.int32]:
    """The cells of cases that lay elsewhere then, by the numbers of their areas; 0 outside every cell."""
    wanted, at = np.unique(numbers, return_inverse=True)
    cells = store.cells_numbered(connection, wanted.tolist()) if len(wanted) else {}
    return np.array([cells.get(no, 0) for no in wanted.tolist()], dtype=np.int32)[at]

"""The log of cases that come in by the hundred thousand: a row `imported` for each, in a table of the load's own."""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from app import copying
from app.cases.rules.folding import IMPORTED
from app.cases.store import chaining, partitions
from app.cases.store.partitions import Run

COLUMNS = (
    "case_id, version, move, source, target, loop, unit_id, area_no, account_id, post_id, seats, given, facts, at,"
    " recorded_at, xid, previous, hash"
)
LOOP = "subdistrict"
"""The loop of a case from elsewhere, whose source knows of none."""

HISTORY = 1
"""`xid` of the rows of a log that comes whole, but for its last: no reader of news has them to go through."""


def imported(
    ids: NDArray[np.int64],
    area_nos: NDArray[np.int64],
    states: NDArray[Any],
    times: tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.datetime64]],
    refs: NDArray[Any],
    *,
    import_id: int | None,
    at_us: int,
    xid: int,
) -> memoryview:
    """The first rows of logs as COPY takes them: what the sources of cases said, as `imported_facts()` has it.

    Parameters
    ----------
    times
        When each was reported, is due, was closed.
    at_us
        When they were taken in: microseconds since 1970.
    """
    reported, due, closed = times
    facts = _facts(states, reported, due, closed, refs, import_id)
    numbers, places = copying.numbers(ids), copying.numbers(area_nos)
    state = pa.array(states, pa.string())
    bodies = _joined(
        "[", numbers, f', 1, "{IMPORTED}", null, "', state, f'", "{LOOP}", null, ', places,
        ", null, null, [], {}, ", facts, f", {at_us}, {at_us}, null]",
    )  # fmt: skip
    links, hashes = chaining.first_rows(ids.tolist(), bodies.cast(pa.binary()).to_pylist())
    at = f"{np.datetime64(at_us, 'us')}Z"
    return copying.lines(
        [
            numbers, "1", IMPORTED, copying.NULL, state, LOOP, copying.NULL, places, copying.NULL, copying.NULL, "{}",
            "{}", copying.escaped(facts), at, at, str(xid),
            copying.digests(links), copying.digests(hashes),
        ]
    )  # fmt: skip


def _facts(
    states: NDArray[Any],
    reported: NDArray[np.datetime64],
    due: NDArray[np.datetime64],
    closed: NDArray[np.datetime64],
    refs: NDArray[Any],
    import_id: int | None,
) -> pa.Array:
    """What the sources said, in the order in which a jsonb keeps its keys; what they did not say is left out."""
    said = [None if ref is None else encode_basestring(ref) for ref in refs]
    return _joined(
        f'{{"loop": "{LOOP}", "state": "', pa.array(states, pa.string()), '"',
        _part(', "due_at": "', _iso(due), '"'),
        "" if import_id is None else f', "import": {import_id}',
        _part(', "closed_at": "', _iso(closed), '"'),
        _part(', "reported_at": "', _iso(reported), '"'),
        _part(', "external_ref": ', pa.array(said, pa.string()), ""),
        "}",
    )  # fmt: skip


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _part(before: str, values: pa.Array, after: str) -> pa.Array:
    return pc.fill_null(_joined(before, values, after), "")


def _iso(values: NDArray[np.datetime64]) -> pa.Array:
    """Instants as ISO 8601 writes them, NaT as null."""
    written = pa.array(values, pa.timestamp("us")).cast(pa.string())
    return _joined(pc.replace_substring(written, " ", "T"), "+00:00")


def attach(run: Run, table: str, first: int, last: int) -> None:
    """Make a load's own log table part of the log."""
    partitions.attach(run, table, "case_transitions", "case_id", first, last)
    run(f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION keep_transition()")

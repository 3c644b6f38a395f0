"""Many cases at once, each with its log: streamed into tables of their own, indexed there, then added whole.

A load of `BULK_ROWS` rows and more becomes a partition of `cases` and one of `case_transitions`: readers see nothing of
it, and wait for nothing, until the moment it is attached. A smaller one is inserted. Either way it is one transaction:
all rows or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, event, text

from app import copying
from app.cases.store import bulk_log, known, partitions, veiling
from spatial.crs import STORAGE, WEB, transform

BULK_ROWS = 50_000
"""From this many rows on a load gets a partition of its own."""

BLOCK_IDS = 1 << 20
"""Ids in a block of `new_case_block()`."""

IMPORT_LOCK = 530104
"""Advisory lock: one bulk load at a time in a workspace."""


NOW = (
    "SELECT (extract(epoch FROM now()) * 1000000)::bigint, CAST(CAST(pg_current_xact_id() AS text) AS bigint)"
)

Bytes = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Standing:
    """What folding the logs of cases gives beside their state: arrays of one length; 0 or None for nothing.

    `stands` are objects of JSON, `co_units` arrays as PostgreSQL writes them, `near_at` NaT for nothing.
    """

    versions: NDArray[np.int32]
    loops: NDArray[Any]
    stands: NDArray[Any]
    unit_ids: NDArray[np.int32]
    handler_ids: NDArray[np.int32]
    co_units: NDArray[Any]
    condition_ids: NDArray[np.int32]
    reporter_ids: NDArray[np.int32]
    near_at: NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class CaseRows:
    """Cases ready to be stored: arrays of one length. Times datetime64[us] UTC, lon and lat degrees EPSG:4490, NaN
    where there is no position; `cell_ids` 0 where a case is outside every cell; `area_nos` the numbers of their cells,
    else of the district."""

    rows: NDArray[np.int64]
    refs: NDArray[Any]
    category_ids: NDArray[np.int32]
    states: NDArray[Any]
    reported_at: NDArray[np.datetime64]
    due_at: NDArray[np.datetime64]
    closed_at: NDArray[np.datetime64]
    sources: NDArray[Any]
    addresses: NDArray[Any]
    descriptions: NDArray[Any]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    cell_ids: NDArray[np.int32]
    area_nos: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, keep: NDArray[np.bool_]) -> CaseRows:
        """Only the rows of a mask."""
        return CaseRows(**{column.name: getattr(self, column.name)[keep] for column in fields(self)})


@dataclass(slots=True)
class LoadCounts:
    """What a load has done; `moved` are those left alone since somebody has moved them here."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0


COLUMNS = (
    "id, external_ref, category_id, state, reported_at, due_at, closed_at, source, address, description,"
    " cell_id, area_id, area_no, import_row, geom, geom_3857, version, loop, stand, unit_id, handler_id, co_unit_ids,"
    " condition_id, reporter_id, near_at, district_id, import_id, simulated"
)
FROM_ELSEWHERE = ("1", bulk_log.LOOP, "{}", *[copying.NULL] * 6)
"""What the columns of `Standing` are in cases whose log is one row `imported`."""


class CaseLoader:
    """Takes blocks of cases and stores them when it is finished.

    Parameters
    ----------
    connection
        Open transaction; the caller commits or rolls back.
    district_id, root_id
        The district and the area that owns what lies in no cell.
    import_id
        The import's row, or None.
    apart
        Whether it gets partitions of its own however small it is, so that it can be taken away again whole.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        district_id: int,
        root_id: int,
        import_id: int | None = None,
        simulated: bool = False,
        apart: bool = False,
    ) -> None:
        self.connection = connection
        self.root_id = root_id
        self.constants = {"district_id": district_id, "import_id": import_id, "simulated": simulated}
        self.waiting: list[CaseRows] = []
        self.count = 0
        self.first_id: int | None = None
        self.block_end = 0
        self._sender = ThreadPoolExecutor(1, "case-loader")
        self._sending: Future[None] | None = None
        event.listen(connection, "rollback", self._abandon)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
        for name, like in (("case_load", "cases"), ("case_log_load", "case_transitions")):
            statement = f"CREATE TEMP TABLE {name} (LIKE {like} INCLUDING DEFAULTS) ON COMMIT DROP"
            connection.execute(text(statement))
        self.table, self.log_table = "case_load", "case_log_load"
        self.at_us, self.xid = self._run(NOW).one()
        if apart:
            self._begin_partition()

    def add(self, rows: CaseRows) -> None:
        """Store a block of cases from elsewhere; held back until it is known whether the load is a large one."""
        self.count += len(rows)
        if self.first_id is None and self.count < BULK_ROWS:
            self.waiting.append(rows)
            return
        if self.first_id is None:
            self._begin_partition()
        self._flush()
        self._copy(rows)

    def add_with_log(
        self,
        rows: CaseRows,
        ids: NDArray[np.int64],
        standing: Standing,
        log: bytes,
        beside: Mapping[str, bytes],
    ) -> None:
        """Store a block of cases whose logs are made already.

        Parameters
        ----------
        ids
            From `reserve`.
        log, beside
            The rows of the logs, and those of other tables by name and columns: text as COPY takes it.
        """
        self.count += len(rows)
        parts = [
            (f"{self.table} ({COLUMNS})", copying.lines(self._columns(rows, ids, _standing(standing)))),
            (f"{self.log_table} ({bulk_log.COLUMNS})", log),
            *beside.items(),
        ]
        self._send(parts)

    def finish(self) -> LoadCounts:
        """Bring the rows among the cases: new ones are added, ones with a known reference are compared."""
        large = self.first_id is not None
        self._flush()
        self.settle()
        self._sender.shutdown()
        counts = known.merge(self._run, self.table, self.log_table, self.constants["import_id"])
        if large:
            self._attach()
        else:
            for table, source, columns in (
                ("cases", self.table, COLUMNS),
                ("case_transitions", self.log_table, bulk_log.COLUMNS),
            ):
                self._run(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {source} ORDER BY 1")
        return LoadCounts(self.count - sum(counts), *counts)

    def _flush(self) -> None:
        for block in self.waiting:
            self._copy(block)
        self.waiting.clear()

    def duplicates(self, limit: int) -> list[tuple[str, list[int]]]:
        """References that more than one row of this load carries, with those rows."""
        self._flush()
        found = self._run(
            f"SELECT external_ref, array_agg(import_row ORDER BY import_row) FROM {self.table}"
            " WHERE external_ref IS NOT NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 LIMIT :limit",
            limit=limit,
        )
        return [(ref, rows) for ref, rows in found]

    # The statements below name the load's own table, made of digits that the database gave.
    def _run(self, statement: str, **values: Any) -> Any:
        self.settle()
        return self.connection.execute(text(statement), values)

    def _begin_partition(self) -> None:
        self.first_id = self.next_id = self._new_block()
        self._run(f"DROP TABLE {self.table}, {self.log_table}")
        self.table, self.log_table = f"cases_{self.first_id}", f"case_transitions_{self.first_id}"
        partitions.begin(self._run, self.table, "cases")
        partitions.begin(self._run, self.log_table, "case_transitions")

    def _new_block(self) -> int:
        start = int(self._run("SELECT new_case_block()").scalar_one())
        self.block_end = start + BLOCK_IDS
        return start

    def reserve(self, n: int) -> NDArray[np.int64]:
        """Ids for so many cases, ascending."""
        if self.first_id is None:
            drawn = self._run("SELECT new_case_id() FROM generate_series(1, :n)", n=n).scalars()
            return np.sort(np.fromiter(drawn, np.int64, n))
        return np.concatenate([np.empty(0, np.int64), *self._blocks(n)])

    def _blocks(self, n: int) -> Iterator[NDArray[np.int64]]:
        while n:
            if self.next_id == self.block_end:
                self.next_id = self._new_block()
            take = min(n, self.block_end - self.next_id)
            yield np.arange(self.next_id, self.next_id + take, dtype=np.int64)
            self.next_id, n = self.next_id + take, n - take

    def _copy(self, block: CaseRows) -> None:
        """Send a block and its log on their way; the database stores them while the next one is read."""
        ids = self.reserve(len(block))
        log = bulk_log.imported(
            ids,
            block.area_nos,
            block.states,
            (block.reported_at, block.due_at, block.closed_at),
            block.refs,
            import_id=self.constants["import_id"],
            at_us=self.at_us,
            xid=self.xid,
        )
        rows = copying.lines(self._columns(block, ids, FROM_ELSEWHERE))
        self._send([(f"{self.table} ({COLUMNS})", rows), (f"{self.log_table} ({bulk_log.COLUMNS})", log)])

    def _send(self, parts: Sequence[tuple[str, Bytes]]) -> None:
        self.settle()
        self._sending = self._sender.submit(self._store, parts)

    def _store(self, parts: Sequence[tuple[str, Bytes]]) -> None:
        raw = self.connection.connection.driver_connection
        for table, payload in parts:
            with raw.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[union-attr]
                copy.write(payload)

    def settle(self) -> None:
        """Wait until what was sent is stored: until then nobody else may use the connection."""
        if self._sending is not None:
            sending, self._sending = self._sending, None
            sending.result()

    def _abandon(self, _connection: Connection) -> None:
        """Let what is on its way arrive before it is rolled back: else it comes to whoever has the connection next."""
        if self._sending is not None:
            wait([self._sending])
            self._sending = None

    def _columns(
        self, block: CaseRows, ids: NDArray[np.int64], standing: Sequence[pa.Array | str]
    ) -> list[pa.Array | str]:
        web = transform(np.column_stack([block.lon, block.lat]), STORAGE, WEB)
        outside = block.cell_ids == 0
        constants = (copying.NULL if value is None else str(value) for value in self.constants.values())
        return [
            copying.numbers(ids),
            copying.texts(block.refs),
            copying.numbers(block.category_ids),
            copying.texts(block.states),
            copying.instants(block.reported_at),
            copying.instants(block.due_at),
            copying.instants(block.closed_at),
            copying.texts(block.sources),
            copying.texts(block.addresses),
            copying.texts(block.descriptions),
            copying.numbers(block.cell_ids, outside),
            copying.numbers(np.where(outside, self.root_id, block.cell_ids)),
            copying.numbers(block.area_nos),
            copying.numbers(block.rows),
            copying.points(block.lon, block.lat, STORAGE),
            copying.points(web[:, 0], web[:, 1], WEB),
            *standing,
            *constants,
        ]

    def _attach(self) -> None:
        first, last = self.first_id, self.block_end
        if not self._run(f"SELECT EXISTS (SELECT FROM {self.table})").scalar_one():
            self._run(f"DROP TABLE {self.table}, {self.log_table}")
            return
        veiling.veil(self._run, self.table)
        partitions.attach(self._run, self.table, "cases", "id", first, last)
        bulk_log.attach(self._run, self.log_table, first, last)


def _standing(of: Standing) -> list[pa.Array]:
    """The columns of a standing as COPY takes them."""
    return [
        copying.numbers(of.versions),
        copying.texts(of.loops),
        copying.texts(of.stands),
        copying.numbers(of.unit_ids, of.unit_ids == 0),
        copying.numbers(of.handler_ids, of.handler_ids == 0),
        copying.texts(of.co_units),
        copying.numbers(of.condition_ids, of.condition_ids == 0),
        copying.numbers(of.reporter_ids, of.reporter_ids == 0),
        copying.instants(of.near_at),
    ]

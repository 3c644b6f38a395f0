"""Many cases at once: streamed into a table of their own, indexed there, then added whole.

A load of `BULK_ROWS` rows and more becomes a partition of `cases`: readers see nothing of it, and wait for nothing,
until the moment it is attached. A smaller one is inserted. Either way it is one transaction: all rows or none.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from app.cases.store import copying
from spatial.crs import STORAGE, WEB, transform

BULK_ROWS = 50_000
"""From this many rows on a load gets a partition of its own."""

BLOCK_IDS = 1 << 20
"""Ids in a block of `new_case_block()`."""

OWN_REF = "panlong:"
"""What the reference of an exported case begins with that has none of its own; its id follows."""

IMPORT_LOCK = 530104
"""Advisory lock: one bulk load at a time in a workspace."""


@dataclass(frozen=True, slots=True)
class CaseRows:
    """Cases ready to be stored: arrays of one length. Times datetime64[us] UTC, lon and lat degrees EPSG:4490, NaN
    where there is no position; `cell_ids` 0 where a case is outside every cell; `area_nos` the numbers of their cells,
    else of the district; `unit_ids` 0 where no unit has been given the case."""

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
    unit_ids: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, keep: NDArray[np.bool_]) -> CaseRows:
        """Only the rows of a mask."""
        return CaseRows(**{column.name: getattr(self, column.name)[keep] for column in fields(self)})


@dataclass(slots=True)
class LoadCounts:
    """What a load has done."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


COLUMNS = (
    "id, external_ref, category_id, state, reported_at, due_at, closed_at, source, address, description,"
    " cell_id, area_id, area_no, unit_id, import_row, geom, geom_3857, district_id, import_id, simulated"
)
INDEXES = (
    "USING gist (geom_3857)",
    "USING gist (geom_3857) WHERE open_state(state)",
    "(area_no) WHERE open_state(state)",
    "(area_no)",
    "(external_ref)",
    "(reported_at)",
    "(unit_id) WHERE unit_id IS NOT NULL",
    "(handler_id) WHERE handler_id IS NOT NULL",
)
"""Those of `cases`; attaching adopts them instead of building its own."""

CONTENT = "category_id, state, reported_at, due_at, closed_at, source, address, description, geom"


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
    """

    def __init__(
        self,
        connection: Connection,
        *,
        district_id: int,
        root_id: int,
        import_id: int | None = None,
        simulated: bool = False,
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
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": IMPORT_LOCK})
        connection.execute(text("CREATE TEMP TABLE case_load (LIKE cases INCLUDING DEFAULTS) ON COMMIT DROP"))
        self.table = "case_load"

    def add(self, rows: CaseRows) -> None:
        """Store a block; held back until it is known whether the load is a large one."""
        self.count += len(rows)
        if self.first_id is None and self.count < BULK_ROWS:
            self.waiting.append(rows)
            return
        if self.first_id is None:
            self._begin_partition()
        self._flush()
        self._copy(rows)

    def finish(self) -> LoadCounts:
        """Bring the rows among the cases: new ones are added, ones with a known reference are compared."""
        large = self.first_id is not None
        self._flush()
        self.settle()
        self._sender.shutdown()
        counts = self._merge_known()
        if large:
            self._attach()
        else:
            names = COLUMNS.removeprefix("id, ")
            self._run(f"INSERT INTO cases ({names}) SELECT {names} FROM case_load ORDER BY import_row")
        counts.added = self.count - counts.changed - counts.unchanged
        return counts

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
        self.first_id = self._new_block()
        self.table = f"cases_{self.first_id}"
        self._run("DROP TABLE case_load")
        self._run(f"CREATE TABLE {self.table} (LIKE cases INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")

    def _new_block(self) -> int:
        start = int(self._run("SELECT new_case_block()").scalar_one())
        self.block_end = start + BLOCK_IDS
        return start

    def _ids(self, n: int) -> Iterator[NDArray[np.int64]]:
        if self.first_id is None:
            yield np.arange(n, dtype=np.int64)
            return
        self.next_id = getattr(self, "next_id", self.first_id)
        while n:
            if self.next_id == self.block_end:
                self.next_id = self._new_block()
            take = min(n, self.block_end - self.next_id)
            yield np.arange(self.next_id, self.next_id + take, dtype=np.int64)
            self.next_id, n = self.next_id + take, n - take

    def _copy(self, block: CaseRows) -> None:
        """Send a block on its way; the database stores it while the next one is read."""
        ids = np.concatenate(list(self._ids(len(block)))) if len(block) else np.empty(0, np.int64)
        payload = copying.lines(self._columns(block, ids))
        self.settle()
        self._sending = self._sender.submit(self._send, self.table, payload)

    def _send(self, table: str, payload: memoryview) -> None:
        raw = self.connection.connection.driver_connection
        with raw.cursor().copy(f"COPY {table} ({COLUMNS}) FROM STDIN") as copy:  # type: ignore[union-attr]
            copy.write(payload)

    def settle(self) -> None:
        """Wait until what was sent is stored: until then nobody else may use the connection."""
        if self._sending is not None:
            sending, self._sending = self._sending, None
            sending.result()

    def _columns(self, block: CaseRows, ids: NDArray[np.int64]) -> list[pa.Array | str]:
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
            copying.numbers(block.unit_ids, block.unit_ids == 0),
            copying.numbers(block.rows),
            copying.points(block.lon, block.lat, STORAGE),
            copying.points(web[:, 0], web[:, 1], WEB),
            *constants,
        ]

    def _merge_known(self) -> LoadCounts:
        """Rows whose reference is known are taken out of the load; their cases are changed where they differ."""
        known = "SELECT EXISTS (SELECT FROM cases WHERE external_ref IS NOT NULL OR NOT simulated)"
        if not self._run(known).scalar_one():
            return LoadCounts()
        self._run(f"CREATE INDEX ON {self.table} (external_ref)")
        same = f"(l.{CONTENT.replace(', ', ', l.')}) IS NOT DISTINCT FROM (c.{CONTENT.replace(', ', ', c.')})"
        self._run(
            f"CREATE TEMP TABLE case_match ON COMMIT DROP AS"
            f" SELECT l.id AS loaded, c.id AS present, {same} AS same"
            f" FROM {self.table} l JOIN cases c ON c.external_ref = l.external_ref UNION ALL"
            f" SELECT l.id, c.id, {same} FROM {self.table} l"
            f" JOIN cases c ON c.id = substr(l.external_ref, {len(OWN_REF) + 1})::bigint AND c.external_ref IS NULL"
            f" WHERE l.external_ref ~ '^{OWN_REF}[0-9]{{1,16}}$'"
        )
        changed = self._run(
            f"UPDATE cases c SET ({CONTENT}) = (l.{CONTENT.replace(', ', ', l.')})"
            f" FROM case_match m JOIN {self.table} l ON l.id = m.loaded WHERE c.id = m.present AND NOT m.same"
        ).rowcount
        gone = self._run(f"DELETE FROM {self.table} l USING case_match m WHERE l.id = m.loaded").rowcount
        return LoadCounts(changed=changed, unchanged=gone - changed)

    def _attach(self) -> None:
        first, last = self.first_id, self.block_end
        if not self._run(f"SELECT EXISTS (SELECT FROM {self.table})").scalar_one():
            self._run(f"DROP TABLE {self.table}")
            return
        self._run("SET LOCAL maintenance_work_mem = '256MB'")
        self._run(f"ALTER TABLE {self.table} ADD PRIMARY KEY (id)")
        for columns in INDEXES:
            self._run(f"CREATE INDEX ON {self.table} {columns}")
        self._run(f"ALTER TABLE {self.table} ADD CHECK (id >= {first} AND id < {last})")
        self._run(f"ALTER TABLE cases ATTACH PARTITION {self.table} FOR VALUES FROM ({first}) TO ({last})")
        self._run(f"ANALYZE {self.table}")

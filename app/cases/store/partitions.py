"""A table of a load's own that becomes a partition: indexed like its parent first, so that attaching it is short."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]

KEYS = """
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = CAST(:parent AS regclass) AND contype IN ('p', 'u')
ORDER BY oid
"""
INDEXES = """
SELECT substring(pg_get_indexdef(indexrelid) FROM ' USING .*') FROM pg_index x
WHERE indrelid = CAST(:parent AS regclass) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = x.indexrelid)
ORDER BY indexrelid
"""


def begin(run: Run, table: str, parent: str) -> None:
    """Make the table; names are those of tables, and never come from outside."""
    run(f"CREATE TABLE {table} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")


def attach(run: Run, table: str, parent: str, key: str, first: int, last: int) -> None:
    """Index the table and make it the partition of ids from `first` to before `last`.

    Attaching adopts what is there: keys, indexes, and the check that spares it a look at every row.
    """
    run("SET LOCAL maintenance_work_mem = '256MB'")
    for definition in run(KEYS, parent=parent).scalars().all():
        run(f"ALTER TABLE {table} ADD {definition}")
    for definition in run(INDEXES, parent=parent).scalars().all():
        run(f"CREATE INDEX ON {table} {definition}")
    run(f"ALTER TABLE {table} ADD CHECK ({key} >= {first} AND {key} < {last})")
    run(f"ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES FROM ({first}) TO ({last})")
    run(f"ANALYZE {table}")

"""What the columns of a header mean is said once: the next file with the same header is read by it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.grid.service import the_district
from app.interop import store
from app.interop.service.report import ImportReport
from spatial.readers import SourceOptions


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def fingerprint(columns: Sequence[str]) -> str:
    """What tells one header from another, whatever the order of its columns.

    >>> fingerprint(["名称", "类型 "]) == fingerprint(["类型", "名称"])
    True
    """
    names = sorted(map(_plain, columns))
    return hashlib.sha256(json.dumps(names, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Memory:
    """Completes what the user says of a file by what they said of such a header before, and tells what that was.

    What the user says of single fields goes before what is remembered of these, and leaves the others.
    """

    connection: Connection
    kind: str
    report: ImportReport

    def __call__(self, columns: Sequence[str], options: SourceOptions) -> SourceOptions:
        district_id = the_district(self.connection).id
        known = store.mapping_of(self.connection, district_id, self.kind, fingerprint(columns))
        names = {_plain(name): name for name in columns}
        recalled = {
            field: names[column]
            for field, column in known.items()
            if field not in options.fields and column in names
        }
        if recalled:
            pairs = "、".join(f"{field}={column}" for field, column in recalled.items())
            self.report.note("mapping_remembered", mapping=pairs)
        return replace(options, fields={**recalled, **options.fields})


def remember(
    connection: Connection,
    district_id: int,
    kind: str,
    columns: Sequence[str],
    fields: Mapping[str, str],
) -> None:
    """Keep what columns of a header mean, for the next file that has it."""
    if fields:
        written = {field: _plain(column) for field, column in fields.items()}
        store.keep_mapping(connection, district_id, kind, fingerprint(columns), written)

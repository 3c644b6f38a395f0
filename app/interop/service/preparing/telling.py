"""What is told of an import: how far it is, how its file is read, what was found, what has to be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from app.errors import NotFoundError
from app.interop.rules.preparing import KEPT_DAYS
from app.interop.service.preparing.files import FAULTS, SENT
from app.interop.service.preparing.reading import Reading
from app.interop.store import choices
from app.interop.store import preparing as store
from app.registry.service import looking

Record = dict[str, Any]

MOST_ID = 2**63 - 1
HEADER = ("columns", "refused", "remembered", "fields", "shaped", "declared", "rows", "layers")


def one(connection: Connection, import_id: int) -> Record:
    """An import of the one who asks.

    Raises
    ------
    NotFoundError
        `import_missing`.
    """
    found = store.one(connection, min(import_id, MOST_ID))
    if found is None:
        raise NotFoundError("import_missing", id=import_id)
    still_open, decided = choices.counts(connection, import_id)
    return {
        **_listed(found, store.files_there(connection, [import_id])[import_id]),
        "header": {name: found["header"].get(name) for name in HEADER},
        "reading": Reading.of(found["options"]).kept,
        "report": found["report"],
        "problem": found["problem"],
        "choices_open": still_open,
        "choices_made": decided,
    }


def page(connection: Connection, *, before: int | None, limit: int) -> tuple[list[Record], int | None]:
    """Imports of the one who asks, the newest first, and where the next page begins."""
    rows = store.page(connection, before=before, limit=limit + 1)
    files = store.files_there(connection, [row["id"] for row in rows])
    told = [_listed(row, files[row["id"]]) for row in rows[:limit]]
    return told, told[-1]["id"] if len(rows) > limit else None


def _listed(row: Mapping[str, Any], files: set[str]) -> Record:
    kept = ("id", "client_id", "kind", "file_name", "size_bytes", "state", "doing", "sent_at", "done_at")
    until = row["done_at"] if row["done_at"] is not None else row["sent_at"]
    report = row["report"] or {}
    return {
        **{name: row[name] for name in kept},
        "begun": row["doing"] is not None and row["begun_at"] is not None,
        "stopping": row["doing"] is not None and row["cancelled"],
        "rows_read": row["rows_read"],
        "part": round(row["part"], 3),
        "has_file": SENT in files,
        "has_faults": FAULTS in files,
        "kept_until": until + timedelta(days=KEPT_DAYS) if files else None,
        "counts": {name: report.get(name, 0) for name in ("added", "changed", "unchanged", "skipped")},
    }


def asked(
    connection: Connection, import_id: int, *, after: int, limit: int
) -> tuple[list[Record], int | None]:
    """Rows of which a person decides, each beside what it may be, as far as that is still in sight."""
    rows = choices.page(connection, import_id, after=after, limit=limit + 1)
    shown = rows[:limit]
    ids = {one["id"] for row in shown for one in row["candidates"]}
    known = {each["id"]: each for each in looking.told(connection, sorted(ids))}
    told = [{**row, "candidates": _candidates(row["candidates"], known)} for row in shown]
    return told, shown[-1]["row"] if len(rows) > limit else None


def _candidates(found: Sequence[Mapping[str, Any]], known: Mapping[int, Record]) -> list[Record]:
    return [{"likeness": one["likeness"], "element": known[one["id"]]} for one in found if one["id"] in known]


def likeliest(connection: Connection, report: Mapping[str, Any] | None) -> dict[int, Record]:
    """The places that open addresses most likely mean, by their ids."""
    listed = (report or {}).get("addresses", {}).get("listed", [])
    ids = {one["likeliest"]["id"] for one in listed if one["likeliest"]}
    return {each["id"]: each for each in looking.told(connection, sorted(ids))}

"""The types of elements and needs that the reference data know."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from app.errors import UnavailableError
from app.registry.rules.kinds import ElementKind
from app.registry.service.entries import Words
from app.registry.store import types as store
from app.settings import ROOT

REFERENCE = ROOT / "data" / "reference"


def add_reference_types(connection: Connection) -> None:
    """Add the types that are not there yet.

    Raises
    ------
    UnavailableError
        `reference_missing`.
    """
    store.add_types(connection, _rows("element_types"))
    store.add_needs(connection, _rows("need_types"))


def words_of(connection: Connection) -> Words:
    """What types and needs are called: by their code, their Chinese name and their English one."""
    types = store.types(connection)
    of_kind = {kind: _called(row for row in types if row["kind"] == kind) for kind in ElementKind}
    return Words(of_kind, _called(store.needs(connection)))


def _called(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {row[name].casefold(): row["code"] for row in rows for name in ("name_en", "name", "code")}


def _rows(name: str) -> list[dict[str, str | None]]:
    path = REFERENCE / f"{name}.csv"
    if not path.exists():
        raise UnavailableError("reference_missing", path=str(path))
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]

"""Rows that name nothing that is known become new elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from app.interop.service.elements.row import Row
from app.registry.rules.kinds import RESIDENT, ElementKind
from app.registry.store import bulk, changing, walled
from app.registry.store.bulk import PARTS, ElementRows, Origin


def add(
    connection: Connection, kind: ElementKind, origin: Origin, rows: Sequence[Row], cells: bulk.Cells | None
) -> None:
    """Write new elements with what they lie in, their household and their needs."""
    if not rows:
        return
    ids = bulk.reserve(connection, "elements", len(rows))
    person = kind is ElementKind.PERSON
    told = _details(connection, kind, origin, rows)
    details = {name: _column([one.get(name) for one in told]) for name in PARTS[kind][1]}
    bulk.add_elements(
        connection, origin,
        ElementRows(
            kind,
            _column([RESIDENT if person else row.values["type"] for row in rows]),
            codes=None if person else _column([row.values["code"] for row in rows]),
            names=None if person else _column([row.values["name"] for row in rows]),
            addresses=None if person else _column([row.values["address"] for row in rows]),
            lon=None if person else _degrees([row.values["lon"] for row in rows]),
            lat=None if person else _degrees([row.values["lat"] for row in rows]),
            site_ids=np.array([row.site_id for row in rows], dtype=np.int64),
            area_nos=np.array([row.area_no for row in rows], dtype=np.int64),
            unit_ids=np.array([row.unit_id for row in rows], dtype=np.int32),
            details={name: column for name, column in details.items() if any(v is not None for v in column)},
        ),
        ids,
        cells,
    )  # fmt: skip
    _days(connection, rows, ids)
    for row, element_id in zip(rows, ids.tolist(), strict=True):
        row.known_id = element_id
    if person:
        add_needs(connection, origin, list(zip(ids.tolist(), rows, strict=True)))


def _details(
    connection: Connection, kind: ElementKind, origin: Origin, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    homes = households_of(connection, origin, rows) if kind is ElementKind.PERSON else {}
    return [details_of(kind, row, homes) for row in rows]


def details_of(kind: ElementKind, row: Row, homes: dict[str, int]) -> dict[str, Any]:
    """A row as the columns of its kind's own table, None where it says nothing."""
    found = {name: row.values.get(name) for name in PARTS[kind][1]}
    for name, (value, index) in row.sealed.items():
        found[name], found[f"{name}_index"] = value, index
    if kind is ElementKind.PLACE:
        found["shape"] = row.line.shape
    elif kind is ElementKind.PERSON:
        found["household_id"] = homes.get(row.values["household"])
    elif kind is ElementKind.OBJECT:
        found["state"] = found["state"] or (None if row.known_id else "intact")
    return found


def households_of(connection: Connection, origin: Origin, rows: Sequence[Row]) -> dict[str, int]:
    """The households that rows name by their codes; those that nobody knows are made."""
    codes = list(dict.fromkeys(row.values["household"] for row in rows if row.values["household"]))
    if origin.walled:
        return walled.households(connection, origin.district_id, codes) if codes else {}
    known = changing.households(connection, origin.district_id, codes) if codes else {}
    new = [code for code in codes if code not in known]
    if new:
        known |= dict(zip(new, bulk.add_households(connection, origin, new).tolist(), strict=True))
    return known


def add_needs(connection: Connection, origin: Origin, persons: Sequence[tuple[int, Row]]) -> None:
    """Write what persons need, on the basis and until the day on which the persons themselves are kept."""
    many = [(n, need, row) for n, row in persons for need in row.values["needs"] or ()]
    bulk.add_needs(
        connection,
        origin,
        np.array([n for n, _, _ in many], dtype=np.int64),
        _column([need for _, need, _ in many]),
        _column([row.values["legal_basis"] for _, _, row in many]),
        _column([row.values["retain_until_on"] for _, _, row in many]),
    )


def _days(connection: Connection, rows: Sequence[Row], ids: bulk.Ids) -> None:
    """Days that the file names; the others are valid from the day of the import."""
    dated = [
        {"id": n, "begin": row.values["valid_from_on"], "end": row.values["valid_to_on"]}
        for n, row in zip(ids.tolist(), rows, strict=True)
        if row.values["valid_from_on"] or row.values["valid_to_on"]
    ]
    if dated:
        statement = text(
            "UPDATE elements SET valid_from_on = coalesce(CAST(:begin AS date), valid_from_on), valid_to_on = :end"
            " WHERE id = :id"
        )
        connection.execute(statement, dated)


def _column(values: Sequence[Any]) -> Any:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _degrees(values: Sequence[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

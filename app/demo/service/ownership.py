"""Invented ownership 管养区段 of the simulated district: whose manhole covers, whose banks, whose green."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import Connection, Row

from app.cases.store import routing_data
from app.grid.rules import SINCE_EVER

COVERS = ("C34", "C35")
"""Manhole covers: the categories whose unit is the owner."""

OWNERS = ("drainage", "drainage", "water_supply", "drainage", "telecoms", "power", "drainage", "gas")
"""Whose covers lie in a street, one street after the other; of local streets every eighth has no owner on record."""

STREET_M, BANK_M, PARK_M = 25.0, 30.0, 5.0


def add(connection: Connection, district: Row[Any], ground: gpd.GeoDataFrame) -> int:
    """Give streets, waters and parks of the ground their units, once; returns how many rows that made."""
    if routing_data.is_owned(connection, district.id):
        return 0
    units = {unit.code: unit.id for unit in routing_data.units(connection, district.id)}
    covers = [row.id for row in routing_data.categories(connection, district.id) if row.code in COVERS]
    rows = [
        (
            code,
            (f"{name}（模拟）"[:120], *kind, units[unit], tolerance, shapely.to_wkb(shape)),
            SINCE_EVER,
            None,
        )
        for code, name, kind, unit, tolerance, shape in _stretches(ground, covers)
        if unit in units
    ]
    routing_data.add_stretches(connection, district.id, rows, source="demo", simulated=True)
    return len(rows)


Stretch = tuple[str, str, tuple[int | None, str | None, str | None], str, float, Any]


def _stretches(ground: gpd.GeoDataFrame, covers: list[int]) -> Iterator[Stretch]:
    """Code, name, kind (category, major, line), unit, tolerance in metres and shape of each."""
    for number, row in enumerate(ground.to_dict("records"), start=1):
        name, shape = row.get("name"), row["geometry"]
        named = name if isinstance(name, str) else f"无名路段 {number}"
        if row["kind"] == "street":
            owner = _owner(number, row)
            for category in covers if owner else ():
                yield (
                    f"street-{number}-{category}",
                    named,
                    (category, None, None),
                    owner or "",
                    STREET_M,
                    shape,
                )
        elif row["kind"] == "river":
            yield f"river-{number}", named, (None, "waters", None), "dianchi", BANK_M, shape
        elif row["kind"] == "reservoir" and row.get("class") == "reservoir":
            yield f"reservoir-{number}", named, (None, "waters", None), "water_reserve", BANK_M, shape
        elif row["kind"] == "park":
            yield f"park-{number}", named, (None, "greenery", None), "greening", PARK_M, shape


def _owner(number: int, row: Mapping[str, Any]) -> str | None:
    """Whose covers a street has; None where nobody ever wrote that down."""
    at = number % len(OWNERS)
    return None if row.get("class") == "local" and at == len(OWNERS) - 1 else OWNERS[at]

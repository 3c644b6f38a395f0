"""Fills the registry of a simulated district: buildings and what they stand in, organisations, components, people.

Buildings come before what lies in them. People come in blocks of a size that does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import Connection, Row, text

from app.demo.service.components import strew
from app.demo.service.concerns import tie_cases
from app.demo.service.dwellings import move_in
from app.demo.service.firms import Firms, found
from app.demo.service.houses import Grounds, Houses, settle
from app.demo.service.register import Register, Tables
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.service.types import add_reference_types
from app.registry.store.bulk import ElementRows
from spatial.crs import STORAGE


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each a kind of demo has; dwellings are places beside the buildings."""

    buildings: int
    dwellings: int
    persons: int
    organisations: int
    objects: int


SIZES = {
    "small": Size(6_000, 12_000, 30_000, 3_000, 10_000),
    "full": Size(60_000, 330_000, 900_000, 20_000, 100_000),
}


def fill(
    connection: Connection,
    district: Row[Any],
    drawn: Sequence[dict[str, Any]],
    ground: gpd.GeoDataFrame,
    size: Size,
    today: date,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Register what a simulated district has.

    Parameters
    ----------
    drawn
        The houses of the map, as `find_buildings` gives them.
    today
        Ages and days of retention are counted from here.
    progress
        Told how many persons there are, after each block of them.

    Raises
    ------
    UnavailableError
        As `add_reference_types`, `sealer`.
    """
    add_reference_types(connection)
    tables = Tables.of(connection, district, today)
    write(tables, drawn, ground, size, progress)
    tie_cases(connection, tables.origin)


def write(
    register: Register,
    drawn: Sequence[dict[str, Any]],
    ground: gpd.GeoDataFrame,
    size: Size,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write into a register what `fill` registers, but for what concerns cases."""
    district = register.district
    grounds, houses = settle(drawn, ground, size.buildings, district.metric_srid)
    _add_houses(register, grounds, houses)
    register.take_stock()
    firms = found(size.organisations, grounds.names, houses.grounds, district.code, register.today)
    _add_firms(register, firms, houses)
    _add_components(register, ground, size.objects)
    move_in(register, houses, size.dwellings, size.persons, progress)


def _add_houses(register: Register, grounds: Grounds, houses: Houses) -> None:
    around = register.add("grounds", ElementRows(
        ElementKind.PLACE, grounds.types, names=grounds.names, addresses=grounds.addresses,
        lon=grounds.lon, lat=grounds.lat,
    ))  # fmt: skip
    shapes = shapely.to_wkb(shapely.set_srid(houses.outlines, STORAGE), hex=True, include_srid=True)
    register.add("buildings", ElementRows(
        ElementKind.PLACE, np.full(len(houses), "building", dtype=object), names=houses.names,
        addresses=houses.addresses, lon=houses.lon, lat=houses.lat, site_ids=around[houses.grounds],
        details={
            "shape": np.asarray(shapes, dtype=object),
            "floors": houses.floors.astype(object),
            "floors_below": houses.cellars.astype(object),
            "height_m": houses.heights.astype(object),
        },
    ))  # fmt: skip


def _add_firms(register: Register, firms: Firms, houses: Houses) -> None:
    buildings, grounds = register.ids["buildings"], register.ids["grounds"]
    ids = register.add("organisations", ElementRows(
        ElementKind.ORGANISATION, firms.types, codes=firms.codes, names=firms.names,
        addresses=houses.addresses[firms.sites], site_ids=buildings[firms.sites],
        details={"filed_on": firms.filed_on, "registered_on": firms.registered_on},
    ))  # fmt: skip
    companies = ids[firms.types == "property_company"]
    if len(companies):
        register.relate(RelationKind.MANAGES, companies[np.arange(len(grounds)) % len(companies)], grounds)
    serve = np.isin(firms.types.astype(str), ["community_canteen", "legal_aid_point", "station"])
    register.relate(RelationKind.SERVES, ids[serve], grounds[houses.grounds[firms.sites[serve]]])


def _add_components(register: Register, ground: gpd.GeoDataFrame, count: int) -> None:
    district = register.district
    made = strew(ground, count, district.code, district.metric_srid)
    rows = register.connection.execute(
        text("SELECT id, code, name, credit_code FROM units WHERE district_id = :district"),
        {"district": district.id},
    )
    units = {row.code: row for row in rows}
    of = [units.get(code) for code in made.units]
    names = np.array([None if unit is None else unit.name for unit in of], dtype=object)
    register.add("objects", ElementRows(
        ElementKind.OBJECT, made.types, codes=made.codes, names=_called(made.types, register.connection),
        addresses=made.streets, lon=made.lon, lat=made.lat,
        unit_ids=np.array([0 if unit is None else unit.id for unit in of], dtype=np.int32),
        details={
            "state": made.states,
            "department": names,
            "department_code": np.array([None if unit is None else unit.credit_code for unit in of], dtype=object),
            "owner": names,
            "custodian": names,
        },
    ))  # fmt: skip


def _called(types: Any, connection: Connection) -> Any:
    names = dict(connection.execute(text("SELECT code, name FROM element_types WHERE kind = 'object'")).all())
    return np.array([names[kind] for kind in types], dtype=object)

"""Fills the registry of a simulated district: buildings and what they stand in, organisations, components, people.

Buildings come before what lies in them. People come in blocks of a size that does not depend on how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.service.types import add_reference_types
from app.registry.store import bulk
from app.registry.store.bulk import ElementRows, Ids, Origin
from spatial.crs import STORAGE

SOURCE = "模拟"


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


@dataclass(slots=True)
class Filling:
    """A registry that is being filled."""

    connection: Connection
    district: Row[Any]
    origin: Origin
    today: date
    cells: bulk.Cells
    ids: dict[str, Ids] = field(default_factory=dict)

    def add(self, name: str, rows: ElementRows) -> Ids:
        """Write elements and keep their ids under a name."""
        ids = bulk.reserve(self.connection, "elements", len(rows))
        bulk.add_elements(self.connection, self.origin, rows, ids, self.cells)
        self.ids[name] = ids
        return ids

    def relate(self, kind: RelationKind, sources: Ids, targets: Ids) -> None:
        """Tie elements to each other."""
        bulk.add_relations(self.connection, self.origin, kind, sources, targets)


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
    origin = Origin(district.id, SOURCE, date(today.year - 1, 1, 1), simulated=True)
    filling = Filling(connection, district, origin, today, bulk.Cells.of(connection, district.id))
    grounds, houses = settle(drawn, ground, size.buildings, district.metric_srid)
    _add_houses(filling, grounds, houses)
    bulk.take_stock(connection)
    firms = found(size.organisations, grounds.names, houses.grounds, district.code, today)
    _add_firms(filling, firms, houses)
    _add_components(filling, ground, size.objects)
    tie_cases(connection, filling.origin)
    move_in(filling, houses, size.dwellings, size.persons, progress)


def _add_houses(filling: Filling, grounds: Grounds, houses: Houses) -> None:
    around = filling.add("grounds", ElementRows(
        ElementKind.PLACE, grounds.types, names=grounds.names, addresses=grounds.addresses,
        lon=grounds.lon, lat=grounds.lat,
    ))  # fmt: skip
    shapes = shapely.to_wkb(shapely.set_srid(houses.outlines, STORAGE), hex=True, include_srid=True)
    filling.add("buildings", ElementRows(
        ElementKind.PLACE, np.full(len(houses), "building", dtype=object), names=houses.names,
        addresses=houses.addresses, lon=houses.lon, lat=houses.lat, site_ids=around[houses.grounds],
        details={
            "shape": np.asarray(shapes, dtype=object),
            "floors": houses.floors.astype(object),
            "floors_below": houses.cellars.astype(object),
            "height_m": houses.heights.astype(object),
        },
    ))  # fmt: skip


def _add_firms(filling: Filling, firms: Firms, houses: Houses) -> None:
    buildings, grounds = filling.ids["buildings"], filling.ids["grounds"]
    ids = filling.add("organisations", ElementRows(
        ElementKind.ORGANISATION, firms.types, codes=firms.codes, names=firms.names,
        addresses=houses.addresses[firms.sites], site_ids=buildings[firms.sites],
        details={"filed_on": firms.filed_on, "registered_on": firms.registered_on},
    ))  # fmt: skip
    companies = ids[firms.types == "property_company"]
    if len(companies):
        filling.relate(RelationKind.MANAGES, companies[np.arange(len(grounds)) % len(companies)], grounds)
    serve = np.isin(firms.types.astype(str), ["community_canteen", "legal_aid_point", "station"])
    filling.relate(RelationKind.SERVES, ids[serve], grounds[houses.grounds[firms.sites[serve]]])


def _add_components(filling: Filling, ground: gpd.GeoDataFrame, count: int) -> None:
    district = filling.district
    made = strew(ground, count, district.code, district.metric_srid)
    rows = filling.connection.execute(
        text("SELECT id, code, name, credit_code FROM units WHERE district_id = :district"),
        {"district": district.id},
    )
    units = {row.code: row for row in rows}
    of = [units.get(code) for code in made.units]
    names = np.array([None if unit is None else unit.name for unit in of], dtype=object)
    filling.add("objects", ElementRows(
        ElementKind.OBJECT, made.types, codes=made.codes, names=_called(made.types, filling.connection),
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

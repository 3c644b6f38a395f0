"""Many elements at once: written as COPY takes them, straight into the tables, where triggers give each its cell.

What lies in something comes after it: buildings, then the flats in them, then who lives there. The caller's
transaction holds all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from app import copying
from app.grid import store as grid
from app.grid.rules import Level
from app.registry.rules.kinds import ElementKind, RelationKind
from app.registry.store import walled
from app.registry.store.matching import root_no
from spatial.crs import STORAGE
from spatial.locate import Locator

Ids = NDArray[np.int64]
Column = NDArray[Any]

LOCATED = text("SELECT set_config('panlong.located', :how, true)")
"""Whether numbers that come with points are believed, until the transaction ends or it is said anew."""

PARTS: Mapping[ElementKind, tuple[str, tuple[str, ...]]] = {
    ElementKind.PLACE: (
        "places",
        ("shape", "floors", "floors_below", "height_m", "entrance", "floor", "room"),
    ),
    ElementKind.OBJECT: (
        "city_objects",
        ("state", "department_code", "department", "owner", "custodian"),
    ),
    ElementKind.ORGANISATION: (
        "organisations",
        ("phone", "phone_index", "filed_on", "registered_on"),
    ),
    ElementKind.PERSON: (
        "persons",
        (
            "name", "identity", "identity_index", "phone", "phone_index", "born_on", "household_id",
            "household_relation", "legal_basis", "retain_until_on",
        ),
    ),
}  # fmt: skip
"""The table of each kind and its columns, beside the id."""


@dataclass(frozen=True, slots=True)
class ElementRows:
    """Elements of one kind: arrays of one length, or None for a column that none of them has.

    Parameters
    ----------
    types, codes, names, addresses
        Texts, None for nothing; persons have a type alone.
    lon, lat
        Degrees EPSG:4490, NaN where there is no point.
    site_ids
        What each lies in, 0 for nothing.
    area_nos
        Number of the area where neither point nor site says it, 0 for the district.
    unit_ids
        Units in charge, 0 for none.
    details
        Columns of the kind's own table by name, see `PARTS`: texts, numbers, `datetime.date`, bytes, None; shapes as
        hexadecimal EWKB.
    """

    kind: ElementKind
    types: Column
    codes: Column | None = None
    names: Column | None = None
    addresses: Column | None = None
    lon: Column | None = None
    lat: Column | None = None
    site_ids: Ids | None = None
    area_nos: Ids | None = None
    unit_ids: NDArray[np.int32] | None = None
    details: Mapping[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.types)


@dataclass(frozen=True, slots=True)
class Origin:
    """What all rows of a load have in common.

    Parameters
    ----------
    walled
        Whether somebody acts in the transaction: every row then goes through the walls.
    """

    district_id: int
    source: str
    from_on: date
    simulated: bool = False
    walled: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of today, to find in memory what lies in them: `nos` by their order, and last the district's."""

    locator: Locator
    nos: Ids

    @classmethod
    def of(cls, connection: Connection, district_id: int) -> Cells:
        """Those of a district."""
        cells = grid.current_areas(connection, district_id, Level.CELL)
        return cls(Locator(cells.shapes, cells.codes), np.append(cells.nos, root_no(connection, district_id)))

    def numbers(self, lon: Column, lat: Column) -> Ids:
        """The number of what each point lies in; 0 where there is no point."""
        return np.where(np.isnan(lon), 0, self.nos[self.locator(lon, lat)])


def reserve(connection: Connection, table: str, count: int) -> Ids:
    """Ids for rows that are still to be written."""
    rows = connection.execute(
        text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"),
        {"table": table, "count": count},
    )
    return np.fromiter(rows.scalars(), dtype=np.int64, count=count)


def add_elements(
    connection: Connection, origin: Origin, rows: ElementRows, ids: Ids, cells: Cells | None = None
) -> None:
    """Write elements with their details, and that each lies in its site.

    Parameters
    ----------
    cells
        What points lie in is found by these; without them the database looks for each, which takes ten times as long.
    """
    if not len(rows):
        return
    numbers, sites = rows.area_nos, rows.site_ids
    if origin.walled and sites is not None:
        numbers = walled.areas_of(connection, sites, numbers)
    if cells is not None and rows.lon is not None and rows.lat is not None:
        found = cells.numbers(rows.lon, rows.lat)
        numbers = found if numbers is None else np.where(found > 0, found, numbers)
    connection.execute(LOCATED, {"how": "off" if cells is None else "on"})
    own_site = {} if origin.walled else {"site_id": _numbers(sites)}
    whole = {
        "id": copying.numbers(ids), "district_id": str(origin.district_id), "kind": rows.kind.value,
        "type": copying.texts(rows.types), "code": _texts(rows.codes), "name": _texts(rows.names),
        "address": _texts(rows.addresses),
        "geom": copying.NULL if rows.lon is None or rows.lat is None else copying.points(rows.lon, rows.lat, STORAGE),
        **own_site, "area_no": _numbers(numbers), "unit_id": _numbers(rows.unit_ids),
        "valid_from_on": str(origin.from_on), "source": _escaped(origin.source), "simulated": _flag(origin.simulated),
    }  # fmt: skip
    _copy(connection, origin, f"elements ({', '.join(whole)})", list(whole.values()))
    table, columns = PARTS[rows.kind]
    given = [name for name in columns if name in rows.details]
    own: list[pa.Array | str] = [copying.numbers(ids)]
    if rows.kind is ElementKind.PERSON:
        given, own = ["district_id", *given], [*own, str(origin.district_id)]
    own += [written(rows.details[name]) for name in given if name != "district_id"]
    _copy(connection, origin, f"{table} (id, {', '.join(given)})" if given else f"{table} (id)", own)
    if sites is not None:
        kind = RelationKind.LIVES_IN if rows.kind is ElementKind.PERSON else RelationKind.LOCATED_IN
        lie = sites > 0
        add_relations(connection, origin, kind, ids[lie], sites[lie])


def add_relations(
    connection: Connection, origin: Origin, kind: RelationKind, sources: Ids, targets: Ids
) -> None:
    """Write relations of one kind; of `concerns` the sources are cases."""
    if not len(sources):
        return
    first = "case_id" if kind is RelationKind.CONCERNS else "source_id"
    _copy(
        connection,
        origin,
        f"relations (kind, {first}, target_id, from_on, source, simulated)",
        [
            kind.value, copying.numbers(sources), copying.numbers(targets), str(origin.from_on),
            _escaped(origin.source), _flag(origin.simulated),
        ],
    )  # fmt: skip


def add_households(connection: Connection, origin: Origin, codes: Sequence[str]) -> Ids:
    """Write households by their codes; their ids."""
    ids = reserve(connection, "households", len(codes))
    if len(codes):
        _copy(
            connection,
            origin,
            "households (id, district_id, code, simulated)",
            [
                copying.numbers(ids), str(origin.district_id), copying.texts(np.array(codes, dtype=object)),
                _flag(origin.simulated),
            ],
        )  # fmt: skip
    return ids


def add_needs(
    connection: Connection,
    origin: Origin,
    person_ids: Ids,
    needs: Column,
    bases: Column,
    retain_until_on: Column,
) -> None:
    """Write what persons need, each with its legal basis and the last day on which that is kept."""
    if len(person_ids):
        _copy(
            connection,
            origin,
            "person_needs (person_id, need, legal_basis, from_on, retain_until_on, source)",
            [
                copying.numbers(person_ids), copying.texts(needs), copying.texts(bases), str(origin.from_on),
                written(retain_until_on), _escaped(origin.source),
            ],
        )  # fmt: skip


def take_stock(connection: Connection) -> None:
    """Tell the planner how much there is now.

    Triggers and keys plan their look-ups once, by the size of the tables then: what was planned for an empty one reads
    all of it for each row that comes later.
    """
    connection.execute(text("ANALYZE elements, relations, places, persons, households"))


def remove_simulated(connection: Connection, district_id: int) -> None:
    """Delete what is simulated; what somebody has entered stays, without the simulated things it was tied to."""
    values = {"district": district_id}
    connection.execute(text("DELETE FROM elements WHERE district_id = :district AND simulated"), values)
    connection.execute(text("DELETE FROM households WHERE district_id = :district AND simulated"), values)


def written(values: Column) -> pa.Array:
    """A column of details as COPY takes it: bytes as a bytea, days and numbers as they are, texts escaped."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bytes):
        digits = [None if value is None else rf"\\x{value.hex()}" for value in values]
        return pa.array(digits, pa.string())
    if first is None or isinstance(first, str):
        return copying.texts(values)
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _texts(values: Column | None) -> pa.Array | str:
    return copying.NULL if values is None else copying.texts(values)


def _numbers(values: NDArray[Any] | None) -> pa.Array | str:
    return copying.NULL if values is None else copying.numbers(values, values == 0)


def _escaped(value: str) -> str:
    for plain, shown in copying.ESCAPES:
        value = value.replace(plain, shown)
    return value


def _flag(value: bool) -> str:
    return "t" if value else "f"


def _copy(connection: Connection, origin: Origin, into: str, columns: Sequence[pa.Array | str]) -> None:
    if origin.walled:
        walled.copy(connection, into, columns)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write(copying.lines(columns))

"""Places that signs are for: a cell by its code, a compound, a courtyard or a building by its id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import Connection

from app.registry.rules.kinds import ElementKind, PlaceType
from app.registry.store import reading as registry
from app.reports.store import cells
from app.web.shapes import MOST_ID

Record = Mapping[str, Any]

SIGNED = frozenset({PlaceType.COMPOUND, PlaceType.COURTYARD, PlaceType.BUILDING})


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a sign is for: the area that it lies in, and the element where it is one."""

    area: Record
    element: Record | None = None

    def called(self, locale: str) -> str:
        """Its name in a language; of an element the one that it has, or that of its type."""
        if self.element is not None:
            return str(self.element["name"] or self.element["type_name"])
        english = None if locale.startswith("zh") else self.area["name_en"]
        return str(english or self.area["name"])

    @property
    def at(self) -> tuple[float, float]:
        """Where a report from there is put: the place itself, or a point in the cell."""
        if self.element is not None and self.element["lon"] is not None:
            return self.element["lon"], self.element["lat"]
        inside = shapely.point_on_surface(self.area["shape"])
        return inside.x, inside.y


def places(
    connection: Connection, district_id: int, day: date, subjects: Collection[str]
) -> dict[str, Place]:
    """Those of some places that are the one's who asks, by what they were asked for; many in few statements."""
    found = {row["code"]: Place(row) for row in cells.own(connection, district_id, day, codes=subjects)}
    numbers = {one: int(one) for one in subjects if one not in found and one.isdecimal() and len(one) <= 10}
    told = registry.told(connection, [number for number in numbers.values() if 0 < number <= MOST_ID])
    elements = {
        one["id"]: one
        for one in told
        if one["kind"] == ElementKind.PLACE and one["type"] in SIGNED and one["area"] and not one["merged"]
    }
    ids = {one["area"]["id"] for one in elements.values()}
    areas = {row["id"]: row for row in cells.own(connection, district_id, day, ids=ids)}
    for subject, number in numbers.items():
        element = elements.get(number)
        if element is not None and element["area"]["id"] in areas:
            found[subject] = Place(areas[element["area"]["id"]], element)
    return found

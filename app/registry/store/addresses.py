"""The gazetteer: places by how they are called and addressed, however somebody writes it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from app.db import prepared
from app.registry.rules.sameness import Record

PLACES = prepared(
    "SELECT f.how, e.id, e.type, coalesce(e.name, '') AS name, coalesce(e.address, '') AS address"
    " FROM places_addressed(:district, CAST(:wholes AS text[]), CAST(:grounds AS text[]), :inside,"
    " CAST(:halves AS text[]), :most) f JOIN elements e USING (id)"
)
MOST = 200
"""Places of one name that are read at most."""


def area_names(connection: Connection, district_id: int) -> list[str]:
    """Names that may stand at the beginning of an address, the longest first."""
    rows = connection.execute(
        text(
            "SELECT DISTINCT name FROM areas_on(:district, district_today(:district)) WHERE level <> 'cell'"
            " ORDER BY name"
        ),
        {"district": district_id},
    )
    return sorted(rows.scalars(), key=len, reverse=True)


def places_addressed(
    connection: Connection,
    district_id: int,
    *,
    wholes: Sequence[str] = (),
    grounds: Sequence[str] = (),
    inside: str = "",
    halves: Sequence[str] = (),
) -> list[tuple[str, Record]]:
    """Places in sight by one way of writing, each with how it was found: `whole`, `inside` or `like`."""
    rows = connection.execute(
        PLACES,
        {
            "district": district_id, "wholes": list(wholes), "grounds": list(grounds), "inside": inside,
            "halves": list(halves), "most": MOST,
        },
    )  # fmt: skip
    return [(row.how, Record(row.id, row.type, row.name, row.address)) for row in rows]


def flats_in(connection: Connection, houses: Sequence[int], entrance: str, room: str) -> dict[int, list[int]]:
    """Flats with that room, behind that entrance where it is said, by the house that they are in."""
    rows = connection.execute(
        text(
            "SELECT e.site_id, e.id FROM elements e JOIN places p USING (id) WHERE e.site_id = ANY (:houses)"
            " AND e.type = 'dwelling' AND e.merged_into IS NULL AND plain_address(p.room) IN (:room, :room || '室')"
            " AND (:entrance = '' OR plain_address(p.entrance) IN (:entrance, :entrance || '单元')) ORDER BY e.id"
        ),
        {"houses": list(houses), "entrance": entrance, "room": room},
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.site_id, []).append(row.id)
    return found

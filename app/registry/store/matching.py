"""Elements that a row without a code may be, looked up for many rows at once: those of the same area or site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection, text

from app.registry.rules.kinds import ElementKind
from app.registry.rules.sameness import Record

SCOPES = 200
"""Areas or sites that are looked through at once: what is in memory does not grow with the file."""

Scope = tuple[int, int]
"""Id of the site and 0, or 0 and the number of the area."""


def areas_at(connection: Connection, district_id: int, points: Sequence[tuple[float, float]]) -> list[int]:
    """Numbers of the areas that elements with these points would be in, by the database's own rule."""
    rows = connection.execute(
        text(
            "SELECT coalesce((SELECT no FROM areas WHERE id ="
            " cell_at(:district, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4490))), r.no)"
            " FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[])) WITH ORDINALITY p (lon, lat, i),"
            " (SELECT no FROM area_numbers WHERE district_id = :district AND parent_no IS NULL) r ORDER BY p.i"
        ),
        {
            "district": district_id,
            "lons": [lon for lon, _ in points],
            "lats": [lat for _, lat in points],
        },
    )
    return list(rows.scalars())


def root_no(connection: Connection, district_id: int) -> int:
    """Number of the district itself, where whatever lies nowhere is."""
    statement = text("SELECT no FROM area_numbers WHERE district_id = :district AND parent_no IS NULL")
    return int(connection.execute(statement, {"district": district_id}).scalar_one())


def records_in(
    connection: Connection, district_id: int, kind: ElementKind, scopes: Sequence[Scope], types: Sequence[str]
) -> Iterator[dict[Scope, list[Record]]]:
    """What is there of a kind in each area or site, some of them at a time."""
    for first in range(0, len(scopes), SCOPES):
        asked = scopes[first : first + SCOPES]
        found: dict[Scope, list[Record]] = {scope: [] for scope in asked}
        rows = connection.execute(
            text(
                "SELECT e.id, e.type, coalesce(e.name, '') AS name, coalesce(e.address, '') AS address,"
                " coalesce(p.entrance, '') AS entrance, coalesce(p.room, '') AS room, ST_X(e.geom) AS lon,"
                " ST_Y(e.geom) AS lat, coalesce(e.site_id, 0) AS site, CASE WHEN e.site_id IS NULL THEN e.area_no"
                " ELSE 0 END AS area FROM (SELECT * FROM elements WHERE site_id = ANY (:sites) UNION ALL"
                " SELECT * FROM elements WHERE site_id IS NULL AND area_no = ANY (:areas)) e"
                " LEFT JOIN places p USING (id) WHERE e.district_id = :district AND e.kind = :kind"
                " AND e.type = ANY (:types) AND e.merged_into IS NULL ORDER BY e.id"
            ),
            {
                "sites": [site for site, _ in asked if site],
                "areas": [area for site, area in asked if not site],
                "district": district_id,
                "kind": kind.value,
                "types": list(types),
            },
        )
        for row in rows:
            found[row.site, row.area].append(
                Record(
                    row.id,
                    row.type,
                    row.name,
                    row.address,
                    row.entrance,
                    row.room,
                    row.lon,
                    row.lat,
                    sited=row.site > 0,
                )
            )
        yield found


def persons_like(
    connection: Connection, keys: Sequence[tuple[str, date | None, int]]
) -> dict[tuple[str, date | None, int], int]:
    """Ids of persons by name, day of birth and dwelling: of several that nobody can tell apart the first."""
    rows = connection.execute(
        text(
            "SELECT w.name, w.born_on, w.site, min(e.id) AS id FROM unnest(CAST(:names AS text[]),"
            " CAST(:days AS date[]), CAST(:sites AS bigint[])) w (name, born_on, site)"
            " JOIN elements e ON e.site_id = w.site AND e.kind = 'person' AND e.merged_into IS NULL"
            " JOIN persons p ON p.id = e.id AND p.name = w.name AND p.born_on IS NOT DISTINCT FROM w.born_on"
            " GROUP BY 1, 2, 3"
        ),
        {
            "names": [name for name, _, _ in keys],
            "days": [day for _, day, _ in keys],
            "sites": [site for _, _, site in keys],
        },
    )
    return {(row.name, row.born_on, row.site): row.id for row in rows}


def known_ids(connection: Connection, district_id: int, kind: ElementKind, ids: Sequence[int]) -> set[int]:
    """Which of these are elements of that kind that stand for themselves."""
    rows = connection.execute(
        text(
            "SELECT id FROM elements WHERE district_id = :district AND kind = :kind AND merged_into IS NULL"
            " AND id = ANY (:ids)"
        ),
        {"district": district_id, "kind": kind.value, "ids": list(ids)},
    )
    return set(rows.scalars())

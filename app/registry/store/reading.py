"""Reads elements: what they say, what they are tied to, and what they were, as far as the one who asks may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from app.db import array, prepared
from app.registry.rules.kinds import ElementKind

Record = dict[str, Any]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees, EPSG:4490."""

TOLD = """
SELECT e.id, e.kind, e.type, t.name AS type_name, t.name_en AS type_name_en, e.code, e.name, e.address,
    s.id AS site_id, ST_X(e.geom) AS lon, ST_Y(e.geom) AS lat, a.id AS area_id, a.level AS area_level,
    a.code AS area_code, a.name AS area_name, a.name_en AS area_name_en,
    u.id AS unit_id, u.name AS unit, u.name_en AS unit_en,
    e.valid_from_on, e.valid_to_on, e.source, e.simulated, e.version,
    e.merged_into IS NOT NULL AS merged, k.id AS merged_into
FROM elements e JOIN element_types t ON t.kind = e.kind AND t.code = e.type
LEFT JOIN LATERAL (
    SELECT a.id, a.level, a.code, a.name, a.name_en FROM areas a LEFT JOIN grid_editions g ON g.id = a.edition_id
    WHERE a.no = e.area_no AND coalesce(g.state = 'in_force', a.valid_to_on IS NULL) LIMIT 1) a ON true
LEFT JOIN units u ON u.id = e.unit_id
-- Of what something lies in, or was made one with, beyond the territory not even the number is told.
LEFT JOIN elements s ON s.id = e.site_id LEFT JOIN elements k ON k.id = e.merged_into
"""
THESE = prepared(f"{TOLD} WHERE e.id = ANY (CAST(:ids AS bigint[]))")
NAMED = prepared("SELECT id, name FROM persons WHERE id = ANY (CAST(:ids AS bigint[]))")
FOUND = text(
    "SELECT f.id, f.rank FROM elements_found(:district, :said, :kinds, :types, :area,"
    " CASE WHEN CAST(:west AS double precision) IS NULL THEN NULL"
    " ELSE ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4490), 3857) END,"
    " :after_rank, :after_id, :most) f"
).bindparams(bindparam("kinds", type_=ARRAY(Text)), bindparam("types", type_=ARRAY(Text)))
OF_EACH = prepared(
    "SELECT kind, id FROM elements_found_of_each(:district, :said, CAST(:kinds AS text[]), :most)"
)

DETAILS = {
    ElementKind.PLACE: (
        "SELECT floors, floors_below, height_m, entrance, floor, room, ST_AsGeoJSON(shape, 7)::json AS shape"
        " FROM places WHERE id = :id"
    ),
    ElementKind.OBJECT: (
        "SELECT state, department_code, department, owner, custodian FROM city_objects WHERE id = :id"
    ),
    ElementKind.ORGANISATION: (
        "SELECT phone IS NOT NULL AS has_phone, filed_on, registered_on FROM organisations WHERE id = :id"
    ),
    ElementKind.PERSON: (
        "SELECT name AS person_name, identity IS NOT NULL AS has_identity, phone IS NOT NULL AS has_phone, born_on,"
        " household_id, household_relation, legal_basis, retain_until_on, restricted_at, restriction"
        " FROM persons WHERE id = :id"
    ),
}


def found(
    connection: Connection,
    district_id: int,
    *,
    words: str | None,
    kinds: Collection[str] | None,
    types: Collection[str] | None,
    area_no: int | None,
    box: Box | None,
    after: tuple[int, int] | None,
    limit: int,
) -> list[tuple[int, int]]:
    """Ids with their rank of a page of elements in sight: all by id, or those that words find, the best first."""
    west, south, east, north = box or (None, None, None, None)
    rank, last = after or (None, None)
    rows = connection.execute(
        FOUND,
        {
            "district": district_id, "said": words, "kinds": sorted(map(str, kinds)) if kinds else None,
            "types": list(types) if types else None, "area": area_no, "west": west, "south": south,
            "east": east, "north": north, "after_rank": rank, "after_id": last, "most": limit,
        },
    )  # fmt: skip
    return [(row.id, row.rank) for row in rows]


def found_of_each(
    connection: Connection, district_id: int, *, words: str, kinds: Collection[str], limit: int
) -> dict[str, list[int]]:
    """Ids of the elements in sight that words find, the best of each kind."""
    rows = connection.execute(
        OF_EACH, {"district": district_id, "said": words, "kinds": array(kinds), "most": limit}
    )
    ids: dict[str, list[int]] = {kind: [] for kind in kinds}
    for row in rows:
        ids[row.kind].append(row.id)
    return ids


def counted(connection: Connection, district_id: int, area_no: int | None) -> dict[str, int]:
    """How many elements of each kind are in sight, all or those of an area, as `found` lists them."""
    rows = connection.execute(
        text("SELECT kind, many FROM elements_counted(:district, :area)"),
        {"district": district_id, "area": area_no},
    )
    return {row.kind: row.many for row in rows}


def counted_in(connection: Connection, district_id: int, area_no: int) -> dict[str, dict[str, int]]:
    """How many elements in sight lie in an area today: by kind, then by type, `household` among those of persons.

    A kind is missing where the whole district has none, or where it is not for the one who asks.
    """
    rows = connection.execute(
        text("SELECT kind, type, many FROM elements_in(:district, :area)"),
        {"district": district_id, "area": area_no},
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        of = found.setdefault(row.kind, {})
        if row.type:
            of[row.type] = row.many
    return found


def told(connection: Connection, ids: Sequence[int]) -> list[Record]:
    """Elements by their ids, in that order, as far as they are in sight; persons without a name."""
    by_id = {row[0]: _told(row) for row in connection.execute(THESE, {"ids": array(ids)}).all()}
    return [by_id[one] for one in ids if one in by_id]


def _told(row: Sequence[Any]) -> Record:
    """A row of `TOLD` as answers have it: by its places, for a neighbourhood has many of them."""
    (
        element_id, kind, type_code, type_name, type_name_en, code, name, address, site_id, lon, lat,
        area_id, level, area_code, area_name, area_name_en, unit_id, unit, unit_en,
        valid_from_on, valid_to_on, source, simulated, version, merged, merged_into,
    ) = row  # fmt: skip
    area = {"id": area_id, "level": level, "code": area_code, "name": area_name, "name_en": area_name_en}
    return {
        "id": element_id, "kind": kind, "type": type_code, "type_name": type_name, "type_name_en": type_name_en,
        "code": code, "name": name, "address": address, "site_id": site_id, "lon": lon, "lat": lat,
        "area": None if area_id is None else area,
        "unit": None if unit is None else {"id": unit_id, "name": unit, "name_en": unit_en},
        "valid_from_on": valid_from_on, "valid_to_on": valid_to_on, "source": source, "simulated": simulated,
        "version": version, "merged": merged, "merged_into": merged_into,
    }  # fmt: skip


def details(connection: Connection, kind: ElementKind, element_id: int) -> Record:
    """What an element says of itself beside what all say: sealed values are only told to be there."""
    row = connection.execute(text(DETAILS[kind]), {"id": element_id}).one_or_none()
    return {} if row is None else dict(row._mapping)


def person_names(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Names of persons in sight; whoever shows them masks them."""
    return {row.id: row.name for row in connection.execute(NAMED, {"ids": array(ids)})}


def relations(connection: Connection, element_id: int, *, after: int, limit: int) -> list[Record]:
    """Relations of an element in sight whose other end is too, by their ids; ended ones among them."""
    rows = connection.execute(
        text(
            "SELECT r.id, r.kind, r.source_id, r.case_id, r.target_id, r.from_on, r.to_on, r.source, r.simulated"
            " FROM relations r WHERE (r.source_id = :id OR r.target_id = :id) AND r.id > :after"
            " ORDER BY r.id LIMIT :limit"
        ),
        {"id": element_id, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


AROUND = prepared(
    "SELECT ring, id, kind, source_id, case_id, target_id, cut"
    " FROM neighbourhood(:element, :case, :depth, CAST(:kinds AS text[]), :each, :most)"
)


def neighbourhood(
    connection: Connection,
    *,
    element: int | None,
    case: int | None,
    depth: int,
    kinds: Collection[str] | None,
    each: int,
    most: int,
) -> list[Record]:
    """Open relations around an element or a case, ring by ring; at most `each` of a node and `most` of a ring."""
    values = {
        "element": element, "case": case, "depth": depth, "each": each, "most": most,
        "kinds": None if kinds is None else array(sorted(kinds)),
    }  # fmt: skip
    names = "ring", "id", "kind", "source_id", "case_id", "target_id", "cut"
    return [dict(zip(names, row, strict=True)) for row in connection.execute(AROUND, values).all()]


OF_OTHERS = ["area_no", "district_id", "household_id", "merged_into", "site_id", "unit_id"]
"""Numbers of what may lie beyond the territory of whoever asks."""


def history(connection: Connection, element_id: int, *, before: int | None, limit: int) -> list[Record]:
    """What an element said before, the newest first; where it lay its relations tell, as far as that is seen."""
    rows = connection.execute(
        text(
            "SELECT c.id, c.version, c.at, c.reason, c.note, c.before - CAST(:others AS text[]) AS before"
            " FROM element_changes c WHERE c.element_id = :id"
            " AND (CAST(:before AS bigint) IS NULL OR c.id < :before) ORDER BY c.id DESC LIMIT :limit"
        ),
        {"id": element_id, "before": before, "limit": limit, "others": OF_OTHERS},
    )
    return [dict(row._mapping) for row in rows]


def flats(connection: Connection, building_id: int, *, limit: int) -> list[Record]:
    """户室 of a building by floor from the top, entrance and room, each with how many people live there in sight."""
    rows = connection.execute(
        text(
            "SELECT e.id, e.name, p.entrance, p.floor, p.room, ("
            "  SELECT count(*) FROM relations r WHERE r.target_id = e.id AND r.kind = 'lives_in' AND r.to_on IS NULL"
            "  AND EXISTS (SELECT FROM elements o WHERE o.id = r.source_id)) AS persons"
            " FROM elements e JOIN places p ON p.id = e.id"
            " WHERE e.site_id = :id AND e.type = 'dwelling' AND e.merged_into IS NULL"
            " ORDER BY p.floor DESC NULLS LAST, p.entrance NULLS FIRST, p.room, e.id LIMIT :limit"
        ),
        {"id": building_id, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]

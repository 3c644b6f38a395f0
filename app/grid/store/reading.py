"""Reads of the territory for pages and interfaces: plain values, no shapes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, text

from app.db import prepared

Record = dict[str, Any]


def district(connection: Connection) -> Record | None:
    """The workspace's district, with the bounds of the reader's territory in degrees; None where there is none."""
    row = connection.execute(
        text(
            "SELECT d.id, d.code, d.name, d.name_en, d.timezone, d.metric_srid, d.simulated, ST_XMin(e.box) AS west,"
            " ST_YMin(e.box) AS south, ST_XMax(e.box) AS east, ST_YMax(e.box) AS north FROM districts d"
            " LEFT JOIN LATERAL (SELECT ST_Extent(geom) AS box FROM areas a WHERE a.district_id = d.id"
            # What only holds the territory is wider than it; whoever sees no more than that is shown the district.
            " AND (a.no <@ territory() OR a.level = 'district' AND NOT EXISTS"
            " (SELECT FROM areas WHERE no <@ territory()))"
            " ) e ON true ORDER BY d.id LIMIT 1"
        )
    ).one_or_none()
    if row is None:
        return None
    record = dict(row._mapping)
    corners = [record.pop(side) for side in ("west", "south", "east", "north")]
    return {**record, "bounds": None if corners[0] is None else corners, "territory": _territory(connection)}


def _territory(connection: Connection) -> list[Record] | None:
    """The one area that the reader's territory is, with those that it lies in before it.

    None where it is the district, several areas, or nothing.
    """
    own = connection.execute(
        text(
            "SELECT a.id FROM areas a LEFT JOIN grid_editions e ON e.id = a.edition_id WHERE a.parent_id IS NOT NULL"
            " AND int8multirange(int8range(a.no, a.last_no, '[]')) = territory()"
            " AND coalesce(e.state = 'in_force', a.valid_to_on IS NULL) LIMIT 1"
        )
    ).scalar()
    return None if own is None else _path(connection, own)


def versions(connection: Connection) -> dict[str, int]:
    """How often each topic has changed."""
    return {
        row.topic: row.version for row in connection.execute(text("SELECT topic, version FROM data_versions"))
    }


def levels(connection: Connection, district_id: int) -> list[Record]:
    """The levels of a district from the widest down, with the number of areas that each has today."""
    rows = connection.execute(
        text(
            "SELECT l.level, l.depth, count(a.id) AS count FROM area_levels l"
            " LEFT JOIN areas_on(:id, district_today(:id)) a ON a.level = l.level"
            " WHERE l.district_id = :id GROUP BY l.level, l.depth ORDER BY l.depth, l.level"
        ),
        {"id": district_id},
    )
    return [dict(row._mapping) for row in rows]


def number_of(connection: Connection, area_id: int) -> int | None:
    """The number of an area in sight in the tree of nested intervals."""
    return connection.execute(text("SELECT no FROM areas WHERE id = :id"), {"id": area_id}).scalar()


def area(connection: Connection, area_id: int) -> Record | None:
    """One area with the chain of those that it lies in, the widest first."""
    row = connection.execute(
        prepared(
            "SELECT id, district_id, level, code, name, name_en, kind, households, area_m2, simulated, edition_id,"
            " parent_id, ARRAY(SELECT c FROM cells_below(areas.id) c ORDER BY c LIMIT 20000) AS cells,"
            " ST_XMin(geom) AS west, ST_YMin(geom) AS south, ST_XMax(geom) AS east, ST_YMax(geom) AS north"
            " FROM areas WHERE id = :id"
        ),
        {"id": area_id},
    ).one_or_none()
    if row is None:
        return None
    record = dict(row._mapping)
    record["bounds"] = [record.pop(side) for side in ("west", "south", "east", "north")]
    record["path"] = _path(connection, area_id)
    return record


def _path(connection: Connection, area_id: int) -> list[Record]:
    """The chain of areas from the widest to this one."""
    rows = connection.execute(
        prepared(
            "WITH RECURSIVE up AS (SELECT a.id, a.level, a.code, a.name, a.name_en, a.parent_id, 0 AS step"
            " FROM areas a WHERE id = :id UNION ALL"
            " SELECT a.id, a.level, a.code, a.name, a.name_en, a.parent_id, step + 1 FROM areas a"
            " JOIN up ON a.id = up.parent_id WHERE step < 9)"
            " SELECT id, level, code, name, name_en FROM up ORDER BY step DESC"
        ),
        {"id": area_id},
    )
    return [dict(row._mapping) for row in rows]


def children(
    connection: Connection, district_id: int, parent: int | None, after: str, limit: int
) -> list[Record]:
    """The areas right below one (the root where `parent` is None), in the order of codes, after a code."""
    rows = connection.execute(
        text(
            "SELECT a.id, a.level, a.code, a.name, a.name_en, a.households, a.area_m2"
            " FROM areas_on(:id, district_today(:id)) a"
            " WHERE a.level <> 'resident_group' AND a.parent_id IS NOT DISTINCT FROM CAST(:parent AS int)"
            ' AND a.code COLLATE "C" > :after ORDER BY a.code COLLATE "C" LIMIT :limit'
        ),
        {"id": district_id, "parent": parent, "after": after, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def areas_named(connection: Connection, district_id: int, words: str, limit: int) -> list[Record]:
    """Areas whose name holds these words, or whose code begins with them: the very one first, then the widest."""
    rows = connection.execute(
        prepared(
            "SELECT a.level AS kind, a.id, a.name, a.name_en, a.code, p.name AS path, p.name_en AS path_en,"
            " ST_X(at.at) AS lon, ST_Y(at.at) AS lat"
            " FROM areas_on(:id, district_today(:id)) a JOIN area_levels l USING (district_id, level)"
            " LEFT JOIN areas p ON p.id = a.parent_id"
            " CROSS JOIN LATERAL (SELECT ST_Transform(a.label_3857, 4490) AS at) at"
            " WHERE a.level <> 'resident_group'"
            " AND (a.name ILIKE :like OR a.name_en ILIKE :like OR a.code LIKE :begin)"
            " ORDER BY (a.name = :words OR a.code = :words) DESC, l.depth, a.name, a.code LIMIT :limit"
        ),
        _named(district_id, words, limit),
    )
    return [dict(row._mapping) for row in rows]


def places_named(connection: Connection, district_id: int, words: str, limit: int) -> list[Record]:
    """Things on the ground whose name holds these words, the best known first; one of each kind and name."""
    rows = connection.execute(
        prepared(
            "SELECT kind, id, name, name_en, ST_X(at) AS lon, ST_Y(at) AS lat FROM ("
            " SELECT DISTINCT ON (g.kind, g.name) g.kind, g.id, g.name, g.name_en, g.rank,"
            "  ST_PointOnSurface(g.geom) AS at"
            " FROM search_words(:words) w, ground_features g WHERE g.district_id = :id"
            " AND (g.name IS NOT NULL OR g.name_en IS NOT NULL)"
            " AND letter_pairs(search_text(g.name, g.name_en)) @> w.pairs"
            " AND search_text(g.name, g.name_en) LIKE ALL (w.beyond)"
            ") found ORDER BY (name = :words) DESC, rank, name, id LIMIT :limit"
        ),
        {"id": district_id, "words": words, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]


def _named(district_id: int, words: str, limit: int) -> Record:
    plain = literal(words)
    return {"id": district_id, "words": words, "like": f"%{plain}%", "begin": f"{plain}%", "limit": limit}


def literal(words: str) -> str:
    """Words as a pattern of LIKE that means just them."""
    return words.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def totals(connection: Connection) -> Record:
    """What a workspace holds, for those who look after it: its district, areas by level, cases."""
    row = connection.execute(
        text(
            "SELECT (SELECT name FROM districts ORDER BY id LIMIT 1) AS district,"
            " (SELECT count(*) FROM areas a JOIN grid_editions e ON e.id = a.edition_id AND e.state = 'in_force')"
            " AS cells, (SELECT count(*) FROM areas) AS areas, (SELECT count(*) FROM cases) AS cases"
        )
    ).one()
    return dict(row._mapping)

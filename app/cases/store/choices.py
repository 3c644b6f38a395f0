"""What can be chosen in the forms of moves: units, people who fit, all as the one who asks sees them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

Record = dict[str, Any]

MOST = 300
"""Choices of one field."""

# A unit that stands for an area handles what lies there; councils and patrols handle no cases.
UNITS = """
SELECT u.id, u.code, u.name, u.name_en, u.kind FROM units u LEFT JOIN area_numbers n ON n.no = u.area_no
WHERE u.district_id = :district AND daterange(u.valid_from_on, u.valid_to_on) @> district_today(:district)
    AND u.kind NOT IN ('council', 'security_team') AND (n.no IS NULL OR :place BETWEEN n.no AND n.last_no)
ORDER BY u.kind IN ('territory', 'community', 'sub_centre', 'command'), u.id LIMIT :most
"""

PEOPLE = """
SELECT DISTINCT ON (s.account_id) s.account_id AS id, s.name, p.role, p.title, u.name AS unit, u.name_en AS unit_en,
    (SELECT count(*) FROM cases c WHERE c.handler_id = s.account_id AND open_state(c.state)) AS open_cases,
    EXISTS (SELECT FROM leaves l WHERE l.staff_id = s.id
        AND daterange(l.from_on, l.until_on) @> district_today(s.district_id)) AS away
FROM post_holders h JOIN posts p ON p.id = h.post_id JOIN units u ON u.id = p.unit_id
JOIN staff_members s ON s.id = h.staff_id
WHERE s.account_id IS NOT NULL AND daterange(h.from_on, h.until_on) @> district_today(s.district_id) AND {fits}
ORDER BY s.account_id, p.role = ANY (:roles) DESC LIMIT :most
"""

IN_UNIT = "p.unit_id = :unit"
AT_PLACE = """p.role = ANY (:roles) AND EXISTS (SELECT FROM post_areas a JOIN area_numbers n ON n.no = a.area_no
    WHERE a.post_id = p.id AND :place BETWEEN n.no AND n.last_no)"""


def units(connection: Connection, district_id: int, area_no: int) -> list[Record]:
    """Units that a case at a place can be given to."""
    rows = connection.execute(text(UNITS), {"district": district_id, "place": area_no, "most": MOST})
    return [dict(row._mapping) for row in rows]


def people_in(connection: Connection, unit_id: int | None, roles: Sequence[str]) -> list[Record]:
    """Who holds a post in a unit today, those of some roles first, each with how much they have to do."""
    return _people(connection, IN_UNIT, roles, unit=unit_id)


def people_at(connection: Connection, area_no: int, roles: Sequence[str]) -> list[Record]:
    """Who holds a post of some roles today, over the place of a number."""
    return _people(connection, AT_PLACE, roles, place=area_no)


def _people(connection: Connection, fits: str, roles: Sequence[str], **values: Any) -> list[Record]:
    rows = connection.execute(
        text(PEOPLE.format(fits=fits)), {"roles": list(roles), "most": MOST, **values}
    ).all()
    found = [dict(row._mapping) for row in rows]
    return sorted(
        found, key=lambda one: (one["away"], one["role"] not in roles, one["open_cases"], one["name"])
    )


def case_by_number(connection: Connection, district_id: int, written: str) -> int | None:
    """Id of the case of a number, or of a reference elsewhere, that the one who asks sees; None where none is."""
    return connection.execute(
        text(
            "SELECT id FROM cases WHERE district_id = :district AND number = :written"
            " UNION ALL SELECT id FROM cases WHERE district_id = :district AND external_ref = :written LIMIT 1"
        ),
        {"district": district_id, "written": written},
    ).scalar()


def units_in_sight(connection: Connection, district_id: int) -> list[Record]:
    """Units of today that handle cases, for filters."""
    rows = connection.execute(
        text(
            "SELECT id, name, name_en FROM units WHERE district_id = :district"
            " AND kind NOT IN ('council', 'security_team')"
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district) ORDER BY id LIMIT :most"
        ),
        {"district": district_id, "most": MOST},
    )
    return [dict(row._mapping) for row in rows]


def areas_in_sight(connection: Connection, district_id: int, levels: Sequence[str]) -> list[Record]:
    """Areas of some levels in the territory of the one who asks, with the name of what they lie in, by code."""
    rows = connection.execute(
        text(
            "SELECT a.id, a.code, a.level, a.name, a.name_en, p.name AS parent, p.name_en AS parent_en"
            " FROM areas_on(:district, district_today(:district)) a LEFT JOIN areas p ON p.id = a.parent_id"
            " WHERE a.level = ANY (:levels) AND a.no <@ territory() ORDER BY a.code LIMIT :most"
        ),
        {"district": district_id, "levels": list(levels), "most": MOST},
    )
    return [dict(row._mapping) for row in rows]


def categories(connection: Connection, district_id: int) -> list[Record]:
    """Every category in use, by business line and major class."""
    rows = connection.execute(
        text(
            "SELECT id, code, name, name_en, coalesce(line, '') AS line, coalesce(major, '') AS major"
            " FROM case_categories WHERE district_id = :district AND switched_on"
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district)"
            " ORDER BY line, major, code LIMIT 1000"
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]


def phrases(connection: Connection, district_id: int) -> list[Record]:
    """Reasons and phrases 常用语 of today."""
    rows = connection.execute(
        text(
            'SELECT kind, "of", text FROM phrases WHERE district_id = :district'
            " AND daterange(valid_from_on, valid_to_on) @> district_today(:district) ORDER BY id LIMIT 1000"
        ),
        {"district": district_id},
    )
    return [dict(row._mapping) for row in rows]

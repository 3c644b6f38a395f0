"""What a case is routed by, read in one statement; rulings and policies of dispatch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from app.cases.rules.grounds import AreaNow, Rule, Scope, Stretch, UnitNow

# Everything in one breath: a dispatch asks it while it holds the case.
BASIS = text("""
WITH me AS (
    SELECT k.id AS category_id, k.code, k.major, k.line, CAST(:day AS date) AS day,
        coalesce((SELECT geom FROM cases WHERE id = CAST(:case AS bigint)),
            CASE WHEN CAST(:lon AS float8) IS NOT NULL THEN ST_SetSRID(ST_MakePoint(:lon, :lat), 4490) END) AS place
    FROM case_categories k WHERE k.id = :category
), chain AS (
    SELECT n.no, n.level, l.depth, n.code, a.name, a.name_en FROM area_numbers n
    JOIN area_levels l ON l.district_id = n.district_id AND l.level = n.level
    LEFT JOIN LATERAL (
        SELECT name, name_en FROM areas WHERE no = n.no ORDER BY valid_from_on DESC, id DESC LIMIT 1) a ON true
    WHERE n.district_id = :district AND CAST(:area_no AS bigint) BETWEEN n.no AND n.last_no
), rules AS (
    SELECT r.* FROM routing_rules r, me WHERE r.area_no IN (SELECT no FROM chain)
        AND (r.category_id = me.category_id OR r.major = me.major OR r.line = me.line)
        AND daterange(r.valid_from_on, r.valid_to_on) @> me.day
), near AS MATERIALIZED (
    SELECT m.* FROM me, maintained_at(:district, me.place, me.category_id, me.day) m
), condition AS (
    SELECT f.number, f.default_unit FROM filing_conditions f, me
    WHERE CASE WHEN CAST(:condition AS int) IS NULL
        THEN f.category_id = me.category_id AND daterange(f.valid_from_on, f.valid_to_on) @> me.day
        ELSE f.id = :condition END
    ORDER BY f.number LIMIT 1
)
SELECT me.code AS category, me.line, me.place IS NOT NULL AS placed, c.number AS condition, c.default_unit,
    (SELECT jsonb_agg(to_jsonb(chain)) FROM chain) AS chain,
    (SELECT jsonb_agg(to_jsonb(rules) ORDER BY rules.id) FROM rules) AS rules,
    (SELECT jsonb_agg(to_jsonb(near)) FROM near) AS near,
    (SELECT jsonb_agg(to_jsonb(u)) FROM routing_units(:district, :area_no, ARRAY(SELECT unit_id FROM near)) u) AS units
FROM me LEFT JOIN condition c ON true
""")

CASE = text("""
SELECT c.id, c.district_id, c.category_id, c.area_no, c.loop, c.condition_id, district_today(c.district_id) AS today
FROM cases c WHERE c.id = :case
""")


@dataclass(frozen=True, slots=True)
class Basis:
    """What the data say of a case to be routed: its category and condition, its areas, what holds and is there."""

    category: str
    line: str | None
    condition: str | None
    default: str | None
    placed: bool
    chain: Sequence[AreaNow]
    rules: Sequence[Rule]
    stretches: Sequence[Stretch]
    units: Sequence[UnitNow]


def basis(
    connection: Connection,
    district_id: int,
    *,
    category: int,
    area_no: int,
    day: date,
    condition: int | None = None,
    case: int | None = None,
    position: tuple[float, float] | None = None,
) -> Basis:
    """All that a case is routed by.

    Parameters
    ----------
    condition
        Id of the condition under which it is registered; None for the first one of its category today.
    case, position
        Where it is: there where that case is, or at a longitude and latitude in degrees EPSG:4490.
    """
    lon, lat = position or (None, None)
    row = connection.execute(
        BASIS,
        {
            "district": district_id,
            "category": category,
            "area_no": area_no,
            "day": day,
            "condition": condition,
            "case": case,
            "lon": lon,
            "lat": lat,
        },
    ).one()
    return Basis(
        row.category,
        row.line,
        row.condition,
        row.default_unit,
        row.placed,
        [area_now(area) for area in row.chain or ()],
        [rule(found) for found in row.rules or ()],
        [stretch(found) for found in row.near or ()],
        [unit_now(unit) for unit in row.units or ()],
    )


def case(connection: Connection, case_id: int) -> Row[Any] | None:
    """What of a case decides who gets it; None where the one who asks sees none."""
    return connection.execute(CASE, {"case": case_id}).one_or_none()


def area_now(found: Mapping[str, Any]) -> AreaNow:
    """An area of a chain."""
    return AreaNow(
        found["no"],
        found["level"],
        found["depth"],
        found["code"],
        found["name"] or found["code"],
        found["name_en"],
    )


def rule(found: Mapping[str, Any]) -> Rule:
    """A routing rule."""
    scope = Scope.CATEGORY if found["category_id"] else Scope.MAJOR if found["major"] else Scope.LINE
    return Rule(found["id"], scope, found["area_no"], found["unit_code"])


def stretch(found: Mapping[str, Any]) -> Stretch:
    """A row of `maintained_at`."""
    return Stretch(
        found["id"],
        found["name"],
        found["unit_id"],
        Scope(found["scope"]),
        found["distance_m"],
        found["tolerance_m"],
        found["extent_m2"],
        found["ruling"],
        _day(found["since"]) or date.min,
    )


def unit_now(found: Mapping[str, Any]) -> UnitNow:
    """A row of `routing_units`."""
    return UnitNow(
        found["id"],
        found["code"],
        found["kind"],
        found["area_no"],
        found["area_code"],
        _day(found["since"]) or date.min,
        _day(found["until"]),
        found["successor_id"],
        found["name"],
        found["name_en"],
    )


def _day(raw: date | str | None) -> date | None:
    return date.fromisoformat(raw) if isinstance(raw, str) else raw


def policy(connection: Connection, district_id: int) -> Row[Any]:
    """Whether the platform dispatches by itself, which share of that is checked, how far a ruling reaches."""
    return connection.execute(
        text(
            "SELECT coalesce(p.automatic, true) AS automatic, coalesce(p.sample_share, 0.1) AS sample_share,"
            " coalesce(p.ruling_radius_m, 20) AS ruling_radius_m FROM districts d"
            " LEFT JOIN dispatch_policies p ON p.district_id = d.id WHERE d.id = :district"
        ),
        {"district": district_id},
    ).one()


def set_policy(connection: Connection, district_id: int, **values: Any) -> None:
    """Change what a district's policy says: automatic, sample_share, ruling_radius_m."""
    connection.execute(
        text(
            "INSERT INTO dispatch_policies AS p (district_id, automatic, sample_share, ruling_radius_m)"
            " VALUES (:district, coalesce(:automatic, true), coalesce(:share, 0.1), coalesce(:radius, 20))"
            " ON CONFLICT (district_id) DO UPDATE SET automatic = coalesce(:automatic, p.automatic),"
            " sample_share = coalesce(:share, p.sample_share), ruling_radius_m = coalesce(:radius, p.ruling_radius_m)"
        ),
        {
            "district": district_id,
            "automatic": values.get("automatic"),
            "share": values.get("sample_share"),
            "radius": values.get("ruling_radius_m"),
        },
    )


def write_ruling(connection: Connection, case_id: int) -> int | None:
    """Let the place of a case that was ruled on in this transaction belong to the unit from now on; its row."""
    return connection.execute(text("SELECT write_ruling(:case)"), {"case": case_id}).scalar()


def withdraw_ruling(connection: Connection, case_id: int) -> None:
    """Take back what `write_ruling` wrote, after the adjudication was undone in this transaction."""
    connection.execute(text("SELECT withdraw_ruling(:case)"), {"case": case_id})


def samples(
    connection: Connection, district_id: int, *, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """What went out by itself and was drawn for a look, and no desk has looked at, the newest first."""
    rows = connection.execute(
        text(
            "SELECT c.id, c.number, c.category_id, c.state, c.unit_id, u.name AS unit, u.name_en AS unit_en,"
            " c.reported_at, t.at AS dispatched_at, t.facts -> 'route' ->> 'by' AS by"
            " FROM sampled_dispatches(:district, :before, :limit) s JOIN cases c ON c.id = s.case_id"
            " JOIN case_transitions t ON t.case_id = s.case_id AND t.version = s.version"
            " LEFT JOIN units u ON u.id = c.unit_id ORDER BY c.id DESC"
        ),
        {"district": district_id, "before": before, "limit": limit},
    )
    return [dict(row._mapping) for row in rows]

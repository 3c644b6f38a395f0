"""Ownership and routing rules, written and read many at a time; and the words that they are written in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy import Connection, Row, text

from app.cases.rules.validity import Held

Rows = Sequence[Row[Any]]


def categories(connection: Connection, district_id: int) -> Rows:
    """Categories with code and name, at most some hundred."""
    statement = text(
        "SELECT id, code, name FROM case_categories WHERE district_id = :district ORDER BY code LIMIT 5000"
    )
    return connection.execute(statement, {"district": district_id}).all()


def lines(connection: Connection, district_id: int) -> Rows:
    """The business lines of today with code and name."""
    return connection.execute(text(OF_TODAY.format("business_lines")), {"district": district_id}).all()


def majors(connection: Connection, district_id: int) -> Rows:
    """The major classes of today with code and name."""
    return connection.execute(text(OF_TODAY.format("majors")), {"district": district_id}).all()


OF_TODAY = """
SELECT code, name FROM {} WHERE district_id = :district
    AND daterange(valid_from_on, valid_to_on) @> district_today(:district) ORDER BY code LIMIT 1000
"""


def areas(connection: Connection, district_id: int) -> Rows:
    """The areas of today that a rule can be about, with number, code and name."""
    statement = text(
        "SELECT no, code, name FROM areas_on(:district, district_today(:district)) WHERE level <> 'resident_group'"
    )
    return connection.execute(statement, {"district": district_id}).all()


def units(connection: Connection, district_id: int) -> Rows:
    """The units of today that cases can be given to, with code and names."""
    statement = text(
        "SELECT id, code, name, full_name, name_en FROM units WHERE district_id = :district"
        " AND kind NOT IN ('council', 'security_team')"
        " AND daterange(valid_from_on, valid_to_on) @> district_today(:district) ORDER BY code"
    )
    return connection.execute(statement, {"district": district_id}).all()


RuleKey = tuple[int | None, str | None, str | None, int]


def rules(connection: Connection, district_id: int) -> dict[RuleKey, list[Held]]:
    """All routing rules of a district by what they are about: category, major, line, area; past ones among them."""
    found: dict[RuleKey, list[Held]] = {}
    rows = connection.execute(
        text(
            "SELECT id, category_id, major, line, area_no, unit_code, note, valid_from_on, valid_to_on"
            " FROM routing_rules WHERE district_id = :district ORDER BY id"
        ),
        {"district": district_id},
    )
    for row in rows:
        held = Held(row.id, row.valid_from_on, row.valid_to_on, (row.unit_code, row.note))
        found.setdefault((row.category_id, row.major, row.line, row.area_no), []).append(held)
    return found


def add_rules(
    connection: Connection,
    district_id: int,
    rows: Iterable[tuple[RuleKey, tuple[str, str | None], date, date | None]],
    *,
    source: str,
) -> None:
    """Add rules: what they are about, unit and note, first day, the day after the last."""
    values = [
        {
            "district": district_id,
            "category": category,
            "major": major,
            "line": line,
            "area": area,
            "unit": unit,
            "note": note,
            "source": source,
            "since": since,
            "until": until,
        }
        for (category, major, line, area), (unit, note), since, until in rows
    ]
    statement = text(
        "INSERT INTO routing_rules (district_id, category_id, major, line, area_no, unit_code, note, source,"
        " valid_from_on, valid_to_on) VALUES (:district, :category, :major, :line, :area, :unit, :note, :source,"
        " :since, :until)"
    )
    if values:
        connection.execute(statement, values)


def end(connection: Connection, table: str, ends: Mapping[int, date]) -> None:
    """End rows of `routing_rules` or `maintenance_areas`, each on a day."""
    statements = {
        "routing_rules": text("UPDATE routing_rules SET valid_to_on = :on WHERE id = :id"),
        "maintenance_areas": text("UPDATE maintenance_areas SET valid_to_on = :on WHERE id = :id"),
    }
    if ends:
        connection.execute(statements[table], [{"id": number, "on": on} for number, on in ends.items()])


def stretches(connection: Connection, district_id: int, codes: Sequence[str]) -> dict[str, list[Held]]:
    """Maintenance areas by their codes, rulings left out: what each says is unit, kind, name, tolerance and shape."""
    rows = connection.execute(
        text(
            "SELECT id, code, name, category_id, major, line, unit_id, tolerance_m, valid_from_on, valid_to_on,"
            " ST_AsBinary(geom) AS shape FROM maintenance_areas WHERE district_id = :district AND source <> 'ruling'"
            " AND code = ANY (:codes) ORDER BY id"
        ),
        {"district": district_id, "codes": list(codes)},
    )
    found: dict[str, list[Held]] = {}
    for row in rows:
        content = (
            row.name,
            row.category_id,
            row.major,
            row.line,
            row.unit_id,
            row.tolerance_m,
            bytes(row.shape),
        )
        found.setdefault(row.code, []).append(Held(row.id, row.valid_from_on, row.valid_to_on, content))
    return found


def is_owned(connection: Connection, district_id: int) -> bool:
    """Whether a district has any maintenance area that did not come from a ruling."""
    statement = text(
        "SELECT EXISTS (SELECT FROM maintenance_areas WHERE district_id = :district AND source <> 'ruling')"
    )
    return bool(connection.execute(statement, {"district": district_id}).scalar_one())


def add_stretches(
    connection: Connection,
    district_id: int,
    rows: Iterable[tuple[str, tuple[Any, ...], date, date | None]],
    *,
    source: str,
    simulated: bool = False,
) -> None:
    """Add maintenance areas: code, what each says as `stretches` has it, first day, the day after the last."""
    values = [
        {
            "district": district_id,
            "code": code,
            "name": name,
            "category": category,
            "major": major,
            "line": line,
            "unit": unit,
            "tolerance": tolerance,
            "shape": shape,
            "since": since,
            "until": until,
            "source": source,
            "simulated": simulated,
        }
        for code, (name, category, major, line, unit, tolerance, shape), since, until in rows
    ]
    statement = text(
        "INSERT INTO maintenance_areas (district_id, code, name, category_id, major, line, unit_id, tolerance_m, geom,"
        " valid_from_on, valid_to_on, source, simulated) VALUES (:district, :code, :name, :category, :major, :line,"
        " :unit, :tolerance, ST_GeomFromWKB(:shape, 4490), :since, :until, :source, :simulated)"
    )
    if values:
        connection.execute(statement, values)


def shown_rules(connection: Connection, district_id: int) -> Rows:
    """The rules of today and of later, as a table that can be taken in again."""
    return connection.execute(
        text(
            "SELECT coalesce(k.code, r.major, r.line) AS kind, n.code AS area, r.unit_code AS unit, r.note,"
            " r.valid_from_on, r.valid_to_on FROM routing_rules r JOIN area_numbers n ON n.no = r.area_no"
            " LEFT JOIN case_categories k ON k.id = r.category_id WHERE r.district_id = :district"
            " AND coalesce(r.valid_to_on, 'infinity') > greatest(r.valid_from_on, district_today(:district))"
            " ORDER BY 1, 2, r.valid_from_on"
        ),
        {"district": district_id},
    ).all()


def shown_stretches(connection: Connection, district_id: int) -> Iterator[tuple[dict[str, Any], Any]]:
    """The maintenance areas of today and of later, rulings among them, with their shapes in EPSG:4490."""
    # The options are the statement's: on the connection they would stay, and hold for whatever comes after.
    rows = connection.execute(
        text(
            "SELECT m.code, m.name, coalesce(k.code, m.major, m.line) AS kind, u.code AS unit, m.tolerance_m, m.source,"
            " m.valid_from_on, m.valid_to_on, ST_AsBinary(m.geom) AS shape FROM maintenance_areas m"
            " JOIN units u ON u.id = m.unit_id LEFT JOIN case_categories k ON k.id = m.category_id"
            " WHERE m.district_id = :district"
            " AND coalesce(m.valid_to_on, 'infinity') > greatest(m.valid_from_on, district_today(:district))"
            " ORDER BY m.code, m.valid_from_on"
        ).execution_options(stream_results=True, yield_per=1000),
        {"district": district_id},
    )
    for row in rows:
        values = dict(row._mapping)
        yield values, shapely.from_wkb(bytes(values.pop("shape")))
